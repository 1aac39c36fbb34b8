"""`scripts/setup` makes again what is damaged or half made, and trusts a network's own authority. It needs no network here."""

from __future__ import annotations

import http.server
import os
import shutil
import ssl
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAMED = ("SSL_CERT_FILE", "SSL_CERT_DIR", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "UV_SYSTEM_CERTS")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the script and stand-ins for what it calls."""
    for folder in ("scripts", "src", "underlay", "launch", "config", "models", "bin", "install"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "scripts/setup", tmp_path / "scripts/setup")
    (tmp_path / "scripts/env").touch()
    (tmp_path / "colcon.meta").touch()
    return tmp_path


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def call(copy: Path, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run some of the script's functions."""
    kept = {name: value for name, value in os.environ.items() if name not in NAMED}
    path = f"{copy}/bin:{os.environ['PATH']}"
    script = f". {copy}/scripts/setup; {command}"
    return subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, env={**kept, "PATH": path, **environment}, check=False
    )


@pytest.fixture
def venv(copy: Path) -> Path:
    """A small environment of one package, in order."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", copy / ".venv"], check=True)
    site = next((copy / ".venv/lib").glob("python*")) / "site-packages"
    (site / "tiny-1.dist-info").mkdir()
    (site / "tiny-1.dist-info/RECORD").write_text('"tiny,1.py",sha256=x,1\ntiny-1.dist-info/RECORD,,\ngone.pyc,,\n')
    (site / "tiny,1.py").touch()
    program(copy / ".venv/bin/uv", "echo 'Would make no changes' >&2")
    return site


@pytest.mark.parametrize(
    ("option", "code", "says"),
    [
        ("--help", 0, "usage: scripts/setup [--robot | --dev | --training]"),
        ("--robt", 2, "valid: --robot --dev --training --help"),
    ],
)
def test_help_and_what_is_no_option_prepare_nothing(copy, option, code, says):
    done = subprocess.run([copy / "scripts/setup", option], capture_output=True, text=True, check=False)
    assert (done.returncode, says in (done.stderr if code else done.stdout)) == (code, True)
    assert not (copy / ".venv").exists() and not any((copy / "install").iterdir())


DAMAGE = {
    "nothing": lambda site: None,
    "a file": lambda site: (site / "tiny,1.py").unlink(),
    "the list of files": lambda site: (site / "tiny-1.dist-info/RECORD").unlink(),
    "python": lambda site: [link.unlink() for link in (site.parents[2] / "bin").glob("python*")],
    "a package": lambda site: program(site.parents[2] / "bin/uv", "echo 'Would install 1 package' >&2"),
    "uv": lambda site: (site.parents[2] / "bin/uv").unlink(),
}


@pytest.mark.parametrize("missing", DAMAGE)
def test_a_damaged_environment_is_told_from_a_whole_one(copy, venv, missing):
    DAMAGE[missing](venv)
    assert call(copy, "whole").returncode == (0 if missing == "nothing" else 1)


def test_a_build_that_was_killed_is_made_again_from_nothing(copy):
    program(copy / "bin/colcon", "touch install/part; kill -9 $PPID")
    assert call(copy, "workspace").returncode == -9
    program(copy / "bin/colcon", "ls install; touch install/all")
    assert call(copy, "workspace").returncode == 0
    assert not (copy / "install/part").exists()
    program(copy / "bin/colcon", "echo built twice; exit 1")
    assert call(copy, "workspace").stdout == ""


def test_a_build_that_does_not_compile_keeps_what_did_and_is_tried_again(copy):
    program(copy / "bin/colcon", "touch install/part; exit 1")
    done = call(copy, "workspace")
    assert done.returncode == 1
    assert "setup: the workspace could not be built; log/latest_build says why" in done.stderr
    program(copy / "bin/colcon", "")
    assert call(copy, "workspace").returncode == 0
    assert (copy / "install/part").exists()


@pytest.mark.parametrize("offered", ["libosmesa6", ""])
def test_a_library_that_newer_releases_lack_is_asked_for_only_where_there_is_one(copy, offered):
    for name in ("g++", "cmake", "git", "strace"):
        program(copy / "bin" / name, "")
    for name, script in (
        ("id", "echo 1000"),
        ("sudo", "exit 1"),
        ("ldconfig", "echo libEGL.so.1 libGL.so.1 libpangoft2-1.0.so.0"),
    ):
        program(copy / "bin" / name, script)
    program(copy / "bin/apt-cache", f"echo '{offered} - Mesa off-screen'" if offered else "")
    done = call(copy, "system_packages")
    assert done.returncode == (1 if offered else 0), done.stderr
    assert ("apt-get install -y -qq libosmesa6" in done.stderr) is bool(offered)


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "pip.conf", ""])
def test_pip_and_uv_trust_what_is_named_for_either_else_the_machines_own_store(copy, name):
    program(copy / ".venv/bin/pip", "echo named" if name == "pip.conf" else "exit 1")
    named = {} if name in ("pip.conf", "") else {name: "named"}
    show = 'certificates; echo "${SSL_CERT_FILE:-} $PIP_CERT ${UV_SYSTEM_CERTS:-}"'
    done = call(copy, f"CA_STORE={copy}/colcon.meta; echo x > $CA_STORE; {show}", **named)
    assert done.stdout.split() == (["named", "named"] if name else [f"{copy}/colcon.meta", "true"])


@pytest.fixture
def index(tmp_path: Path):
    """A package index over HTTPS, whose certificate only its own authority vouches for; gives (URL, the authority's file)."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    folder = tmp_path / "index"
    (folder / "simple/tiny").mkdir(parents=True)
    with zipfile.ZipFile(folder / "simple/tiny/tiny-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "")
        wheel.writestr("tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n")
        wheel.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.dist-info/RECORD", "tiny.py,,\ntiny-1.dist-info/RECORD,,\n")
    (folder / "simple/tiny/index.html").write_text('<a href="tiny-1-py3-none-any.whl">tiny</a>')
    key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    for command in (
        f"openssl req -x509 {key} -subj /CN=hospital -keyout ca.key -out ca.pem",
        f"openssl req {key} -subj /CN=localhost -keyout s.key -out s.csr",
        "openssl x509 -req -in s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out s.pem",
    ):
        (tmp_path / "names").write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
        subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "s.pem", tmp_path / "s.key")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_words: object) -> None:
            """A client that does not trust us hangs up: that is what is tested."""

    with Server(("localhost", 0), Quiet) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"https://localhost:{server.server_address[1]}/simple", tmp_path / "ca.pem"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("tool", ["uv", "pip"])
