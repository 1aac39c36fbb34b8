"""Every node starts and ends the same way: one line for a refusal, silence at Ctrl-C, a folder for its log."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from physio_core.errors import ConfigError
from physio_nodes.surroundings import children, free_domain, own_domain, provide_log_folder
from physio_testing.processes import Process, node_command

SCRIPT = """
import signal, sys
from rclpy.node import Node
from physio_core.errors import ConfigError, EstimatorError
from physio_nodes.run import run

class Refusing(Node):
    def __init__(self):
        super().__init__("refusing")
        if {when!r} == "start":
            raise {error}("no good")
        self.create_timer(0.01, self.refuse)

    def refuse(self):
        raise {error}("no good")

sys.exit(run(Refusing))
"""

APART = """
import sys, time
from rclpy.node import Node
from physio_core.errors import EstimatorError
from physio_nodes.run import run_all

class Busy(Node):
    def __init__(self):
        super().__init__("busy")
        self.works = False
        self.create_timer(0.01, self.work)

    def work(self):
        self.works = True
        time.sleep(0.3)
        self.works = False

class Quick(Node):
    def __init__(self):
        super().__init__("quick")
        self.met = 0
        self.create_timer(0.01, self.meet)

    def meet(self):
        self.met += busy.works
        if self.met == 5:
            raise EstimatorError("met it at work")

def nodes():
    global busy
    busy = Busy()
    yield busy
    yield Quick()

sys.exit(run_all(nodes, apart=("quick",)))
"""


def test_a_node_with_the_second_thread_is_not_held_up_and_its_error_ends_the_process(ros_domain):
    done = subprocess.run([sys.executable, "-c", APART], capture_output=True, text=True, timeout=30)
    assert done.returncode == 1 and "met it at work" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("when", "error", "code"), [("start", "EstimatorError", 2), ("later", "ConfigError", 2), ("later", "EstimatorError", 1)]
)
def test_only_a_node_that_would_refuse_again_says_so_by_its_exit_code(ros_domain, when, error, code):
    script = SCRIPT.format(when=when, error=error)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert done.stderr.count("no good") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_second_signal_does_not_kill_an_interpreter_that_is_already_ending(ros_domain, number):
    script = SCRIPT.format(when="later", error="EstimatorError")
    script = script.replace("sys.exit(run(Refusing))", f"run(Refusing); signal.raise_signal(signal.{number}); sys.exit(3)")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr


@pytest.mark.parametrize("argument", ["__ns:=/my robot", "__ns:=/a//b", "__node:=a-b"])
def test_a_name_that_ros_does_not_allow_is_one_line(start, argument):
    node = start("coach_node", ros_arguments=["-r", argument])
    assert node.wait_exit() == 2
    assert "[FATAL]" in node.output
    assert "Traceback" not in node.output


@pytest.mark.parametrize("domain", ["abc", "233", "-1", "²"])
def test_a_domain_that_ros_does_not_have_is_refused(monkeypatch, domain):
    monkeypatch.setenv("ROS_DOMAIN_ID", domain)
    with pytest.raises(ConfigError, match=f"ROS_DOMAIN_ID = '{domain}' is not a ROS domain; set it to a number, 0 .. 100"):
        own_domain()


def test_a_domain_that_ros_does_not_have_is_one_line_of_a_node(start, monkeypatch):
    monkeypatch.setenv("ROS_DOMAIN_ID", "500")
    node = start("stop_guard")
    assert node.wait_exit() == 2
    assert node.output.startswith("[FATAL] [physio]: ROS_DOMAIN_ID = '500'") and "\n" not in node.output


def test_stock_launch_is_asked_to_end_by_a_node_that_refuses(ros_domain, tmp_path):
    stock = tmp_path / "ros2"
    script = SCRIPT.format(when="start", error="ConfigError")
    stock.write_text(
        "import signal, subprocess, sys, time\n"
        f"respawned = 0\ntry:\n    while respawned < 5:\n        subprocess.run([sys.executable, '-c', {script!r}])\n"
        "        respawned += 1\nexcept KeyboardInterrupt:\n    print('asked to end after', respawned)\n"
    )
    done = subprocess.run([sys.executable, str(stock), "launch", "x"], capture_output=True, text=True, check=False)
    assert done.stdout == "asked to end after 0\n"


@pytest.mark.parametrize("home", [None, "/proc"])
def test_without_a_home_to_write_to_logs_go_to_a_folder_of_ones_own(monkeypatch, tmp_path, home):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for name in ("HOME", "ROS_HOME", "ROS_LOG_DIR"):
        monkeypatch.delenv(name, raising=False)
    if home:
        monkeypatch.setenv("HOME", home)
    provide_log_folder()
    assert os.environ["ROS_LOG_DIR"] == str(tmp_path / f"physio-log-{os.getuid()}")
    assert (tmp_path / f"physio-log-{os.getuid()}").stat().st_mode & 0o777 == 0o700


def test_a_home_that_can_be_written_to_stays_in_use(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("ROS_HOME", "ROS_LOG_DIR"):
        monkeypatch.delenv(name, raising=False)
    provide_log_folder()
    assert "ROS_LOG_DIR" not in os.environ


def test_a_folder_named_from_the_home_is_that_one_as_ros_takes_it(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ROS_LOG_DIR", "~/log")
    provide_log_folder()
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_process_whose_name_is_not_utf_8_is_counted_and_ends_no_container():
    odd = "import os, signal; open('/proc/self/comm', 'wb').write(b'n\\xff'); print('named', flush=True); "
    with subprocess.Popen([sys.executable, "-c", odd + "signal.pause()"], stdout=subprocess.PIPE) as started:
        assert started.stdout.readline() == b"named\n"
        assert started.pid in children()
        started.kill()
    supervise = str(Path(__file__).resolve().parents[3] / "docker/supervise.py")
    looked_at = "os.kill(os.getppid(), signal.SIGCHLD); signal.sigtimedwait([], 0.2); raise SystemExit(7)"
    assert subprocess.run([sys.executable, supervise, sys.executable, "-c", odd + looked_at], check=False).returncode == 7


def test_a_container_that_is_stopped_ends_its_command_by_sigint_also_when_that_was_ignored():
    supervise = str(Path(__file__).resolve().parents[3] / "docker/supervise.py")
    command = ["bash", "-c", 'trap "exit 5" INT; kill -TERM $PPID; while :; do sleep 0.05; done']
    ignoring = ["env", "--ignore-signal=INT", sys.executable, supervise, *command]
    assert subprocess.run(ignoring, check=False, timeout=10.0).returncode == 5


def test_two_who_ask_for_a_domain_get_two():
    assert free_domain() != free_domain()


def test_ctrl_c_while_libraries_are_imported_ends_a_node_in_silence(tmp_path):
    package = tmp_path / "slow"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "a_node.py").write_text("import sys, time\nprint('imports', flush=True)\ntime.sleep(60)\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.argv[0] = 'lib/slow/a_node'\n"
    command = [sys.executable, "-c", code + "from physio_nodes.start import main; main()"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as started:
        assert started.stdout.readline() == "imports\n"
        started.send_signal(signal.SIGINT)
        assert started.communicate() == ("", None)
    assert started.returncode == 0


def test_ctrl_c_before_python_is_up_ends_a_node_in_silence(ros_domain):
    """As the starter starts it: the signal waits until the node can take it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    node = Process("stop_guard", node_command("stop_guard"))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    with node:
        assert node.stop(signal.SIGINT) == 0
        assert node.output == ""
