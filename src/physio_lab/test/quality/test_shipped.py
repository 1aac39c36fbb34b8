"""A folder of judges: learned, kept, asked; what may not ship, is damaged or cannot be judged is refused.

aeon compiles for minutes when it is first used, so a plain transform stands in for it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError, ModelError
from physio_lab.quality import model_commands, shipped
from physio_lab.quality.judge import Scale, judged
from physio_lab.quality.takes import SETS, Take, read_takes
from physio_lab.quality.views import METHODS, Method
from physio_testing.plain_transform import Plain
from physio_testing.quality_sets import write_kimore, write_ui_prmd


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "Rocket", Plain)
    monkeypatch.setattr(model_commands, "need_aeon", lambda: None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_ui_prmd(tmp_path)
    fit(tmp_path)
    return tmp_path / "model"


def fit(data: Path, sets: str = "ui_prmd") -> int:
    return model_commands.fit(argparse.Namespace(data=data, sets=sets, out=data / "model"))


def test_a_folder_tells_right_from_wrong_of_people_it_knows_nothing_of(folder, tmp_path):
    write_ui_prmd(tmp_path / "others", people=2, seed=9)
    asked = argparse.Namespace(model=folder, set=f"ui_prmd:{tmp_path / 'others/ui_prmd'}", json=tmp_path / "said.json")
    assert model_commands.judge(asked) == 0
    said = json.loads((tmp_path / "said.json").read_text())
    assert len(said) == 12
    assert all((one["right"] > 0.5) == ("incorrect" not in name) for name, one in said.items())
    assert {one["exercise"] for one in said.values()} == {"shoulder_abduction"}


def test_weights_say_what_the_kernel_says(folder, tmp_path, monkeypatch):
    takes = read_takes(SETS[0], tmp_path / "ui_prmd")
    views = tuple(view_of(name) for name in shipped.SERIES)
    monkeypatch.setitem(METHODS, "plain", Method("", views))
    rows = np.arange(len(takes))
    twice = judged([*takes, *takes], rows, rows + len(takes), Scale(False), ["plain"])["plain"]
    kept = shipped.read_judges(folder)["shoulder_abduction"]
    np.testing.assert_allclose(kept.probabilities(takes), twice.probabilities, atol=1e-4)


def view_of(name: str):
    def view(takes: list[Take], learnt: np.ndarray) -> np.ndarray:
        series = np.stack([shipped.resampled(getattr(take, name), shipped.FRAMES_OF_ONE) for take in takes])
        return shipped.linear(Plain().fit(series[learnt]).features(series), learnt)

    return view


def test_weights_are_not_learned_from_a_set_without_a_licence(tmp_path):
    with pytest.raises(ConfigError, match="may be learned from ui_prmd, irds"):
        fit(tmp_path, "kimore")


def test_one_person_teaches_nobody(tmp_path):
    write_ui_prmd(tmp_path, people=1)
    with pytest.raises(InputError, match="at least two people"):
        fit(tmp_path)


def test_a_damaged_or_missing_folder_is_refused(folder, tmp_path):
    (folder / "quality.npz").write_bytes(b"PK")
    with pytest.raises(ModelError, match="not the file that its card describes"):
        shipped.read_judges(folder)
    with pytest.raises(ModelError, match="holds no judge of quality"):
        shipped.read_judges(tmp_path)


def test_recordings_of_other_exercises_are_refused(folder, tmp_path):
    write_kimore(tmp_path, ("B_ID1", "E_ID1"))
    with pytest.raises(InputError, match="no recording of shoulder_abduction"):
        model_commands.judge(argparse.Namespace(model=folder, set=f"kimore:{tmp_path / 'kimore'}", json=None))
