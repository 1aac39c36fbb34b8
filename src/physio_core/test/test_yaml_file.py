"""A mistake in a file is told with its line; nothing in it is lost without a word."""

from __future__ import annotations

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
        ("slow: [", "is not valid YAML"),
        ("slow: 2000-99-99\n", "is not valid YAML|slow: needs keys"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, text, complaint):
    (tmp_path / "pace.yaml").write_text(text)
    with pytest.raises(ConfigError, match=f"pace.yaml.*{complaint}"):
        read_model(tmp_path / "pace.yaml", dict[str, Pace])


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
