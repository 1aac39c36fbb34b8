"""Whether what was counted was the exercise that was asked for, by what the recogniser names.

A signal alone cannot tell a squat from someone who ties a shoe. The recogniser can, but it looks back over seconds: it names an
exercise while the second or third repetition is under way. So a repetition waits until the exercise is named near to it in time,
and is dropped when that does not happen.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

from physio_core.types import UNKNOWN, Abstain, Prediction

NAMED_S = 0.5
"""Time for which the exercise must have been named in all before anything counts."""
NEAR_S = 6.0
"""Time from a repetition within which the exercise must be named: the recogniser looks back over 4.3 s."""
MOSTLY = 0.5
"""Share of a repetition over which another exercise must be named for it to be that one's."""
LONGEST_STEP_S = 0.25
"""One missing image more or less must not matter, but a gap in the stream is not evidence."""


class Recognition:
    """What the recogniser said of the last seconds of one attempt.

    Attributes:
        knows: whether the recogniser can name the exercise; None: nothing is known of it yet.
    """

    def __init__(self, asked: str, looks_like: Sequence[str] = ()) -> None:
        """Know nothing yet.

        Args:
            asked: the exercise that was asked for.
            looks_like: exercises that a recogniser which does not know it may take it for.
        """
        self._asked, self._looks_like = asked, tuple(looks_like)
        self.knows: bool | None = None
        self._named_s = 0.0
        self._first_s, self._last_s = math.inf, -math.inf
        self._stamp_s = math.nan
        self._other: deque[tuple[float, float]] = deque(maxlen=2000)

    def update(self, prediction: Prediction) -> None:
        """Take the next prediction."""
        if prediction.labels:
            self.knows = self._asked in prediction.labels
        step_s = prediction.stamp_s - self._stamp_s
        self._stamp_s = prediction.stamp_s
        if not step_s > 0.0 or prediction.abstain is not Abstain.NONE:
            return
        step_s = min(step_s, LONGEST_STEP_S)
        if prediction.label == self._asked:
            self._named_s += step_s
            if self._named_s >= NAMED_S:
                self._first_s = min(self._first_s, prediction.stamp_s)
                self._last_s = prediction.stamp_s
        elif prediction.label not in ("", UNKNOWN, *(() if self.knows else self._looks_like)):
            self._other.append((prediction.stamp_s, step_s))

    def decided(self, start_s: float, end_s: float, now_s: float) -> bool | None:
        """Whether a repetition was of the exercise; None: not known yet."""
        if self.knows is None:
            return None
        others_s = sum(step_s for stamp_s, step_s in self._other if start_s <= stamp_s <= end_s)
        if others_s > MOSTLY * (end_s - start_s):
            return False
        if not self.knows or (self._first_s <= end_s + NEAR_S and self._last_s >= start_s - NEAR_S):
            return True
        return False if now_s > end_s + NEAR_S else None
