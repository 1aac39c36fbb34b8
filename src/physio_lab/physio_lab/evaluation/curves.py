"""What else the same run tells: the best k scores, and accuracy against confidence asked for and against time watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from physio_core.types import UNKNOWN, Abstain
from physio_lab.evaluation.clip_label import ClipConfig, stood_s, summarise
from physio_lab.evaluation.evaluate import Outcome

SECONDS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0)


@dataclass(frozen=True)
class Point:
    """A point of :func:`coverage_curve`.

    Attributes:
        threshold: confidence from which a window counts as answered.
        coverage: share of the time of all windows that is answered.
        accuracy: share of the answered time whose label is the clip's.
        wrong_name: share of the answered time in which an exercise is named that is not the clip's.
    """

    threshold: float
    coverage: float
    accuracy: float
    wrong_name: float


def top_k(outcomes: Sequence[Outcome], labels: Sequence[str], k: int) -> float:
    """Share of the clips whose label is among the ``k`` highest mean scores; a clip of which nothing is said is unknown."""
    right = 0
    for one in outcomes:
        scores = one.run.mean_scores if one.run else None
        if scores is not None:
            right += one.truth in [labels[index] for index in np.argsort(-scores)[:k]]
        else:
            right += one.run is not None and one.truth == UNKNOWN
    return right / len(outcomes) if outcomes else 0.0


def coverage_curve(outcomes: Sequence[Outcome], points: int = 50) -> list[Point]:
    """Accuracy of the windows against the share of them that is answered, as ever more confidence is asked for.

    Selective classification (El-Yaniv and Wiener 2010). Every window of a clip has the clip's label, also while the person
    rests; so no recogniser gets all of them right. A window weighs the time for which it stood, as in the figures: the last
    point has their coverage and share of wrong names.
    """
    windows = [
        (one.truth, window, seconds)
        for one in outcomes if one.run for window, seconds in zip(one.run.predictions, stood_s(one.run.predictions), strict=True)
    ]  # fmt: skip
    said = [window for window in windows if window[1].abstain is Abstain.NONE and window[2]]
    if not said:
        return []
    said.sort(key=lambda window: -window[1].confidence)
    stood = np.array([seconds for *_, seconds in said])
    answered = np.cumsum(stood)
    right = np.cumsum(stood * [window.label == truth for truth, window, _ in said]) / answered
    wrong = np.cumsum(stood * [window.label not in (truth, UNKNOWN) for truth, window, _ in said]) / answered
    coverage = answered / sum(seconds for *_, seconds in windows)
    return [
        Point(said[end][1].confidence, float(coverage[end]), float(right[end]), float(wrong[end]))
        for end in np.unique(np.linspace(1, len(said), points).astype(int)) - 1
    ]


def seconds_curve(
    outcomes: Sequence[Outcome], config: ClipConfig | None = None, seconds: Sequence[float] = SECONDS
) -> list[tuple[float, float]]:
    """(seconds, accuracy): clips called by their first seconds only; a shorter clip stays as it was called at its end."""
    curve = []
    for limit_s in seconds:
        right = 0
        for one in outcomes:
            if one.run and one.run.predictions:
                start_s = one.run.predictions[0].stamp_s
                seen = [window for window in one.run.predictions if window.stamp_s <= start_s + limit_s]
                right += summarise(seen, config).label == one.truth
        curve.append((limit_s, right / len(outcomes) if outcomes else 0.0))
    return curve


def silence(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Share of the time in which nothing was said, by reason."""
    summaries = [one.summary for one in outcomes if one.summary]
    total_s = sum(sum(run.named_s.values()) + sum(run.abstained_s.values()) for run in summaries)
    reasons = [reason.value for reason in Abstain if reason is not Abstain.NONE]
    shares = {reason: sum(run.abstained_s.get(reason, 0.0) for run in summaries) / max(total_s, 1e-9) for reason in reasons}
    return {reason: share for reason, share in shares.items() if share}
