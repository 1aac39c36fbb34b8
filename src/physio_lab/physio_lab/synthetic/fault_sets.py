"""How well faults are found: simulated patients with injected faults, of whom it is known how large each really was.

What is true is measured by the exercise's own file on the joints in space where they really were; what is found, on what an
estimator would have seen of them from the side that the exercise asks for. Both are counted by the same counter. A fault that the
view does not show is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from physio_core.assessment.counter import RepetitionCounter
from physio_core.assessment.faults import SURE, Assessment, FaultFinder
from physio_core.assessment.repetition import Outcome, Repetition
from physio_core.assessment.values import ENDS_PERCENT, range_rest_s
from physio_core.exercises.catalogue import Catalogue, Exercise
from physio_core.motion.movements import EXERCISES
from physio_core.motion.projection import Camera
from physio_core.motion.style import TOGETHER
from physio_core.skeleton.angle_table import load_angles
from physio_core.skeleton.angles import AngleMeter
from physio_core.skeleton.heading import HeadingEstimator
from physio_core.skeleton.layouts import BODY_25
from physio_core.skeleton.stream import RATE_HZ, JointFrame, JointStream
from physio_core.types import FloatArray, Side
from physio_lab.evaluation.watch import followed
from physio_lab.synthetic.angle_errors import in_plane
from physio_lab.synthetic.simulated_sets import PERFECT, SimulatedSet, simulate_set
from physio_sim.patient.faults import FAULTS, FaultKind, faults_in, told_as
from physio_sim.patient.sets import SetPlan

PER_SET = 5
SOUND = "able"
"""Persona without a fault."""
SOUND_SHARE = 0.25
"""Share of the sets in which nothing is injected."""
PAIRS_SHARE = 0.3
"""Share of the others in which two faults are."""
SIZES = (0.9, 1.6)
"""From least to greatest share of the size that is plainly a fault."""
CLEAR = 0.3
"""Share of its margin by which an injected fault lies outside of its band in half of the repetitions at least: a clear one."""
GROWS = 1.25
"""Factor by which an injected fault grows until it is clear, as far as a body can do it."""
NOT_INJECTED = ("fatigue", "pain")
"""They change range and time as others do, and are told as these."""
_UP = (0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Finding:
    """One fault of one repetition that could have been seen.

    Attributes:
        exercise: that was done.
        fault: its name.
        size: by how much it really missed the band; 0: it did not.
        found: by how much it was found to; 0: it was not.
        unit: of both.
        same_way: whether it was found in the direction in which it is.
        borderline: whether it really lies within one claimed standard deviation of the edge of its band, on either side, so that
            what was measured cannot tell.
    """

    exercise: str
    fault: str
    size: float
    found: float
    unit: str
    same_way: bool
    borderline: bool = False


@dataclass(frozen=True)
class SetResult:
    """What was found in one set.

    Attributes:
        plan: what was done.
        done: repetitions.
        counted: those that were found.
        findings: of the counted ones.
        errors_in_plane_deg: ends of the ranges of motion that were told, measured less true, where the angle truly lay in the
            plane of the image (:func:`~physio_lab.synthetic.angle_errors.in_plane`).
        errors_elsewhere_deg: the same where it did not.
        ranges_true: how many ranges of motion a camera that sees everything would have told.
        not_measured: how many faults could not be seen.
    """

    plan: SetPlan
    done: int
    counted: int
    findings: tuple[Finding, ...]
    errors_in_plane_deg: tuple[float, ...]
    errors_elsewhere_deg: tuple[float, ...]
    ranges_true: int
    not_measured: int


def plans(repetitions: int, seed: int, exercises: Catalogue) -> list[SetPlan]:
    """Sets with so many repetitions in all, each exercise in turn, with faults that it can have."""
    names = [name for name, one in exercises.items() if one.repetition and one.faults and name in EXERCISES]
    rng = np.random.default_rng(seed)
    found = []
    for number in range(-(-repetitions // PER_SET)):
        name = names[number % len(names)]
        movement = EXERCISES[name]
        side = str(rng.choice(["left", "right"])) if movement.sides != TOGETHER or movement.one_side else ""
        found.append(
            SetPlan(
                exercise=name,
                persona=_persona(name, rng),
                side="" if exercises[name].repetition.sides != "chosen" else side,  # type: ignore[union-attr]
                repetitions=PER_SET,
                view="other_side" if exercises[name].view == "side" and side == "left" else exercises[name].view,
                seed=seed + 1 + number,
            )
        )
    return found


def _persona(exercise: str, rng: np.random.Generator) -> str:
    known = [one for one in FAULTS.values() if exercise in one.exercises and one.name not in NOT_INJECTED]
    if rng.random() < SOUND_SHARE or not known:
        return SOUND
    count = 2 if rng.random() < PAIRS_SHARE and len(known) > 1 else 1
    chosen = [known[index] for index in rng.choice(len(known), count, replace=False)]
    return "+".join(f"{one.name}={min(one.usual * rng.uniform(*SIZES), one.most):.1f}" for one in chosen)


def measure(plan: SetPlan, exercise: Exercise) -> SetResult:
    """Simulate one set, its faults as large as it takes to be clear, and compare what is found with what is true."""
    plan, true = _clear(plan, exercise)
    simulated = simulate_set(plan)
    seen, planes = _watched(simulated, exercise, Side(plan.side)), _Planes(simulated)
    findings: list[Finding] = []
    errors: dict[bool, list[float]] = {True: [], False: []}
    unseen, counted, ranges = 0, 0, 0
    for repetition, assessment in seen:
        truth = next((one for one in true if _same(one[0], repetition)), None)
        if truth is None:
            continue
        counted += 1
        unseen += len(assessment.not_measured)
        findings += _findings(plan.exercise, assessment, truth[1])
        ranges += len(truth[1].ranges)
        for lay_in_plane, error_deg in _errors_deg(assessment, truth, planes):
            errors[lay_in_plane].append(error_deg)
    return SetResult(plan, len(true), counted, tuple(findings), tuple(errors[True]), tuple(errors[False]), ranges, unseen)


def _clear(plan: SetPlan, exercise: Exercise) -> tuple[SetPlan, list[tuple[Repetition, Assessment]]]:
    """The plan with faults that are clear where a body can do them so, and what is true of it then."""
    while True:
        perfect = simulate_set(plan, noise=PERFECT)
        true = _watched(perfect, exercise, Side(plan.side), perfect.true_25)
        given = () if plan.persona == SOUND else faults_in(plan.persona)
        sizes = [min(one.size * GROWS, one.kind.most) if _is_small(one.kind, exercise, true) else one.size for one in given]
        if sizes == [one.size for one in given]:
            return plan, true
        plan = replace(plan, persona="+".join(f"{one.kind.name}={size:.1f}" for one, size in zip(given, sizes, strict=True)))


def _is_small(kind: FaultKind, exercise: Exercise, true: Sequence[tuple[Repetition, Assessment]]) -> bool:
    """Whether a fault lies outside of its band by less than is clear; one that the exercise's file does not name never is."""
    name = told_as(kind, exercise.name)
    beyond = [one.beyond for _, assessment in true for one in assessment.measured if one.name == name]
    return bool(beyond) and float(np.median(beyond)) < CLEAR * exercise.faults[name].margin


