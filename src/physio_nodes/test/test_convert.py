"""What crosses the wire arrives as it was sent, in each of its fields, and nonsense is refused by name."""

from __future__ import annotations

import math
from array import array
from dataclasses import replace

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from sensor_msgs.msg import LaserScan

from physio_core.errors import InputError, SkeletonError
from physio_core.robot.guard import Request
from physio_core.robot.limits import Velocity
from physio_core.session.events import Answer, Event, EventKind
from physio_core.session.narrator import Saying
from physio_core.session.rival import NOBODY, Identity
from physio_core.session.status import State, Status
from physio_core.types import Abstain, GuardState, Hand, HoldReason, Prediction, Reason, Side, Skeleton, Tracking, Verdict
from physio_msgs.msg import ActionPrediction, CoachStatus, GuardStatus, SessionEvent
from physio_msgs.msg import Skeleton as SkeletonMsg
from physio_msgs.srv import SessionCommand
from physio_nodes.convert import (
    event_to_msg,
    fill_answer,
    guard_from_msg,
    guard_to_msg,
    hand_from_msg,
    hand_to_msg,
    prediction_from_msg,
    prediction_to_msg,
    request_from_msg,
    request_to_msg,
    saying_to_msg,
    scan_from_msg,
    sender_of,
    skeleton_from_msg,
    skeleton_to_msg,
    status_from_msg,
    status_to_msg,
)
from physio_nodes.stamps import to_seconds, to_stamp

STAMP = Time(sec=12, nanosec=500_000_000)
STATUS = Status(
    State.VERDICT,
    3,
    "squat",
    "lunge",
    0.75,
    Verdict.WRONG,
    Reason.NONE,
    0.25,
    0.125,
    12.5,
    7.5,
    5,
    2,
    9,
    "squat",
    3.5,
    False,
    ("knee", "ankle"),
    True,
)


@pytest.mark.parametrize("seconds", [0.0, 0.25, 12.5, 1_700_000_000.25])
def test_a_time_becomes_a_stamp_and_the_same_time_again(seconds):
    assert to_seconds(to_stamp(seconds)) == seconds


def test_a_time_just_below_a_full_second_does_not_overflow_the_nanoseconds():
    stamp = to_stamp(math.nextafter(2.0, 0.0))
    assert (stamp.sec, stamp.nanosec) == (1, 999_999_999)


def test_a_time_before_1970_keeps_its_nanoseconds_positive():
    stamp = to_stamp(-0.25)
    assert (stamp.sec, stamp.nanosec) == (-1, 750_000_000)


def tracked() -> Skeleton:
    rng = np.random.default_rng(0)
    points = rng.uniform(-0.5, 1.5, (18, 3)).astype(np.float32)
    points[3, 2] = np.nan  # a depth that nobody knows
    sure, world_m = rng.random(18, np.float32), rng.uniform(-1.0, 1.0, (18, 3)).astype(np.float32)
    return Skeleton(12.5, Tracking.TRACKED, "openpose_18", points, sure, "b1", 640, 480, world_m)


def test_a_skeleton_arrives_whole_with_its_stamp_and_frame_untouched():
    sent = tracked()
    msg = skeleton_to_msg(sent, STAMP, "camera_optical")
    got = skeleton_from_msg(msg)
    assert (msg.header.stamp, msg.header.frame_id) == (STAMP, "camera_optical")
    assert np.array_equal(got.points, sent.points, equal_nan=True) and np.array_equal(got.confidence, sent.confidence)
    assert np.array_equal(got.world_m, sent.world_m)
    assert got.world_m.dtype == got.points.dtype == got.confidence.dtype == np.float32
    for field in ("stamp_s", "status", "layout", "body_id", "width_px", "height_px"):
        assert getattr(got, field) == getattr(sent, field)


@pytest.mark.parametrize("status", [Tracking.NOBODY, Tracking.DETECTOR_FAILED, Tracking.SOMEBODY_ELSE])
def test_an_image_without_a_tracked_body_arrives_as_what_it_is(status):
    got = skeleton_from_msg(skeleton_to_msg(Skeleton(12.5, status), STAMP, ""))
    assert (got.status, got.points.shape, got.tracked) == (status, (0, 3), False)


def four(**arrays: list[float]) -> SkeletonMsg:
    full = {name: array("f", arrays.get(name, [0.5] * 4)) for name in ("x", "y", "z", "confidence")}
    return SkeletonMsg(layout="openpose_18", **full)


