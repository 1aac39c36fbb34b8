"""The README's `ros2` commands arrive, also on a busy machine: what ros2cli 0.32 does, played in processes of their own.

``PHYSIO_DELIVERIES`` sets how often each is sent.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from std_msgs.msg import String

TIMES = int(os.environ.get("PHYSIO_DELIVERIES", "1"))
KEEP_ALIVE_S = 3.0

# As `ros2 topic pub --once --keep-alive N` does: half a second of discovery, one publisher, wait for one subscriber in steps of
# 0.1 s, publish, linger. And as `ros2 service call` does: wait for the service, call, wait for the answer.
PUBLISH = """
import sys, time, rclpy
from std_msgs.msg import String
rclpy.init()
node = rclpy.create_node("_ros2cli", start_parameter_services=False)
begun_s = time.monotonic()
while time.monotonic() - begun_s < 0.5:
    rclpy.spin_once(node, timeout_sec=0.1)
publisher = node.create_publisher(String, "/exercise_request", 10)
while publisher.get_subscription_count() < 1:
    time.sleep(0.1)
publisher.publish(String(data=sys.argv[1]))
time.sleep(float(sys.argv[2]))
node.destroy_node()
rclpy.try_shutdown()
"""
CALL = """
import sys, rclpy
from physio_msgs.srv import SessionCommand
rclpy.init()
node = rclpy.create_node("_ros2cli_requester")
client = node.create_client(SessionCommand, "/coach/command")
client.wait_for_service()
answer = client.call_async(SessionCommand.Request(text=sys.argv[1]))
rclpy.spin_until_future_complete(node, answer)
print(answer.result().accepted, answer.result().asked)
"""


def burn() -> None:
    """One core's worth of work."""
    while True:
        sum(range(10_000))


@pytest.fixture
def busy() -> Iterator[None]:
    """A machine with as much work as it has cores, and one more."""
    burners = [multiprocessing.get_context("spawn").Process(target=burn, daemon=True) for _ in range((os.cpu_count() or 1) + 1)]
    for burner in burners:
        burner.start()
    yield
    for burner in burners:
        burner.kill()
        burner.join()


@pytest.fixture
def asked(start, listener) -> list[String]:
    """What a running coach asks for."""
    heard = listener.collect(String, "action_class")
    start("coach_node", parameters={"mode": "request"})
    listener.wait_for(lambda: listener.node.count_subscribers("exercise_request"), what="the coach")
    return heard


@pytest.mark.timeout(60 + 40 * TIMES)
def test_what_is_published_once_arrives_and_what_is_called_is_answered(busy, asked, listener):
    for number in range(1, TIMES + 1):
        with subprocess.Popen([sys.executable, "-c", PUBLISH, "squat", str(KEEP_ALIVE_S)]) as tool:
            listener.wait_for(lambda number=number: len(asked) == 2 * number - 1, what=f"request {number}")
            tool.kill()
        done = subprocess.run([sys.executable, "-c", CALL, "lunge"], capture_output=True, text=True, check=False, timeout=30)
        assert done.stdout == "True lunge\n", done.stderr
        listener.wait_for(lambda number=number: len(asked) == 2 * number, what=f"call {number}")
    assert [msg.data for msg in asked] == ["squat", "lunge"] * TIMES
