"""The `physio` command: what each exit code means, one line for each refusal, help without loading a command."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace

import pytest

from physio_core import cli
from physio_core.errors import ConfigError, InputError, LaunchError, ModelError, SourceError

GROUP = "physio.commands"


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Installs commands, by name, each with the source of a module of its own; nothing else is installed."""

    def install(**sources: str) -> None:
        package = tmp_path / "tried_commands"
        package.mkdir()
        (package / "__init__.py").touch()
        entries = []
        for name, source in sources.items():
            (package / f"{name}.py").write_text(source)
            entries.append(EntryPoint(name.replace("__", "."), f"tried_commands.{name}:add_commands", GROUP))
        monkeypatch.setattr(cli, "entry_points", lambda group: entries if group == GROUP else [])

    monkeypatch.syspath_prepend(str(tmp_path))
    yield install
    for name in [name for name in sys.modules if name.startswith("tried_commands")]:
        del sys.modules[name]


GREET = """
def add_commands(commands, name):
    parser = commands.add_parser(name, help="greets someone")
    parser.add_argument("who")
    parser.set_defaults(run=lambda options: print("hello", options.who))
"""
GROUP_OF = """
def add_commands(commands, name):
    group = commands.add_parser(name, help="a group").add_subparsers(required=True)
    group.add_parser("first").set_defaults(run=lambda options: print("first"))
    return group
"""


def running(run: Callable[[object], object]) -> int:
    return cli.carry_out(SimpleNamespace(run=run))


@pytest.mark.parametrize(("result", "code"), [(None, 0), (0, 0), (1, 1), (True, 1), (7, 7)])
def test_a_command_gives_its_own_code(result, code):
    assert running(lambda _: result) == code


@pytest.mark.parametrize("error", [ConfigError, InputError, SourceError, ModelError, LaunchError])
def test_a_refusal_is_one_line_and_code_two(error, capsys):
    def refuse(_):
        raise error("no good")

    assert running(refuse) == cli.REFUSED == 2
    assert capsys.readouterr() == ("", "physio: no good\n")


def test_ctrl_c_is_silent_and_has_the_code_of_a_shell(capsys):
    def interrupt(_):
        raise KeyboardInterrupt

    assert running(interrupt) == cli.INTERRUPTED == 130
    assert capsys.readouterr() == ("", "")


def test_what_nobody_meant_is_not_taken_for_a_refusal():
    with pytest.raises(ZeroDivisionError):
        running(lambda _: 1 / 0)


def test_a_fault_names_where_it_happened_in_one_line_and_how_to_see_all_of_it():
    def broken():
        raise ValueError("first\n  second")

    try:
        broken()
    except ValueError as error:
        line = cli.fault(error)
    assert line.startswith("internal fault, please report it: ValueError at test/test_cli.py:")
    assert line.endswith(": first second (PHYSIO_TRACE=1 shows all of it)")
    assert "at" not in cli.fault(ValueError("x")).split(": ")[1]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (FileNotFoundError(2, "No such file or directory", "/x"), "No such file or directory: /x"),
        (OSError(28, "No space left on device"), "No space left on device"),
    ],
)
def test_a_fault_of_the_machine_is_said_in_its_own_words(error, line):
    assert cli.fault(error) == line


def test_a_command_is_found_through_its_entry_point_and_only_its_own_module_is_loaded(commands, capsys):
    commands(greet=GREET, broken="1 / 0")
    assert cli.main(["greet", "Ada"]) == 0
    assert capsys.readouterr().out == "hello Ada\n"


def test_a_group_takes_commands_of_other_packages_and_loads_only_the_one_that_is_asked_for(commands, capsys):
    second = GREET.replace("hello", "second")
    commands(talk=GROUP_OF, talk__second=second, talk__third="1 / 0")
    assert cli.main(["talk", "second", "Ada"]) == 0
    assert capsys.readouterr().out == "second Ada\n"


