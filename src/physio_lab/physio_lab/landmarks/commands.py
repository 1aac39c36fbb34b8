"""`physio hand landmarks`: teach our own landmarks of the hand by rendered hands, and measure them beside MediaPipe's."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.cli import DONE, whole_number
from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import FloatArray
from physio_lab.datasets.hand_sets import normalised
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.evaluation.tables import around_block, write_block
from physio_lab.landmarks.head import Head, LandmarkNetwork, Sample, look, teach
from physio_lab.refining.networks import HandNetworks
from physio_lab.reports.markdown import markdown_table

BLOCK = "hand-landmarks"
TAUGHT_BY, TAUGHT_IMAGES, TAUGHT_SEED = 160, 8, 1
PEOPLE, IMAGES, SEED = 40, 6, 9001
"""Who teaches, and who measures: other shapes, views and lights, drawn by another seed."""
HEADER = ("landmarks", "R²", "95 %", "MSE", "x", "y", "z", "mean distance [% of the palm]", "time [ms]")
DRAWS = 1000


def add_landmarks(group: Any, name: str) -> None:
    """Add the group of commands."""
    parser = group.add_parser(name, help="our own landmarks of a hand", description=__doc__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    train = commands.add_parser("train", help="by rendered hands", description=__doc__)
    train.add_argument("--out", type=Path, required=True, metavar="FILE", help="the layer, .npz")
    train.add_argument("--start", type=Path, metavar="FILE", help="another layer that it starts from (default: MediaPipe's own)")
    train.add_argument("--hands", type=whole_number(5), default=TAUGHT_BY, metavar="N", help="people (default: %(default)s)")
    train.set_defaults(run=run_train)
    evaluate = commands.add_parser(
        "evaluate", help="beside MediaPipe's, on rendered hands that taught nothing", description=__doc__
    )
    evaluate.add_argument("--model", type=Path, metavar="FILE", help="the layer (default: the one that ships)")
    evaluate.add_argument("--hands", type=whole_number(2), default=PEOPLE, metavar="N", help="people (default: %(default)s)")
    evaluate.add_argument("--json", type=Path, help="write the figures there")
    evaluate.add_argument("--tables", type=Path, metavar="FILE", help=f"write the table into a page, between its marks {BLOCK}")
    evaluate.set_defaults(run=run_evaluate)


def run_train(options: argparse.Namespace) -> int:
    """Render, look, fit, write.

    Raises:
        ModelError: the layer to start from cannot be read.
        OutputError: the file cannot be written.
        ConfigError: ONNX is not installed.
    """
    check_writable(options.out, endings=(".npz",))
    start = Head.load(options.start) if options.start else None
    console, networks = wide_console(), HandNetworks()
    with progress(console, "hands rendered", options.hands) as tell:
        samples = _rendered(options.hands, TAUGHT_IMAGES, TAUGHT_SEED, tell)
    with progress(console, "images looked at", len(samples)) as tell:
        head, shrink = teach(networks, samples, start, tell)
    head.save(options.out)
    console.print(f"{options.out}: by {len(samples)} images of {options.hands} hands, shrinkage {shrink:g}", highlight=False)
    return DONE


def run_evaluate(options: argparse.Namespace) -> int:
    """Render, look, compare, write, print.

    Raises:
        ConfigError: a page without marks, or ONNX is not installed.
        ModelError: the layer cannot be read.
    """
    check_writable(options.json, options.tables)
    if options.tables:
        around_block(options.tables, BLOCK)
    console = wide_console()
    with progress(console, "hands rendered and looked at", options.hands) as tell:
        found = measured(options.model, options.hands, tell)
    if options.json:
        write_json(options.json, found)
    rows = [_row(name, one) for name, one in found["methods"].items()]
    joints = [(joint, *(f"{one['joints_r2'][joint]:.3f}" for one in found["methods"].values())) for joint in HAND_21.joints[1:]]
    lines = [*markdown_table(HEADER, rows), "", *markdown_table(("R² of", *found["methods"]), joints)]
    if options.tables:
        who = f"{found['images']} images of {found['people']} rendered hands; intervals over people"
        write_block(options.tables, BLOCK, "\n".join([f"Written by `physio hand landmarks evaluate`; {who}.", "", *lines]))
    console.print("\n".join(lines), highlight=False, markup=False)
    return DONE


def landmark_figures(_: argparse.Namespace) -> dict[str, Any]:
    """For `physio hand evaluate`: R² and mean square error of the layer that ships; errors as :func:`run_evaluate`."""
    return measured()


def measured(model: Path | None = None, people: int = PEOPLE, tell: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Ours and MediaPipe's on the same images of people who taught nothing.

    Raises:
        ModelError: the layer cannot be read.
        ConfigError: ONNX is not installed.
    """
    networks = HandNetworks()
    ours = LandmarkNetwork(model, networks)
    samples = _rendered(people, IMAGES, SEED, tell)
    told: dict[str, list[FloatArray]] = {"ours": [], "MediaPipe Hands": []}
    took: dict[str, list[float]] = {name: [] for name in told}
    for _, (rgb, _) in samples:
        for name, ask in (("ours", ours.joints), ("MediaPipe Hands", lambda rgb: look(networks, rgb)[1])):
            begun = time.perf_counter()
            told[name].append(ask(rgb))
            took[name].append(1000.0 * (time.perf_counter() - begun))
    truth = np.array([normalised(points) for _, (_, points) in samples])
    who = [name for name, _ in samples]
    methods = {name: figures_of(np.array(one), truth, who) | {"ms": float(np.median(took[name]))} for name, one in told.items()}
    return {
        "r2": methods["ours"]["r2"], "mse": methods["ours"]["mse"], "images": len(samples), "people": people, "methods": methods,
    }  # fmt: skip


