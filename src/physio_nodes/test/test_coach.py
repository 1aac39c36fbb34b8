"""The coach as a real process: from a request to a verdict on topics, and an answer to every request."""

from __future__ import annotations

import pytest
from action_msgs.msg import GoalStatus
from rclpy.action import ActionClient
from std_msgs.msg import String, UInt32

from physio_core.skeleton.layouts import OPENPOSE_18
from physio_msgs.action import PerformExercise
from physio_msgs.msg import ActionPrediction, CoachStatus, SessionEvent, Skeleton, Speech
from physio_msgs.srv import SessionCommand
from physio_nodes.qos import HISTORY, LATCHED, RELIABLE

JOINTS = OPENPOSE_18.joints
QUICK = {
    "mode": "request", "show_s": 0.2, "ready_s": 0.1, "getting_ready_s": 0.0, "right_s": 0.5, "wrong_s": 0.5, "watch_s": 5.0,
    "repetitions": 0,
}  # fmt: skip


@pytest.fixture
def session(start, listener):
    """A quick coach, with what it publishes and a way to be seen."""
    start("coach_node", parameters=QUICK)
    return Session(listener)


@pytest.fixture
def perform(session):
    """Send a goal; its handle, and the feedback that it collects."""
    client = ActionClient(session.listener.node, PerformExercise, "coach/perform")

    def send(**goal):
        feedback = []
        session.listener.wait_for(client.server_is_ready, what="the action")
        sent = client.send_goal_async(PerformExercise.Goal(**goal), feedback_callback=feedback.append)
        session.listener.wait_for(sent.done, what="an answer")
        return sent.result(), feedback

    yield send
    client.destroy()


class Session:
    """What a therapist's terminal and a camera would see and send."""

    def __init__(self, listener) -> None:
        self.listener = listener
        self.asked = listener.collect(String, "action_class", LATCHED)
        self.said = listener.collect(String, "display_message", LATCHED)
        self.aloud = listener.collect(Speech, "coach/say", RELIABLE)
        self.status = listener.collect(CoachStatus, "coach/status", RELIABLE)
        self.events = listener.collect(SessionEvent, "session/event", HISTORY)
        self.request = listener.publisher(String, "exercise_request")
        self.command = listener.node.create_client(SessionCommand, "coach/command")
        self.prediction = listener.publisher(ActionPrediction, "stgcn_prediction")
        self.skeleton = listener.publisher(Skeleton, "pose/skeleton")

    def ask(self, words: str) -> None:
        self.request.publish(String(data=words))

    def say(self, words: str) -> SessionCommand.Response:
        self.listener.wait_for(self.command.service_is_ready, what="the service")
        answer = self.command.call_async(SessionCommand.Request(text=words))
        self.listener.wait_for(answer.done, what="an answer")
        return answer.result()

    def show(self, label: str, confidence: float = 0.9, hidden: tuple[str, ...] = ()) -> None:
        msg = ActionPrediction(label=label, confidence=confidence)
        msg.header.stamp = self.listener.node.get_clock().now().to_msg()
        middle = [0.5] * len(JOINTS)
        there = [0.0 if joint in hidden else 0.9 for joint in JOINTS]
        self.skeleton.publish(
            Skeleton(header=msg.header, layout="openpose_18", x=middle, y=middle, z=middle, confidence=there, body_id="body_1")
        )
        self.prediction.publish(msg)
        self.listener.spin(0.03)

    def event(self, kind: str) -> SessionEvent:
        def find():
            return next((event for event in self.events if event.kind == kind), None)

        return self.listener.wait_for(find, what=f"event {kind}")

    def judged_while_showing(self, label: str, confidence: float = 0.9) -> SessionEvent:
        def find():
            self.show(label, confidence)
            return next((event for event in self.events if event.kind == SessionEvent.VERDICT), None)

        return self.listener.wait_for(find, what="a verdict")


@pytest.mark.parametrize(("shown", "verdict"), [("squat", "right"), ("lunge", "wrong")])
def test_a_request_is_asked_shown_and_judged(session, shown, verdict):
    session.ask("squat")
    event = session.judged_while_showing(shown)
    assert (event.exercise, event.seen, event.verdict) == ("squat", shown, verdict)
    assert session.asked[-1].data == "squat"
    assert any("Squat" in message.data for message in session.said)
    assert 0.0 < event.latency_ms < 5000.0


def test_what_is_told_is_said_aloud_too_in_the_language_of_the_coach(session):
    session.listener.wait_for(lambda: session.listener.node.count_publishers("coach/say") == 1, what="a coach that speaks")
    session.ask("squat")
    session.listener.wait_for(lambda: session.aloud, what="something said aloud")
    first = session.aloud[0]
    assert (first.kind, first.language) == (Speech.SENTENCE, "en")
    assert first.text.startswith("Squat: ") and first.text in [message.data for message in session.said]


def test_the_record_says_which_session_of_the_patient_it_is(start, listener):
    coach = start("coach_node", parameters=QUICK)
    listener.node.create_publisher(UInt32, "session/number", LATCHED).publish(UInt32(data=4))
    coach.wait_for_line("session 4 of this patient")


