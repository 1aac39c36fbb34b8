"""The `physio` process: quiet at Ctrl-C, readable on any terminal, working on when nobody reads, one line per failure."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

WAIT_S = 60.0


def physio(tmp_path: Path, body: str, *, environment: dict[str, str] | None = None, **streams: object) -> subprocess.Popen[str]:
    """The `physio` process with one command `try`, whose body is given."""
    info = tmp_path / "tried-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: tried\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[physio.commands]\ntry = tried:add_commands\n")
    (tmp_path / "tried.py").write_text(
        "import sys, time\ndef run(options):\n" + "".join(f"    {line}\n" for line in body.splitlines()) +
        "def add_commands(commands, name):\n    commands.add_parser(name, help='tries').set_defaults(run=run)\n"
    )  # fmt: skip
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from physio_core.start import main; sys.exit(main())"
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.Popen([sys.executable, "-c", code, "try"], text=True, env={**os.environ, **(environment or {})}, **streams)


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-8"])
def test_signs_that_a_terminal_lacks_are_written_in_ascii(tmp_path, encoding):
    body = "from rich.console import Console\nConsole().print('✓ – é 💪 f\\udcfc.mp4')"
    out, _ = physio(tmp_path, body, environment={"PYTHONIOENCODING": encoding}, encoding=encoding).communicate(timeout=WAIT_S)
    expected = {"latin-1": r"+ - é ? f\xfc.mp4", "ascii": r"+ - e ? f\xfc.mp4", "utf-8": r"✓ – é 💪 f\xfc.mp4"}
    assert out.strip() == expected[encoding]


def test_a_reader_that_goes_away_does_not_end_the_work(tmp_path):
    body = (
        "from rich.console import Console\nprint('x' * 100000)\nfor _ in range(9):\n    Console().print('x' * 100)\n"
        "open('done', 'w').close()"
    )
    read, write = os.pipe()
    os.close(read)
    started = physio(tmp_path, body, stdout=write, cwd=tmp_path)
    os.close(write)
    _, errors = started.communicate(timeout=WAIT_S)
    assert (started.returncode, errors) == (0, "")
    assert (tmp_path / "done").exists()


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("return 1", 1, ""),
        ("open('/no/such')", 2, "physio: No such file or directory: /no/such\n"),
        ("1 / 0", 2, "physio: internal fault, please report it: ZeroDivisionError at "),
        ("from physio_core.errors import InputError\nraise InputError('bad')", 2, "physio: bad\n"),
        ("raise KeyboardInterrupt", 130, ""),
    ],
)
def test_a_failure_is_one_line_and_an_exit_code(tmp_path, body, code, line):
    started = physio(tmp_path, body)
    _, errors = started.communicate(timeout=WAIT_S)
    assert started.returncode == code
    assert errors.startswith(line)
    assert errors.count("\n") == bool(line)


def test_a_full_disk_is_said_once(tmp_path):
    with Path("/dev/full").open("w") as full:
        started = physio(tmp_path, "print('table')", stdout=full)
        _, errors = started.communicate(timeout=WAIT_S)
    assert (started.returncode, errors) == (2, "physio: No space left on device\n")


@pytest.mark.parametrize("body", ["time.sleep(60)", "import signal\nsignal.signal(2, signal.SIG_DFL)\ntime.sleep(60)"])
def test_ctrl_c_ends_in_silence(tmp_path, body):
    started = physio(tmp_path, "print('up', flush=True)\n" + body)
    assert started.stdout.readline() == "up\n"
    started.send_signal(signal.SIGINT)
    _, errors = started.communicate(timeout=WAIT_S)
    assert errors == ""
    assert started.returncode in (130, -signal.SIGINT)


def test_the_list_of_commands_imports_none_of_them(tmp_path):
    code = "import sys; from physio_core import cli\ntry: cli.parse(['--help'])\nfinally: print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stdout
    assert "train a recognition model" in out
    assert "kill every node" in out
    assert not {"numpy", "rclpy", "rich", "yaml"} & set(out.split())


def test_a_command_whose_package_is_left_out_says_so(tmp_path):
    code = (
        "import sys; sys.modules['physio_sim'] = None; sys.argv[1:] = ['bench']\n"
        "from physio_core.start import main; sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "bench needs physio_sim" in done.stderr
