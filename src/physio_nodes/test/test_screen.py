"""The screen as a real process: what it draws, what it says when tapped, and how it ends."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from diagnostic_msgs.msg import DiagnosticArray
from std_msgs.msg import String
from std_srvs.srv import Trigger

from physio_msgs.msg import CoachStatus, GuardStatus, Skeleton
from physio_nodes.qos import DIAGNOSTICS, LATCHED, NEWEST_OUT

HEADLESS = {"SDL_VIDEODRIVER": "dummy"}

# The node itself, with a finger: each line on stdin is a key's name, `click x y` or `close`.
WITH_A_FINGER = """
import sys, threading, time, pygame
from physio_core.screen.drawing.window import Screen
from physio_core.screen.input_handler import DEAD_S
from physio_nodes.screen_node import main

drawn = threading.Semaphore(0)
show = Screen.show

def show_and_tell(screen, state):
    show(screen, state)
    drawn.release()

Screen.show = show_and_tell

def act():
    for line in sys.stdin:
        word, *place = line.split()
        if word == "click":
            pos = (int(place[0]), int(place[1]))
            event = pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=pos)
            stood = time.monotonic() + DEAD_S
            while time.monotonic() < stood:  # a button answers once it has stood there for a while
                drawn.acquire()
            pygame.event.post(event)
            event = pygame.event.Event(pygame.MOUSEBUTTONUP, button=1, pos=pos)
        elif word == "close":
            event = pygame.event.Event(pygame.QUIT)
        else:
            event = pygame.event.Event(pygame.KEYDOWN, key=pygame.key.key_code(word))
        while drawn.acquire(blocking=False):
            pass
        drawn.acquire()
        pygame.event.post(event)
        drawn.acquire()
        drawn.acquire()  # the next tap meets the page that this one opened

threading.Thread(target=act, daemon=True).start()
main()
"""


class Finger:
    """The screen's process, to be tapped."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", WITH_A_FINGER], env={**os.environ, **HEADLESS}, stdin=subprocess.PIPE, text=True
        )

    def does(self, action: str) -> None:
        self._process.stdin.write(action + "\n")
        self._process.stdin.flush()

    def exit_code(self) -> int:
        return self._process.wait(30)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()


@pytest.fixture
def finger(listener):
    made = Finger()
    listener.publisher(CoachStatus, "coach/status")
    yield made
    made.end()


@pytest.fixture
def requests(finger, listener):
    """What the screen asks for; by now it has a subscriber."""
    heard = listener.collect(String, "exercise_request")

    def stopped() -> bool:
        finger.does("s")
        listener.spin(1.0)
        return bool(heard)

    listener.wait_for(stopped, what="stop")
    assert {msg.data for msg in heard} == {"stop"}
    heard.clear()
    return heard


def watching(**fields) -> CoachStatus:
    return CoachStatus(state="watch", asked="squat", round=1, verdict="unsure", reason="not_seen", input_age_s=0.1, **fields)


def test_each_change_of_state_leaves_a_picture_where_that_is_wanted(start, listener, tmp_path):
    start("screen_node", parameters={"screenshot_dir": str(tmp_path)}, environment=HEADLESS)
    coach = listener.publisher(CoachStatus, "coach/status")

    def kept(word: str) -> list[Path]:
        return list(tmp_path.glob(f"*_{word}.png"))

    listener.wait_for(lambda: kept("no_coach"), what="a picture without a coach")
    for msg, word in (
        (watching(), "watch"),
        (CoachStatus(state="verdict", asked="squat", seen="squat", verdict="right", round=1, input_age_s=0.1), "right"),
        (CoachStatus(state="finished", input_age_s=math.inf), "finished"),
    ):

        def shown(msg=msg, word=word):
            coach.publish(msg)
            return kept(word)

        listener.wait_for(shown, what=f"a picture of {word}")
    assert len({path.read_bytes() for path in tmp_path.iterdir()}) == len(list(tmp_path.iterdir()))


def test_by_default_no_picture_is_kept_and_no_camera_is_read(start, listener, tmp_path):
    node = start("screen_node", environment={**HEADLESS, "HOME": str(tmp_path)})
    node.wait_for_line("screen ready")
    listener.publisher(CoachStatus, "coach/status").publish(watching())
    listener.spin(0.5)
    assert listener.node.count_subscribers("camera/image_raw") == 0
    assert not list(tmp_path.rglob("*.png"))


