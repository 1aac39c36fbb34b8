"""Two ways to make the next path, compared: the network with two encoders, and the plain mixture after alignment.

Both are brought within the limits of the device's joints and their speeds by the same arm. Whoever is measured was not learnt
from.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from physio_core.skeleton.smoothness import sparc
from physio_core.trajectories.alignment import distance
from physio_core.trajectories.arm import Arm, load_arm
from physio_core.trajectories.features import DEVICE_REACH_M
from physio_core.trajectories.interpolation import interpolate
from physio_core.trajectories.score import score_type
from physio_core.trajectories.trajectory import Trajectory
from physio_core.types import FloatArray
from physio_lab.engine.trainer import fit
from physio_lab.tasks.paths.config import PathsRecipe
from physio_lab.tasks.paths.next_network import POINTS, NextPath
from physio_lab.tasks.paths.pairs import WEIGHTS, NextPathTask, Pair, PairBatches, aligned, batch_of, others

NETWORK, MIXTURE = "network", "interpolation"
SLACK = 0.5
"""Points of a score by which a path may seem harder or easier than it is."""


def next_path_of(pairs: Sequence[Pair], recipe: PathsRecipe, tell: Callable[[int], None] = lambda _step: None) -> NextPath:
    """A network trained on pairs by the engine."""
    torch.manual_seed(recipe.seed)
    model = NextPath(recipe.encoder)
    with tempfile.TemporaryDirectory() as work:
        task: Any = NextPathTask()
        fit(task, model, recipe, PairBatches(pairs, recipe), Path(work), lambda step, _steps, _figures: tell(step))
    model.eval()
    return model


def by_network(model: NextPath, pairs: Sequence[Pair], weight: float) -> list[Trajectory]:
    """What the network draws, point by point, in the time that both paths took."""
    own, wanted = (np.stack([getattr(one, name) for one in pairs]) for name in ("own", "wanted"))
    batch = torch.from_numpy(batch_of(own, wanted, wanted, np.full(len(pairs), weight)))
    drawn = model.generate(batch).numpy().astype(float)
    return [_in_time(one, told, weight) for one, told in zip(pairs, drawn, strict=True)]


def by_mixture(pairs: Sequence[Pair], weight: float) -> list[Trajectory]:
    """What the run time's interpolation gives."""
    return [interpolate(one.path, one.target, weight) for one in pairs]


def _in_time(pair: Pair, drawn: FloatArray, weight: float) -> Trajectory:
    stamps = [one.by_length(POINTS).stamps_s for one in (pair.path, pair.target)]
    mixed = weight * (stamps[0] - stamps[0][0]) + (1.0 - weight) * (stamps[1] - stamps[1][0])
    places = drawn[:, :3] * DEVICE_REACH_M
    return Trajectory(mixed + np.arange(POINTS) * 1e-6, places, drawn[:, 3:], "left").by_time(4 * POINTS)


def compared(model: NextPath, pairs: Sequence[Pair], tell: Callable[[], None]) -> dict[str, dict[str, float]]:
    """Figures of both ways over all pairs and :data:`~physio_lab.tasks.paths.pairs.WEIGHTS`."""
    arm = load_arm("device", "left")
    truth = others(pairs)
    found: dict[str, dict[str, list[list[Any]]]] = {way: {} for way in (NETWORK, MIXTURE)}
    for weight in WEIGHTS:
        for way, made in ((NETWORK, by_network(model, pairs, weight)), (MIXTURE, by_mixture(pairs, weight))):
            figures = [_of(one, path, pairs[other[0]], weight, arm) for one, path, other in zip(pairs, made, truth, strict=True)]
            for name in figures[0]:
                found[way].setdefault(name, []).append([each[name] for each in figures])
            tell()
    return {way: _summed(values) for way, values in found.items()}


def _of(pair: Pair, made: Trajectory, other: Pair, weight: float, arm: Arm) -> dict[str, float]:
    """Figures of one path."""
    shown = arm.follow(made)
    scores = [score_type(one, pair.kind, DEVICE_REACH_M).score for one in (pair.path, shown, pair.target)]
    truth = (weight * other.own + (1.0 - weight) * other.wanted)[:, :3]
    at_ideal = aligned(shown, pair.target)[0][:, :3]
    speed = np.linalg.norm(np.gradient(shown.positions_m, shown.stamps_s, axis=0), axis=1)
    return {
        "in_limits": float(_within(arm, shown)),
        "between": float(min(scores[0], scores[2]) - SLACK <= scores[1] <= max(scores[0], scores[2]) + SLACK),
        "mse": float(((at_ideal - truth) ** 2).sum(1).mean() * DEVICE_REACH_M**2 * 1e4),
        "smoothness": float(sparc(speed, (len(shown) - 1) / shown.duration_s)),
        "to_own": distance(shown.by_length(POINTS).positions_m, pair.path.by_length(POINTS).positions_m),
        "to_ideal": distance(shown.by_length(POINTS).positions_m, pair.target.by_length(POINTS).positions_m),
        "changed_by_limits_m": float(np.linalg.norm(shown.positions_m - made.positions_m, axis=1).mean()),
    }


def _within(arm: Arm, path: Trajectory) -> bool:
    """Whether an arm can draw it: angles and their speeds within the limits, hand and angles of one piece."""
    angles = path.angles_rad
    if angles is None or not arm.allows(angles):
        return False
    speed = np.abs(np.diff(angles, axis=0)) / np.diff(path.stamps_s)[:, None]
    told = np.abs(arm.forward(angles) - path.positions_m).max()
    return bool((speed <= arm.fastest_rad_s * (1.0 + 1e-6)).all() and told < 1e-6)


def _summed(values: dict[str, list[list[float]]]) -> dict[str, float]:
    """Means; and the share of pairs whose distances rise and fall with the weight."""
    means = {name: float(np.mean(rows)) for name, rows in values.items()}
    own, ideal = np.array(values["to_own"]), np.array(values["to_ideal"])
    steady = (np.diff(own, axis=0) <= 1e-3).all(0) & (np.diff(ideal, axis=0) >= -1e-3).all(0)
    return {**means, "monotone": float(steady.mean())}