@pytest.mark.parametrize(
    ("msg", "error", "complaint"),
    [
        (four(y=[0.5] * 3), InputError, r"arrays of different lengths \[3, 4\]"),
        (SkeletonMsg(world_x=[0.1]), InputError, r"in space with arrays of different lengths \[0, 1\]"),
        (SkeletonMsg(world_x=[0.1], world_y=[0.1], world_z=[0.1]), SkeletonError, r"world \(1, 3\); need \(0, 3\)"),
        (SkeletonMsg(status=4), InputError, "status 4 is not one of 0 .. 3"),
        (four(x=[0.5, math.nan, 0.5, 0.5]), SkeletonError, "NaN or infinite coordinates"),
        (four(confidence=[0.5, 0.5, 0.5, 1.5]), SkeletonError, r"confidence 0\.5 \.\. 1\.5; need 0 \.\. 1"),
    ],
)
def test_a_skeleton_that_nobody_can_use_is_refused(msg, error, complaint):
    with pytest.raises(error, match=complaint):
        skeleton_from_msg(msg)


def test_a_prediction_arrives_whole_and_its_window_ends_with_the_newest_image():
    scores = np.array([0.75, 0.25], np.float32)
    sent = Prediction(12.5, "squat", 0.75, ("squat", "unknown"), scores, Abstain.NONE, "b1", 8.5, 14.5)
    msg = prediction_to_msg(sent, STAMP, "camera_optical")
    got = prediction_from_msg(msg)
    assert np.array_equal(got.scores, scores)
    assert replace(got, scores=sent.scores) == sent
    assert (msg.header.stamp, msg.window_end, msg.header.frame_id) == (STAMP, STAMP, "camera_optical")


@pytest.mark.parametrize("abstain", Abstain)
def test_every_reason_to_name_nothing_arrives(abstain):
    assert prediction_from_msg(prediction_to_msg(Prediction(12.5, abstain=abstain), STAMP, "")).abstain is abstain


@pytest.mark.parametrize(
    ("msg", "complaint"),
    [
        (ActionPrediction(confidence=math.nan), "confidence is not finite"),
        (ActionPrediction(confidence=math.inf), "confidence is not finite"),
        (ActionPrediction(abstain_reason="bored"), "abstain reason 'bored' is not one of: , too_few_frames, nobody"),
    ],
)
def test_a_prediction_that_means_nothing_is_refused(msg, complaint):
    with pytest.raises(InputError, match=complaint):
        prediction_from_msg(msg)


def test_the_status_of_a_coach_arrives_whole_with_who_sends_it():
    sender = Identity(1_700_000_000_000_000_000, "ward7", 4242)
    msg = status_to_msg(STATUS, sender)
    assert sender_of(msg) == sender
    assert msg.header.stamp == STAMP
    # How long was waited for a verdict is told by the event.
    assert status_from_msg(msg) == replace(STATUS, wait_s=0.0)


def test_a_status_that_does_not_say_who_sends_it_comes_from_nobody():
    assert sender_of(status_to_msg(STATUS)) == NOBODY


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("verdict", Verdict)
def test_every_state_and_verdict_arrives(state, verdict):
    got = status_from_msg(status_to_msg(replace(STATUS, state=state, verdict=verdict)))
    assert (got.state, got.verdict) == (state, verdict)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_of_the_coach_arrives(reason):
    assert status_from_msg(status_to_msg(replace(STATUS, reason=reason))).reason is reason


def test_before_the_first_prediction_the_age_is_infinite_and_where_nothing_ends_the_time_left_is_open():
    got = status_from_msg(status_to_msg(Status()))
    assert got.input_age_s == math.inf and math.isnan(got.time_left_s)


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("state", "dancing", "coach state 'dancing' is not one of: idle, show, ready, watch, verdict"),
        ("verdict", "maybe", "verdict 'maybe' is not one of: right, wrong, unsure$"),
        ("reason", "rain", "reason 'rain' is not one of: too_few_frames, .*not_seen"),
        ("input_age_s", math.nan, "input age that is not a number"),
    ],
)
def test_a_status_that_means_nothing_is_refused(field, value, complaint):
    msg = status_to_msg(STATUS)
    setattr(msg, field, value)
    with pytest.raises(InputError, match=complaint):
        status_from_msg(msg)


def test_states_verdicts_and_events_are_spelt_in_the_messages_as_in_the_core():
    assert {state.value for state in State} == {getattr(CoachStatus, state.name) for state in State}
    assert {verdict.value for verdict in Verdict if verdict} == {CoachStatus.RIGHT, CoachStatus.WRONG, CoachStatus.UNSURE}
    assert {kind.value for kind in EventKind} == {getattr(SessionEvent, kind.name) for kind in EventKind}
    assert {status.value for status in Tracking} == {getattr(SkeletonMsg, status.name) for status in Tracking}