def _watched(
    simulated: SimulatedSet, exercise: Exercise, side: Side, in_space: FloatArray | None = None
) -> list[tuple[Repetition, Assessment]]:
    """Repetitions and how they were done, seen through lock and smoothing of the live pipeline.

    Where joints in space are given (T, 25, 3), which nothing hides, these tell how.
    """
    assert exercise.repetition is not None
    stream = JointStream(BODY_25, RATE_HZ)
    counter = RepetitionCounter(exercise.repetition, BODY_25, RATE_HZ, side)
    trunk_cm = 100.0 * simulated.shape.trunk_m
    finder = FaultFinder(exercise, BODY_25, trunk_cm, None if in_space is None else _UP, SURE if in_space is None else 0.0)
    heading = HeadingEstimator(BODY_25)
    found: list[tuple[Repetition, Assessment]] = []
    unknown = np.full((len(BODY_25.joints), 3), np.nan)
    seen = simulated.skeletons if in_space is not None else followed(simulated.skeletons)
    for index, skeleton in enumerate(seen):
        if in_space is not None:
            finder.add(JointFrame(skeleton.stamp_s, in_space[index], np.ones(len(BODY_25.joints)), unknown))
        for frame in stream.update(skeleton):
            view = heading.view(frame)
            if in_space is None:
                finder.add(frame, view)
            for repetition in counter.update(frame, view):
                if repetition.outcome in (Outcome.COMPLETE, Outcome.PARTIAL) and _within(repetition, simulated):
                    found.append((repetition, finder.assess(repetition)))
    return found


def _within(repetition: Repetition, simulated: SimulatedSet) -> bool:
    """Whether it was one of those that were done, and not the getting into place."""
    true = simulated.repetitions
    return any(one.start_s < (repetition.start_s + repetition.end_s) / 2.0 < one.end_s for one in true)


def _same(one: Repetition, other: Repetition) -> bool:
    """Whether two repetitions are the same one, measured twice."""
    overlap_s = min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
    return one.side is other.side and overlap_s > 0.5 * max(one.duration_s, other.duration_s)


