"""The report: its numbers, what it says in words, and that the page and the PDF hold them in every language."""

from __future__ import annotations

import math
import random
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

import physio_records.report
from physio_core import cli
from physio_core.assessment.repetition import AngleRange, Outcome, Repetition, ScoreTerm, mean_terms, score
from physio_core.languages.texts import languages, load_texts
from physio_core.session.difficulty import Why
from physio_core.types import Side
from physio_records import entries as e
from physio_records.made_up import made_up_entries
from physio_records.report.charts import axes_for, bar_chart, by_day, evenly, line_chart, picture
from physio_records.report.page import page
from physio_records.report.reliability import smallest_change, standard_error
from physio_records.report.summary import Line, Shown, summarise
from physio_records.report.words import sentences, words_of
from physio_records.store.history import Change, read_programmes, read_sessions
from physio_records.store.store import Store


def repetition(number: int, range_deg: float, outcome: Outcome = Outcome.COMPLETE, side: Side = Side.NONE) -> Repetition:
    """One that bends the knee so far, with a score of the same number."""
    ranges = (AngleRange("knee_flexion", side, 5.0, 5.0 + range_deg),)
    return Repetition(number, outcome, side, 0.0, 1.0, 2.0, ranges=ranges, terms=(ScoreTerm("range", range_deg / 100.0),))


def recorded(store: Store, *sessions: list[Repetition], planned: int = 0) -> None:
    """A patient p09 with one set of squats in each session, on following days."""
    at = e.now() - timedelta(days=len(sessions))
    store.write([e.ConsentGiven("p09", e.Scope.RECORD)])
    for number, made in enumerate(sessions):
        begun = [e.SessionBegun(f"s{number}", "p09", at=at + timedelta(days=number))]
        begun += [e.SetBegun(f"s{number}", 1, 1, "squat", planned_repetitions=planned)]
        store.write([*begun, *(e.RepetitionDone(f"s{number}", 1 + n, 1, n, one) for n, one in enumerate(made, 1))])


def test_the_standard_error_is_that_of_made_up_noise():
    source = random.Random(1)
    sets = [[mean + source.gauss(0.0, 4.0) for _ in range(10)] for mean in range(0, 400, 2)]
    assert standard_error(sets) == pytest.approx(4.0, rel=0.05)
    assert smallest_change(sets) == pytest.approx(4.0 * 1.96 * math.sqrt(2.0), rel=0.05)


def test_with_few_repetitions_nothing_is_called_noise():
    assert math.isnan(standard_error([[1.0, 2.0, 3.0]]))
    assert math.isnan(standard_error([[1.0]] * 50))


def test_a_change_beyond_noise_is_told_and_one_within_is_not(store):
    steady = [repetition(n, 60.0 + n % 2) for n in range(1, 9)]
    recorded(store, steady, [repetition(n, 62.0 + n % 2) for n in range(1, 9)])
    summary = summarise(read_sessions(store, patient="p09"))
    (squat,) = summary.exercises
    assert squat.range_noise_deg == pytest.approx(1.96 * math.sqrt(2.0) * math.sqrt(8 * 0.25 / 7), rel=1e-6)
    (line,) = squat.range_deg
    assert line.values == (60.5, 62.5)
    said = "\n".join(sentences(summary, words_of("en")))
    assert "Squat, knee bend: 60° at first, 62° now. That is 2° more" in said
    better = replace(squat, range_noise_deg=5.0)
    said = "\n".join(sentences(replace(summary, exercises=(better,)), words_of("en")))
    assert "within the usual variation (5°)" in said


def test_wrong_repetitions_are_not_measured_and_partial_ones_do_not_count_as_done(store):
    made = [repetition(1, 60.0), repetition(2, 30.0, Outcome.PARTIAL), repetition(3, 170.0, Outcome.WRONG)]
    recorded(store, made, made, planned=3)
    (squat,) = summarise(read_sessions(store, patient="p09")).exercises
    assert (squat.done, squat.partial, squat.planned) == ((1, 1), (1, 1), (3, 3))
    assert squat.range_deg[0].values == (45.0, 45.0)
    assert squat.best is not None and squat.best.repetition.number == 1
    assert squat.worst is not None and squat.worst.repetition.number == 2


def test_left_and_right_are_told_apart(store):
    made = [repetition(n, 50.0, side=Side.LEFT) for n in (1, 2)] + [repetition(n, 70.0, side=Side.RIGHT) for n in (1, 2)]
    recorded(store, made)
    (squat,) = summarise(read_sessions(store, patient="p09")).exercises
    assert [(line.side, line.values) for line in squat.range_deg] == [(Side.LEFT, (50.0, 50.0)), (Side.RIGHT, (70.0, 70.0))]
    assert squat.asymmetry == pytest.approx((100.0 / 3.0,) * 2)


