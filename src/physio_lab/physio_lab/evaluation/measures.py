"""All that one run tells, computed once, for JSON and pages alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from physio_core.errors import InputError
from physio_lab.evaluation.calibration import BINS, Reliability, calibrate, errors_by_class, reliability, ticks_of
from physio_lab.evaluation.clip_label import ClipConfig
from physio_lab.evaluation.curves import coverage_curve, seconds_curve, silence, top_k
from physio_lab.evaluation.evaluate import Outcome, figures


def measures(outcomes: Sequence[Outcome], labels: Sequence[str], config: ClipConfig, temperature: float) -> dict[str, Any]:
    """Everything that is reported of an evaluation; plain lists and numbers.

    Args:
        outcomes: of the clips.
        labels: of the model.
        config: how clips are called.
        temperature: of the model's card.

    Returns:
        :func:`~physio_lab.evaluation.evaluate.figures`, and ``top_1`` and ``top_5`` (share of the clips whose label is among
        the highest mean scores), ``silent_because`` (share of the time by reason), ``seconds_curve``, ``coverage_curve`` and
        ``calibration`` (None: nothing was said of any clip).
    """
    return figures(outcomes, labels) | {
        "top_1": top_k(outcomes, labels, 1),
        "top_5": top_k(outcomes, labels, 5),
        "silent_because": silence(outcomes),
        "seconds_curve": [{"seconds": seconds, "accuracy": right} for seconds, right in seconds_curve(outcomes, config)],
        "coverage_curve": [asdict(point) for point in coverage_curve(outcomes)],
        "calibration": _calibration(outcomes, labels, temperature),
    }


def _calibration(outcomes: Sequence[Outcome], labels: Sequence[str], temperature: float) -> dict[str, Any] | None:
    try:
        ticks = ticks_of(outcomes, labels)
    except InputError:
        return None
    done = calibrate(ticks)
    as_shipped = reliability(ticks.logits, ticks.truth, temperature)
    return {
        "ticks": done.ticks, "clips": done.clips, "bins": BINS,
        "temperature_card": temperature, "temperature_fitted": done.temperature,
        "ece_temperature_1": done.before.ece, "ece_card": as_shipped.ece, "ece_fitted": done.after.ece,
        "ece_held_out": done.held_out_ece,
        "ece_by_class": dict(zip(labels, errors_by_class(ticks, temperature), strict=True)),
        "reliability": {"temperature_1": _lists(done.before), "card": _lists(as_shipped), "fitted": _lists(done.after)},
    }  # fmt: skip


def _lists(one: Reliability) -> dict[str, list[float]]:
    return {name: values.tolist() for name, values in vars(one).items()}
