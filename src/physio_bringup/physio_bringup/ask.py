"""`physio ask squat`: what `ros2 topic pub` would say to the coach, for machines without the `ros2` command."""

from __future__ import annotations

import argparse

from physio_core.errors import ConfigError

HEARD_WITHIN_S = 10.0


def add_commands(commands: argparse._SubParsersAction, name: str) -> None:
    """Add `physio ask`."""
    parser = commands.add_parser(name, help="ask the running coach for exercises, or pause, resume, next, stop")
    parser.add_argument("words", nargs="+", help="exercises (several make a list), or: pause resume next stop")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Publish the request once somebody listens, and say how it was taken.

    Raises:
        ConfigError: nobody listens, or the request was refused.
    """
    from std_msgs.msg import String

    from physio_msgs.msg import SessionEvent
    from physio_nodes.listener import Listener
    from physio_nodes.qos import HISTORY

    with Listener("ask") as listener:
        events = listener.collect(SessionEvent, "session/event", HISTORY)
        try:
            request = listener.publisher(String, "exercise_request")
            request.wait_for_all_acked()
            listener.spin(0.5)
            events.clear()
            request.publish(String(data=",".join(options.words)))
            listener.wait_for(lambda: events, HEARD_WITHIN_S)
        except TimeoutError:
            raise ConfigError("no coach answers; start one with: physio launch physio_bringup coach.launch.yaml") from None
    if events[0].kind == SessionEvent.REJECTED:
        raise ConfigError(events[0].detail)
    print(f"{events[0].kind} {events[0].exercise}".strip())
    return 0
