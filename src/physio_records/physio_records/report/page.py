"""The report as one HTML page that needs no other file; the door to Jinja here."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from physio_core.assessment.repetition import LEVEL_MOST, level_of
from physio_core.languages.dates import DAY, date_text
from physio_core.share import shared_folder
from physio_core.trajectories.arm import JOINTS
from physio_core.types import Side
from physio_records.entries import SCORE, now
from physio_records.report.charts import Along, bar_chart, by_day, evenly, line_chart, mark, missed_mark, picture
from physio_records.report.joint_curves import joint_curves
from physio_records.report.path_picture import path_picture
from physio_records.report.summary import ExerciseSummary, Line, Shown, Summary, another_movement
from physio_records.report.words import Words, degrees, sentences
from physio_records.store.history import ExerciseSet, SessionRecord

TEMPLATE = "page.html.jinja"
SESSIONS_LISTED = 40
"""Sessions in the table at the end; the newest, where there are more."""


@dataclass(frozen=True)
class Panel:
    """One chart with its title, the sides that it shows, and a note."""

    title: str
    chart: str
    sides: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """One repetition, drawn; ``beside`` it the curves of its joints, of a path; ``angle``: the one that was reached is there."""

    title: str
    drawn: str
    note: str
    beside: str = ""
    angle: bool = False


@dataclass(frozen=True)
class Section:
    """One exercise."""

    title: str
    panels: tuple[Panel, ...]
    pictures: tuple[Picture, ...]


def page(summary: Summary, words: Words) -> str:
    """The page, as HTML."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    session = summary.sessions[-1]
    language = words.texts.language
    first, last = (date_text(day, language, "long") for day in (summary.days[0], summary.days[-1]))
    when = first if summary.single else words("span", first=first, last=last)
    title = words("session_number", number=session.number) if summary.single else words("title")
    today = date_text(now().astimezone().date(), language)
    said = sentences(summary, words)
    return environment.get_template(TEMPLATE).render(
        words=words, language=language, title=title, when=when, patient=words("patient", patient=session.patient),
        made=words("made", day=today, software=session.software or "–", model=session.model or "–"), font=_font(said),
        sentences=said, sections=_sections(summary, words),
        feeling=_feeling(summary, words), adherence=_adherence(summary, words),
        sets=_sets(summary, words) if summary.single else [],
        sessions=[] if summary.single else _sessions(summary, words), changes=_changes(summary, words),
    )  # fmt: skip


def _sections(summary: Summary, words: Words) -> list[Section]:
    """Of the exercises of which there is something to see."""
    every = (_section(one, summary, words) for one in summary.exercises)
    return [one for one in every if one.panels or one.pictures]


def _section(one: ExerciseSummary, summary: Summary, words: Words) -> Section:
    points = max([len(line.values) for line in (*one.range_deg, *one.score)] or [len(one.asymmetry)])
    along = evenly([str(number + 1) for number in range(points)]) if summary.single else _along(summary, summary.days, words)
    panels = []
    if any(line.known for line in one.range_deg):
        known = math.isfinite(one.range_noise_deg) and not summary.single
        note = words("band", noise=degrees(one.range_noise_deg)) if known else ""
        chart = line_chart(one.range_deg, along, "°", one.range_noise_deg if known else math.nan)
        panels.append(Panel(f"{words('range')}: {words.angle(one.angle)}", chart, _legend(one.range_deg, words), note))
    if any(line.known for line in one.score):
        known = math.isfinite(one.score_noise) and not summary.single
        note = words("band", noise=f"{one.score_noise:.0f}") if known else ""
        chart = line_chart(one.score, along, "", one.score_noise if known else math.nan, 100.0, 0.0)
        panels.append(Panel(words("score"), chart, _legend(one.score, words), note))
    if not summary.single:  # else the table has them
        panels.append(_counts(one, summary, words))
    sides = Line(Side.NONE, one.asymmetry)
    if sides.known:
        panels.append(Panel(words("asymmetry"), line_chart([sides], along, "%", low=0.0)))
    return Section(words.exercise(one.name), tuple(panels), _pictures(one, words))


