"""A path that was drawn is kept beside its repetition, with what was asked for and what came next."""

from __future__ import annotations

import math
from dataclasses import replace

from physio_core.assessment.repetition import OTHER_PATH, Fault, Outcome, Repetition, ScoreTerm
from physio_core.languages.texts import languages, load_texts
from physio_core.trajectories.arm import JOINTS
from physio_core.trajectories.drawing import Drawing
from physio_core.types import Side
from physio_records import entries as e
from physio_records.exports.flat import flat_rows
from physio_records.journal import as_line, from_line
from physio_records.made_up import made_up_entries
from physio_records.report.joint_curves import joint_curves
from physio_records.report.path_picture import LINES, path_picture
from physio_records.report.words import Words
from physio_records.store.history import read_sessions

DRAWN = Drawing(
    "clock_m", "left", 0.58, ((0.4, 0.0, -0.1), (0.4, 0.1, 0.0)), 2, ((0.4, 0.01, -0.1), (0.39, 0.1, 0.02)),
    ((0.4, 0.0, -0.1), (0.4, 0.1, 0.0)), ((0.4, 0.0, -0.1), (0.4, 0.1, 0.01)), 2, 5.5, 0.4,
)  # fmt: skip


def _drawn(entry: e.Entry) -> e.Entry:
    if not isinstance(entry, e.RepetitionDone):
        return entry
    one = Repetition(1, Outcome.COMPLETE, Side.LEFT, 1.0, 3.0, 6.5, terms=(ScoreTerm("shape", 0.7),), drawing=DRAWN)
    return replace(entry, repetition=replace(one, number=entry.repetition.number))


def test_a_drawing_is_written_read_and_exported(store):
    store.write(map(_drawn, made_up_entries("p09", 1, 2)))
    made = [one for session in read_sessions(store, "p09") for one in session.sets[0].done]
    assert made[0].repetition.drawing == DRAWN
    row = flat_rows(read_sessions(store, "p09"))[0]
    assert (row["path"], row["grade"], row["reach_m"]) == ("clock_m", 2, 0.58)


def test_a_drawing_survives_the_journal():
    entry = next(one for one in map(_drawn, made_up_entries("p09", 1, 2)) if isinstance(one, e.RepetitionDone))
    assert from_line(as_line(entry)).repetition.drawing == DRAWN


def test_another_path_than_asked_for_is_kept_and_told_by_what_it_was(store):
    off = Fault(OTHER_PATH, 0.0, side=Side.LEFT, joint="wrist", direction="other_way")
    wrong = Repetition(1, Outcome.WRONG, Side.LEFT, 1.0, 3.0, 6.5, faults=(off,), drawing=replace(DRAWN, grade=0))

    def made(entry):
        return replace(entry, repetition=wrong) if isinstance(entry, e.RepetitionDone) else entry

    store.write(map(made, made_up_entries("p09", 1, 2)))
    sessions = read_sessions(store, "p09")
    assert sessions[0].sets[0].done[0].repetition == wrong
    row = flat_rows(sessions)[0]
    assert (row["outcome"], row["faults"], row["score"]) == ("wrong", "other_path other_way left 0", None)
    said = [Words(load_texts(language), {}).told(off) for language in languages()]
    assert said[0] == "another path: That was a circle the other way round" and len(set(said)) == len(said)


def test_the_report_shows_the_joints_of_the_three_paths_apart_and_nothing_where_no_arm_is_known():
    names = [joint.replace("_", " ") for joint in JOINTS]
    shown = joint_curves(DRAWN, names, "degrees")
    assert [shown.count(f'stroke="{colour}"') for colour, _ in LINES] == 3 * [len(JOINTS)]
    assert all(name in shown for name in names)
    assert joint_curves(replace(DRAWN, reach_m=math.nan), names, "") == ""


def test_the_report_draws_the_three_paths_apart():
    shown = path_picture(DRAWN, ("drawn", "ideal", "next"), "1 May")
    assert len({colour for colour, _ in LINES if colour in shown}) == 3
    assert shown.count("stroke-dasharray") == 4 and "drawn" in shown and "1 May" in shown
