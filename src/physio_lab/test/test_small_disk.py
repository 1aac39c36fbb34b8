"""Commands that write videos, on a disk that is really full: one line, exit code 2, nothing half written."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from physio_core import cli
from physio_core.camera.writer import VideoWriter
from physio_lab.datasets.formats import write_set
from physio_lab.datasets.sequence import SkeletonSequence


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB of its own, with a film of before on it."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "small", str(place)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    (place / "film.mp4").write_bytes(b"before")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def noisy_film(path: Path) -> str:
    pictures = np.random.default_rng(0).integers(0, 255, (12, 240, 320, 3), np.uint8)
    with VideoWriter(path, 10.0, 320, 240) as video:
        for rgb in pictures:
            video.add(rgb)
    return str(path)


def noisy_set(path: Path) -> str:
    points = np.random.default_rng(0).uniform(0.0, 1.0, (1, 60, 18, 2)).astype(np.float32)
    sure, stamps_s = np.ones((1, 60, 18), np.float32), np.arange(60) / 15
    write_set(path, [SkeletonSequence(points, sure, stamps_s, "openpose_18", "squat", "one", "anna", "clip.mp4", 640, 480)])
    return str(path)


@pytest.mark.parametrize("command", ["augment", "view", "render"])
def test_a_video_that_does_not_fit_is_one_line_and_leaves_what_was_there(tmp_path, disk, capsys, command):
    arguments = {
        "augment": lambda: ["dataset", "augment", noisy_film(tmp_path / "in.mp4"), str(disk / "film.mp4"), "--transform", "flip"],
        "view": lambda: ["dataset", "view", noisy_set(tmp_path / "set.pkl"), "--out", str(disk / "film.mp4"), "--size", "720"],
        "render": lambda: ["sim", "render", "--seconds", "4", "--fps", "25", "--out", str(disk)],
    }[command]()
    assert cli.main(arguments) == 2
    said = capsys.readouterr().err
    assert "No space left on device; make room there, then run the same command again" in said
    assert said.count("\n") == 1
    assert [path.name for path in disk.iterdir()] == ["film.mp4"]
    assert (disk / "film.mp4").read_bytes() == b"before"
