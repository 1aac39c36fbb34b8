"""Shows patient and therapist what happens, and passes on what they tap."""

from __future__ import annotations

import signal
from pathlib import Path

from rclpy.subscription import Subscription
from sensor_msgs.msg import Image
from std_msgs.msg import String

from physio_core.screen.drawing.window import Screen
from physio_core.screen.state import ScreenConfig
from physio_core.screen.therapist_page import Reaction
from physio_core.screen.view_model import ViewModel
from physio_core.screen.wording import load_words, shot_name
from physio_msgs.msg import CoachStatus, GuardStatus, Hand, SessionEvent, Skeleton, Speech
from physio_nodes.convert import event_from_msg, guard_from_msg, hand_from_msg, skeleton_from_msg, status_from_msg
from physio_nodes.diagnostics import OK, WARN, Health
from physio_nodes.images import to_frame
from physio_nodes.params import declare
from physio_nodes.qos import HISTORY, LATCHED, NEWEST, RELIABLE
from physio_nodes.rearm import Rearm
from physio_nodes.run import STEADY, main_of
from physio_nodes.shell import Shell


class ScreenNode(Shell):
    """Draws the newest of what it receives; publishes `exercise_request`, calls `robot/rearm`."""

    def __init__(self) -> None:
        super().__init__("screen")
        self._config = declare(self, ScreenConfig, self._configure)
        self._screen = Screen(self._config)
        words = self._screen.words
        self._view_model = ViewModel(words.kinds, self._config.stale_s, words.aim)
        self._drawn = 0
        self._slowest_ms = 0.0
        self._shot = ""
        self._camera: Subscription | None = None
        self._request = self.create_publisher(String, "exercise_request", RELIABLE)
        self._rearm = Rearm(self)
        self._listen()
        self._timer = self.create_timer(1.0 / self._config.fps, self._on_timer, clock=STEADY)
        self.get_logger().info(f"screen ready, {'without a display' if self._screen.headless else 'in a window'}")

    def _listen(self) -> None:
        self.create_subscription(CoachStatus, "coach/status", self._on_status, RELIABLE)
        self.create_subscription(String, "display_message", self._on_message, LATCHED)
        self.create_subscription(SessionEvent, "session/event", self._on_event, HISTORY)
        self.create_subscription(Speech, "coach/say", self._on_say, RELIABLE)
        self.create_subscription(Skeleton, "pose/skeleton", self._on_skeleton, NEWEST)
        self.create_subscription(Hand, "hand/skeleton", self._on_hand, NEWEST)
        self.create_subscription(GuardStatus, "robot/guard", self._on_guard, NEWEST)
        self._configure(self._config)

    def _configure(self, config: ScreenConfig) -> None:
        self._screen.speak(load_words(config.language, config.wording_dir, self._screen.words.catalogue))
        self._config, mirror = config, config.picture == "mirror"
        if self._camera is not None:
            self.destroy_subscription(self._camera)
        self._camera = self.create_subscription(Image, "camera/image_raw", self._on_image, NEWEST) if mirror else None

    def close(self) -> None:
        """Close the window."""
        self._screen.close()

    def _on_status(self, msg: CoachStatus) -> None:
        with self.refusing("coach status"):
            if self._view_model.update_status(status_from_msg(msg), self.now_s()):
                self._screen.to_front()

    def _on_event(self, msg: SessionEvent) -> None:
        with self.refusing("session event"):
            self._view_model.update_event(event_from_msg(msg))

    def _on_message(self, msg: String) -> None:
        self._view_model.message = msg.data

    def _on_say(self, msg: Speech) -> None:
        if msg.kind in (Speech.CUE, Speech.SAFETY):
            self._view_model.update_cue(msg.text, self.now_s(), msg.kind == Speech.SAFETY, msg.fault)

    def _on_skeleton(self, msg: Skeleton) -> None:
        with self.refusing("skeleton"):
            self._view_model.update_skeleton(skeleton_from_msg(msg), self.now_s())

    def _on_hand(self, msg: Hand) -> None:
        with self.refusing("hand"):
            self._view_model.update_hand(hand_from_msg(msg), self.now_s())

    def _on_guard(self, msg: GuardStatus) -> None:
        with self.refusing("stop guard's state"):
            guard = guard_from_msg(msg)
            self._view_model.update_guard(guard.armed, guard.reason, self.now_s())

    def _on_image(self, msg: Image) -> None:
        with self.refusing("image"):
            self._view_model.update_image(to_frame(msg).rgb, self.now_s())

    def _on_timer(self) -> None:
        for event in self._screen.events(self.now_s()):
            self._follow(self._view_model.press(event))
        self._ask(self._view_model.due(self.now_s()))
        if self._timer.is_canceled():
            return
        began_s = self.now_s()
        self._screen.show(self._view_model.state(began_s))
        self._drawn += 1
        self._slowest_ms = max(self._slowest_ms, (self.now_s() - began_s) * 1e3)
        self._keep_shot()

    def _follow(self, reaction: Reaction) -> None:
        self._ask(reaction.request)
        if reaction.rearm:
            self._rearm.ask()
        if reaction.close:
            self._timer.cancel()
            self._screen.close()
            if self._config.end_on_close:
                signal.raise_signal(signal.SIGINT)  # ends the node as Ctrl-C does, with all its clean-up

    def _ask(self, request: str) -> None:
        if request:
            self._request.publish(String(data=request))

    def _keep_shot(self) -> None:
        state = self._view_model.state(self.now_s())
        shot = shot_name(state)
        if self._config.screenshot_dir and shot != self._shot:
            self._screen.screenshot(Path(self._config.screenshot_dir, f"{self._drawn:06d}_{shot}.png"))
        self._shot = shot

    def _health(self) -> Health:
        slow = self._slowest_ms > 1e3 / self._config.fps
        counters = {"drawn": self._drawn, "slowest_ms": round(self._slowest_ms, 1), "rejected": self.rejected}
        counters |= {"headless": self._screen.headless}
        self._slowest_ms = 0.0
        return (WARN if slow else OK), "drawing too slowly" if slow else "showing", counters


main = main_of(ScreenNode)

if __name__ == "__main__":
    main()
