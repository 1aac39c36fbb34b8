"""A parameter is checked where it is set, and its refusal names the value, what is valid and the unit."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from physio_core.errors import ConfigError
from physio_core.params import Parameters, ParamInfo, as_argument, info_of, param


@dataclass(frozen=True)
class Settings(Parameters):
    """One of each kind."""

    on: bool = param(True, "A switch.")
    count: int = param(3, "How many.", low=1, high=9)
    reach_m: float = param(0.5, "How far.", unit="m", low=0.0, high=2.0, live=True)
    kind: str = param("a", "Which.", choices=["a", "b"])
    names: tuple[str, ...] = param((), "Who.")
    turns_deg: tuple[float, ...] = param((-5.0, 5.0), "Turns.", unit="deg", low=-180.0, high=180.0)


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"on": 1}, "on = 1 must be of type bool"),
        ({"on": "yes"}, "on = 'yes' must be of type bool"),
        ({"count": True}, "count = True must be of type int"),
        ({"count": 2.0}, "count = 2.0 must be of type int"),
        ({"count": 0}, r"count = 0 is outside 1 \.\. 9$"),
        ({"count": 10}, r"count = 10 is outside 1 \.\. 9$"),
        ({"reach_m": "far"}, "reach_m = 'far' must be of type float"),
        ({"reach_m": True}, "reach_m = True must be of type float"),
        ({"reach_m": math.nan}, "reach_m = nan is not a number"),
        ({"reach_m": math.inf}, r"reach_m = inf is outside 0 \.\. 2 m$"),
        ({"reach_m": -0.001}, r"reach_m = -0.001 is outside 0 \.\. 2 m$"),
        ({"kind": "c"}, "kind = 'c' is not one of: a, b$"),
        ({"names": "squat"}, "names = 'squat' must be a list"),
        ({"names": (1,)}, "names = 1 must be of type str"),
        ({"turns_deg": (0.0, 200.0)}, r"turns_deg = 200.0 is outside -180 \.\. 180 deg$"),
        ({"turns_deg": 5.0}, "turns_deg = 5.0 must be a list"),
        ({"reach_m": (0.5,)}, r"reach_m = \(0.5,\) must be a single value"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(values, complaint):
    with pytest.raises(ConfigError, match=complaint):
        Settings(**values)


@pytest.mark.parametrize(
    "values", [{"count": 1}, {"count": 9}, {"reach_m": 0.0}, {"reach_m": 2.0}, {"reach_m": 1}, {"turns_deg": ()}]
)
def test_both_ends_of_a_range_are_in_it_and_a_whole_number_is_a_float(values):
    assert Settings(**values)


def test_settings_do_not_change_but_are_replaced_and_checked_again():
    with pytest.raises(FrozenInstanceError):
        Settings().count = 4
    assert replace(Settings(), count=4).count == 4
    with pytest.raises(ConfigError, match="outside"):
        replace(Settings(), count=40)


@pytest.mark.parametrize(
    ("info", "text"),
    [
        (ParamInfo("x"), ""),
        (ParamInfo("x", "m"), ""),
        (ParamInfo("x", "m", 0.1, 2.0), "0.1 .. 2 m"),
        (ParamInfo("x", "", 0, 5), "0 .. 5"),
        (ParamInfo("x", "m", low=0.0), "at least 0 m"),
        (ParamInfo("x", "", high=5), "at most 5"),
        (ParamInfo("x", choices=("a", "b")), "a, b"),
    ],
)
def test_the_valid_values_in_words(info, text):
    assert info.range_text == text


@pytest.mark.parametrize(
    ("low", "high", "within", "without"),
    [
        (1.0, 2.0, (1.0, 1.5, 2.0), (0.99, 2.01)),
        (None, 2.0, (-1e9, 2.0), (2.01,)),
        (1.0, None, (1.0, 1e9), (0.99,)),
        (None, None, (0.0,), ()),
    ],
)
def test_an_open_end_allows_everything_on_its_side(low, high, within, without):
    info = ParamInfo("x", "", low, high)
    assert all(info.allows(number) for number in within) and not any(info.allows(number) for number in without)


def test_what_is_known_of_a_parameter_is_found_by_its_name():
    for config in (Settings, Settings()):
        assert info_of(config, "reach_m") == ParamInfo("How far.", "m", 0.0, 2.0, (), live=True)
    with pytest.raises(ConfigError, match="unknown parameter 'reach'; known: on, count, reach_m, kind, names, turns_deg"):
        info_of(Settings, "reach")


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "x:=true"), (2.5, "x:=2.5"), ("5", 'x:="5"'), (["a", "b"], 'x:=["a", "b"]'), ("é", 'x:="\\U000000e9"')],
)
def test_a_parameter_on_a_command_line_is_one_word_of_ascii(value, text):
    assert as_argument("x", value) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_arrives_as_it_was(text):
    written = as_argument("x", text).removeprefix("x:=")
    assert written.isascii() and written.isprintable()
    assert yaml.safe_load(written) == text


def test_a_file_name_of_another_encoding_is_refused_with_what_to_do():
    with pytest.raises(ConfigError, match=r"parameter path: 'f\\udcfc.mp4' is not UTF-8, as ROS wants it; rename the file"):
        as_argument("path", "f\udcfc.mp4")