def _counts(one: ExerciseSummary, summary: Summary, words: Words) -> Panel:
    days = sorted(set(summary.days))

    def of_days(counts: Sequence[int]) -> list[int]:
        return [sum(count for count, when in zip(counts, summary.days, strict=True) if when == day) for day in days]

    counts = [(_swatch(colour), words(name)) for colour, name in (("#0072b2", "done"), ("#9cc3dc", "partial"))]
    counts += [(_swatch("#333333", line=True), words("planned"))] if any(one.planned) else []
    drawn = bar_chart(of_days(one.done), of_days(one.partial), of_days(one.planned), _along(summary, days, words))
    return Panel(words("repetitions"), drawn, tuple(counts))


def _adherence(summary: Summary, words: Words) -> Panel | None:
    """Planned and done sets by day, and the days on which nobody came."""
    shown = [one for one in summary.plan if one.planned or one.missed]
    if summary.single or not shown:
        return None
    signs = [(_swatch("#0072b2"), words("sets_done")), (_swatch("#333333", line=True), words("planned"))]
    signs += [(missed_mark(), words("missed"))] if any(one.missed for one in shown) else []
    drawn = bar_chart(
        [one.done for one in shown], [0] * len(shown), [one.planned for one in shown],
        _along(summary, [one.day for one in shown], words), [one.missed for one in shown],
    )  # fmt: skip
    return Panel(words("adherence"), drawn, tuple(signs), words("note_adherence"))


def _pictures(one: ExerciseSummary, words: Words) -> tuple[Picture, ...]:
    drawn = []
    for name, shown in (("best", one.best), ("worst", one.worst)):
        if shown is not None and (name == "best" or shown is not one.best):
            angle = shown.measured is not None and not shown.repetition.drawing
            drawn.append(Picture(words(name), _picture(shown, words), _faults(shown, words), _curves(shown, words), angle))
    return tuple(drawn)


def _picture(shown: Shown, words: Words) -> str:
    if shown.repetition.drawing:
        names = [words("path_own"), words("path_ideal"), words("path_next")]
        return path_picture(shown.repetition.drawing, names, _caption(shown, words))
    return picture(shown, _caption(shown, words))


def _curves(shown: Shown, words: Words) -> str:
    names = [words(f"joint_{name}") for name in JOINTS]
    return joint_curves(shown.repetition.drawing, names, words("joints_note")) if shown.repetition.drawing else ""


def _caption(shown: Shown, words: Words) -> str:
    parts = [date_text(shown.day, words.texts.language), f"{shown.repetition.score:.0f} / 100"]
    return " · ".join([*parts, words.side(shown.repetition.side)] if shown.repetition.side else parts)


def _faults(shown: Shown, words: Words) -> str:
    return ", ".join(words.told(fault) for fault in shown.repetition.faults)


def _feeling(summary: Summary, words: Words) -> Panel | None:
    # The marks of left and right tell the two apart as well as they tell sides.
    lines = (Line(Side.RIGHT, summary.pain), Line(Side.LEFT, summary.effort))
    shown = [(line, name) for line, name in zip(lines, ("pain", "effort"), strict=True) if line.known]
    if not shown or summary.single:
        return None
    chart = line_chart([line for line, _ in shown], _along(summary, summary.days, words), "", math.nan, 10.0, 0.0)
    return Panel(words("pain_effort"), chart, tuple((mark(line.side), words(name)) for line, name in shown))


def _sets(summary: Summary, words: Words) -> list[dict[str, Any]]:
    session = summary.sessions[0]
    rows, goal, again = [], 0, ""
    for made in session.sets:
        ratings = {one.kind.value: one.value for one in session.ratings if one.set == made.number}
        goal = made.planned_repetitions or (goal if again == made.exercise else 0)  # asked again is not planned twice
        again = made.exercise if another_movement(made) else ""
        rows.append(_set(made, goal, words) | {"pain": ratings.get("pain", "–"), "effort": ratings.get("effort", "–")})
    return rows


