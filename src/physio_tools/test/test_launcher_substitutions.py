"""The expressions of launch files mean what the stock launcher means by them."""

from pathlib import Path

import pytest

from physio_core.errors import LaunchError
from physio_tools.launcher.scope import Scope
from physio_tools.launcher.substitutions import expand, truth, words


@pytest.fixture
def scope() -> Scope:
    return Scope({"source": "sim", "name": "source", "empty": "", "path": "/a b"}, {"HOME": "/home/me"}, Path("/x/t.launch.yaml"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain ' text \"", "plain ' text \""),
        ("$(var source)", "sim"),
        ("a-$(var source)/b", "a-sim/b"),
        ("$(var $(var name))", "sim"),
        ("$(env HOME)", "/home/me"),
        ("$(env NOWHERE none)", "none"),
        ("$(env NOWHERE '')", ""),
        ("$(env NOWHERE 'two words')", "two words"),
        ("$(dirname)/other", "/x/other"),
        ("$(equals $(var source) sim)", "true"),
        ("$(equals $(var source) 'video')", "false"),
        ("$(equals $(var empty) '')", "true"),
        ("$(equals true 1)", "true"),
        ("$(equals 0.50 0.5)", "true"),
        ("$(not-equals a b)", "true"),
        ("$(not $(equals a b))", "true"),
        ("$(and true $(or false 1))", "true"),
        ("$(and true false)", "false"),
        (r"\$(var source)", "$(var source)"),
        ("5 $ 7", "5 $ 7"),
    ],
)
def test_an_expression_gives_its_value(scope: Scope, text: str, value: str) -> None:
    assert expand(text, scope) == value


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("$(var sorce)", "declared so far: empty, name, path, source"),
        ("$(eval 1+1)", r"\$\(eval …\).*not supported; supported: var, env, "),
        ("$(env NOWHERE)", "NOWHERE is not set"),
        ("$(find-pkg-share no_such_package)", "'no_such_package' is not installed"),
        ("$(equals a)", "takes 2 values"),
        ("$(var source", "closing bracket"),
        ("$(not maybe)", "need true, 1, false or 0"),
    ],
)
def test_a_wrong_expression_is_refused_with_file_and_choices(scope: Scope, text: str, complaint: str) -> None:
    with pytest.raises(LaunchError, match=complaint) as caught:
        expand(text, scope)
    assert "/x/t.launch.yaml" in str(caught.value)


@pytest.mark.parametrize(("text", "value"), [("true", True), ("1", True), (" False ", False), ("0", False)])
def test_conditions_are_true_or_false(scope: Scope, text: str, value: bool) -> None:
    assert truth(text, scope) is value


def test_command_lines_split_outside_expressions(scope: Scope) -> None:
    assert words("  play --clock 100 $(var path)/x $(equals a 'a b')  ", scope) == ["play", "--clock", "100", "/a b/x", "false"]


def test_installed_packages_are_found(scope: Scope) -> None:
    assert Path(expand("$(find-pkg-share physio_bringup)/package.xml", scope)).is_file()
    assert Path(expand("$(find-pkg-prefix physio_bringup)/share", scope)).is_dir()
