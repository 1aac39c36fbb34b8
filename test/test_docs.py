"""Programs that the documents print run as they are printed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from std_msgs.msg import String

from physio_nodes.qos import LATCHED

ROOT = Path(__file__).resolve().parents[1]


def test_the_voice_in_the_docs_reads_aloud_what_the_patient_is_told(tmp_path, listener):
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/scope.md").read_text(), re.DOTALL)
    spoken, voice = tmp_path / "spoken", tmp_path / "espeak-ng"
    voice.write_text(f'#!/bin/sh\necho "$*" >> {spoken}\n')
    voice.chmod(0o755)
    told = listener.node.create_publisher(String, "display_message", LATCHED)
    told.publish(String(data="Your turn in a moment."))
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    with subprocess.Popen([sys.executable, "-c", program, "en"], env=environment) as running:
        listener.wait_for(lambda: spoken.exists() and spoken.read_text() == "-v en Your turn in a moment.\n", what="a voice")
        running.kill()