def _set(made: ExerciseSet, goal: int, words: Words) -> dict[str, Any]:
    done = [one.repetition for one in made.complete]
    faults = dict.fromkeys([words.instead(made)] if another_movement(made) else [])
    faults |= dict.fromkeys(words.told(fault) for one in made.done for fault in one.repetition.faults)
    return {
        "set": made.number,
        "exercise": words.exercise(made.exercise),
        "side": words.side(made.side) if made.side else "–",
        "done": f"{len(done)}" + (f" / {goal}" if goal else ""),
        "seconds": f"{made.seconds / len(made.done):.1f}" if made.done else "–",
        "score": _levels(made) or _score(made.score),
        "faults": ", ".join(faults) or "–",
    }


def _score(value: float) -> str:
    return f"{value:.0f}" if math.isfinite(value) else "–"


def _levels(made: ExerciseSet) -> str:
    """Clinical levels of the tries of a set, and what a therapist says instead; empty: it has none."""
    told = [level for one in made.complete if (level := level_of(one.repetition.terms)) is not None]
    instead = [one.outcome for one in made.corrections if one.fault == SCORE][-1:]
    levels = ", ".join(f"{level} / {LEVEL_MOST}" for level in told)
    return " → ".join([levels or "–", *(f"{level} / {LEVEL_MOST}" for level in instead)]) if told or instead else ""


def _sessions(summary: Summary, words: Words) -> list[dict[str, Any]]:
    rows = []
    for session, day, pain, effort in list(zip(summary.sessions, summary.days, summary.pain, summary.effort, strict=True))[
        -SESSIONS_LISTED:
    ]:
        done = [one.repetition for made in session.sets for one in made.complete]
        planned = sum(one.repetitions for one in session.planned) or sum(made.planned_repetitions for made in session.sets)
        rows.append(
            {
                "session": session.number,
                "day": date_text(day, words.texts.language),
                "done": f"{len(done)}" + (f" / {planned}" if planned else ""),
                "score": _score(session.score),
                "pain": "–" if math.isnan(pain) else f"{pain:.0f}",
                "effort": "–" if math.isnan(effort) else f"{effort:.0f}",
                "ended": words.reason(session.reason),
            }
        )
    return rows


def _changes(summary: Summary, words: Words) -> list[tuple[str, str]]:
    language = words.texts.language
    return [
        (date_text(day, language), ": ".join([*map(words.exercise, _exercise_of(session, change.set)), words.change(change)]))
        for session, day in zip(summary.sessions, summary.days, strict=True)
        for change in session.changes
    ][-SESSIONS_LISTED:]


def _exercise_of(session: SessionRecord, number: int) -> list[str]:
    return [made.exercise for made in session.sets if made.number == number]


def _along(summary: Summary, days: Sequence[date], words: Words) -> Along:
    return by_day(days, summary.span, [_short(day, words) for day in days])


def _short(day: date, words: Words) -> str:
    return date_text(day, words.texts.language, DAY)


def _legend(lines: tuple[Line, ...], words: Words) -> tuple[tuple[str, str], ...]:
    return tuple((mark(line.side), words.side(line.side)) for line in lines) if any(line.side for line in lines) else ()


def _font(said: Sequence[str]) -> str:
    """The fonts that ship, for letters that fonts of Latin letters lack; a browser takes each letter from one that has it."""
    if not any("\u1100" <= letter <= "\uffdc" for sentence in said for letter in sentence):
        return ""
    return "\n".join(
        f'@font-face {{ font-family: "Shipped"; src: url("data:font/{file.suffix[1:]};base64,'
        f'{base64.b64encode(file.read_bytes()).decode()}"); }}'
        for file in sorted(shared_folder("config", "fonts").glob("*.[ot]tf"))
    )


def _swatch(colour: str, *, line: bool = False) -> str:
    height = 2 if line else 9
    return (
        f'<svg viewBox="0 0 14 12" class="mark"><rect y="{6 - height / 2:g}" width="14" height="{height}" fill="{colour}"/></svg>'
    )
