"""Processes are watched, restarted, and taken down together, whatever happens to the launcher."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from physio_core.errors import LaunchError
from physio_testing.workspace import Workspace
from physio_tools.launcher import Launch, launch
from physio_tools.launcher.plan import declared_arguments, make_plan

WAIT_S = 20.0
FOREVER = "echo up; while :; do sleep 0.05; done"
NODE = "- node: {pkg: tools, exec: %s, name: %s, output: screen%s}\n"

Lines = tuple[list[tuple[str, str]], Callable[[str, str], None]]


def until(condition: Callable[[], object]) -> None:
    """Wait for something another process does."""
    deadline_s = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline_s, "it did not happen in time"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def test_output_is_passed_on_line_by_line_behind_the_name(workspace: Workspace, lines: Lines) -> None:
    heard, listener = lines
    workspace.program("talk", "echo one; printf 'two\\nthr'; sleep 0.1; echo ee; echo wrong >&2; printf last")
    with Launch(workspace.launch_file(NODE % ("talk", "a", "")), on_line=listener) as running:
        assert running.wait(WAIT_S) == 0
    said = [line for label, line in heard if label == "talk-1" and not line.startswith("process")]
    assert [line for line in said if line != "wrong"] == ["one", "two", "three", "last"]
    assert "wrong" in said


def test_without_output_screen_only_errors_are_shown(workspace: Workspace, lines: Lines) -> None:
    heard, listener = lines
    workspace.program("talk", "echo quiet; echo loud >&2")
    with Launch(workspace.launch_file("- node: {pkg: tools, exec: talk}\n"), on_line=listener) as running:
        running.wait(WAIT_S)
    said = [line for _label, line in heard]
    assert "loud" in said
    assert "quiet" not in said


def test_a_process_that_dies_is_started_again(workspace: Workspace, lines: Lines) -> None:
    heard, listener = lines
    workspace.program("keep", FOREVER)
    file = workspace.launch_file(NODE % ("keep", "a", ", respawn: 'true', respawn_delay: 0.05"))
    with Launch(file, on_line=listener) as running:
        child = running.processes["a"]
        first = child.pid
        os.kill(first, signal.SIGKILL)
        until(lambda: child.starts == 2 and child.running)
        assert child.pid != first
        assert running.poll() is None
    assert ("keep-1", f"process [pid {first}] has died with exit code 137") in heard


def test_restarts_can_be_limited(workspace: Workspace, lines: Lines) -> None:
    workspace.program("fail", "exit 4")
    file = workspace.launch_file(NODE % ("fail", "a", ", respawn: 'true', respawn_max_retries: 2"))
    with Launch(file, on_line=lines[1]) as running:
        assert running.wait(WAIT_S) == 4
        assert running.processes["a"].starts == 3


def test_the_end_of_a_required_process_takes_all_down_and_gives_the_exit_code(workspace: Workspace, lines: Lines) -> None:
    workspace.program("keep", FOREVER)
    workspace.program("brief", "exit 7")
    text = NODE % ("keep", "a", ", respawn: 'true'") + NODE % ("brief", "b", ", on_exit: shutdown")
    with Launch(workspace.launch_file(text), on_line=lines[1]) as running:
        assert running.wait(WAIT_S) == 7
        assert not alive(running.processes["a"].pid)


def test_when_all_have_ended_the_first_failure_is_the_exit_code(workspace: Workspace, lines: Lines) -> None:
    workspace.program("good", "exit 0")
    workspace.program("bad", "exit 5")
    text = NODE % ("good", "a", "") + NODE % ("bad", "b", "")
    with Launch(workspace.launch_file(text), on_line=lines[1]) as running:
        assert running.wait(WAIT_S) == 5


def test_waiting_gives_up_after_its_time(workspace: Workspace, lines: Lines) -> None:
    workspace.program("keep", FOREVER)
    with Launch(workspace.launch_file(NODE % ("keep", "a", "")), on_line=lines[1]) as running:
        assert running.wait(0.05) is None
        assert running.stop() == 0
        assert running.wait(0.0) == 0


def test_stopping_gives_every_process_the_chance_to_clean_up(workspace: Workspace, lines: Lines) -> None:
    heard, listener = lines
    workspace.program("tidy", "trap 'echo zero; exit 0' INT; echo up; while :; do sleep 0.05; done")
    with Launch(workspace.launch_file(NODE % ("tidy", "a", "")), on_line=listener):
        until(lambda: ("tidy-1", "up") in heard)
    assert ("tidy-1", "zero") in heard


@pytest.mark.parametrize(("ignored", "code"), [("INT", 143), ("INT TERM", 137)])
def test_what_ignores_a_signal_gets_the_next_stronger_one(
    workspace: Workspace, lines: Lines, monkeypatch: pytest.MonkeyPatch, ignored: str, code: int
) -> None:
    heard, listener = lines
    monkeypatch.setattr(launch, "SIGTERM_AFTER_S", 0.2)
    monkeypatch.setattr(launch, "SIGKILL_AFTER_S", 0.4)
    workspace.program("stubborn", f"trap '' {ignored}; {FOREVER}")
    with Launch(workspace.launch_file(NODE % ("stubborn", "a", "")), on_line=listener) as running:
        until(lambda: ("stubborn-1", "up") in heard)
    assert running.processes["a"].exit_code == code


def test_a_halted_process_can_be_stopped(workspace: Workspace, lines: Lines) -> None:
    heard, listener = lines
    workspace.program("keep", f"trap 'exit 0' INT; {FOREVER}")
    with Launch(workspace.launch_file(NODE % ("keep", "a", "")), on_line=listener) as running:
        until(lambda: ("keep-1", "up") in heard)
        running.processes["a"].send(signal.SIGSTOP)
    assert running.processes["a"].exit_code == 0


def test_two_processes_of_one_name_are_both_found(workspace: Workspace, lines: Lines) -> None:
    workspace.program("keep", FOREVER)
    text = NODE % ("keep", "a", "") + NODE % ("keep", "a", "")
    with Launch(workspace.launch_file(text), on_line=lines[1]) as running:
        assert sorted(running.processes) == ["a", "keep-2"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_when_the_watching_itself_breaks_nothing_goes_on(workspace: Workspace) -> None:
    def broken(_label: str, line: str) -> None:
        if line == "up":
            raise RuntimeError("the listener is broken")

    workspace.program("keep", FOREVER)
    running = Launch(workspace.launch_file(NODE % ("keep", "a", "")), on_line=broken).start()
    assert running.wait(WAIT_S) == 1
    assert running.stop() == 1
    until(lambda: not alive(running.processes["a"].pid))


def start_physio(file: Path, *words: str, starter: str = "--starter") -> subprocess.Popen[str]:
    """The command line, as a user starts it."""
    code = "import sys; from physio_core.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "launch", *([starter] if starter else []), str(file), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def say_up(started: subprocess.Popen[str]) -> int:
    """Wait for the line `up <pid>`."""
    assert started.stdout
    for line in started.stdout:
        if " up " in line:
            return int(line.split()[-1])
    raise AssertionError("it never came up")


@pytest.fixture
def physio(workspace: Workspace) -> subprocess.Popen[str]:
    workspace.program(
        "tidy", f"trap 'touch {workspace.folder}/tidied; exit 0' INT TERM; echo up $$; while :; do sleep 0.05; done"
    )
    started = start_physio(workspace.launch_file(NODE % ("tidy", "a", "")))
    yield started
    started.kill()
    started.communicate()


def test_processes_end_tidily_when_the_starter_is_killed(physio: subprocess.Popen[str], workspace: Workspace) -> None:
    pid = say_up(physio)
    physio.kill()
    until(lambda: not alive(pid))
    assert (workspace.folder / "tidied").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_passes_a_signal_on_and_ends_well(
    physio: subprocess.Popen[str], workspace: Workspace, number: signal.Signals
) -> None:
    pid = say_up(physio)
    physio.send_signal(number)
    assert physio.wait(WAIT_S) == 0
    assert not alive(pid)
    assert (workspace.folder / "tidied").exists()


def test_the_command_refuses_a_wrong_file_in_one_line(workspace: Workspace) -> None:
    started = start_physio(workspace.launch_file("- timer: {}\n"))
    out, _ = started.communicate(timeout=WAIT_S)
    assert started.returncode == 2
    assert out.count("\n") == 1
    assert "'timer' is not supported" in out


def test_arguments_and_command_lines_can_be_shown(workspace: Workspace) -> None:
    workspace.program("keep", FOREVER)
    file = workspace.launch_file("- arg: {name: who, default: me, description: a name}\n" + NODE % ("keep", "$(var who)", ""))
    assert "'who':\n        a name\n        (default: 'me')" in start_physio(file, "--show-args").communicate(timeout=WAIT_S)[0]
    assert "__node:=you" in start_physio(file, "who:=you", "--print").communicate(timeout=WAIT_S)[0]


def test_arguments_are_shown_of_a_file_that_needs_one_and_packages_that_are_not_there(workspace: Workspace) -> None:
    file = workspace.launch_file(
        "- arg: {name: path}\n- set_env: {name: A, value: $(find-pkg-share no_such_package)}\n"
        "- arg: {name: rate, default: '1.0'}\n" + NODE % ("no_such_program", "$(var path)", "")
    )
    assert list(declared_arguments(file, {})) == ["path", "rate"]
    with pytest.raises(LaunchError, match="'path' must be given"):
        make_plan(file, {})


def test_where_ros2_is_installed_it_takes_over(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.program("ros2", 'echo stock "$@"')
    monkeypatch.setenv("PATH", f"{workspace.folder}/lib/tools:{os.environ['PATH']}")
    out, _ = start_physio(Path("coach.launch.yaml"), "source:=sim", starter="").communicate(timeout=WAIT_S)
    assert "physio: handing over to ros2 launch" in out
    assert "stock launch physio_bringup coach.launch.yaml source:=sim" in out


def test_a_process_that_refuses_ends_all_instead_of_coming_back(workspace: Workspace, lines: Lines) -> None:
    heard, listener = lines
    workspace.program("keep", FOREVER)
    workspace.program("refuse", "echo '[FATAL] wrong setting' >&2; exit 2")
    text = NODE % ("keep", "a", ", respawn: 'true'") + NODE % ("refuse", "b", ", respawn: 'true'")
    with Launch(workspace.launch_file(text), on_line=listener) as running:
        assert running.wait(WAIT_S) == 2
        assert running.processes["b"].starts == 1
    assert ("refuse-2", "refuses to run: shutting everything down") in heard


@pytest.mark.parametrize("flag", ["--print", "--show-args"])
def test_what_is_only_shown_is_shown_here_even_where_ros2_is_installed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    workspace.program("ros2", "echo stock")
    monkeypatch.setenv("PATH", f"{workspace.folder}/lib/tools:{os.environ['PATH']}")
    out, _ = start_physio(Path("coach.launch.yaml"), flag, starter="").communicate(timeout=WAIT_S)
    assert "stock" not in out
    assert {"--print": "__node:=coach", "--show-args": "'language'"}[flag] in out