def test_a_verdict_is_told_with_what_was_seen_and_how_long_it_took():
    msg = event_to_msg(Event(EventKind.VERDICT, STATUS, "squat", "so it was"), STAMP, 31.5)
    assert (msg.kind, msg.exercise, msg.detail, msg.header.stamp) == ("verdict", "squat", "so it was", STAMP)
    assert (msg.round, msg.rounds, msg.attempt, msg.turn) == (3, 5, 2, 9)
    assert (msg.seen, msg.verdict, msg.reason) == ("lunge", "wrong", "")
    assert (msg.confidence, msg.wait_s, msg.latency_ms) == (0.75, 7.5, 31.5)


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind is not EventKind.VERDICT])
def test_other_events_hold_no_figures_of_a_verdict(kind):
    msg = event_to_msg(Event(kind, STATUS, "squat"), STAMP, 31.5)
    assert (msg.kind, msg.exercise) == (kind.value, "squat")
    assert (msg.seen, msg.verdict, msg.confidence, msg.wait_s, msg.latency_ms) == ("", "", 0.0, 0.0, 0.0)


@pytest.mark.parametrize(("accepted", "reason"), [(True, ""), (False, "unknown word")])
def test_an_answer_says_how_it_was_taken_and_where_the_session_is(accepted, reason):
    response = fill_answer(Answer(accepted, reason, STATUS), SessionCommand.Response())
    assert (response.accepted, response.reason, response.state) == (accepted, reason, "verdict")
    assert (response.asked, response.round, response.rounds) == ("squat", 3, 5)


@pytest.mark.parametrize("reason", HoldReason)
def test_each_reason_of_the_guard_arrives(reason):
    msg = guard_to_msg(GuardState(4.5, reason is HoldReason.NONE, reason), STAMP)
    assert guard_from_msg(msg) == GuardState(4.5, reason is HoldReason.NONE, reason)
    assert msg.header.stamp == STAMP and msg.header.frame_id == "base_link"


def test_a_reason_that_nobody_knows_is_refused_with_the_valid_ones():
    with pytest.raises(InputError, match="'too_hot' is not one of: waiting_for_controller, .*, keep_out, no_scan"):
        guard_from_msg(GuardStatus(reason="too_hot"))


def test_what_is_said_tells_which_fault_it_is_about():
    saying = Saying("Push your left knee out.", "cue", fault="knees_in", side=Side.LEFT)
    msg = saying_to_msg(saying, "en", Time(sec=3))
    assert (msg.text, msg.kind, msg.language, msg.fault, msg.side) == (
        "Push your left knee out.",
        "cue",
        "en",
        "knees_in",
        "left",
    )
    assert msg.header.stamp.sec == 3


def test_a_request_arrives_with_a_stamp_for_recordings():
    request = Request(7, 4.5, Velocity(0.05, -0.25), latched=True)
    msg = request_to_msg(request, STAMP)
    assert request_from_msg(msg) == request
    assert msg.header.stamp == STAMP and msg.header.frame_id == "base_link"


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_speed_that_is_no_number_reaches_the_guard_as_such(bad):
    got = request_from_msg(request_to_msg(Request(7, 4.5, Velocity(bad, 0.0)))).velocity
    assert not got.is_finite


def test_a_speed_given_as_an_int_arrives_as_that_speed():
    assert request_from_msg(request_to_msg(Request(1, 4.5, Velocity(0, 1)))).velocity == Velocity(0.0, 1.0)


def test_a_scan_keeps_what_each_ray_says():
    rays = array("f", [-math.inf, math.inf, math.nan, 0.0, 2.0])
    scan = scan_from_msg(LaserScan(angle_increment=0.5, range_min=0.25, range_max=3.5, ranges=rays))
    assert scan.near_rad().tolist() == [0.0]
    assert [values.tolist() for values in scan.echoes()] == [[2.0], [2.0]]


@pytest.mark.parametrize(
    ("msg", "complaint"),
    [
        (LaserScan(angle_increment=0.5, range_max=3.5), "at least one ray"),
        (LaserScan(range_max=3.5, ranges=array("f", [1.0])), "an increment other than 0"),
        (LaserScan(angle_increment=0.5, range_max=math.inf, ranges=array("f", [1.0])), "need finite numbers"),
    ],
)
def test_a_scan_that_has_no_place_in_space_is_refused(msg, complaint):
    with pytest.raises(InputError, match=complaint):
        scan_from_msg(msg)


def test_a_hand_arrives_as_it_was_sent_and_nonsense_is_refused():
    hand = Hand(Skeleton(12.5, Tracking.SOMEBODY_ELSE, "hand_21"), "left", 0.75, Reason.WRONG_HAND)
    assert hand_from_msg(hand_to_msg(hand, STAMP, "eye")).side == "left"
    back = hand_from_msg(hand_to_msg(hand, STAMP, "eye"))
    assert (back.stamp_s, back.presence, back.objection, back.tracked) == (12.5, 0.75, Reason.WRONG_HAND, False)
    for field, value, complaint in (
        ("side", "both", "side of a hand"),
        ("presence", 2.0, "0 .. 1"),
        ("objection", "ugly", "wrong_hand"),
    ):
        msg = hand_to_msg(hand, STAMP, "eye")
        setattr(msg, field, value)
        with pytest.raises(InputError, match=complaint):
            hand_from_msg(msg)
