"""Measuring speed: every way is timed on the same movement, its answers are compared, bad requests are refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from physio_core.cli import main
from physio_core.errors import ConfigError
from physio_lab.tasks.stgcn import backends

torch = pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")
pytest.importorskip("onnx", reason="onnx is installed for training only: scripts/setup --training")

from physio_lab.tasks.stgcn import speed  # noqa: E402
from physio_lab.tasks.stgcn.config import NetworkConfig  # noqa: E402
from physio_lab.tasks.stgcn.speed_commands import CHOICES  # noqa: E402

SMALL = NetworkConfig(channels=(8, 8), dilations=(1, 2), kernel=5, pool=4)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "FRAMES", 40)
    monkeypatch.setattr(speed, "ROUND_S", 1e-4)
    monkeypatch.setitem(speed.NETWORKS, "stgcn", SMALL)


@pytest.fixture
def no_quantiser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime.quantization", None)


@pytest.mark.usefixtures("quick")
def test_a_random_network_answers_as_decidedly_as_a_trained_one() -> None:
    (sequence,) = speed.sequences(1)
    network = speed.random_network(SMALL, sequence)
    with torch.no_grad():
        scores = network(torch.from_numpy(sequence)[None])[0].numpy()
    assert scores.std() == pytest.approx(speed.SPREAD, rel=0.01) and len(set(scores.argmax(0))) > 1


@pytest.mark.usefixtures("quick", "no_quantiser")
def test_the_command_times_each_way_and_names_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["action", "speed", "stgcn", "--rounds", "1", "--json", str(tmp_path / "s.json")]) == 0
    rows = {row["way"]: row for row in json.loads((tmp_path / "s.json").read_text())}
    assert {"onnxruntime", "torch"} <= set(rows) and "onnxruntime int8" not in rows
    assert all(row["step_ms"] > 0 and row["clip_ms"] > 0 for row in rows.values())
    assert max(row["step_to_clip"] for row in rows.values()) < 1e-3
    assert rows["torch"]["difference"] < 1e-3 and rows["torch"]["same_label"] == 1.0
    assert "onnxruntime.quantization" in capsys.readouterr().out


def test_every_network_can_be_asked_for() -> None:
    assert set(CHOICES) == {"model", *speed.NETWORKS, "strided"}


def test_the_command_prints_sizes_without_timing(tmp_path: Path) -> None:
    assert main(["action", "speed", "--sizes", "--json", str(tmp_path / "s.json")]) == 0
    rows = {(row["network"], row["partition"]): row for row in json.loads((tmp_path / "s.json").read_text())}
    assert rows["published", "spatial"]["parameters"] == 3_076_595 and rows["published", "spatial"]["receptive_field"] == 152 + 16
    for network in speed.NETWORKS:
        by_partition = [rows[network, name]["parameters"] for name in ("uniform", "distance", "spatial")]
        assert by_partition == sorted(set(by_partition))


@pytest.mark.usefixtures("quick")
def test_integers_are_close_but_not_the_same(tmp_path: Path) -> None:
    pytest.importorskip("ml_dtypes", reason="ONNX Runtime's quantiser leans on ml_dtypes: scripts/setup --training")
    sequence, *examples = speed.sequences(2)
    network = speed.random_network(SMALL, sequence)
    speed.write_step(network, tmp_path / "step.onnx")
    speed.write_clip(network, tmp_path / "clip.onnx")
    ways = speed.graph_ways(tmp_path, examples, [])
    wanted, given = (ways[name].clip(sequence[None]) for name in ("onnxruntime", "onnxruntime int8"))
    assert 0 < np.abs(given - wanted).max() < speed.SPREAD


@pytest.mark.usefixtures("no_quantiser")
def test_a_missing_quantiser_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="quantization.*scripts/setup --training"):
        backends.quantise(tmp_path / "a.onnx", tmp_path / "b.onnx", [])


@pytest.mark.parametrize(
    ("options", "reason"),
    [(["octopus"], "octopus"), (["--rounds", "0"], "rounds"), (["model", "--model", "nowhere"], "nowhere")],
)
def test_a_request_that_makes_no_sense_is_refused(options: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["action", "speed", *options]) == 2
    assert reason in capsys.readouterr().err
