"""Kinds of exercises follow each other in one session: each is judged by what it is sensed by, and by nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from physio_core.assessment.repetition import OTHER_PATH, Fault, Outcome
from physio_core.coaching.adviser import AdviceConfig
from physio_core.coaching.phrasing import Phrasing
from physio_core.exercises.catalogue import load_exercises
from physio_core.judging.judgement import Judgement
from physio_core.languages.texts import languages, load_texts
from physio_core.session.events import EventKind
from physio_core.session.machine import Session, SessionConfig
from physio_core.session.messages import message
from physio_core.session.narrator import Narrator
from physio_core.session.status import State, Status
from physio_core.trajectories.onlooker import OTHER_WAYS
from physio_core.types import Hand, Prediction, Reason, Side, Skeleton, Tracking, Verdict
from physio_lab.synthetic.simulated_sets import PERFECT, simulate_set
from physio_sim.patient.sets import SetPlan
from physio_testing.hands import hand_at, posed

CATALOGUE = load_exercises()
FIST, OPEN = posed(fingers_mcp_flexion=75, fingers_pip_flexion=95, fingers_dip_flexion=50), posed()
PHRASES = load_texts("en").part("coach")
CONFIG = SessionConfig(mode="request", repetitions=2, show_s=1.0, ready_s=1.0, verdict_s=1.0)


class Day:
    def __init__(self, request):
        self.session = Session(CATALOGUE, CONFIG)
        self.now_s, self.events = 100.0, []
        assert self.session.command(request, self.now_s).accepted
        self.narrator = Narrator(CATALOGUE, load_texts("en"), AdviceConfig())
        self.said = []

    def pass_time(self, seconds, *seen):
        """Let time pass; each of ``seen`` makes what is seen at a time."""
        for _ in range(round(seconds * 30)):
            self.now_s += 1 / 30
            for one in seen:
                self.session.update(one(self.now_s), self.now_s)
            status = self.session.tick(self.now_s)
            events = self.session.take_events()
            self.events += events
            repeated = [one.judgement for one in events if one.kind is EventKind.REPETITION] or [Judgement()]
            for judgement in repeated:
                self.said += self.narrator.tell(status, message(status, CATALOGUE, PHRASES, "en"), judgement, self.now_s)
        return status

    def until(self, state, *seen):
        while self.session.status(self.now_s).state is not state:
            self.pass_time(1 / 30, *seen)
        return self.session.status(self.now_s)


def hand(points_m, side="left"):
    return lambda now_s: hand_at(now_s, points_m, side)


def squats(now_s):
    return Prediction(now_s, "squat", 0.9, ("squat", "unknown"), window_start_s=now_s - 1.0)


def body(now_s):
    return Skeleton(now_s, Tracking.NOBODY)


def test_a_hand_and_then_a_body_each_by_its_own_judge():
    day = Day("hand_fist 2 left, squat")
    day.until(State.WATCH, squats, body)
    assert day.session.status(day.now_s).kind == "hand"
    day.pass_time(2.0, hand(OPEN), squats, body)
    for _ in range(2):
        day.pass_time(1.6, hand(FIST), squats, body)
        day.pass_time(0.6, hand(OPEN), squats, body)
    repetitions = [one.judgement.newest for one in day.events if one.kind is EventKind.REPETITION]
    assert [(one.outcome, one.side, one.number) for one in repetitions] == [(Outcome.COMPLETE, Side.LEFT, n) for n in (1, 2)]
    verdict = next(one for one in day.events if one.kind is EventKind.VERDICT)
    assert verdict.status.verdict is Verdict.RIGHT and verdict.status.current_set.score > 90
    assert [one.text for one in day.said if one.kind == "count"] == ["One", "Two"]
    status = day.until(State.WATCH, squats, body)
    assert (status.asked, status.kind) == ("squat", "body")
    day.pass_time(2.0, hand(FIST), body)
    assert day.session.status(day.now_s).reason is Reason.NO_CAMERA  # hands are no evidence of a squat


def test_what_is_off_in_a_posture_is_said_while_it_is_held_and_not_too_often():
    day = Day("hand_stretch 1 left")
    day.until(State.WATCH)
    bent = posed(ring_pip_flexion=19, ring_mcp_flexion=40, thumb_cmc_flexion=-20)
    day.pass_time(11.0, hand(bent))
    cues = [one for one in day.said if one.kind == "cue"]
    assert len(cues) == 2 and all(one.side is Side.LEFT for one in cues)
    assert cues[0].text != cues[1].text and all("your ring finger" in one.text for one in cues)


def test_who_draws_the_circle_the_other_way_round_is_told_so_at_once_and_never_praised():
    plan = SetPlan("draw_circle_counterclockwise", side="left", repetitions=2, view="front", seed=2)
    skeletons = simulate_set(plan, PERFECT).skeletons
    day = Day("draw_circle_clockwise 2 left")
    first = iter(skeletons)
    day.until(State.WATCH, lambda now_s: replace(next(first), stamp_s=now_s))
    began_s = day.now_s
    begun = iter(skeletons)
    verdict = day.until(State.VERDICT, lambda now_s: replace(next(begun), stamp_s=now_s))
    says = "That was a circle the other way round."
    cues = [one for one in day.said if one.kind == "cue"]
    assert {one.text for one in cues} == {says} and day.said.index(cues[0]) < len(day.said) - 1
    repetitions = [one for one in day.events if one.kind is EventKind.REPETITION]
    assert [one.judgement.newest.outcome for one in repetitions] == [Outcome.WRONG, Outcome.WRONG]
    assert (verdict.verdict, verdict.next) == (Verdict.WRONG, "draw_circle_clockwise")
    assert not [one for one in day.said if one.kind == "count" or one.sound == "right"]
    assert [one.text for one in day.said if one.kind == "sentence"][-1] == says
    assert repetitions[0].status.stamp_s > began_s


@pytest.mark.parametrize("language", languages())
def test_what_was_drawn_in_place_of_what_was_asked_for_is_said_in_every_language(language):
    phrases, said = load_texts(language).part("coach"), set()
    for way in OTHER_WAYS:
        off = Fault(OTHER_PATH, 0.0, direction=way)
        status = Status(State.WATCH, asked="draw_circle_clockwise", verdict=Verdict.WRONG, now=off)
        said.add(message(status, CATALOGUE, phrases, language))
        assert Phrasing(load_texts(language)).correction(off, Side.LEFT, None)[1] in said
    assert len(said) == len(OTHER_WAYS)


def test_hands_that_no_longer_come_are_a_camera_that_is_lost_and_nothing_is_right():
    day = Day("hand_fist 1 left")
    day.until(State.WATCH)
    day.pass_time(1.5, hand(OPEN))
    lost = day.pass_time(2.0, squats, body)
    assert (lost.verdict, lost.reason) == (Verdict.UNSURE, Reason.NO_CAMERA)
    nothing = Hand(Skeleton(0.0, Tracking.NOBODY, "hand_21"), objection=Reason.NO_HAND)
    verdict = day.until(State.VERDICT, squats, lambda now_s: nothing)
    assert verdict.verdict is not Verdict.RIGHT
