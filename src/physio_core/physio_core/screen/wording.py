"""Every word on the screen: what the coach says and what the screen adds (``screen.`` in ``config/locale``)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from physio_core.assessment.repetition import Fault
from physio_core.exercises.catalogue import Catalogue, askable, load_exercises
from physio_core.exercises.figure import Figure
from physio_core.exercises.kinds import KINDS
from physio_core.hands.readings import ELEVATION
from physio_core.languages.texts import Phrases, load_texts
from physio_core.screen.aim import Aim, aim_of
from physio_core.screen.state import Guard, ScreenState, TherapistPage
from physio_core.screen.therapist_page import PER_PAGE
from physio_core.screen.unseen import unseen
from physio_core.session.messages import KEYS as SAID
from physio_core.session.messages import headline
from physio_core.session.status import RUNNING, SetStatus, State, Status
from physio_core.trajectories.score import grade_of
from physio_core.types import HoldReason, Side, Verdict

KEYS = (
    *SAID,
    *("no_coach", "no_coach_sentence", "short", "ready_in", "round_of", "next_is", "once_more"),
    *("guard_held", "guard_lost", "no_figure", "refused", "refused_idle"),
    *(f"held_{reason.value}" for reason in HoldReason if reason is not HoldReason.NONE),
    *("list_empty", "listed_times", "sets", "seconds_left", "now_no_coach", *(f"now_{state.value}" for state in State)),
    *("pause", "resume", "stop", "next", "therapist", "back", "start", "undo", "choose", "rearm"),
    *("page_of", *(f"kind_{kind}" for kind in KINDS)),
    *("close_question", "close_yes", "close_no"),
    *(
        "help",
        "help_focus",
        "help_press",
        "help_pause",
        "help_next",
        "help_stop",
        "help_therapist",
        "help_digit",
        "help_page",
        "help_undo",
    ),
    *("help_escape", "help_fullscreen", "help_close", "help_help", "help_pain", "help_number"),
    *("pain", "pain_question", "pain_least", "pain_most", "effort_question", "effort_least", "effort_most", "told"),
    *(
        "count",
        "count_of",
        "set_of",
        "score_high",
        "score_middle",
        "score_low",
        "work_on",
        "more_done",
        "closing",
        "not_judged",
        "star_start",
        "star_end",
        "hand_left",
        "hand_right",
        "trace",
        "score_of",
        "score_hint",
        "score_tap",
        "score_part",
        "score_ignored",
        "grade",
        "grade_and",
    ),
)

SIZES = {"deg": "{:.0f}°", "cm": "{:.0f} cm", "s": "{:.1f} s", "%": "{:.0f} %"}
"""How large a fault is, by its unit; what has none is told by its points alone."""

HIGH, MIDDLE = 80.0, 55.0
"""Scores [0..100] from which a set is called very good, and good."""


@dataclass(frozen=True)
class Words:
    """The texts of one language.

    Attributes:
        language: its code, e.g. ``en``.
        phrases: the screen's own texts, by :data:`KEYS`.
        coach: the coach's sentences.
        aspects: what a part of the score, or a fault, is about, by its name.
        paths: how to draw a path better, by what was missed.
        catalogue: the exercises, with their titles and instructions.
    """

    language: str
    phrases: Phrases
    coach: Phrases
    aspects: Phrases
    paths: Phrases
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

    def aim(self, exercise: str, work: SetStatus) -> Aim | None:
        """Where the movement of an exercise is to go; None: it has none that can be drawn."""
        definition = self.catalogue[exercise].repetition if exercise in self.catalogue else None
        return aim_of(definition, work.side, work.extent) if definition else None

    def held_s(self, work: SetStatus, exercise: str) -> int:
        """Whole seconds that a posture is still to be held, or a try may last; 0: it was held, or the exercise holds none."""
        definition = self.catalogue[exercise].hand if exercise in self.catalogue else None
        if definition is None:
            return 0
        share = work.phase if math.isfinite(work.phase) else 0.0
        return math.ceil((1.0 - share) * (definition.try_s if definition.item else definition.hold_s))

    def figure(self, exercise: str, side: Side = Side.NONE) -> Figure | None:
        """What shows an exercise, with one side where one is asked for; None: nothing does."""
        figure = self.catalogue[exercise].figure if exercise in self.catalogue else None
        return figure.mirroring(side.value) if figure and side else figure

    def side(self, side: Side) -> str:
        """Which side is asked for; empty: both, or whichever the patient takes."""
        return self.coach[f"side_{side.value}"].capitalize() if side else ""

    @property
    def texts(self) -> str:
        """All of it in one text, to see whether there are letters for it."""
        of_exercises = (self.title(name) + self.instruction(name) for name in self.catalogue)
        return "".join(
            (*self.phrases.values(), *self.coach.values(), *self.aspects.values(), *self.paths.values(), *of_exercises)
        )

    @property
    def choices(self) -> tuple[str, ...]:
        """Exercises to choose from, those of the body first."""
        kinds = list(KINDS)
        return tuple(sorted(askable(self.catalogue), key=lambda name: kinds.index(self.catalogue[name].kind)))

    @cached_property
    def pages(self) -> tuple[tuple[str, ...], ...]:
        """The same in pages for the therapist, each of one kind."""
        kinds = (tuple(names) for _, names in groupby(self.choices, key=lambda name: self.catalogue[name].kind))
        return tuple(names[first : first + PER_PAGE] for names in kinds for first in range(0, len(names), PER_PAGE))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """How the exercises of each of these pages are sensed."""
        return tuple(self.catalogue[names[0]].kind for names in self.pages)

    def page_of(self, index: int) -> str:
        """Which of these pages it is, from 0, of how many, and what is on it."""
        kinds = self.kinds
        kind = self.phrases[f"kind_{kinds[index]}"]
        return self.phrases["page_of"].format(kind=kind, number=index + 1, total=len(kinds))

    def headline(self, status: Status | None) -> str:
        """The one or two words that are read from three metres; of a path that is to be drawn, with which hand."""
        key = headline_key(status)
        return self.phrases[f"hand_{status.drawing.side}" if status and status.drawing and key == "watch" else key]

    def round(self, number: int, total: int) -> str:
        """Which round of how many it is; empty before the first, and where there is one or nobody knows how many."""
        return self.phrases["round_of"].format(number=number, total=total) if 0 < number <= total and total > 1 else ""

    def counted(self, work: SetStatus) -> str:
        """Complete repetitions of how many, as it is read while they are done."""
        return self.phrases["count"].format(count=work.repetitions, goal=work.goal)

    def reached_of(self, work: SetStatus) -> str:
        """Complete repetitions, of how many where a number is wanted."""
        return self.counted(work) if work.goal else str(work.repetitions)

    def has_ghost(self, exercise: str) -> bool:
        """Whether a posture is one of fingers, so that it can be drawn over a hand; not one of the wrist alone."""
        definition = self.catalogue[exercise].hand if exercise in self.catalogue else None
        return definition is not None and any(name != ELEVATION for name in definition.wanted)

    def reached(self, repetitions: int, goal: int) -> str:
        """Complete repetitions of how many, in words; without a goal the number alone."""
        return self.phrases["count_of"].format(count=repetitions, goal=goal) if goal else str(repetitions)

    def set_of(self, work: SetStatus) -> str:
        """Which set of how many it is; empty where there is one."""
        return self.phrases["set_of"].format(number=work.set, total=work.sets) if work.sets > 1 else ""

    def praise(self, score: float) -> str:
        """A score [0..100] in one or two words; empty where it is not known."""
        if math.isnan(score):
            return ""
        return self.phrases["score_high" if score >= HIGH else "score_middle" if score >= MIDDLE else "score_low"]

    def grade(self, score: float) -> str:
        """The grade of a path that was drawn, by its score [0..100]."""
        return self.phrases["grade"].format(grade=grade_of(score))

    def graded(self, score: float, missed: Fault | None) -> str:
        """The same with what to do better; empty where nothing is known to be."""
        ways = (f"{missed.name}.{missed.direction}", missed.name) if missed else ()
        what = next((self.paths[key] for key in ways if key in self.paths), "")
        return self.phrases["grade_and"].format(grade=grade_of(score), what=what) if what else ""

    def aspect(self, fault: str) -> str:
        """What a part of the score, or a fault, is about."""
        return self.aspects.get(fault) or fault.replace("_", " ")

    def score_part(self, name: str, cost: float, miss: Fault | None, ignored: bool) -> str:
        """A part of a score: the points that it cost, and by how much it was missed at most.

        Args:
            name: of the part.
            cost: points of 100.
            miss: the largest that was measured; None: none was.
            ignored: it is left out.
        """
        if ignored:
            return self.phrases["score_ignored"].format(what=self.aspect(name))
        points = f"−{cost:.0f}" if cost >= 0.5 else f"−{cost:.1f}" if cost >= 0.05 else "0"
        size = SIZES[miss.unit].format(miss.size) if miss and miss.unit in SIZES else ""
        return self.phrases["score_part"].format(what=self.aspect(name), points=", ".join(filter(None, (points, size))))

    def may_be_ignored(self, exercise: str, fault: str) -> bool:
        """Whether a therapist may have a part of the score left out: it is a fault, and not one that may hurt."""
        faults = self.catalogue[exercise].faults if exercise in self.catalogue else {}
        return fault in faults and not faults[fault].safety

    def not_judged(self, status: Status) -> str:
        """What cannot be judged of the exercise from where it is to be seen, or was done; empty: everything can."""
        exercise = self.catalogue.get(status.asked)
        before = status.state in (State.SHOW, State.READY)
        names = (unseen(exercise) if exercise else ()) if before else status.not_measured
        what = list(map(self.aspect, names))
        return self.phrases["not_judged"].format(what=", ".join(what)) if what else ""

    def countdown(self, status: Status) -> int:
        """Whole seconds that are left, as one counts them down: 3, 2, 1."""
        return max(math.ceil(status.time_left_s), 1) if math.isfinite(status.time_left_s) else 0

    def clock(self, seconds: int) -> str:
        """A time as seconds, from 100 on as minutes and seconds."""
        return str(seconds) if seconds < 100 else f"{seconds // 60}:{seconds % 60:02d}"

    def live_sentence(self, status: Status, message: str) -> str:
        """The sentence under the headline while the patient moves or is about to."""
        seconds = self.countdown(status) if status.state is State.READY else 0
        return self.phrases["ready_in"].format(seconds=seconds) if seconds else message

    def next_line(self, status: Status) -> str:
        """What comes after a verdict; empty when that is not known."""
        if not status.next:
            return ""
        return self.phrases["once_more" if status.next == status.asked else "next_is"].format(title=self.title(status.next))

    def guard(self, guard: Guard, reason: HoldReason) -> str:
        """Why the robot does not move."""
        if guard is Guard.LOST or reason is HoldReason.NONE:
            return self.phrases["guard_lost"]
        return self.phrases["guard_held"].format(reason=self.phrases[f"held_{reason.value}"])

    def now(self, status: Status | None) -> str:
        """One line for the therapist: what runs, which round, and for how long; after a refused request, that it was."""
        if status is None:
            return self.phrases["now_no_coach"]
        if status.refused:
            return self.refusal(status)
        parts = [self.phrases[f"now_{status.state.value}"], self.round(status.round, status.rounds) if status.asked else ""]
        if math.isfinite(status.time_left_s):
            parts.append(self.phrases["seconds_left"].format(seconds=max(math.ceil(status.time_left_s), 0)))
        title = f"{self.title(status.asked)}: " if status.asked else ""
        return title + ", ".join(part for part in parts if part)

    def refusal(self, status: Status) -> str:
        """Why a request did nothing, and what happens instead."""
        return self.phrases["refused" if status.state in RUNNING else "refused_idle"]

    def listed(self, page: TherapistPage) -> str:
        """The therapist's list in words; empty before anything is chosen."""
        return ", ".join(
            self.title(name) if times == 1 else self.phrases["listed_times"].format(title=self.title(name), times=times)
            for name, times in page.runs
        )


def load_words(language: str, wording_dir: str = "", catalogue: Catalogue | None = None) -> Words:
    """All texts of one language.

    Args:
        language: its code, e.g. ``en``.
        wording_dir: folder with texts of a clinic's own; empty: none.
        catalogue: the exercises; None: those that ship.

    Raises:
        ConfigError: no such language, or texts that cannot be used.
    """
    catalogue = catalogue if catalogue is not None else load_exercises()
    texts = load_texts(language, wording_dir)
    return Words(language, texts.part("screen"), texts.part("coach"), texts.part("aspect"), texts.part("path"), catalogue)


def shot_name(state: ScreenState) -> str:
    """What a picture of the screen is called: by what lies over the pages, or by the page."""
    if state.overlay:
        return str(state.overlay.value)
    return "therapist" if state.therapist_page else headline_key(state.status)


def headline_key(status: Status | None) -> str:
    """Key of the headline for a status."""
    if status is None:
        return "no_coach"
    return headline(status if status.judging or status.state is not State.WATCH else replace(status, verdict=Verdict.NONE))
