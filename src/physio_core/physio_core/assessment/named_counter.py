"""Counts a movement of which only its name is known: what comes back in the joints while the recogniser names it.

The recogniser looks back over seconds, so joints wait until it has named what they show; those of anything else are dropped.
"""

from __future__ import annotations

from collections import deque

from physio_core.assessment.periodic import PeriodicCounter, within_body
from physio_core.skeleton.layouts import layout_named
from physio_core.skeleton.stream import RATE_HZ, JointStream
from physio_core.types import Abstain, FloatArray, Prediction, Skeleton

WAITING_S = 3.0
"""Time for which joints wait to be named; the recogniser names a movement about 2 s after it began [s]."""


class NamedCounter:
    """Repetitions of one attempt.

    Attributes:
        count: so far; it never falls, though a period is known from its second repetition on.
    """

    def __init__(self, asked: str) -> None:
        """Begin; ``asked`` is the recogniser's name of the movement."""
        self._asked = asked
        self._stream: JointStream | None = None
        self._waiting: deque[tuple[float, FloatArray]] = deque()
        self._counter = PeriodicCounter(RATE_HZ)
        self.count = 0

    def update(self, observation: Skeleton | Prediction) -> int:
        """Take what was seen; gives the count of everything so far."""
        if isinstance(observation, Skeleton):
            self._see(observation)
        elif observation.label == self._asked and observation.abstain is Abstain.NONE:
            while self._waiting and self._waiting[0][0] <= observation.stamp_s:
                self.count = max(self.count, self._counter.update(self._waiting.popleft()[1]))
        return self.count

    def close(self) -> int:
        """The last count."""
        self.count = max(self.count, self._counter.close())
        return self.count

    def _see(self, skeleton: Skeleton) -> None:
        if self._stream is None:
            if not skeleton.tracked:
                return
            self._stream = JointStream(layout_named(skeleton.layout), RATE_HZ)
        self._waiting += ((frame.stamp_s, within_body(frame.points[None])[0]) for frame in self._stream.update(skeleton))
        while self._waiting and self._waiting[0][0] < skeleton.stamp_s - WAITING_S:
            self._waiting.popleft()
