"""Counts the repetitions of one exercise while they happen, from prepared joints alone, and says what each was like.

A signal (:mod:`~physio_core.assessment.signals`) drives one phase machine, or one for each side. Joints that are lost for a
moment are bridged; for longer, or at a cut of the camera, what was under way is interrupted and counts as nothing.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from dataclasses import dataclass

import numpy as np

from physio_core.assessment.jumps import JumpGuard
from physio_core.assessment.phases import Cycle, Phase, PhaseMachine
from physio_core.assessment.repetition import Outcome, Repetition
from physio_core.assessment.signals import BOTH, SignalReader
from physio_core.exercises.definition import RepetitionDefinition
from physio_core.skeleton.layouts import Layout
from physio_core.skeleton.smoothness import sparc
from physio_core.skeleton.stream import JointFrame
from physio_core.types import FloatArray, Side

LOST_S = 0.5
"""Time for which a signal may be missing within a repetition."""
CUT_SHARE = 0.25
"""Way that half of the joints go between two frames, as a share of the person's height or width in the image, whichever is
more, that nobody goes: a cut. Of one who lies the height is a hand's breadth."""
TRACE_POINTS = 32
HELD_SHARE = 0.85
"""Share of its own way from which a repetition is held at the far end."""
VIEW_S = 2.0
"""Time over which the view counts that was told for most of it: nobody turns round between two repetitions and back."""
KEPT_S = 1.0
"""Time at rest that is kept: a repetition begins a little before it is seen to."""


@dataclass(frozen=True)
class Sample:
    """The signal at one moment, by side; NaN: not seen."""

    stamp_s: float
    shares: dict[Side, float]


class RepetitionCounter:
    """Counts for one attempt; nothing while the signal cannot be seen."""

    def __init__(self, definition: RepetitionDefinition, layout: Layout, rate_hz: float, side: Side = Side.NONE) -> None:
        """Begin an attempt.

        Args:
            definition: what a repetition is.
            layout: joint order of the frames.
            rate_hz: of the frames [Hz].
            side: that was asked for; none: any.
        """
        self._definition, self._rate_hz = definition, rate_hz
        leading = definition.sides == "chosen"
        self._readers = [
            (one.views, reader) for one in definition.signals if (reader := SignalReader(one, layout, rate_hz, leading)).readable
        ]
        self._reader = 0
        sides: tuple[Side, ...] = BOTH if definition.sides == "alternate" else (Side.NONE,)
        if side is not Side.NONE and definition.sides != "together":
            sides = (side,)
        self._machines = {one: PhaseMachine(definition) for one in sides}
        self._guards = {one: JumpGuard() for one in (Side.NONE, *BOTH)}
        self._seen_s = dict.fromkeys(sides, -math.inf)
        self._numbers: Counter[tuple[Outcome, Side]] = Counter()
        self._samples: deque[Sample] = deque(maxlen=int((definition.longest_s + KEPT_S) * rate_hz))
        self._views: deque[str | None] = deque(maxlen=max(round(VIEW_S * rate_hz), 1))
        self._before: FloatArray | None = None

    def ask_for(self, definition: RepetitionDefinition) -> None:
        """Go by other shares from now on; the signals stay."""
        for machine in self._machines.values():
            machine.definition = definition

    @property
    def phase(self) -> float:
        """Of the present repetition [0..1]: out to a half, back to 1; 0 at rest; NaN where it is not known."""
        leading = max(self._machines.values(), key=lambda machine: machine.extent)
        if leading.phase is Phase.AWAY:
            return math.nan
        share = min(max(leading.extent, 0.0), 1.0) / 2.0
        return {Phase.REST: 0.0, Phase.OUT: share, Phase.BACK: 1.0 - share}[leading.phase]

    def update(self, frame: JointFrame, view: str | None = None) -> list[Repetition]:
        """Take the next frame, seen from ``view`` (None: not known); gives the repetitions that end with it."""
        if not self._readers:
            return []
        found = [*self.close(), *self.interrupt(frame.stamp_s)] if self._is_cut(frame) else []
        shares = {side: self._guards[side].update(frame.stamp_s, share) for side, share in self._read(frame, view).items()}
        self._samples.append(Sample(frame.stamp_s, shares))
        for side, machine in self._machines.items():
            share = shares[side]
            if not math.isnan(share):
                self._seen_s[side] = frame.stamp_s
                found += self._counted(side, machine.update(frame.stamp_s, share))
            elif frame.stamp_s - self._seen_s[side] > LOST_S and machine.phase is not Phase.AWAY:
                found += self._counted(side, machine.interrupt(frame.stamp_s))
        self._forget(frame.stamp_s)
        return found

    def interrupt(self, stamp_s: float) -> list[Repetition]:
        """The person, or the camera's view, was lost."""
        self._before = None
        for _, reader in self._readers:
            reader.reset()
        for guard in self._guards.values():
            guard.reset()
        return [one for side, machine in self._machines.items() for one in self._counted(side, machine.interrupt(stamp_s))]

    def close(self) -> list[Repetition]:
        """The images end: what is nearly back counts."""
        return [one for side, machine in self._machines.items() for one in self._counted(side, machine.close())]

    def _read(self, frame: JointFrame, view: str | None) -> dict[Side, float]:
        """Shares of the signal in use; another takes its place where it cannot be seen and nothing is under way."""
        everything = [reader.read(frame.points, frame.confidence) for _, reader in self._readers]
        self._views.append(view)
        idle = all(machine.phase in (Phase.AWAY, Phase.REST) for machine in self._machines.values())
        if idle and len(everything) > 1:
            mostly = Counter(self._views).most_common(1)[0][0]
            usable = [
                index
                for index, ((views, _), one) in enumerate(zip(self._readers, everything, strict=True))
                if (not views or mostly in views) and any(not math.isnan(one[side]) for side in self._machines)
            ]
            self._use(usable[0] if usable else self._reader)
        return everything[self._reader]

    def _use(self, reader: int) -> None:
        """Go by a signal; where it is another one, nobody knows at which share of it the person rests."""
        if reader != self._reader:
            self._reader = reader
            for guard in self._guards.values():
                guard.reset()
            for machine in self._machines.values():
                machine.reset(first=not self._samples)

    def _is_cut(self, frame: JointFrame) -> bool:
        before, self._before = self._before, frame.points
        if before is None:
            return False
        size = float(np.ptp(frame.points, axis=0).max()) or 1.0
        return float(np.median(np.hypot(*(frame.points - before).T))) > CUT_SHARE * size

    def _forget(self, stamp_s: float) -> None:
        """Drop what is older than a moment while nothing is under way."""
        if all(machine.phase in (Phase.AWAY, Phase.REST) for machine in self._machines.values()):
            while self._samples and self._samples[0].stamp_s < stamp_s - KEPT_S:
                self._samples.popleft()

    def _counted(self, side: Side, cycle: Cycle | None) -> list[Repetition]:
        if cycle is None:
            return []
        self._numbers[cycle.outcome, side] += 1
        within = [one for one in self._samples if cycle.start_s <= one.stamp_s <= cycle.end_s]
        return [_described(cycle, self._numbers[cycle.outcome, side], side, within, self._rate_hz)]