def test_days_of_the_programme_are_counted(store):
    sessions, programmes = read_sessions(store, patient="p01"), read_programmes(store, "p01")
    last = max(one.begun_at.date() for one in sessions)
    summary = summarise(sessions, programmes, today=last)
    wanted = sum((date(2026, 1, 5) + timedelta(days=n)).weekday() in (0, 2, 4) for n in range((last - date(2026, 1, 5)).days + 1))
    assert (sum(one.wanted for one in summary.plan), sum(one.wanted and one.came for one in summary.plan)) == (wanted, 3)
    missed = [one.day for one in summary.plan if one.missed]
    assert len(missed) == wanted - 3 and not set(missed) & set(summary.days)
    late = summarise(sessions[-1:], programmes, today=last + timedelta(days=9), since=last)
    after = [last + timedelta(days=n) for n in range(9) if (last + timedelta(days=n)).weekday() in (0, 2, 4)]
    assert [one.day for one in late.plan] == after  # the present day is not over


def test_planned_sets_are_held_against_done_ones_by_day(store):
    at = e.now() - timedelta(days=5)
    plan = (e.PlannedSet("squat"), e.PlannedSet("squat"), e.PlannedSet("shoulder_abduction", Side.LEFT))
    left, right, done = ("shoulder_abduction", Side.LEFT), ("shoulder_abduction", Side.RIGHT), ("done", "right")
    sessions = [
        [("squat", Side.NONE, *done), (*left, "done", "wrong"), (*left, *done)],  # asked again after it was wrong
        [("squat", Side.NONE, *done), ("squat", Side.NONE, *done), (*right, *done)],  # the same day once more
        [("squat", Side.NONE, "skipped", ""), (*left, "left", "")],
    ]
    store.write([e.ConsentGiven("p09", e.Scope.RECORD)])
    for number, made in enumerate(sessions):
        name, when = f"s{number}", at + timedelta(days=number // 2 * 2)
        store.write([e.SessionBegun(name, "p09", plan, at=when)])
        for n, (exercise, side, reason, verdict) in enumerate(made, 1):
            store.write([e.SetBegun(name, 2 * n, n, exercise, side), e.SetEnded(name, 2 * n + 1, n, reason, verdict)])
    summary = summarise(read_sessions(store, patient="p09"))
    assert [(one.planned, one.done, one.missed) for one in summary.plan] == [(3, 3, False), (3, 0, False)]
    assert "3 of 6 planned sets were done." in sentences(summary, words_of("en"))


def test_points_lie_where_their_days_lie():
    days = [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 11)]
    along = by_day(days, (days[0], days[-1]), ["1", "2", "11"])
    assert along.places == pytest.approx((0.0, 0.1, 1.0))
    assert by_day(days[:1] * 2, (days[0], days[0]), ["1", "1"]).places == (0.0, 1.0)
    drawn = line_chart([Line(Side.LEFT, (10.0, 20.0, 30.0))], along)
    x = [float(found) for found in re.findall(r'<circle cx="([\d.]+)"', drawn)]
    assert (x[1] - x[0]) / (x[2] - x[0]) == pytest.approx(0.1, abs=0.01)


def test_labels_that_would_lie_over_each_other_are_left_out():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in (0, 1, 2, 30, 59, 60)]
    drawn = bar_chart([1] * 6, [0] * 6, [2] * 6, by_day(days, (days[0], days[-1]), [f"{day:%d %b}" for day in days]), [True] * 6)
    assert re.findall(r">(\d+ \w+)<", drawn) == ["01 Jan", "31 Jan", "02 Mar"]
    assert drawn.count("<circle") == 6


def test_an_ignored_repetition_is_gone_from_the_report(store):
    recorded(store, [repetition(n, 60.0) for n in (1, 2)] + [repetition(3, 10.0)])
    store.write([e.Corrected("c1", "s0", 1, 3, e.Action.IGNORE)])
    summary = summarise(read_sessions(store, patient="p09"))
    assert summary.exercises[0].done == (2,)
    assert "Corrected by a therapist: 1." in sentences(summary, words_of("en"))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("single", [False, True])
def test_the_page_is_whole_in_every_language(store, language, single):
    sessions = read_sessions(store, patient="p01")
    words = words_of(language)
    shown = page(summarise(sessions[-1:] if single else sessions, read_programmes(store, "p01")), words)
    assert words("not_diagnosis") in shown
    assert not re.search(r"\b(nan|inf|None)\b", re.sub(r"base64,[^\"]*", "", shown))
    assert not re.search(r"(src|href)=|url\(\"(?!data:)", shown)
    for drawing in re.findall(r"<svg.*?</svg>", shown):
        ElementTree.fromstring(drawing)
    for name in ("squat", "sit_to_stand"):
        assert words.exercise(name) in shown


