"""What a watch over a running coach makes of its topics: rounds, latencies, lost images, and whether the base stands."""

from __future__ import annotations

import math

import pytest
from builtin_interfaces.msg import Time
from nav_msgs.msg import Odometry
from sensor_msgs.msg import CameraInfo
from std_srvs.srv import Trigger

from physio_msgs.msg import ActionPrediction, GuardStatus, SessionEvent, SimTruth
from physio_nodes.qos import HISTORY, RELIABLE, SENSOR_OUT
from physio_nodes.stamps import to_stamp
from physio_tools.watch import Watch

TOPICS = {
    SessionEvent: ("session/event", HISTORY),
    SimTruth: ("sim/truth", SENSOR_OUT),
    Odometry: ("odom", SENSOR_OUT),
    GuardStatus: ("robot/guard", SENSOR_OUT),
    CameraInfo: ("camera/camera_info", SENSOR_OUT),
    ActionPrediction: ("stgcn_prediction", RELIABLE),
}


class Coach:
    """A coach that says what a test wants, and someone who watches it."""

    def __init__(self, listener) -> None:
        self.events: list[SessionEvent] = []
        self.watch = Watch(self.events.append)
        self.node = listener.node
        self._publishers = {kind: listener.publisher(kind, *topic) for kind, topic in TOPICS.items()}

    def say(self, msg, heard) -> None:
        """Publish, and wait until the watch has heard of it; what no late joiner is told of is said again until then."""
        once = TOPICS[type(msg)][1] is HISTORY
        for attempt in range(50):
            if attempt == 0 or not once:
                self._publishers[type(msg)].publish(msg)
            if self.watch.until(heard, 0.2) is not None:
                return
        raise AssertionError(f"the watch did not hear {msg}")

    def judges(self, exercise: str, **more: object) -> None:
        before = len(self.watch.rounds)
        event = SessionEvent(kind=SessionEvent.VERDICT, exercise=exercise, seen="lunge", verdict="wrong", attempt=2, **more)
        self.say(event, lambda: len(self.watch.rounds) > before)

    def moves(self, linear_m_s: float = 0.0, angular_rad_s: float = 0.0, x_m: float = 0.0, heading_rad: float = 0.0) -> None:
        msg = Odometry()
        msg.twist.twist.linear.x, msg.twist.twist.angular.z = linear_m_s, angular_rad_s
        msg.pose.pose.position.x = x_m
        msg.pose.pose.orientation.z, msg.pose.pose.orientation.w = math.sin(heading_rad / 2), math.cos(heading_rad / 2)
        msg.child_frame_id = f"{linear_m_s} {angular_rad_s} {x_m} {heading_rad}"
        self.say(msg, lambda: self.watch._odom is not None and self.watch._odom.child_frame_id == msg.child_frame_id)


@pytest.fixture
def coach(listener):
    made = Coach(listener)
    yield made
    made.watch.close()


def test_a_verdict_becomes_a_round_with_what_the_simulation_knows_of_that_exercise(coach):
    coach.say(SimTruth(asked="squat", persona="slow", exercise="lunge", repetition=3), lambda: coach.watch._truth.persona)
    coach.judges("squat", confidence=0.87654, wait_s=7.126, latency_ms=31.26)
    (judged,) = coach.watch.rounds
    assert (judged.asked, judged.seen, judged.verdict, judged.attempt) == ("squat", "lunge", "wrong", 2)
    assert (judged.persona, judged.done, judged.repetitions) == ("slow", "lunge", 3)
    assert (judged.confidence, judged.wait_s, judged.latency_ms) == (0.877, 7.13, 31.3)
    assert [event.kind for event in coach.events] == ["verdict"]


def test_what_the_simulation_does_not_know_is_left_open(coach):
    coach.judges("squat")
    assert (coach.watch.rounds[0].persona, coach.watch.rounds[0].done, coach.watch.rounds[0].repetitions) == ("", "", None)
    coach.say(SimTruth(asked="plank", persona="slow"), lambda: coach.watch._truth.persona)
    coach.judges("squat")
    assert coach.watch.rounds[1].persona == ""


