"""The voice speaks what the coach says, says once why it cannot, and lives on either way."""

from __future__ import annotations

import sys

import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rcl_interfaces.srv import SetParameters
from rclpy.parameter import Parameter

from physio_msgs.msg import Speech
from physio_nodes.qos import DIAGNOSTICS, RELIABLE


@pytest.fixture
def program(tmp_path):
    """A program that speaks by writing down what it is given; gives its command and its notes."""
    script, notes = tmp_path / "speak.py", tmp_path / "notes"
    script.write_text(
        f"import io, pathlib, sys, wave\n"
        f"with pathlib.Path({str(notes)!r}).open('a') as out: out.write(sys.argv[1] + ': ' + sys.stdin.read() + '\\n')\n"
        "data = io.BytesIO()\n"
        "with wave.open(data, 'wb') as file: file.setparams((1, 2, 22050, 0, 'NONE', '')); file.writeframes(bytes(200))\n"
        "sys.stdout.buffer.write(data.getvalue())\n"
    )
    return f"{sys.executable} {script} {{language}}", notes


def test_what_the_coach_says_is_spoken_in_its_language(start, listener, program):
    command, notes = program
    node = start("voice_node", parameters={"command": command}, environment={"SDL_AUDIODRIVER": "dummy"})
    say = listener.node.create_publisher(Speech, "coach/say", RELIABLE)
    listener.wait_for(lambda: say.get_subscription_count() == 1, what="a voice")
    say.publish(Speech(kind=Speech.CUE, text="Beugen Sie die Knie.", language="de", sound=Speech.RIGHT))
    listener.wait_for(lambda: notes.exists() and "de: Beugen Sie die Knie." in notes.read_text(), what="the words")
    assert node.running


def test_without_a_sound_device_it_says_so_once_and_in_diagnostics_and_goes_on(start, listener):
    reports = listener.collect(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
    node = start("voice_node", environment={"SDL_AUDIODRIVER": "none_such"})
    node.wait_for_line("no sound device can be opened")
    say = listener.node.create_publisher(Speech, "coach/say", RELIABLE)
    listener.wait_for(lambda: say.get_subscription_count() == 1, what="a voice")
    say.publish(Speech(kind=Speech.SAFETY, text="Stop.", language="en"))
    client = listener.node.create_client(SetParameters, "/voice/set_parameters")
    listener.wait_for(client.service_is_ready, what="the voice's parameters")
    answer = client.call_async(SetParameters.Request(parameters=[Parameter("volume", value=0.5).to_parameter_msg()]))
    listener.wait_for(answer.done, what="an answer")
    assert answer.result().results[0].successful
    listener.wait_for(lambda: reports, what="diagnostics")
    status = reports[-1].status[0]
    assert (status.level, status.message.split(":")[0]) == (DiagnosticStatus.WARN, "no sound device can be opened")
    assert node.output.count("no sound device") == 1


def test_a_language_without_texts_is_refused(start):
    node = start("voice_node", parameters={"language": "xx"}, environment={"SDL_AUDIODRIVER": "dummy"})
    assert node.wait_exit() == 2
    assert "no wording in language 'xx'" in node.output
