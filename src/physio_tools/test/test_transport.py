"""Raw images arrive, nothing listens outside this machine, and the self-test notices when that is not so."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from physio_tools.transport_check import exposed_sockets

PROFILE = "FASTRTPS_DEFAULT_PROFILES_FILE"


def self_test(**environment):
    command = [sys.executable, "-m", "physio_tools.transport_check", "--seconds", "1"]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(PROFILE not in os.environ, reason="source scripts/env first: it names the Fast DDS profile")
def test_images_arrive_and_nothing_is_open_to_the_network():
    done = self_test()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "open to the network: nothing" in done.stdout


def test_without_the_profile_the_self_test_fails_loudly():
    done = self_test(**{PROFILE: "", "FASTDDS_DEFAULT_PROFILES_FILE": ""})
    assert done.returncode == 1
    assert "0.0.0.0" in done.stdout
    assert "source scripts/env" in done.stderr


def test_a_socket_on_every_card_is_seen_and_one_on_loopback_is_not():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as everywhere, socket.socket() as here:
        everywhere.bind(("0.0.0.0", 0))
        here.bind(("127.0.0.1", 0))
        here.listen()
        assert exposed_sockets(os.getpid()) == [f"udp 0.0.0.0:{everywhere.getsockname()[1]}"]