def _findings(exercise: str, seen: Assessment, true: Assessment) -> Iterator[Finding]:
    really = {one.name: one for one in true.measured}
    for measured in seen.measured:
        name = measured.name
        found = next((fault for fault in seen.faults if fault.name == name), None)
        real = next((fault for fault in true.faults if fault.name == name), None)
        unit = (found or real).unit if found or real else ""  # type: ignore[union-attr]
        same_way = found is None or real is None or found.direction == real.direction
        borderline = name in really and abs(really[name].beyond) <= measured.error
        yield Finding(exercise, name, real.size if real else 0.0, found.size if found else 0.0, unit, same_way, borderline)


class _Planes:
    """When each angle of a set truly lay in the plane of the image."""

    def __init__(self, simulated: SimulatedSet) -> None:
        self._table = load_angles()
        self._stamps_s = simulated.stamps_s
        camera = Camera()
        at_m = (simulated.true_25 - [camera.x_m, camera.y_m, camera.height_m]) @ camera.axes.T
        self._flat = in_plane(at_m, self._table)
        self._deg = AngleMeter(BODY_25, self._table).measure(simulated.true_25, np.ones(at_m.shape[:2]), _UP).deg

    def at_ends(self, name: str, repetition: Repetition) -> tuple[bool, bool]:
        """Whether an angle (with its side) did so for most of the time that it was near to the least, and to the greatest."""
        which = list(self._table).index(name)
        within = (self._stamps_s >= repetition.start_s - range_rest_s(repetition)) & (self._stamps_s <= repetition.end_s)
        deg, flat = self._deg[within, which], self._flat[within, which]
        least, most = np.nanpercentile(deg, [2 * ENDS_PERCENT, 100.0 - 2 * ENDS_PERCENT])
        return bool(flat[deg <= least].mean() > 0.5), bool(flat[deg >= most].mean() > 0.5)


def _errors_deg(seen: Assessment, true: tuple[Repetition, Assessment], planes: _Planes) -> Iterator[tuple[bool, float]]:
    """Whether an angle truly lay in the plane of the image, and the error, of each end of its range [deg]."""
    repetition, assessment = true
    known = {(one.angle, one.side): one for one in assessment.ranges}
    for one in seen.ranges:
        if real := known.get((one.angle, one.side)):
            low, high = planes.at_ends("_".join(filter(None, (one.side.value, one.angle))), repetition)
            yield low, one.low_deg - real.low_deg
            yield high, one.high_deg - real.high_deg


def figures(results: Sequence[SetResult]) -> dict[str, Any]:
    """What was measured over all sets; precision and recall over repetitions, without borderline ones and, strict, with them."""
    findings = [one for result in results for one in result.findings]
    clear = [one for one in findings if not one.borderline]
    strict = rates(findings)
    flat = [error for result in results for error in result.errors_in_plane_deg]
    elsewhere = [error for result in results for error in result.errors_elsewhere_deg]
    names = sorted({one.fault for one in findings})
    return {
        "n": sum(result.counted for result in results),
        "done": sum(result.done for result in results),
        **rates(clear),
        "borderline": len(findings) - len(clear),
        "borderline_there": strict["there"] - rates(clear)["there"],  # type: ignore[operator]
        "strict_precision": strict["precision"],
        "strict_recall": strict["recall"],
        "angle_error_p95_deg": _p95(flat),
        "angles": len(flat),
        "other_angle_error_p95_deg": _p95(elsewhere),
        "other_angles": len(elsewhere),
        "ranges_told": (len(flat) + len(elsewhere)) // 2,
        "ranges_true": sum(result.ranges_true for result in results),
        "not_measured": sum(result.not_measured for result in results),
        "faults": {name: _of_fault([one for one in findings if one.fault == name]) for name in names},
    }


def _p95(errors_deg: Sequence[float]) -> float | None:
    return float(np.percentile(np.abs(errors_deg), 95)) if errors_deg else None


def _of_fault(findings: Sequence[Finding]) -> dict[str, float | int | None]:
    clear, strict = [one for one in findings if not one.borderline], rates(findings)
    return {
        **rates(clear),
        "borderline": len(findings) - len(clear),
        "strict_precision": strict["precision"],
        "strict_recall": strict["recall"],
    }


def rates(findings: Sequence[Finding]) -> dict[str, float | int | None]:
    """Precision and recall; a fault found the other way round is neither right nor found."""
    right = sum(one.found > 0.0 and one.size > 0.0 and one.same_way for one in findings)
    told, there = sum(one.found > 0.0 for one in findings), sum(one.size > 0.0 for one in findings)
    return {
        "precision": right / told if told else None,
        "recall": right / there if there else None,
        "told": told,
        "there": there,
        "looked_at": len(findings),
    }