@pytest.mark.parametrize("trusted", [True, False])
def test_packages_come_from_an_index_that_only_the_named_authority_vouches_for(copy, index, tool, trusted):
    url, authority = index
    (copy / ".venv/bin").mkdir(parents=True)
    program(copy / ".venv/bin/pip", "exit 1")
    command = {
        "uv": f"{ROOT}/.venv/bin/uv pip install -q --no-cache --no-config --target {copy}/out --default-index {url} tiny",
        "pip": f"{ROOT}/.venv/bin/python -m pip install -q --retries 0 --target {copy}/out -i {url} tiny",
    }[tool]
    # What this machine has set for pip and uv is left out: they get only what is named here.
    named = f"REQUESTS_CA_BUNDLE={authority}" if trusted else ""
    call(copy, f"unset ${{!PIP_*}} ${{!UV_*}}; export PIP_CONFIG_FILE=/dev/null {named}; certificates; {command}")
    assert (copy / "out/tiny.py").exists() == trusted


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], ["--source", "sim", "--camera", "0"]),
        (["EXERCISES=squat, lunge"], ["--source", "sim", "--camera", "0", "--exercises", "squat, lunge"]),
        (
            ["SOURCE=video", 'VIDEO=my "own" \'$x`y.mp4'],
            ["--source", "video", "--camera", "0", "--video", 'my "own" \'$x`y.mp4'],
        ),
        (["JSON=a b.json"], ["--source", "sim", "--camera", "0", "--json", "a b.json"]),
    ],
)
def test_make_passes_on_what_is_written_with_blanks_and_quotes(copy, given, words):
    shutil.copy(ROOT / "Makefile", copy)
    program(copy / "scripts/setup", "")
    program(copy / "bin/physio", "shift; printf '%s\\n' \"$@\"")
    path = f"{copy}/bin:{os.environ['PATH']}"
    done = subprocess.run(
        ["make", "-s", "demo", *given], cwd=copy, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == words, done.stderr


def test_the_estimators_are_timed_once_for_a_user_and_never_for_tests(copy: Path) -> None:
    program(copy / "bin/physio", "echo measured; exit $MEASURED")
    home = {"HOME": str(copy / "home"), "XDG_CONFIG_HOME": "", "MEASURED": "0"}
    command = f"cd {copy}; extras={{}}; choose_estimator; echo on"
    assert "measured" in call(copy, command.format("run"), **home).stdout
    unable = call(copy, command.format("run"), **{**home, "MEASURED": "2"}).stdout
    assert "could not be timed; physio pose choose says why" in unable and unable.endswith("on\n")
    assert call(copy, command.format("dev"), **home).stdout == "on\n"
    (copy / "home/.config/physio").mkdir(parents=True)
    (copy / "home/.config/physio/pose.yaml").touch()
    assert call(copy, command.format("lab"), **home).stdout == "on\n"
