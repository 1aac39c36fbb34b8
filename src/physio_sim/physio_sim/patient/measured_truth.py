"""What the true joints show of a patient's faults in a repetition: measured as a coach measures, but without camera or estimator.

Each fault is measured in the repetition as it is done and in the same repetition of the same patient without any fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from physio_core.motion.kinematics import JOINT_ANGLES, Motion, positions
from physio_core.motion.projection import to_body_25
from physio_core.skeleton.angle_table import load_angles
from physio_core.skeleton.angles import AngleMeter
from physio_core.skeleton.layouts import BODY_25, sideless
from physio_core.skeleton.measure_table import load_measures
from physio_core.skeleton.measures import MeasureMeter
from physio_core.types import FloatArray, Side
from physio_sim.patient.faults import Given, Shown, told_as
from physio_sim.patient.performance import Performance
from physio_sim.truth import InjectedFault, TrueRepetition

SAMPLE_HZ = 25.0
_ANGLES, _MEASURES = cache(load_angles), cache(load_measures)
_UP = (0.0, 0.0, 1.0)
_SIDES = (Side.LEFT, Side.RIGHT)


@dataclass(frozen=True)
class _Shows:
    """One performance in which faults are measured."""

    show: Performance
    shown: tuple[Shown, ...]

    def times_s(self, number: int) -> FloatArray:
        """Times within a repetition (T,) [s], its start and end included."""
        start_s, end_s = self.show.time_s(number), self.show.time_s(number + 1)
        return np.linspace(start_s, end_s - 1e-6, max(8, round((end_s - start_s) * SAMPLE_HZ)))

    def readings(self, motion: Motion) -> dict[str, FloatArray]:
        """Angles [deg] and measures [cm] over a motion (T,), by name with their side."""
        points = to_body_25(positions(self.show.shape, motion))
        sure = np.ones(points.shape[:2])
        found: dict[str, FloatArray] = {}
        wanted = {source: {one.name for one in self.shown if one.source == source} for source in ("angle", "measure")}
        angles = {name: one for name, one in _ANGLES().items() if sideless(name) in wanted["angle"]}
        measures = {name: one for name, one in _MEASURES().items() if sideless(name) in wanted["measure"]}
        if angles:
            deg = AngleMeter(BODY_25, angles).measure(points, sure, _UP)
            found.update(zip(deg.names, deg.deg.T, strict=True))
        if measures:
            cm = MeasureMeter(BODY_25, measures, trunk_cm=None).measure(points, sure, _UP)
            found.update(zip(cm.names, cm.cm.T, strict=True))
        return found

    def signal(self, motion: Motion, side: str) -> FloatArray:
        """The joint angle that goes through the range (T,) [rad]; the mean of both sides where no side is given."""
        angle = self.show.movement.angle
        if angle in JOINT_ANGLES:
            return motion.angle(angle)
        sides = (side,) if side else ("left", "right")
        return np.asarray(np.mean([motion.angle(f"{one}_{angle}") for one in sides], axis=0))

    def extent(self, motion: Motion, number: int) -> tuple[float, float]:
        """How far the repetition goes, and how far from rest it ends, as shares of the usual range."""
        side, show = self.show.side_of(number), self.show
        usual = show.movement.motion(number + np.linspace(0.0, 0.5, 26), replace(show.style, depth=1.0, sag_rad=0.0), show.shape)
        full = self.signal(usual, side)
        away = np.abs(self.signal(motion, side) - full[0]) / max(float(np.abs(full - full[0]).max()), 1e-6)
        return float(away.max()), float(away[-1])

    def asymmetry(self, motion: Motion, number: int) -> float:
        """Difference between the ranges of left and right as a share of their mean; in turn: between this and the other's."""
        if self.show.side_of(number):
            other = number - 1 if number else number + 1
            mine = self.extent(motion, number)[0]
            theirs = self.extent(self.show.motion(self.times_s(other)), other)[0]
        else:
            mine, theirs = (float(np.ptp(self.signal(motion, side.value))) for side in _SIDES)
        return abs(mine - theirs) / max((mine + theirs) / 2, 1e-6)