def test_what_a_squat_needs_and_the_camera_does_not_show_is_named_and_nothing_is_judged(session):
    session.ask("squat")
    feet = ("left_ankle", "right_ankle")

    def named():
        session.show("squat", hidden=feet)
        return next((status for status in session.status if list(status.missing) == ["ankle"]), None)

    status = session.listener.wait_for(named, what="what is missing")
    assert (status.reason, status.progress) == ("out_of_frame", 0.0)
    assert session.said[-1].data == "Show me your feet."
    assert session.judged_while_showing("squat").verdict == "right"


def test_an_unknown_exercise_is_refused_and_nothing_is_asked(session):
    session.ask("headstand")
    assert "headstand" in session.event(SessionEvent.REJECTED).detail
    assert not [message for message in session.asked if message.data]


def test_pause_and_stop_reach_the_coach(session):
    session.ask("squat")
    session.event(SessionEvent.ASKED)
    for words, state in (("pause", "paused"), ("stop", "stopped")):
        session.ask(words)
        session.listener.wait_for(lambda state=state: session.status and session.status[-1].state == state, what=state)
    assert session.asked[-1].data == ""


def test_a_prediction_that_is_no_number_is_counted_not_believed(session):
    session.ask("squat")
    session.listener.wait_for(lambda: session.status and session.status[-1].state == "watch", what="watching")
    for _ in range(20):
        session.show("squat", float("nan"))
    assert session.judged_while_showing("squat").verdict == "right"


def test_every_command_is_answered_with_what_came_of_it_and_the_topic_has_one_subscriber(session):
    answers = [(said.accepted, said.state) for said in map(session.say, ("stop", "squat,lunge", "pause", "resume", "next"))]
    assert answers == [(True, state) for state in ("stopped", "show", "paused", "show", "show")]
    refused = session.say("bogus")
    assert not refused.accepted
    assert "unknown word 'bogus'; say one of: deadlift" in refused.reason
    assert (refused.asked, refused.round, refused.rounds) == ("lunge", 2, 2)
    assert session.listener.node.count_subscribers("exercise_request") == 1


def test_a_status_without_an_image_behind_it_has_a_stamp_too(session):
    session.listener.wait_for(lambda: session.status, what="a status")
    assert abs(session.status[-1].header.stamp.sec - session.listener.node.get_clock().now().to_msg().sec) < 5


def test_a_language_without_texts_is_refused_in_one_line(start):
    node = start("coach_node", parameters={"language": "xx"})
    assert node.wait_exit() == 2
    assert node.output.count("\n") == 0 and "no wording in language 'xx'" in node.output


def test_a_second_coach_in_the_same_place_is_named_and_refused_and_the_first_goes_on(start, session):
    session.say("squat")
    second = start("coach_node", parameters=QUICK)
    assert second.wait_exit() == 2
    assert "another coach runs already (process" in second.output
    assert session.say("lunge").asked == "lunge"


def test_two_coaches_in_two_namespaces_do_not_disturb_each_other(start, session):
    other = start("coach_node", parameters=QUICK, ros_arguments=["-r", "__ns:=/ward7"])
    there = session.listener.node.create_client(SessionCommand, "/ward7/coach/command")
    session.listener.wait_for(there.service_is_ready, what="the other coach")
    assert session.say("squat").asked == "squat"
    answer = there.call_async(SessionCommand.Request(text="stop"))
    session.listener.wait_for(answer.done, what="its answer")
    assert other.running
    assert answer.result().state == "stopped"


def test_a_program_lets_one_exercise_be_done_and_follows_it_to_its_end(session, perform):
    goal, feedback = perform(exercise="squat")
    assert goal.accepted
    assert not perform(exercise="lunge")[0].accepted
    result = goal.get_result_async()
    session.judged_while_showing("squat")
    session.say("next")
    session.listener.wait_for(result.done, what="the result")
    assert (result.result().result.outcome, result.result().result.verdict) == ("over", "right")
    assert {"show", "watch"} <= {one.feedback.state for one in feedback}


def test_a_goal_that_cannot_be_asked_for_is_refused_with_the_reason(session, perform):
    goal, _ = perform(exercise="headstand")
    result = goal.get_result_async()
    session.listener.wait_for(result.done, what="the result")
    assert result.result().result.outcome == "refused"
    assert "headstand" in result.result().result.reason


def test_a_goal_that_is_cancelled_stops_the_session(session, perform):
    goal, _ = perform(exercise="squat")
    session.event(SessionEvent.ASKED)
    cancelled, result = goal.cancel_goal_async(), goal.get_result_async()
    session.listener.wait_for(result.done, what="the result")
    assert cancelled.result().goals_canceling and result.result().status == GoalStatus.STATUS_CANCELED
    assert result.result().result.outcome == "stopped"
    assert session.event(SessionEvent.STOPPED)


def test_a_goal_gives_way_to_what_somebody_else_asks_for(session, perform):
    goal, _ = perform(exercise="squat")
    session.event(SessionEvent.ASKED)
    result = goal.get_result_async()
    session.say("lunge")
    session.listener.wait_for(result.done, what="the result")
    assert result.result().result.outcome == "replaced"


def test_pain_is_told_by_the_same_words_and_stops_the_session(session):
    session.ask("squat")
    session.event(SessionEvent.ASKED)
    assert not session.say("pain 11").accepted
    assert session.say("pain 9").state == "stopped"
    assert session.event(SessionEvent.PAIN).value == 9
    assert "therapist" in session.event(SessionEvent.STOPPED).detail
