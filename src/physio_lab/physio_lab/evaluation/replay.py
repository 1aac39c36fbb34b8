"""What the recogniser would have said of a clip by other thresholds, temperature and refusal; the network is not run again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from physio_core.action.model import Model
from physio_core.action.recogniser import Evidence
from physio_core.types import Abstain, Prediction
from physio_lab.evaluation.clip_label import summarise
from physio_lab.evaluation.evaluate import Outcome, Setup
from physio_lab.evaluation.stream import Run

_OF_THE_EVIDENCE = (Abstain.NONE, Abstain.OUT_OF_FRAME, Abstain.UNFAMILIAR)
"""Where enough was heard: what is said is decided again. Elsewhere nobody was there, or for too short a time."""


def recarded(model: Model, temperature: float, energy_below: float | None) -> Model:
    """A model with another temperature and refusal in its card."""
    return Model(replace(model.card, temperature=temperature, energy_below=energy_below), model.runner, model.clip_file)


def replayed(outcome: Outcome, setup: Setup, model: Model) -> Outcome:
    """The outcome of a clip with other thresholds and another card of the same weights; one that could not be run as it is.

    How long a person must be seen, at which rate, and which joints, stays as it was.

    Args:
        outcome: of the clip.
        setup: thresholds, and how a clip is called.
        model: that was run, its card as wanted.
    """
    if outcome.run is None:
        return outcome
    predictions = tuple(_said(outcome.run, setup, model))
    return replace(outcome, summary=summarise(predictions, setup.clip), run=replace(outcome.run, predictions=predictions))


def _said(run: Run, setup: Setup, model: Model) -> Iterator[Prediction]:
    heard, least = run.heard, model.card.energy_below if setup.recogniser.refuse else None
    steps = list(zip(
        heard.images.tolist(), model.probabilities(heard.logits), model.energy(heard.logits).tolist(),
        heard.all_seen.tolist(), heard.against, heard.first.tolist(), strict=True,
    )) if len(heard.images) else []  # fmt: skip
    evidence, at = Evidence(model.labels), 0
    for index, prediction in enumerate(run.predictions):
        while at < len(steps) and steps[at][0] == index:
            _, scores, energy, all_seen, against, first = steps[at]
            evidence = Evidence(model.labels) if first else evidence
            evidence.weigh(scores, energy, all_seen, against, heard.rate_hz, setup.recogniser)
            at += 1
        if prediction.abstain not in _OF_THE_EVIDENCE:
            yield prediction
            continue
        abstain = evidence.held_back(least)
        named = abstain is Abstain.NONE
        yield replace(
            prediction, label=evidence.label if named else "", confidence=evidence.score(evidence.label) if named else 0.0,
            labels=model.labels, scores=evidence.mean if named else prediction.scores[:0], abstain=abstain,
        )  # fmt: skip