def test_the_mirror_reads_the_camera(start, listener):
    start("screen_node", parameters={"picture": "mirror"}, environment=HEADLESS)
    listener.wait_for(lambda: listener.node.count_subscribers("camera/image_raw") == 1, what="a reader of the camera")


def test_what_cannot_be_right_is_counted_and_survived(start, listener):
    start("screen_node", environment=HEADLESS)
    health = listener.collect(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
    skeletons = listener.publisher(Skeleton, "pose/skeleton", NEWEST_OUT)
    coach = listener.publisher(CoachStatus, "coach/status")
    broken = Skeleton(layout="openpose_18", x=[math.nan] * 18, y=[0.5] * 18, z=[0.0] * 18, confidence=[1.0] * 18)
    short = Skeleton(layout="openpose_18", x=[0.5])

    def rejected() -> bool:
        skeletons.publish(broken)
        skeletons.publish(short)
        coach.publish(CoachStatus(state="no such state"))
        counts = [{value.key: value.value for value in msg.status[0].values} for msg in health]
        return any(int(count["rejected"]) >= 3 for count in counts)

    listener.wait_for(rejected, what="three rejections")


def test_keys_become_requests(finger, listener, requests):
    for key, words in (("s", "stop"), ("n", "next"), ("space", "pause")):

        def heard(words=words):
            return any(msg.data == words for msg in requests)

        finger.does(key)
        listener.wait_for(heard, what=words)


def test_pain_that_is_typed_becomes_a_request_once_it_can_no_longer_be_undone(finger, listener, requests):
    coach = listener.publisher(CoachStatus, "coach/status")
    listener.wait_for(lambda: coach.get_subscription_count() == 1)
    coach.publish(watching())
    listener.spin(0.2)  # a page of a running session is drawn
    finger.does("p")
    finger.does("7")
    listener.wait_for(lambda: requests, what="pain")
    assert {msg.data for msg in requests} == {"pain 7"}


def test_the_therapist_taps_a_list(finger, listener):
    requests = listener.collect(String, "exercise_request")
    listener.wait_for(lambda: listener.node.count_publishers("exercise_request") == 1)
    for action in ("t", "click 180 200", "click 500 200", "click 920 550"):
        finger.does(action)
    listener.wait_for(lambda: requests, what="a request")
    assert requests[0].data == "deadlift,elbow_flexion"


def test_the_therapist_releases_the_robot(finger, listener):
    called = []

    def rearm(_request, response):
        called.append(True)
        response.success, response.message = True, "armed"
        return response

    listener.node.create_service(Trigger, "robot/rearm", rearm)
    guard = listener.publisher(GuardStatus, "robot/guard", NEWEST_OUT)
    finger.does("t")

    def tapped():
        guard.publish(GuardStatus(armed=False, reason="controller_lost"))
        finger.does("click 900 145")
        return called

    listener.wait_for(tapped, what="a call of robot/rearm")


def test_closing_the_window_ends_the_node_without_an_error(finger):
    finger.does("close")
    assert finger.exit_code() == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_without_an_error(start, number):
    node = start("screen_node", environment=HEADLESS)
    node.wait_for_line("screen ready")
    assert node.stop(number) == 0


def test_a_language_without_texts_is_refused_in_one_line(start):
    node = start("screen_node", parameters={"language": "xx"}, environment=HEADLESS)
    assert node.wait_exit() == 2
    assert "no wording in language 'xx'" in node.output
    assert "Traceback" not in node.output


def test_what_the_coach_says_is_shown(start, listener, tmp_path):
    """The sentence is on the picture: two sentences give two pictures."""
    node = start("screen_node", parameters={"screenshot_dir": str(tmp_path)}, environment=HEADLESS)
    node.wait_for_line("screen ready")
    coach, said = listener.publisher(CoachStatus, "coach/status"), listener.publisher(String, "display_message", LATCHED)
    for sentence, state in (("First.", "paused"), ("Second.", "idle"), ("Third.", "paused")):
        said.publish(String(data=sentence))
        listener.spin(0.2)
        before = len(list(tmp_path.glob(f"*_{state}.png")))

        def more(state=state, before=before):
            coach.publish(CoachStatus(state=state, input_age_s=0.1))
            return len(list(tmp_path.glob(f"*_{state}.png"))) > before

        listener.wait_for(more, what=state)
    first, third = sorted(tmp_path.glob("*_paused.png"))
    assert first.read_bytes() != third.read_bytes()
