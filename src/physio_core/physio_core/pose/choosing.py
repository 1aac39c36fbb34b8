"""Measures which estimator is the fastest on this machine of those that see what MediaPipe sees, in a few seconds.

Every candidate is shown the same short clip, which ships (a rendered patient), one after the other; the yardstick is MediaPipe,
or where it is not installed its networks in ONNX Runtime, whose distance from it is known.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from physio_core.errors import ConfigError, EstimatorError, ModelError, RunnerUnavailable
from physio_core.pose.choice import BLAZE, MEDIAPIPE, Choice, Measured
from physio_core.pose.estimator import PoseConfig, PoseEstimator, make_estimator, with_runner
from physio_core.pose.parity import MOST_P95_PERCENT, MOST_PERCENT, MOST_WORLD_MM, torso_percent, world_mm
from physio_core.skeleton.layouts import BLAZEPOSE_33
from physio_core.types import Frame, Skeleton

WARM, LEAST = 3, 20
"""Images that are not timed, and those that are timed however slow they are."""
UNDISTURBED = 0.1
"""Quantile of its times that a candidate is told by: other programs make images slower, and those with more threads the most."""
BUSY = 1.3
"""A median so many times that one says that the machine was not idle."""
EACH_S = 1.5
"""A candidate is timed for no longer, once it has seen the least number of images."""


@dataclass(frozen=True)
class Timed:
    """What one candidate did.

    Attributes:
        choice: the candidate.
        name: the estimator's own.
        image_ms: time of an image that nothing disturbs [ms].
        median_ms: of all images [ms].
        seen: what it saw, image by image.
        percent: median distance from the yardstick in the image, of the torso [%].
        p95_percent: the 95th percentile.
        space_mm: median distance in space [mm].
        objection: why it is not chosen however fast it is; empty: nothing.
    """

    choice: Choice
    name: str
    image_ms: float = float("nan")
    median_ms: float = float("nan")
    seen: list[Skeleton] = field(default_factory=list)
    percent: float = float("nan")
    p95_percent: float = float("nan")
    space_mm: float = float("nan")
    objection: str = ""


def measure(candidates: Iterable[Choice], frames: Sequence[Frame]) -> list[Timed]:
    """Time every candidate that is there, and hold it against the first one that could be timed.

    Args:
        candidates: MediaPipe first, then its networks in ONNX Runtime.
        frames: of one person.
    """
    timed = [_time(one, frames) for one in candidates]
    yardstick = next((one for one in timed if one.seen), None)
    return [_held_against(one, yardstick) if yardstick and one.seen else one for one in timed]


def fastest(timed: Sequence[Timed]) -> Timed:
    """The one to run.

    Raises:
        ConfigError: none could be measured.
    """
    fit = [one for one in timed if not one.objection]
    if not fit:
        raise ConfigError(f"no estimator can be used here: {'; '.join(f'{one.name}: {one.objection}' for one in timed)}")
    return min(fit, key=lambda one: one.image_ms)


def disturbed(timed: Sequence[Timed]) -> float:
    """How many times longer the median image took than an undisturbed one, where that is the most; 1: the machine was idle."""
    return float(np.max([one.median_ms / one.image_ms for one in timed if one.seen]))


def as_file(best: Timed, processor: str, day: str) -> Measured:
    """What is written down of it."""
    one = best.choice
    return Measured.model_validate({
        "processor": processor, "measured_on": day, "estimator": one.estimator, "runner": one.runner,
        "runner_device": one.runner_device, "runner_precision": one.runner_precision, "runner_threads": one.runner_threads,
        "image_ms": round(best.image_ms, 2),
    })  # fmt: skip


def _time(choice: Choice, frames: Sequence[Frame]) -> Timed:
    config = with_runner(PoseConfig(estimator=choice.estimator), choice)
    name = choice.estimator if choice.estimator == MEDIAPIPE else f"{BLAZE} by {choice.runner} {choice.runner_device}"
    try:
        estimator = make_estimator(config, BLAZEPOSE_33)
    except (RunnerUnavailable, ModelError) as error:
        return Timed(choice, name, objection=str(error))
    try:
        times_ms, seen = _watch(estimator, frames)
    except EstimatorError as error:
        return Timed(choice, estimator.name, objection=f"failed: {error}")
    finally:
        estimator.close()
    lost = sum(not one.tracked for one in seen)
    least_ms, median_ms = np.quantile(times_ms, [UNDISTURBED, 0.5])
    return Timed(
        choice, estimator.name, float(least_ms), float(median_ms), seen, objection=f"lost the person {lost} times" * bool(lost)
    )


def _watch(estimator: PoseEstimator, frames: Sequence[Frame]) -> tuple[list[float], list[Skeleton]]:
    times_ms: list[float] = []
    seen: list[Skeleton] = []
    for frame in frames:
        if len(seen) >= WARM + LEAST and sum(times_ms) > EACH_S * 1e3:
            break
        begun_s = time.perf_counter()
        seen.append(estimator.estimate(frame))
        times_ms.append((time.perf_counter() - begun_s) * 1e3)
    return times_ms[WARM:], seen


def _held_against(one: Timed, yardstick: Timed) -> Timed:
    both = [(mine, its) for mine, its in zip(one.seen, yardstick.seen, strict=False) if mine.tracked and its.tracked]
    if not both:
        return replace(one, objection=one.objection or "sees nobody where the yardstick does")
    percent = np.concatenate([torso_percent(mine, its) for mine, its in both])
    median, p95 = float(np.median(percent)), float(np.quantile(percent, 0.95))
    space = float(np.median(np.concatenate([world_mm(mine, its) for mine, its in both])))
    far = [
        f"{value:.2f} {unit} of at most {most:g}"
        for value, most, unit in (
            (median, MOST_PERCENT, "% of the torso"),
            (p95, MOST_P95_PERCENT, "% (95th percentile)"),
            (space, MOST_WORLD_MM, "mm in space"),
        )
        if value > most
    ]
    objection = one.objection or (f"not equal: {', '.join(far)}" if far else "")
    return replace(one, percent=median, p95_percent=p95, space_mm=space, objection=objection)