def test_the_end_of_the_list_is_noticed_and_other_events_are_no_rounds(coach):
    for kind in (SessionEvent.ASKED, SessionEvent.PAUSED):
        coach.say(SessionEvent(kind=kind), lambda kind=kind: coach.events and coach.events[-1].kind == kind)
    assert not coach.watch.finished and not coach.watch.rounds
    coach.say(SessionEvent(kind=SessionEvent.FINISHED), lambda: coach.watch.finished)


def test_images_without_a_prediction_between_the_first_and_the_last_are_lost(coach):
    watch = coach.watch
    assert (watch.frames, watch.frames_dropped, math.isnan(watch.latency_ms(50))) == (0, 0, True)
    for taken_s in (10.0, 11.0, 12.0, 13.0, 14.0, 15.0):
        info = CameraInfo()
        info.header.stamp = to_stamp(taken_s)
        coach.say(info, lambda taken_s=taken_s: taken_s in watch._camera_stamps)
    for taken_s in (11.0, 13.0, 14.0):
        prediction = ActionPrediction()
        prediction.header.stamp = to_stamp(taken_s)
        coach.say(prediction, lambda taken_s=taken_s: taken_s in watch._seen_stamps)
    assert (watch.frames, watch.frames_dropped) == (4, 1)
    watch.forget()
    assert (watch.frames, watch.latencies_ms) == (0, [])


def test_latency_is_from_the_stamp_of_the_image_to_its_prediction(coach):
    prediction = ActionPrediction()
    prediction.header.stamp = to_stamp(coach.node.get_clock().now().nanoseconds * 1e-9 - 2.0)
    coach.say(prediction, lambda: coach.watch.latencies_ms)
    assert 2000.0 <= coach.watch.latency_ms(50) < 12_000.0


@pytest.mark.parametrize(
    ("linear_m_s", "angular_rad_s", "rest"),
    [
        (0.0, 0.0, True),
        (0.004, 0.019, True),
        (0.006, 0.0, False),
        (-0.006, 0.0, False),
        (0.0, 0.021, False),
        (0.0, -0.021, False),
    ],
)
def test_a_base_stands_when_it_neither_drives_nor_turns(coach, linear_m_s, angular_rad_s, rest):
    assert coach.watch.at_rest is None, "without odometry nobody knows"
    coach.moves(linear_m_s, angular_rad_s)
    assert coach.watch.at_rest is rest
    assert bool(coach.watch.moved_s) is not rest


def test_how_far_the_base_came_is_kept(coach):
    coach.moves(x_m=-0.3, heading_rad=0.2)
    coach.moves(x_m=0.1, heading_rad=-0.4)
    coach.moves()
    assert (coach.watch.farthest_m, coach.watch.farthest_rad) == (pytest.approx(0.3), pytest.approx(0.4))


def test_why_the_base_is_held_is_known_until_it_is_armed(coach):
    coach.say(GuardStatus(armed=False, reason="guard_restarted"), lambda: coach.watch.held_because == "guard_restarted")
    coach.say(GuardStatus(armed=True, reason="keep_out"), lambda: coach.watch.held_because == "")


def test_waiting_gives_up_and_says_so(coach):
    assert coach.watch.until(lambda: False, 0.05) is None
    assert coach.watch.until(lambda: True, 0.05) == pytest.approx(0.0, abs=0.05)


def test_a_service_is_asked_until_its_answer_is_good(coach):
    answers = iter([False, True])

    def serve(_request, response):
        response.success = next(answers)
        return response

    coach.watch._listener.node.create_service(Trigger, "robot/rearm", serve)
    good = coach.watch.ask(Trigger, "robot/rearm", Trigger.Request(), lambda answer: answer.success, 10.0)
    assert good and next(answers, "all used") == "all used"
    assert not coach.watch.ask(Trigger, "robot/nobody", Trigger.Request(), lambda answer: answer.success, 0.1)


def test_a_stamp_of_zero_is_a_time_like_any_other(coach):
    coach.say(CameraInfo(), lambda: 0.0 in coach.watch._camera_stamps)
    assert CameraInfo().header.stamp == Time()
