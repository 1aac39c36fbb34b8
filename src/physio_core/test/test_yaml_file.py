"""A mistake in a file is told with its line; nothing in it is lost without a word."""

from __future__ import annotations

from datetime import date

import pytest

from physio_core.errors import ConfigError
from physio_core.yaml_file import Model, check, read_model, read_yaml


class Pace(Model):
    steps: int
    length_m: float = 0.5


def test_what_is_right_is_read(tmp_path):
    (tmp_path / "pace.yaml").write_text("\ufeffslow: {steps: 3}\nfast: {steps: 9, length_m: 1}\n", encoding="utf-8")
    assert read_model(tmp_path / "pace.yaml", dict[str, Pace]) == {"slow": Pace(steps=3), "fast": Pace(steps=9, length_m=1.0)}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("slow: {steps: 3}\nfast:\n  steps: many\n", ":3: fast: steps should be a number, got 'many'"),
        ("slow: {steps: 3}\nfast: {}\n", ":2: fast.steps: is missing"),
        ("slow:\n  steps: 3\n  width: 2\n", ":3: slow: 'width' is not one of: steps, length_m"),
        ("slow: {steps: 3, length_m: .nan}\n", ":1: slow.length_m: should be a finite number"),
        ("slow: {steps: 3.5, length_m: -.inf}\n", ":1: slow.steps: .*and 1 more"),
        ("slow: {steps: 3}\nslow: {steps: 4}\n", ":2: 'slow' stands twice"),
        ("slow: &a {steps: 3, more: *a}\n", ":1: refers to itself"),
        ("slow:\n  steps: 010\n", ":2: 010 is read as 8; write a number in decimals, or a text in quotes"),
        ("slow:\n  steps: 1:30\n", ":2: 1:30 is read as 90"),
        ("slow: {steps: 0x10}\n", ":1: 0x10 is read as 16"),
        ("slow: {steps: 1_0}\n", ":1: 1_0 is read as 10"),
        ("slow: {steps: 3, length_m: 01.5}\n", ":1: 01.5 is read as 1.5"),
        ("slow:\n  steps: 0o10\n", ":2: slow: steps should be a number, got '0o10'"),
        ("slow: [", "is not valid YAML"),
        ("slow: 2000-99-99\n", "is not valid YAML|slow: needs keys"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, text, complaint):
    (tmp_path / "pace.yaml").write_text(text)
    with pytest.raises(ConfigError, match=f"pace.yaml.*{complaint}"):
        read_model(tmp_path / "pace.yaml", dict[str, Pace])


def test_numbers_that_mean_one_thing_are_read(tmp_path):
    (tmp_path / "numbers.yaml").write_text("[0, -5, +5, 0.5, .5, 5., 1.0e-3, 1.5E+3, -.inf, '010', \"1:30\", 2026-11-02]\n")
    read = read_yaml(tmp_path / "numbers.yaml")
    assert read == [0, -5, 5, 0.5, 0.5, 5.0, 1e-3, 1.5e3, float("-inf"), "010", "1:30", date(2026, 11, 2)]


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    for name in ("none.yaml", "bytes.yaml"):
        with pytest.raises(ConfigError, match=f"{name}: cannot be read"):
            read_yaml(tmp_path / name)


def test_content_from_several_files_is_checked_too():
    with pytest.raises(ConfigError, match="my pace: steps: is missing"):
        check(Pace, {}, "my pace")


def test_a_file_that_refers_to_itself_again_and_again_is_refused_at_once(tmp_path):
    rows = [
        f"{name}: &{name} [{', '.join(['*' + before] * 9 if before else ['x'] * 9)}]"
        for name, before in zip("abcdefgh", " abcdefg", strict=True)
    ]
    (tmp_path / "bomb.yaml").write_text("\n".join(rows).replace("* ", "x"))
    with pytest.raises(ConfigError, match="holds more than 20000 values"):
        read_yaml(tmp_path / "bomb.yaml")
