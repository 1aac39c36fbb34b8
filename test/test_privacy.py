"""Nothing leaves the machine, and files are written only where docs/privacy.md says: held under a trace of system calls."""

from __future__ import annotations

import ctypes.util
import functools
import importlib.util
import os
import pwd
import re
import socket
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.system, pytest.mark.timeout(420)]

PAGE = Path(__file__).resolve().parents[1] / "docs" / "privacy.md"
CALLS = "connect,sendto,sendmsg,sendmmsg,setsockopt,openat,open,creat,rename,renameat,renameat2"
DISCOVERY = "239.255.0.1"
"""Fast DDS's group; who else hears it is decided by the interface it is sent on."""
SEND = re.compile(r'^(?:connect|send\w+)\(.*?sin6?_port=htons\((\d+)\).*?(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"')
INTERFACE = re.compile(r"IP_MULTICAST_IF, \[(\d+)\]")
OPENED = re.compile(r"^(?:openat|open|creat)\(.*(?:O_WRONLY|O_RDWR|O_CREAT).* = \d+<([^>]+)>$")
RENAMED = re.compile(r'^rename\w*\(.*"(/[^"]+)"(?:, \w+)?\) = 0$')
IMPORTS = """
import importlib, time
for name in ("sqlalchemy", "alembic", "mcap_ros2.writer",
             "av", "cv2", "mediapipe", "mediapipe.tasks.python.vision", "onnxruntime", "mujoco", "pygame", "rclpy", "scipy.stats",
             "matplotlib.pyplot", "torch", "lightning", "tensorboard", "openvino", "pyarrow.parquet", "ray", "yt_dlp", "optuna"):
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name.split(".")[0]:
            raise
time.sleep(1.0)
"""
RECIPE = """
name: tiny
labels: [squat, unknown]
synthetic: {frames: 48}
network: {channels: [8, 8], dilations: [1, 2], kernel: 5, pool: 8}
optimiser: {steps: 4, batch: 4, val_batches: 2}
"""
SPEECH = """
import os
from physio_core.errors import SpeechError
from physio_core.speech.engine import Engine
from physio_core.speech.player import Player
from physio_core.speech.sounds import sound
from physio_core.speech.voice import SpeechConfig
try:
    player = Player()
except SpeechError:
    os.environ["SDL_AUDIODRIVER"] = "dummy"
    player = Player()
try:
    player.play(Engine(SpeechConfig().command, 150).render("Bend your left knee.", "en"), 0.1)
except SpeechError:
    player.play(sound("end"), 0.1)
while player.busy:
    pass
"""
LABORATORY = """
set -e
physio sim render --exercise squat --seconds 1.5 --out clips
file=$(find clips -name '*.mp4')
printf 'source,label\\n%s,squat\\n' "$file" > list.csv
physio dataset build list.csv --out set --workers 1
physio action evaluate clips --workers 1
physio train tiny.yaml --out model --tensorboard
"""

RECORD = """
set -e
python -c "from physio_records.made_up import made_up_entries as made; from physio_records.store.store import Store
with Store() as store: store.write(made(sessions=2, repetitions=2))"
physio records report p01 out.html
physio records export out.json
physio records backup copy.sqlite3
{desk}
physio records purge --older-than 1d --yes
"""
DESK = """
physio records report p01 out.pdf
physio records export out.parquet
physio records export fhir.json --format fhir
"""


@dataclass
class Seen:
    """Hosts spoken to as ``host:port``, interfaces of multicast, and files opened for writing."""

    hosts: set[str]
    interfaces: set[str]
    files: set[Path]


@functools.lru_cache
def refusal() -> str:
    """Why nothing can be traced here; empty when it can."""
    try:
        done = subprocess.run(["strace", "-f", "--seccomp-bpf", "true"], capture_output=True, text=True, check=False)
    except OSError:
        return "strace is not installed; scripts/setup --dev brings it"
    return "" if done.returncode == 0 else f"strace cannot trace here: {done.stderr.strip().splitlines()[-1]}"