def true_repetitions(
    show: Performance, sound: Performance, numbers: Sequence[int], starts_s: float = 0.0
) -> tuple[TrueRepetition, ...]:
    """The truth about some repetitions.

    Args:
        show: what is done.
        sound: the same of the same patient without faults.
        numbers: which, counted from 0.
        starts_s: when the first one began [s].
    """
    given = show.persona.faults
    shown = tuple(_shown(one, show) for one in given)
    pair = _Shows(show, shown), _Shows(sound, shown)
    return tuple(_true_repetition(pair, number, starts_s) for number in numbers)


def _true_repetition(pair: tuple[_Shows, _Shows], number: int, starts_s: float) -> TrueRepetition:
    of = pair[0]
    start_s, turn_s, end_s = (starts_s + of.show.time_s(number + part) for part in (0.0, 0.5, 1.0))
    motions = [of.show.motion(of.times_s(number))]
    if of.shown:
        motions.append(pair[1].show.motion(pair[1].times_s(number)))
    readings = [one.readings(motion) for one, motion in zip(pair, motions, strict=False)]
    faults: dict[tuple[str, Side], InjectedFault] = {}
    for given, shown in zip(of.show.persona.faults, of.shown, strict=True):
        name = told_as(given.kind, of.show.movement.name)
        for side in _sides(given, of.show, number, shown):
            value, unfaulted = (
                _value(one, motion, reading, shown, number, side)
                for one, motion, reading in zip(pair, motions, readings, strict=True)
            )
            faults[name, side] = InjectedFault(name, value, unfaulted, given.kind.shown_unit, given.kind.joint, side)
    side = Side(of.show.side_of(number))
    return TrueRepetition(number + 1, side, start_s, turn_s, end_s, of.extent(motions[0], number)[0], tuple(faults.values()))


def _shown(given: Given, show: Performance) -> Shown:
    return given.kind.shown_in.get(show.movement.name, given.kind.shown)


def _sides(given: Given, show: Performance, number: int, shown: Shown) -> tuple[Side, ...]:
    moving = show.side_of(number)
    if given.kind.sides == "none" or (given.kind.sides == "moving" and not moving):
        has_sides = shown.source in ("angle", "measure") and any(
            name.startswith("left_") and sideless(name) == shown.name for name in (*_ANGLES(), *_MEASURES())
        )
        return _SIDES if has_sides else (Side.NONE,)
    return tuple(Side(side) for side in show.sides_of(given, moving))


def _value(one: _Shows, motion: Motion, readings: dict[str, FloatArray], shown: Shown, number: int, side: Side) -> float:
    if shown.source == "extent":
        return 100.0 * one.extent(motion, number)[0]
    if shown.source == "return":
        return 100.0 * one.extent(motion, number)[1]
    if shown.source == "asymmetry":
        return 100.0 * one.asymmetry(motion, number)
    if shown.source == "duration":
        return one.show.time_s(number + 1) - one.show.time_s(number)
    if shown.source == "tremor":
        return _tremor_deg(one, motion, number)
    name = shown.name if shown.name in readings else f"{side.value}_{shown.name}"
    values = readings[name] - (readings[name][0] if shown.from_rest else 0.0)
    if shown.statistic == "range":
        return float(np.nanmax(values) - np.nanmin(values))
    if shown.statistic == "furthest":
        return float(values[np.nanargmax(np.abs(values))])
    return float(np.nanmax(values))


def _tremor_deg(one: _Shows, motion: Motion, number: int) -> float:
    """Greatest distance of the bend of the spine from where it is without the tremor."""
    persona = one.show.persona
    still = replace(persona, faults=tuple(given for given in persona.faults if given.kind.name != "unsteady"))
    calm = replace(one.show, persona=still).motion(one.times_s(number))
    return float(np.degrees(np.abs(motion.angle("spine_flexion") - calm.angle("spine_flexion")).max()))
