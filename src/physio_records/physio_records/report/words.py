"""What a report says in words: sentences for the patient first; names of exercises, angles and faults in its language."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from physio_core.assessment.repetition import OTHER_PATH, Fault
from physio_core.errors import PhysioError
from physio_core.exercises.catalogue import Exercise, load_exercises
from physio_core.languages.texts import Texts, load_texts
from physio_core.types import Side
from physio_records.report.summary import ExerciseSummary, Line, Summary
from physio_records.store.history import Change, ExerciseSet

OFTEN = 0.25
"""Share of the newest repetitions from which a fault is worth a sentence."""
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
PAIN = "pain"
"""Reason of a session that pain ended."""


@dataclass(frozen=True)
class Words:
    """Texts of one language, with the exercises that it names."""

    texts: Texts
    exercises: Mapping[str, Exercise]

    def __call__(self, key: str, **values: object) -> str:
        """A text of the report with its values put in."""
        return self.texts.phrases[f"report.{key}"].format(**values)

    def exercise(self, name: str) -> str:
        """What an exercise is called."""
        found = self.exercises.get(name)
        return found.words(self.texts.language).title if found else name.replace("_", " ").capitalize()

    def instead(self, made: ExerciseSet) -> str:
        """That another movement was made, and which, if it has a name."""
        return ": ".join([self("other_movement"), *([self.exercise(made.instead)] if made.instead else [])])

    def fault(self, name: str) -> str:
        """What a fault is called."""
        return self.texts.phrases.get(f"fault.{name}", name.replace("_", " "))

    def told(self, fault: Fault) -> str:
        """A fault of a repetition; of another path than asked for also which it was, as the patient was told."""
        said = self.texts.phrases.get(f"coach.{fault.name}.{fault.direction}") if fault.name == OTHER_PATH else None
        return ": ".join(filter(None, (self.fault(fault.name), said.rstrip(".") if said else "")))

    def reason(self, name: str) -> str:
        """Why a session ended."""
        return self.texts.phrases.get(f"report.reason_{name}", name) or "–"

    def change(self, change: Change) -> str:
        """What was changed, and why; a reason in a therapist's own words stays as it is."""
        what = self.texts.phrases.get(f"report.what_{change.what}", change.what.replace("_", " "))
        why, _, value = change.reason.partition(" ")
        known = self.texts.phrases.get(f"report.why_{why}") if not value or _NUMBER.fullmatch(value) else None
        shown = f"{float(value):.0f}" if known and value else value
        return f"{what} {change.before} → {change.after}: {known.format(value=shown) if known else change.reason}"

    def angle(self, name: str, side: Side = Side.NONE) -> str:
        """What a joint angle is called, with its side."""
        what = self.texts.phrases.get(f"angle.{name}", name.replace("_", " "))
        return self.texts.phrases[f"what.{side.value}"].format(what=what) if side else what

    def side(self, side: Side) -> str:
        """What a side is called."""
        return self(side.value or "both")


def words_of(language: str, wording_dir: str = "") -> Words:
    """Words of a language.

    Raises:
        ConfigError: there is no such language.
    """
    try:
        exercises = load_exercises()
    except PhysioError:  # a report needs titles, not sound exercise files
        exercises = {}
    return Words(load_texts(language, wording_dir), exercises)


def sentences(summary: Summary, words: Words) -> list[str]:
    """The report in plain words: what was done, what changed, how it felt, what to work on."""
    names = [words.exercise(one.name) for one in summary.exercises if not one.wrong]
    said = [] if summary.single else [words("did_sessions", count=len(summary.sessions))]
    if names or not summary.exercises:
        key = "did_exercise" if len(names) == 1 else "did_exercises"
        said.append(words(key, count=len(names), exercises=", ".join(names)))
    said += [words("did_other", exercise=words.exercise(one.name)) for one in summary.exercises if one.wrong]
    done, planned = (sum(sum(getattr(one, name)) for one in summary.exercises) for name in ("done", "planned"))
    said.append(words("of_planned", done=done, planned=planned) if planned else words("complete", done=done))
    if sets := sum(one.planned for one in summary.plan):
        said.append(words("of_sets", done=sum(one.done for one in summary.plan), planned=sets))
    if (days := sum(one.wanted for one in summary.plan)) and not summary.single:
        said.append(words("of_days", done=sum(one.wanted and one.came for one in summary.plan), planned=days))
    for one in summary.exercises:
        said += [_course(words, one, line, summary.single) for line in one.range_deg if line.known]
    said += _pain(summary, words)
    said += [
        words("work_on", exercise=words.exercise(one.name), fault=words.fault(name), count=count, of=one.recent)
        for one in summary.exercises
        for name, count in one.faults[:1]
        if count >= OFTEN * one.recent
    ]
    corrected = sum(len(made.corrections) for session in summary.sessions for made in session.sets)
    return said + ([words("corrections", count=corrected)] if corrected else [])


def degrees(value: float) -> str:
    """An angle for people."""
    return f"{value:.0f}°" if math.isfinite(value) else "–"


def _course(words: Words, one: ExerciseSummary, line: Line, single: bool) -> str:
    what = f"{words.exercise(one.name)}, {words.angle(one.angle, line.side)}"
    if single or len(line.known) == 1:
        least, middle, most = (degrees(of(line.known)) for of in (min, median, max))
        return words("value" if least == most else "value_between", what=what, value=middle, least=least, most=most)
    first, last = line.known[0], line.known[-1]
    change = round(last) - round(first)
    key = "same" if abs(last - first) <= one.range_noise_deg else "more" if change > 0 else "less"
    values = {"first": degrees(first), "last": degrees(last), "change": degrees(abs(change))}
    values["noise"] = degrees(one.range_noise_deg)
    return words("too_few" if math.isnan(one.range_noise_deg) else key, what=what, **values)


def _pain(summary: Summary, words: Words) -> list[str]:
    known = [value for value in summary.pain if math.isfinite(value)]
    stopped = sum(session.reason == PAIN for session in summary.sessions)
    said = [words("stopped_for_pain", count=stopped)] if stopped else []
    if len(known) == 1:
        return [words("pain_value", value=f"{known[0]:.0f}"), *said]
    return [words("pain_course", first=f"{known[0]:.0f}", last=f"{known[-1]:.0f}"), *said] if known else said