def test_a_set_has_the_score_that_the_coach_told(store):
    both = (ScoreTerm("range", 0.5, 3.0), ScoreTerm("tempo", 1.0, 1.0))
    made = [Repetition(n, Outcome.COMPLETE, Side.NONE, 0.0, 1.0, 2.0, terms=terms) for n, terms in ((1, both), (2, both[1:]))]
    recorded(store, made)
    shown = page(summarise(read_sessions(store, patient="p09")), words_of("en"))
    assert score(mean_terms(made)) == 62.5  # the mean of 62.5 and 100 is another number
    assert '<td class="n">62</td>' in shown and '<td class="n">81</td>' not in shown


def test_a_session_has_the_mean_of_its_sets_whatever_the_weights_of_their_exercises(store):
    heavy, light = (ScoreTerm("range", 0.5, 3.0), ScoreTerm("tempo", 1.0, 1.0)), (ScoreTerm("range", 1.0, 1.0),)
    one, other = (Repetition(1, Outcome.COMPLETE, Side.NONE, 0.0, 1.0, 2.0, terms=terms) for terms in (heavy, light))
    recorded(store, [one], [one])
    store.write([e.SetBegun("s0", 8, 2, "lunge"), e.RepetitionDone("s0", 9, 2, 1, other)])
    shown = page(summarise(read_sessions(store, patient="p09")), words_of("en"))
    assert '<td class="n">81</td>' in shown  # of 62.5 and 100


def test_another_movement_is_told_and_not_called_done(store):
    store.write([e.ConsentGiven("p09", e.Scope.RECORD), e.SessionBegun("w", "p09")])
    for n, goal, seen in ((1, 4, "lunge"), (2, 0, "")):
        over = e.SetEnded("w", 2 * n + 1, n, "done", "wrong", seen)
        store.write([e.SetBegun("w", 2 * n, n, "deadlift", planned_repetitions=goal), over])
    store.write([e.SetBegun("w", 6, 3, "squat"), e.RepetitionDone("w", 7, 3, 1, repetition(1, 60.0)), e.SetEnded("w", 8, 3)])
    summary, words = summarise(read_sessions(store, patient="p09")), words_of("en")
    assert sentences(summary, words)[:2] == ["You did one exercise: Squat.", "Deadlift: another movement was seen each time."]
    shown = page(summary, words)
    assert (shown.count("0 / 4"), *(shown.count(f">{words('other_movement')}{seen}<") for seen in (": Lunge", ""))) == (2, 1, 1)
    assert "<h2>Deadlift</h2>" not in shown and "<h2>Squat</h2>" in shown


def test_words_tell_the_middle_of_what_the_chart_shows_and_how_it_varies(store):
    recorded(store, [repetition(n, value) for n, value in enumerate((57.0, 100.0, 62.0, 101.0), 1)])
    assert "Squat, knee bend: 81° (middle value; 57° to 101°)." in sentences(
        summarise(read_sessions(store, patient="p09")), words_of("en")
    )


def test_the_side_that_had_nothing_to_do_is_left_out(store):
    ranges = tuple(AngleRange("shoulder_abduction", side, 0.0, high) for side, high in ((Side.LEFT, 90.0), (Side.RIGHT, 5.0)))
    store.write([e.ConsentGiven("p09", e.Scope.RECORD), e.SessionBegun("w", "p09")])
    one = Repetition(1, Outcome.COMPLETE, Side.NONE, 0.0, 1.0, 2.0, asymmetry=1.9, ranges=ranges)
    store.write([e.SetBegun("w", 1, 1, "shoulder_abduction", Side.LEFT), e.RepetitionDone("w", 2, 1, 1, one)])
    (arm,) = summarise(read_sessions(store, patient="p09")).exercises
    assert [(line.side, line.values) for line in arm.range_deg] == [(Side.LEFT, (90.0,))]
    assert all(map(math.isnan, arm.asymmetry))


def test_a_curve_stays_above_its_caption():
    below = Repetition(1, Outcome.COMPLETE, Side.NONE, 0.0, 1.0, 2.0, trace=(0.0, 1.0, -0.9))
    drawn = picture(Shown(date(2026, 1, 1), below, "", None), "")
    heights = [float(y) for path in re.findall(r' d="([^"]+)"', drawn) for y in re.findall(r"[ML][0-9.]+ ([0-9.]+)", path)]
    assert max(heights) <= 82.0


