"""docs/parameters.md is made from the dataclasses that the nodes declare."""

import argparse
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from physio_core.errors import ConfigError
from physio_core.params import Parameters, param
from physio_tools.parameters import node_parameters, page, run


@dataclass(frozen=True)
class Sample(Parameters):
    """One of each kind."""

    on: bool = param(True, "A switch.")
    kind: str = param("a", "This | that.", choices=["a", "b"])
    reach_m: float = param(0.5, "How far.", unit="m", low=0.0, high=2.0, live=True)
    names: tuple[str, ...] = param(("x", "y"), "Who.")


def options(file: Path, check: bool = False) -> argparse.Namespace:
    return argparse.Namespace(file=file, check=check)


def test_a_row_tells_default_unit_range_whether_it_is_live_and_meaning() -> None:
    text = page({"sample": list(fields(Sample))})
    assert "## sample" in text
    assert "| `reach_m` | `0.5` | m | 0 .. 2 | live | How far. |" in text
    assert "| `on` | `true` |  |  |  | A switch. |" in text
    assert "| `kind` | `'a'` |  | a, b |  | This \\| that. |" in text
    assert "| `names` | `[x, y]` |  |  |  | Who. |" in text


def test_every_node_is_there_with_what_it_declares() -> None:
    nodes = node_parameters()
    assert set(nodes) >= {"camera", "pose", "action", "coach", "screen", "robot", "stop_guard", "clinic"}
    assert all(nodes.values())


def test_a_stale_page_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "parameters.md"
    assert run(options(file, check=True)) == 1
    assert "run: physio parameters" in capsys.readouterr().err
    assert run(options(file)) == 0
    assert run(options(file, check=True)) == 0
    file.write_text(file.read_text(encoding="utf-8") + "x", encoding="utf-8")
    assert run(options(file, check=True)) == 1


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        run(options(tmp_path / "none" / "parameters.md"))