def trace(command: list[str], folder: Path) -> Seen:
    """Run a command in a folder, with a home of its own, and see what it does."""
    if refusal():
        pytest.skip(refusal())
    home, log = folder / "home", folder / "trace"
    for made in (home, log):
        made.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "MPLCONFIG", "ROS_LOG"))}
    done = subprocess.run(
        ["strace", "-ff", "-qq", "--seccomp-bpf", "-y", "-s", "300", "-e", f"trace={CALLS}", "-e", "signal=none", "-o", log / "t"]
        + command,
        cwd=folder,
        env=environment | {"HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seen = Seen(set(), set(), set())
    for file in log.iterdir():
        for line in file.read_text(errors="replace").splitlines():
            if found := SEND.search(line):
                seen.hosts.add(f"{found[2]}:{found[1]}")
            if found := INTERFACE.search(line):
                seen.interfaces.add(socket.inet_ntoa(struct.pack("=I", int(found[1]))))
            if found := OPENED.search(line) or RENAMED.search(line):
                seen.files.add(Path(found[1].removesuffix(" (deleted)")))
    return seen


def places() -> list[str]:
    """The places that the page names."""
    cells = re.findall(r"^\|([^|]+)\|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [place for cell in cells for place in re.findall(r"`([~/][^`]*)`", cell)]


def account() -> Path:
    """The home that the account has, whatever ``HOME`` says: some libraries look there."""
    return Path(pwd.getpwuid(os.getuid()).pw_dir)


def check(seen: Seen, folder: Path) -> None:
    """Nothing beyond this machine, nothing outside the named places and the folder the command was run in."""
    beyond = {host for host in seen.hosts if not re.match(r"(127\.|::1:|::ffff:127\.)", host) or host.endswith(":53")}
    assert {host for host in beyond if not host.startswith(DISCOVERY)} == set()
    if any(host.startswith(DISCOVERY) for host in beyond):
        assert seen.interfaces == {"127.0.0.1"}
    in_home = {file for file in seen.files if file.is_relative_to(folder / "home")}
    elsewhere = {file for file in seen.files - in_home if not file.is_relative_to(folder)}
    named = [Path(place) for place in places() if not place.startswith("~")]
    personal = [place for place in places() if place.startswith("~")]
    home = [Path(place.replace("~", str(root), 1)) for place in personal for root in (folder / "home", account())]
    assert {file for file in in_home if not any(file.is_relative_to(place) for place in home)} == set()
    assert {file for file in elsewhere if not any(file.is_relative_to(place) for place in [*named, *home])} == set()


def test_what_leaves_the_machine_would_be_seen(tmp_path: Path) -> None:
    code = (
        "import socket; from pathlib import Path; Path.home().joinpath('id').write_text('1');"
        "s = socket.socket(type=socket.SOCK_DGRAM); s.connect(('192.0.2.1', 80)); s.connect(('127.0.0.1', 53))"
    )
    seen = trace([sys.executable, "-c", code], tmp_path)
    assert seen.hosts == {"192.0.2.1:80", "127.0.0.1:53"}
    with pytest.raises(AssertionError, match="home/id"):
        check(Seen(set(), set(), seen.files), tmp_path)
    with pytest.raises(AssertionError, match=r"127\.0\.0\.1:53"):
        check(Seen(seen.hosts, set(), set()), tmp_path)


def test_importing_the_libraries_reports_to_nobody(tmp_path: Path) -> None:
    check(trace([sys.executable, "-c", IMPORTS], tmp_path), tmp_path)


def test_a_coached_round_stays_on_the_machine(tmp_path: Path) -> None:
    check(trace(["physio", "demo", "--exercises", "squat", "--personas", "able"], tmp_path), tmp_path)


def test_a_sentence_that_is_spoken_stays_on_the_machine(tmp_path: Path) -> None:
    check(trace([sys.executable, "-c", SPEECH], tmp_path), tmp_path)


def test_the_record_stays_on_the_machine(tmp_path: Path) -> None:
    desk = importlib.util.find_spec("fhir") and importlib.util.find_spec("pyarrow") and ctypes.util.find_library("pangoft2-1.0")
    script = RECORD.format(desk=DESK if desk else "")
    seen = trace(["bash", "-c", script], tmp_path)
    check(seen, tmp_path)
    assert tmp_path / "home/.local/share/physio/records.sqlite3" in seen.files


def test_the_laboratory_stays_on_the_machine(tmp_path: Path) -> None:
    for name in ("lightning", "pyarrow", "onnx"):
        pytest.importorskip(name, reason="the laboratory's libraries come with scripts/setup --training")
    (tmp_path / "tiny.yaml").write_text(RECIPE)
    check(trace(["bash", "-c", LABORATORY], tmp_path), tmp_path)