def test_a_change_names_its_exercise_and_rounds_its_score(store):
    store.write([e.ConsentGiven("p09", e.Scope.RECORD), e.SessionBegun("w", "p09"), e.SetBegun("w", 1, 1, "squat")])
    store.write([e.Changed("w", 2, 1, "repetitions", "4", "5", "done_well 98.0552")])
    shown = page(summarise(read_sessions(store, patient="p09")), words_of("en"))
    assert "Squat: repetitions 4 → 5: done well, score 98<" in shown


def test_every_text_of_the_report_is_used():
    folder = Path(physio_records.report.__file__).parent
    sources = "".join(file.read_text() for file in folder.iterdir() if file.suffix in (".py", ".jinja"))
    used = {*re.findall(r"[\"']([a-z_]+)[\"']", sources), *(side.value for side in Side)}
    keys = {key.removeprefix("report.") for key in load_texts("en").phrases if key.startswith("report.")}
    named = ("reason_", "what_", "why_", "joint_")  # by what the record says, and by the joints of an arm
    assert {key for key in keys - used if not key.startswith(named)} == set()


@pytest.mark.parametrize(
    ("reason", "said"),
    [("pain 5", "Wiederholungen 8 → 7: Schmerz 5 von 10"), ("she is tired", "Wiederholungen 8 → 7: she is tired")],
)
def test_a_change_is_told_in_words(reason, said):
    assert words_of("de").change(Change(1, "repetitions", "8", "7", reason)) == said


def test_every_reason_of_a_change_has_words():
    assert {f"report.why_{why.value}" for why in Why} <= set(load_texts("en").phrases)


def test_what_a_patients_record_may_hold_does_no_harm_to_the_page(store):
    store.write([e.SessionBegun("odd", "p01"), e.SetBegun("odd", 1, 1, "<script>alert(1)</script>")])
    store.write([e.Changed("odd", 2, 1, "range", "<b>", "2", "because & so"), e.SessionEnded("odd", 3, "<i>")])
    shown = page(summarise(read_sessions(store, patient="p01")), words_of("en"))
    assert "<script>" not in shown and "<b>" not in shown and "<i>" not in shown
    assert "because &amp; so" in shown


def test_a_session_without_a_repetition_has_a_report(store):
    store.write([e.SessionBegun("empty", "p01")])
    sessions = [one for one in read_sessions(store, patient="p01") if one.session == "empty"]
    assert words_of("en")("not_diagnosis") in page(summarise(sessions), words_of("en"))


@pytest.mark.parametrize("values", [(0.0, 0.0), (59.0, 61.0), (3.0, 178.0), (-5.0, 1e5)])
def test_axes_hold_all_values_with_few_round_numbers(values):
    axes = axes_for(values, (0.0, 1.0))
    assert axes.low <= min(values) and max(values) <= axes.high
    assert 2 <= len(axes.ticks) <= 8


def test_a_point_that_was_not_measured_is_not_drawn():
    drawn = line_chart([Line(Side.LEFT, (10.0, math.nan, 30.0))], evenly(["a", "b", "c"]))
    assert drawn.count("<circle") == 2


@pytest.fixture
def run(store, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("PHYSIO_DATABASE", store.place)
    monkeypatch.chdir(tmp_path)

    def command(*words: str) -> tuple[int, str]:
        code = cli.main(["records", "report", *words])
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return command


def test_the_command_writes_a_page(run, tmp_path):
    code, shown = run("p01")
    assert (code, shown) == (cli.DONE, "wrote p01.html: 3 sessions of p01\n")
    assert "Exercise report" in (tmp_path / "p01.html").read_text()


def test_the_command_writes_a_pdf_in_another_language(run, tmp_path):
    pytest.importorskip("weasyprint", reason="WeasyPrint comes with the laboratory", exc_type=(ImportError, OSError))
    code, shown = run("p01", "out.pdf", "--language", "de")
    assert code == cli.DONE, shown
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("p77",), "no patient p77"),
        (("p01", "out.doc"), "needs .html or .pdf"),
        (("p01", "--since", "soon"), "give a day"),
        (("p01", "--since", "2199-01-01"), "has no session since"),
        (("p01", "--language", "tlh"), "no wording in language 'tlh'"),
    ],
)
def test_what_cannot_be_reported_is_refused(run, words, why):
    code, shown = run(*words)
    assert code == cli.REFUSED
    assert why in shown


def test_another_patients_sessions_are_left_out(run, store, tmp_path):
    store.write(made_up_entries("p02", 2, 2, seed=5))
    run("p02", "out.html")
    shown = (tmp_path / "out.html").read_text()
    assert "p02" in shown and "p01" not in shown
