"""One label for a whole clip from what the stream said at each image, for evaluation; no verdict, which only a session gives.

Averaging a clip drowns three repetitions in a minute of talk, so time is counted instead: an exercise is named when it was
named for long enough. The stream itself never needs this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from physio_core.params import Parameters, param
from physio_core.types import UNKNOWN, Abstain, Prediction

LONGEST_S = 1.0
"""Time for which a prediction stands at most, when no other follows [s]."""


@dataclass(frozen=True)
class ClipConfig(Parameters):
    """When a clip is called by an exercise."""

    least_s: float = param(1.0, "Time for which the exercise must have been named.", unit="s", low=0.0, high=60.0)
    least_share: float = param(0.15, "Share of the judged time for which it must have been named.", low=0.0, high=1.0)


@dataclass(frozen=True)
class ClipSummary:
    """What the stream said of a clip.

    Attributes:
        label: an exercise or ``unknown``.
        named_s: time for which each label was named [s].
        abstained_s: time for which nothing was named, by reason [s].
        first_s: when the clip's label was first named, from the first image [s]; None: never.
    """

    label: str
    named_s: dict[str, float]
    abstained_s: dict[str, float]
    first_s: float | None

    @property
    def judged_s(self) -> float:
        """Time in which something was said [s]."""
        return sum(self.named_s.values())

    @property
    def coverage(self) -> float:
        """Share of the time in which something was said."""
        named, silent = self.judged_s, sum(self.abstained_s.values())
        return named / (named + silent) if named + silent else 0.0

    def wrong_share(self, truth: str) -> float:
        """Share of the judged time in which an exercise was named that is not the true one."""
        named = self.judged_s
        wrong = sum(seconds for label, seconds in self.named_s.items() if label not in (truth, UNKNOWN))
        return wrong / named if named else 0.0


def stood_s(predictions: Sequence[Prediction]) -> list[float]:
    """Time for which each prediction stood: until the next one, the last one for as long as they did on average [s]."""
    stamps = [one.stamp_s for one in predictions]
    period = (stamps[-1] - stamps[0]) / (len(stamps) - 1) if len(stamps) > 1 else 0.0
    ends = [*stamps[1:], stamps[-1] + period] if stamps else []
    return [min(max(end - start, 0.0), LONGEST_S) for start, end in zip(stamps, ends, strict=True)]


def summarise(predictions: Sequence[Prediction], config: ClipConfig | None = None) -> ClipSummary:
    """Count the time of each label; each prediction stands until the next one."""
    config = config or ClipConfig()
    named: dict[str, float] = {}
    abstained: dict[str, float] = {}
    for one, seconds in zip(predictions, stood_s(predictions), strict=True):
        counts, key = (named, one.label) if one.abstain is Abstain.NONE else (abstained, one.abstain.value)
        counts[key] = counts.get(key, 0.0) + seconds
    exercises = {label: seconds for label, seconds in named.items() if label != UNKNOWN}
    label = max(exercises, key=lambda name: exercises[name], default=UNKNOWN)
    if label != UNKNOWN and exercises[label] < max(config.least_s, config.least_share * sum(named.values())):
        label = UNKNOWN
    first = next((one.stamp_s - predictions[0].stamp_s for one in predictions if one.label == label), None)
    return ClipSummary(label, named, abstained, first)