def test_the_help_of_a_group_names_what_others_add(commands, capsys):
    commands(talk=GROUP_OF, talk__second=GREET)
    with pytest.raises(SystemExit) as ended:
        cli.main(["talk", "--help"])
    assert ended.value.code == 0
    assert "first" in (text := capsys.readouterr().out) and "second" in text


def test_a_list_of_names_that_names_nothing_is_not_taken_for_all():
    assert cli.listed("--nodes", "") == []
    assert cli.listed("--nodes", " pose, coach,,pose ") == ["pose", "coach", "pose"]
    for text in (",", " "):
        with pytest.raises(ConfigError, match=f"--nodes {text!r} names nothing; .* leave --nodes out"):
            cli.listed("--nodes", text)


def test_a_number_that_is_none_or_too_small_is_refused():
    assert cli.whole_number(1)("3") == 3
    for text, says in (("0", "0; need at least 1"), ("many", "'many' is not a whole number"), ("1.5", "not a whole number")):
        with pytest.raises(ArgumentTypeError, match=says):
            cli.whole_number(1)(text)


@pytest.mark.parametrize("arguments", [[], ["--help"], ["dance"], ["talk.second"]])
def test_the_list_of_commands_is_made_without_loading_any(commands, capsys, arguments):
    commands(greet=GREET, talk="1 / 0\ndef add_commands(commands, name):\n    commands.add_parser(name, help='talks')\n")
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    out = capsys.readouterr()
    assert ended.value.code == (0 if arguments == ["--help"] else 2)
    if arguments == ["--help"]:
        assert "greets someone" in out.out and "talks" in out.out and "130 Ctrl-C" in out.out
    else:
        assert "greet" in out.err or "COMMAND" in out.err


def test_a_command_of_a_part_that_is_left_out_says_what_it_needs(commands, capsys):
    commands(greet="import no_such_library\n")
    with pytest.raises(SystemExit) as ended:
        cli.main(["greet"])
    assert ended.value.code == 2
    assert "greet needs no_such_library, which is not installed here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("module", "source", "text"),
    [
        ("tried", "def add(c, name):\n    c.add_parser(name, help='tries')\n", "tries"),
        ("tried", "def add(c, name):\n    c.add_parser('other', help='no')\n    c.add_parser(name, help='tries')\n", "tries"),
        ("tried", "def add(c, name):\n    c.add_parser(name, help=HELP)\n", ""),
        ("tried", "", ""),
    ],
)
def test_a_summary_is_read_from_the_source(tmp_path, monkeypatch, module, source, text):
    package = tmp_path / "summary_of"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / f"{module}.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert cli.summary(EntryPoint("x", f"summary_of.{module}:add", GROUP)) == text


def test_a_command_of_a_package_that_is_gone_has_no_summary():
    assert cli.summary(EntryPoint("x", "no_such_package.module:add", GROUP)) == ""


def process(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The `physio` process, of which ``code`` replaces what is carried out."""
    start = "from physio_core.start import main\nsys.exit(main())"
    script = f"import sys; sys.argv = ['physio']; from physio_core import cli\n{code}\n{start}"
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env={**os.environ, **environment}, timeout=60
    )


BROKEN = "cli.parse = lambda words: None\ndef carry_out(options):\n    raise RuntimeError('odd')\ncli.carry_out = carry_out"


def test_the_trace_of_a_fault_is_shown_only_when_asked_for():
    quiet, whole = process(BROKEN), process(BROKEN, PHYSIO_TRACE="1")
    assert quiet.returncode == 2 and quiet.stderr.count("\n") == 1
    assert quiet.stderr.startswith("physio: internal fault, please report it: RuntimeError at ") and ": odd (" in quiet.stderr
    assert whole.returncode == 1 and "Traceback" in whole.stderr and whole.stderr.endswith("RuntimeError: odd\n")


def test_a_process_without_a_command_lists_them_and_is_refused():
    done = process("")
    assert (done.returncode, done.stdout) == (2, "")
    assert "COMMAND" in done.stderr
