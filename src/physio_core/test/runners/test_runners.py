"""The one door of networks: the same numbers from every library, and a reason for whatever cannot run."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import ModelError, RunnerError, RunnerUnavailable
from physio_core.runners import runner as runners
from physio_core.runners.model_file import SUMS, ModelFile, read_model_file
from physio_core.runners.runner import CUDA, LITERT, ONNXRUNTIME, OPENVINO, RunnerConfig, open_runner
from physio_core.share import shared_path


@pytest.fixture
def step() -> ModelFile:
    path = shared_path("models", "stgcn_body", "step.onnx")
    return ModelFile(path, path.read_bytes())


def feeds_of(runner: runners.Runner) -> runners.Arrays:
    numbers = np.random.default_rng(0)
    return {name: numbers.normal(size=shape).astype(np.float32) for name, shape in runner.inputs.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.onnx").write_bytes(b"network")
    (tmp_path / SUMS).write_text(f"{hashlib.sha256(b'network').hexdigest()}  a.onnx\n")
    return tmp_path


def test_a_whole_file_is_read(folder: Path) -> None:
    assert read_model_file(folder / "a.onnx").content == b"network"


def test_a_file_that_is_not_as_described_is_refused(folder: Path) -> None:
    (folder / "b.onnx").write_bytes(b"network")
    with pytest.raises(ModelError, match=r"does not name b\.onnx"):
        read_model_file(folder / "b.onnx")
    with pytest.raises(ModelError, match="missing; fetch it"):
        read_model_file(folder / "c.onnx", remedy="fetch it")
    (folder / "a.onnx").write_bytes(b"net")
    with pytest.raises(ModelError, match=r"3 bytes.*truncated or of another version"):
        read_model_file(folder / "a.onnx")
    (folder / SUMS).unlink()
    with pytest.raises(ModelError, match=f"{SUMS} is missing"):
        read_model_file(folder / "a.onnx")


@pytest.mark.parametrize("outputs", [(), ("scores",)])
def test_openvino_gives_the_numbers_of_onnx_runtime(step: ModelFile, outputs: tuple[str, ...]) -> None:
    pytest.importorskip("openvino", reason="openvino is installed on x86 only")
    reference, other = (open_runner(step, RunnerConfig(runner=name), outputs=outputs) for name in (ONNXRUNTIME, OPENVINO))
    assert (reference.inputs, reference.outputs) == (other.inputs, other.outputs)
    wanted, given = (one.run(feeds_of(one)) for one in (reference, other))
    assert list(wanted) == list(given) == list(outputs or reference.outputs)
    for name, array in wanted.items():
        np.testing.assert_allclose(given[name], array, atol=1e-3)


def test_what_is_no_number_is_an_error_only_where_it_is_looked_for(step: ModelFile) -> None:
    careful, blind = open_runner(step, watched=["scores"]), open_runner(step, watched=["new_state_1"])
    feeds = {**feeds_of(careful), "state_10": np.full(careful.inputs["state_10"], np.nan, np.float32)}
    with pytest.raises(RunnerError, match=r"onnxruntime cpu float32, 1 thread gave NaN or infinity in scores"):
        careful.run(feeds)
    assert np.isnan(blind.run(feeds)["scores"]).all()


@pytest.mark.parametrize("name", [ONNXRUNTIME, OPENVINO])
def test_an_input_of_another_shape_is_a_failure_of_the_run(step: ModelFile, name: str) -> None:
    if name == OPENVINO:
        pytest.importorskip("openvino", reason="openvino is installed on x86 only")
    runner = open_runner(step, RunnerConfig(runner=name))
    with pytest.raises(RunnerError, match=f"{name}.*failed"):
        runner.run({**feeds_of(runner), "frame": np.zeros((1, 5, 3), np.float32)})


@pytest.mark.parametrize(
    ("ending", "config", "reason"),
    [
        (".tflite", RunnerConfig(), "does not read.*openvino or litert"),
        (".onnx", RunnerConfig(runner_device=CUDA), "CUDAExecutionProvider.*onnxruntime-gpu"),
        (".onnx", RunnerConfig(runner=OPENVINO, runner_device=CUDA), "needs runner onnxruntime"),
        (".onnx", RunnerConfig(runner_precision="bfloat16"), "needs runner openvino"),
        (".tflite", RunnerConfig(runner=LITERT), "not installed.*choose another runner"),
    ],
)
def test_what_cannot_run_says_why_and_what_instead(
    step: ModelFile, monkeypatch: pytest.MonkeyPatch, ending: str, config: RunnerConfig, reason: str
) -> None:
    monkeypatch.setitem(sys.modules, "physio_core.runners.litert_door", None)
    with pytest.raises(RunnerUnavailable, match=reason):
        open_runner(ModelFile(step.path.with_suffix(ending), step.content), config)


def test_instructions_that_a_processor_does_not_have_are_named(step: ModelFile, monkeypatch: pytest.MonkeyPatch) -> None:
    openvino = pytest.importorskip("openvino", reason="openvino is installed on x86 only")
    monkeypatch.setattr(openvino.Core, "get_property", lambda *_: ["FP32", "INT8"])
    with pytest.raises(RunnerUnavailable, match="bfloat16 needs instructions.*FP32, INT8.*float32"):
        open_runner(step, RunnerConfig(runner=OPENVINO, runner_precision="bfloat16"))


def test_another_runner_is_taken_only_when_told_to_and_says_so(step: ModelFile) -> None:
    runner = open_runner(step, RunnerConfig(runner_device=CUDA, runner_fallback=True))
    assert runner.name == "onnxruntime cpu float32, 1 thread" and "CUDAExecutionProvider" in runner.instead_of
    assert open_runner(step, RunnerConfig(runner_fallback=True)).instead_of == ""


def test_a_file_that_is_no_network_and_an_output_that_is_not_there_are_refused(step: ModelFile, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"a\.onnx cannot be loaded"):
        open_runner(ModelFile(tmp_path / "a.onnx", b"no network"))
    with pytest.raises(ModelError, match=r"no output octopus; it has scores"):
        open_runner(step, outputs=["octopus"])
