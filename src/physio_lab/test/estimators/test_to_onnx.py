"""The shipped files for ONNX Runtime are what the converter makes of MediaPipe's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("openvino", reason="openvino is installed on x86 only")

from physio_core.errors import ModelError
from physio_core.runners.model_file import SUMS, read_model_file
from physio_core.share import shared_path
from physio_lab.estimators.to_onnx import convert_folder

NAME = "hand_landmark_full"


def test_the_shipped_file_is_made_again_to_the_byte(tmp_path: Path) -> None:
    shutil.copy(shared_path("models", "mediapipe", f"{NAME}.tflite"), tmp_path)
    (line,) = convert_folder(tmp_path, [NAME])
    assert "differs by at most" in line
    shipped = shared_path("models", "mediapipe", f"{NAME}.onnx")
    assert read_model_file(tmp_path / f"{NAME}.onnx").content == read_model_file(shipped).content
    assert (tmp_path / SUMS).read_text().splitlines()[1] in (shipped.parent / SUMS).read_text().splitlines()


def test_a_file_that_is_no_network_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "a.tflite").write_text("no network")
    with pytest.raises(ModelError, match=r"cannot read .*a\.tflite"):
        convert_folder(tmp_path, ["a"])
    assert [file.name for file in tmp_path.iterdir()] == ["a.tflite"]
