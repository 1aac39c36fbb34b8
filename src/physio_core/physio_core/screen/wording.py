"""Every word on the screen, from two tables: what the coach says and what the screen adds (``config/screen_wording.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from physio_core.coach.exercises import Catalogue, load_exercises
from physio_core.coach.messages import REASONS, Phrases, load_phrases
from physio_core.coach.messages import key_of as headline
from physio_core.coach.session import State, Status
from physio_core.share import shared_path
from physio_core.types import Verdict

KEYS = (
    *(state.value for state in State if state is not State.VERDICT),
    *(verdict.value for verdict in Verdict if verdict is not Verdict.NONE),
    *("live_right", "live_wrong", "no_coach", "no_coach_sentence", "round", "round_of"),
    *(reason.value for reason in REASONS),
    *("guard_held", "guard_lost", "guard_held_sentence", "guard_lost_sentence", "list_empty", "desk_idle"),
    *("pause", "resume", "stop", "next", "therapist", "back", "start", "undo", "more", "choose", "rearm"),
)


@dataclass(frozen=True)
class Words:
    """The texts of one language.

    Attributes:
        language: its code, e.g. ``en``.
        phrases: the screen's own texts, by :data:`KEYS`.
        coach: the coach's sentences.
        catalogue: the exercises, with their titles and instructions.
    """

    language: str
    phrases: Phrases
    coach: Phrases
    catalogue: Catalogue

    def __getitem__(self, key: str) -> str:
        """One of the screen's own texts."""
        return self.phrases[key]

    def title(self, exercise: str) -> str:
        """What an exercise is called; an unknown one goes by its name."""
        if exercise in self.catalogue:
            return self.catalogue[exercise].words(self.language).title
        return exercise.replace("_", " ").capitalize()

    def instruction(self, exercise: str) -> str:
        """How an exercise is done; empty when it is unknown."""
        return self.catalogue[exercise].words(self.language).instruction if exercise in self.catalogue else ""

    def view(self, exercise: str) -> str:
        """From where an exercise is seen best: front, side or oblique."""
        return self.catalogue[exercise].view if exercise in self.catalogue else "front"

    def key_word(self, status: Status | None) -> str:
        """The one word or two that are read from three metres."""
        return self.phrases[key_of(status)]

    def round(self, number: int, total: int) -> str:
        """Which round it is; empty before the first."""
        if number <= 0:
            return ""
        return self.phrases["round_of" if total >= number else "round"].format(number=number, total=total)


def load_words(language: str, path: Path | None = None, catalogue: Catalogue | None = None) -> Words:
    """All texts of one language.

    Raises:
        ConfigError: a table lacks the language or a text.
    """
    catalogue = catalogue if catalogue is not None else load_exercises()
    phrases = load_phrases(language, path or shared_path("config", "screen_wording.yaml"), KEYS)
    return Words(language, phrases, load_phrases(language), catalogue)


def key_of(status: Status | None) -> str:
    """Which key word goes with a status."""
    return "no_coach" if status is None else headline(status)
