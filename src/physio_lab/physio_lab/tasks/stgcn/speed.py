"""Measures what one prediction costs: each network, frame by frame and over a whole clip, in each way to run it.

Times are processor time of one thread, the best of several rounds, all ways taking turns, because a machine is rarely idle;
still, compare the rows of one run. Speed does not depend on the weights, so the networks here have random ones; their last
layer is scaled until scores spread as a trained network's do, so that it is also a fair question whether two ways give the same
answer.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import nn

from physio_core.action.model import CLIP, STEP, load_model
from physio_core.errors import ConfigError
from physio_core.runners.runner import OPENVINO
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.skeleton.normalise import CHANNELS, NormaliserConfig
from physio_core.types import UNKNOWN, FloatArray
from physio_lab.synthetic.noise import NoiseConfig
from physio_lab.tasks.stgcn.backends import GraphStream, graph, quantise
from physio_lab.tasks.stgcn.config import PUBLISHED_DILATIONS, NetworkConfig
from physio_lab.tasks.stgcn.export import write_clip, write_step
from physio_lab.tasks.stgcn.graph import PARTITIONS
from physio_lab.tasks.stgcn.network import Stepper, Stgcn
from physio_lab.tasks.stgcn.published import CHANNELS as PUBLISHED_CHANNELS
from physio_lab.tasks.stgcn.published import PublishedStgcn
from physio_lab.tasks.stgcn.sequences import SyntheticConfig, SyntheticSet

FRAMES = 300
"""Length of the clip, that of Kinetics and of the thesis."""
LABELS = ("squat", "lunge", "deadlift", "push_up", "pull_up", "jumping_jack", UNKNOWN)
NETWORKS = {
    "stgcn": NetworkConfig(),
    "stgcn_plus": NetworkConfig(family="stgcn_plus"),
    "published": NetworkConfig(channels=PUBLISHED_CHANNELS, dilations=PUBLISHED_DILATIONS, input_residual=False, pool=16),
    "published_plus": NetworkConfig(
        family="stgcn_plus", channels=PUBLISHED_CHANNELS, dilations=PUBLISHED_DILATIONS, input_residual=False, pool=16
    ),
}
"""The default and the published size of each family."""
SPREAD = 3.0
SEED = 4
EXAMPLES = 3
"""Sequences from which the ranges of integers are taken; others than the one measured on."""
ROUND_S = 0.1
"""Least time of one measurement."""


class Way(Protocol):
    """One way to run one network."""

    def step(self, frame: FloatArray, reset: bool = False) -> FloatArray:
        """Scores (K,) after one more frame (C, V)."""

    def clip(self, clip: FloatArray) -> FloatArray:
        """Scores (1, K, T') of a clip (1, C, T, V)."""


@dataclass(frozen=True)
class Row:
    """What was measured.

    Attributes:
        network: its name.
        parameters: learnt numbers; 0: not known.
        way: how it was run.
        step_ms: one frame; none: it has no continual form.
        clip_ms: a clip of :data:`FRAMES` frames.
        difference: largest difference of a probability to ONNX Runtime's, over all frames.
        same_label: share of frames with the same label as ONNX Runtime's.
        step_to_clip: largest difference of a probability between single frames and the whole clip, run the same way.
    """

    network: str
    parameters: int
    way: str
    step_ms: float | None
    clip_ms: float
    difference: float | None = None
    same_label: float | None = None
    step_to_clip: float | None = None


@dataclass(frozen=True)
class Size:
    """How big a network is.

    Attributes:
        network: its name.
        partition: which neighbours share their weights.
        parameters: learnt numbers.
        receptive_field: frames that one prediction looks back on.
        remembered: numbers that a step hands to the next.
    """

    network: str
    partition: str
    parameters: int
    receptive_field: int
    remembered: int


def sizes() -> list[Size]:
    """Every network in every partition."""
    found = []
    for name, config in NETWORKS.items():
        for strategy in PARTITIONS:
            network = Stgcn(OPENPOSE_18, len(CHANNELS), len(LABELS), replace(config, partition=strategy))
            remembered = sum(state.numel() for state in network.empty_states())
            found.append(Size(name, strategy, parameters_of(network), network.receptive_field, remembered))
    return found


def parameters_of(network: nn.Module) -> int:
    """Number of learnt numbers."""
    return sum(weight.numel() for weight in network.parameters())


class TorchWay:
    """Straight from training, without export."""

    def __init__(self, network: Stgcn) -> None:
        self._network, self._stepper = network, Stepper(network).eval()
        self._states = network.empty_states()

    def step(self, frame: FloatArray, reset: bool = False) -> FloatArray:
        """See :class:`Way`."""
        with torch.no_grad():
            scores, *self._states = self._stepper(torch.from_numpy(frame)[None], torch.tensor([float(reset)]), *self._states)
        return np.asarray(scores[0].numpy())

    def clip(self, clip: FloatArray) -> FloatArray:
        """See :class:`Way`."""
        with torch.no_grad():
            return np.asarray(self._network(torch.from_numpy(clip)).numpy())


def measure(names: Iterable[str], folder: Path, rounds: int, refused: list[str]) -> list[Row]:
    """Measure networks, one after the other.

    Args:
        names: of :data:`NETWORKS`; ``model``: the one in ``folder``; ``strided``: the published one as published.
        folder: a model folder.
        rounds: measurements, of which the fastest counts.
        refused: why a way was left out is added there.

    Raises:
        ModelError: the model folder cannot be used.
    """
    torch.set_num_threads(1)
    sequence, *examples = sequences(1 + EXAMPLES)
    rows: list[Row] = []
    for name in names:
        if name == "model":
            model = load_model(folder)
            rows += compare(model.card.name, 0, graph_ways(folder, examples, refused), sequence, rounds)
        elif name == "strided":
            rows.append(strided(rounds, sequence))
        else:
            network = random_network(NETWORKS[name], sequence)
            ways = network_ways(network, examples, refused)
            rows += compare(name, parameters_of(network), ways, sequence, rounds)
    return rows


def sequences(count: int) -> list[FloatArray]:
    """Synthetic movements (C, T, V) of :data:`FRAMES` frames, always the same."""
    frames = SyntheticConfig(frames=FRAMES, fresh=0.0)
    batches = SyntheticSet(LABELS, frames, NoiseConfig(), NormaliserConfig(), 1, SEED)
    return [batches[index][0][0].astype(np.float32) for index in range(count)]


def random_network(config: NetworkConfig, sequence: FloatArray) -> Stgcn:
    """A network with random weights that answers as decidedly as a trained one."""
    torch.manual_seed(SEED)
    network = Stgcn(OPENPOSE_18, len(CHANNELS), len(LABELS), config)
    clip = torch.from_numpy(sequence)[None]
    last = network.head[-1] if config.head_hidden_dim else network.head
    with torch.no_grad():
        network.train()(clip)
        scores = network.eval()(clip)
        middle = scores.mean((0, 2))
        scale = SPREAD / (scores - middle[:, None]).std()
        last.bias.copy_((last.bias - middle) * scale)
        last.weight.mul_(scale)
    return network


def graph_ways(folder: Path, examples: list[FloatArray], refused: list[str]) -> dict[str, Way]:
    """A folder with step.onnx and clip.onnx, run by ONNX Runtime, the same in integers, and OpenVINO.

    Args:
        folder: a model folder.
        examples: see :func:`~physio_lab.tasks.stgcn.backends.quantise`.
        refused: why a way is left out is added there.
    """
    plain = GraphStream(graph(folder / STEP), graph(folder / CLIP))
    ways: dict[str, Way] = {"onnxruntime": plain}
    try:
        with tempfile.TemporaryDirectory() as place:
            step, clip = Path(place, STEP), Path(place, CLIP)
            quantise(folder / STEP, step, _seen(plain, examples))
            quantise(folder / CLIP, clip, ({"clip": example[None]} for example in examples))
            ways["onnxruntime int8"] = GraphStream(graph(step), graph(clip))
    except ConfigError as error:
        refused.append(f"onnxruntime int8: {error}")
    try:
        ways["openvino"] = GraphStream(graph(folder / STEP, OPENVINO), graph(folder / CLIP, OPENVINO))
    except ConfigError as error:
        refused.append(f"openvino: {error}")
    return ways


def _seen(stream: GraphStream, examples: Iterable[FloatArray]) -> Iterator[dict[str, FloatArray]]:
    for example in examples:
        for tick in range(example.shape[1]):
            frame = np.ascontiguousarray(example[:, tick])
            if tick % 10 == 0:
                yield stream.feeds(frame, tick == 0)
            stream.step(frame, tick == 0)


def network_ways(network: Stgcn, examples: list[FloatArray], refused: list[str]) -> dict[str, Way]:
    """The ways of :func:`graph_ways` and torch."""
    with tempfile.TemporaryDirectory() as place:
        write_step(network, Path(place, STEP))
        write_clip(network, Path(place, CLIP))
        return {**graph_ways(Path(place), examples, refused), "torch": TorchWay(network)}


def compare(name: str, parameters: int, ways: dict[str, Way], sequence: FloatArray, rounds: int) -> list[Row]:
    """Time every way, and hold its answers beside those of the first."""
    clip, frame = sequence[None], np.ascontiguousarray(sequence[:, 0])
    answers = {way: _answers(one, sequence) for way, one in ways.items()}
    step_s = _fastest({way: partial(one.step, frame) for way, one in ways.items()}, rounds)
    clip_s = _fastest({way: partial(one.clip, clip) for way, one in ways.items()}, rounds)
    wanted = next(iter(answers.values()))
    return [
        Row(
            name, parameters, way, step_s[way] * 1e3, clip_s[way] * 1e3,
            float(np.abs(given - wanted).max()), float((given.argmax(1) == wanted.argmax(1)).mean()),
            _apart(given, ways[way].clip(clip)[0].T),
        )
        for way, given in answers.items()
    ]  # fmt: skip


def strided(rounds: int, sequence: FloatArray) -> Row:
    """The published network as published: a whole clip with strides and padding, in ONNX Runtime."""
    network = PublishedStgcn(OPENPOSE_18, len(CHANNELS), len(LABELS))
    with tempfile.TemporaryDirectory() as place:
        write_clip(network, Path(place, CLIP))
        published = graph(Path(place, CLIP))
    clip = sequence[None, ..., None]
    clip_s = _fastest({"": lambda: published.run({"clip": clip})}, rounds)[""]
    return Row("published, strided", parameters_of(network), "onnxruntime", None, clip_s * 1e3)


def _answers(way: Way, sequence: FloatArray) -> FloatArray:
    scores = np.stack([way.step(np.ascontiguousarray(sequence[:, tick]), tick == 0) for tick in range(sequence.shape[1])])
    return _probabilities(scores)


def _probabilities(scores: FloatArray) -> FloatArray:
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True))


def _apart(steps: FloatArray, clip: FloatArray) -> float:
    """Largest difference between probabilities (T, K) frame by frame and scores (T', K) of the clip, which begin later."""
    return float(np.abs(steps[-len(clip) :] - _probabilities(clip)).max())


def _fastest(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Least seconds of one call of each, taking turns."""
    best: dict[str, float] = {}
    for number in range(rounds + 1):
        for name, call in calls.items():
            count, started = 0, time.process_time()
            while (taken := time.process_time() - started) < ROUND_S or not count:
                call()
                count += 1
            if number:  # the first is for warming up
                best[name] = min(best.get(name, np.inf), taken / count)
    return best
