"""The coach's own sessions on labelled clips: each clip is a patient who is asked for every exercise in turn.

A patient goes on until the coach has decided, so a clip that is shorter than a turn is played back and forth until the turn is
over; what would have been said had the camera gone silent at the clip's end is kept beside it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from physio_core.action.recogniser import RecogniserConfig
from physio_core.exercises.catalogue import Catalogue, askable
from physio_core.judging.judge import Observation
from physio_core.judging.library import Library, LibraryConfig, load_library
from physio_core.session.machine import SessionConfig
from physio_core.types import UNKNOWN
from physio_lab.datasets.parallel import Lost
from physio_lab.datasets.sequence import back_and_forth
from physio_lab.evaluation.attempt import Attempt, attempt
from physio_lab.evaluation.evaluate import BROKEN, Case, loaded_model
from physio_lab.evaluation.index import Clip, known_as
from physio_lab.evaluation.spread import spread
from physio_lab.evaluation.stream import recognise
from physio_lab.evaluation.watch import tracked


@dataclass(frozen=True)
class CoachSetup:
    """What recognises, and how a session decides."""

    model: str = ""
    recogniser: RecogniserConfig = field(default_factory=RecogniserConfig)
    session: SessionConfig = field(default_factory=SessionConfig)


@dataclass(frozen=True)
class Patient:
    """What a clip was told.

    Attributes:
        clip: row of the index.
        truth: the exercise shown; ``unknown``: none that the model knows.
        attempts: one for each exercise that can be asked for, the clip played back and forth until the turn was over.
        once: the same, the clip played once.
        error: why the clip could not be used; there are no attempts then.
        note: what is odd about its file.
    """

    clip: Clip
    truth: str
    attempts: tuple[Attempt, ...] = ()
    once: tuple[Attempt, ...] = ()
    error: str = ""
    note: str = ""

    @property
    def known(self) -> bool:
        """Whether an exercise is shown that the model knows."""
        return self.truth != UNKNOWN

    @property
    def own(self) -> tuple[Attempt, ...]:
        """The attempt in which was asked for what is shown, if that can be asked for."""
        return tuple(one for one in self.attempts if one.asked == self.truth)

    @property
    def others(self) -> tuple[Attempt, ...]:
        """The attempts in which was asked for something else."""
        return tuple(one for one in self.attempts if one.asked != self.truth)


def coach(case: Case, setup: CoachSetup) -> Patient:
    """Let sessions watch one clip; a broken one gives a patient with an error.

    Raises:
        ModelError: the model cannot be used.
        ConfigError: the recogniser needs a joint that the model does not have, or an exercise file cannot be used.
    """
    model = loaded_model(setup.model)
    patient = Patient(case.clip, known_as(case.clip.label, model.labels), note=case.note)
    if case.sequence is None:
        return replace(patient, error=case.error)
    played = back_and_forth(case.sequence, setup.session.watch_s)
    skeletons = tuple(tracked(played))
    try:
        predictions = recognise(skeletons, model, setup.recogniser).predictions
    except BROKEN as error:
        return replace(patient, error=str(error))
    whole: list[Observation] = [one for image in zip(skeletons, predictions, strict=True) for one in image]
    filmed = [one for one in whole if one.stamp_s <= case.sequence.stamps_s[-1]]
    exercises = loaded_library(setup.model).exercises
    asked_for = named(exercises, model.labels)
    attempts, once = (tuple(attempt(seen, asked, exercises, setup.session) for asked in asked_for) for seen in (whole, filmed))
    return replace(patient, attempts=attempts, once=once)


def named(exercises: Catalogue, labels: Sequence[str]) -> tuple[str, ...]:
    """Exercises that can be asked for and that a model can tell; of others no clip says whether a verdict is true."""
    return tuple(name for name in askable(exercises) if name in labels)


@functools.lru_cache(maxsize=2)
def loaded_library(model: str) -> Library:
    """The exercises that a session with this model knows, read once.

    Raises:
        ConfigError: an exercise file or figure cannot be used.
        ModelError: no model there.
    """
    return load_library(LibraryConfig(model=model))


def coach_all(
    cases: Sequence[Case], setup: CoachSetup, workers: int = 1, tell: Callable[[], None] | None = None
) -> list[Patient]:
    """:func:`coach` for many cases on several processes, in their order; ``tell`` is called after each."""
    labels = loaded_model(setup.model).labels
    found = spread(functools.partial(coach, setup=setup), cases, workers, tell)
    return [
        Patient(case.clip, known_as(case.clip.label, labels), error=one.reason) if isinstance(one, Lost) else one
        for case, one in zip(cases, found, strict=True)
    ]
