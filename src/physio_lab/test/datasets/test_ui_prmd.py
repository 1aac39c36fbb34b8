"""UI-PRMD's text files become positions; what is missing or damaged is named."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import InputError
from physio_lab.datasets.formats import open_set
from physio_lab.datasets.ui_prmd import positions_m

FOREARM, HAND = 8, 9


def rows(**change: tuple[int, tuple[float, float, float]]) -> np.ndarray:
    """Two frames of 22 joints: zeros but for a joint's three numbers."""
    numbers = np.zeros((2, 22, 3))
    for joint, values in change.values():
        numbers[:, joint] = values
    return numbers.reshape(2, 66)


def write(folder: Path, name: str, wrong: bool = False, **files: np.ndarray) -> None:
    for kind, numbers in files.items():
        (folder / "Kinect" / kind.title()).mkdir(parents=True, exist_ok=True)
        text = "\n".join(",".join(f"{value:.6f}" for value in row) for row in numbers)
        path = folder / "Kinect" / kind.title() / f"{name}_{kind}{'_inc.txt' if wrong else '.txt.gz'}"
        path.write_bytes(text.encode() if wrong else gzip.compress(text.encode()))


def test_an_offset_is_turned_by_every_joint_before_it() -> None:
    offsets = rows(waist=(0, (0.0, 90.0, -240.0)), forearm=(FOREARM, (0.0, -30.0, 0.0)), hand=(HAND, (0.0, -25.0, 0.0)))
    turned = np.radians(rows(chest=(2, (0.0, 0.0, 90.0)), forearm=(FOREARM, (0.0, 0.0, -90.0))))
    arm = positions_m(offsets, turned)[0]
    np.testing.assert_allclose(arm[0], (0.0, 0.9, -2.4))
    np.testing.assert_allclose(arm[FOREARM] - arm[0], (0.3, 0.0, 0.0), atol=1e-12)
    np.testing.assert_allclose(arm[HAND] - arm[FOREARM], (0.0, -0.25, 0.0), atol=1e-12)


def test_the_authors_folders_are_a_set(tmp_path: Path) -> None:
    still = rows(waist=(0, (0.0, 90.0, -240.0)))
    write(tmp_path / "Segmented Movements", "m01_s02_e01", positions=still, angles=rows())
    write(tmp_path / "Incorrect Segmented Movements", "m03_s10_e02", wrong=True, positions=still, angles=rows())
    found = [(one.name, one.label, one.subject) for one in open_set(tmp_path)]
    assert found == [("m03_s10_e02_incorrect", "inline_lunge", "s10"), ("m01_s02_e01", "deep_squat", "s02")]
    np.testing.assert_allclose(next(iter(open_set(tmp_path))).points[0, 0, 0], (0.0, -0.9, 2.4), rtol=1e-6)


@pytest.mark.parametrize(("files", "says"), [
    ({"positions": rows()}, "m01_s01_e01_angles.txt.gz cannot be read"),
    ({"positions": rows(), "angles": rows()[:1]}, r"angles \(1, 66\)"),
    ({"positions": rows() * np.nan, "angles": rows()}, "NaN"),
], ids=["no angles", "lengths", "nan"])  # fmt: skip
def test_what_is_missing_or_damaged_is_named(tmp_path: Path, files: dict[str, np.ndarray], says: str) -> None:
    write(tmp_path, "m01_s01_e01", **files)
    with pytest.raises(InputError, match=says):
        list(open_set(tmp_path))