def _described(cycle: Cycle, number: int, side: Side, samples: list[Sample], rate_hz: float) -> Repetition:
    """What one cycle was like."""
    seen = [(one.stamp_s, one.shares[side]) for one in samples if not math.isnan(one.shares[side])]
    if len(seen) < 2:
        return Repetition(number, cycle.outcome, side, cycle.start_s, cycle.turn_s, cycle.end_s, extent=cycle.extent)
    stamps, shares = np.array(seen).T
    held = stamps[shares - cycle.rest >= HELD_SHARE * cycle.extent]
    first_s, last_s = (float(held[0]), float(held[-1])) if len(held) else (cycle.turn_s, cycle.turn_s)
    even_s = np.linspace(stamps[0], stamps[-1], TRACE_POINTS)
    return Repetition(
        number, cycle.outcome, side, cycle.start_s, cycle.turn_s, cycle.end_s,
        out_s=first_s - cycle.start_s,
        hold_s=last_s - first_s,
        back_s=cycle.end_s - last_s,
        extent=cycle.extent,
        smoothness=_smoothness(stamps, shares, cycle.turn_s, rate_hz),
        asymmetry=_asymmetry(samples),
        trace=tuple(np.round(np.interp(even_s, stamps, shares) - cycle.rest, 3).tolist()),
    )  # fmt: skip


def _smoothness(stamps: FloatArray, shares: FloatArray, turn_s: float, rate_hz: float) -> float:
    """Mean of the way out and the way back, so that holding in between is not called rough."""
    speed = np.abs(np.gradient(shares, stamps))
    parts = [sparc(part, rate_hz) for part in (speed[stamps <= turn_s], speed[stamps >= turn_s])]
    known = [part for part in parts if not math.isnan(part)]
    return float(np.mean(known)) if known else math.nan


def _asymmetry(samples: list[Sample]) -> float:
    """Difference between how far left and right went, as a share of their mean; NaN where one is not seen."""
    ways = []
    for side in BOTH:
        shares = [one.shares[side] for one in samples if not math.isnan(one.shares[side])]
        if len(shares) < 0.8 * len(samples):
            return math.nan
        ways.append(max(shares) - min(shares))
    mean = sum(ways) / 2.0
    return abs(ways[0] - ways[1]) / mean if mean > 0.0 else math.nan