def figures_of(told: FloatArray, truth: FloatArray, who: Iterable[str]) -> dict[str, Any]:
    """R² and mean square error of joints (N, 21, 3), the wrist left out, which is 0; whose they are gives the interval.

    R² is 1 less the share of the variance about each coordinate's own mean that is missed, all coordinates together.
    """
    missed = np.square(told - truth)[:, 1:]
    spread = np.square(truth - truth.mean(0))[:, 1:]
    names = np.array(list(who))
    of = np.array([[missed[names == one].sum(), spread[names == one].sum()] for one in sorted(set(names.tolist()))])
    drawn = of[np.random.default_rng(0).integers(len(of), size=(DRAWS, len(of)))].sum(1)
    low, high = np.quantile(1.0 - drawn[:, 0] / drawn[:, 1], (0.025, 0.975)).tolist()
    axes, joints = 1.0 - missed.sum((0, 1)) / spread.sum((0, 1)), 1.0 - missed.sum((0, 2)) / spread.sum((0, 2))
    return {
        "r2": float(1.0 - missed.sum() / spread.sum()), "r2_interval": {"low": low, "high": high}, "mse": float(missed.mean()),
        "axes_r2": dict(zip("xyz", axes.tolist(), strict=True)),
        "joints_r2": dict(zip(HAND_21.joints[1:], joints.tolist(), strict=True)),
        "distance_percent": float(100.0 * np.sqrt(missed.sum(-1)).mean()),
    }  # fmt: skip


def _rendered(people: int, images: int, seed: int, tell: Callable[[], None]) -> list[tuple[str, Sample]]:
    """Images and joints, each with whose hand it is; every other hand in a glove."""
    try:
        from physio_lab.synthetic.hand_set_commands import rendered
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed to render hands; install it with: scripts/setup --dev") from error
    samples: list[tuple[str, Sample]] = []
    for hand in range(people):
        samples += [(f"hand{hand:05d}", (rgb, points)) for rgb, points, _ in rendered(hand, images, seed, gloves=True)]
        tell()
    return samples


def _row(name: str, one: dict[str, Any]) -> tuple[str, ...]:
    span = one["r2_interval"]
    return (
        name, f"{one['r2']:.3f}", f"{span['low']:.3f} to {span['high']:.3f}", f"{one['mse']:.4f}",
        *(f"{one['axes_r2'][axis]:.3f}" for axis in "xyz"), f"{one['distance_percent']:.1f}", f"{one['ms']:.1f}",
    )  # fmt: skip
