"""Shipped files are found in an installed workspace first, then in the source tree, and what is missing is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from physio_core.errors import ConfigError
from physio_core.share import shared_folder, shared_path
from physio_testing.installed import install_share

TREE = Path(__file__).resolve().parents[3]


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The share folder of an installed workspace, the first of two."""
    monkeypatch.setenv("AMENT_PREFIX_PATH", f"{tmp_path / 'install'}::{tmp_path / 'underlay'}")
    return install_share(tmp_path / "install")


def test_what_is_installed_comes_before_the_source_tree_and_what_is_not_is_found_there(share):
    (share / "config").mkdir()
    (share / "config/coach.yaml").touch()
    assert shared_path("config", "coach.yaml") == share / "config/coach.yaml"
    assert shared_path("config", "fastdds.xml") == TREE / "config/fastdds.xml"


def test_an_underlay_is_looked_in_after_the_workspace(share, tmp_path):
    below = install_share(tmp_path / "underlay") / "models"
    below.mkdir()
    assert shared_path("models") == below
    (share / "models").mkdir()
    assert shared_path("models") == share / "models"


@pytest.mark.parametrize("prefixes", ["", ":"])
def test_without_a_workspace_the_source_tree_is_enough(monkeypatch, prefixes):
    monkeypatch.setenv("AMENT_PREFIX_PATH", prefixes)
    assert shared_path("config", "exercises") == TREE / "config/exercises"
    monkeypatch.delenv("AMENT_PREFIX_PATH")
    assert shared_path("config", "exercises") == TREE / "config/exercises"


def test_a_package_that_does_not_register_is_not_looked_into(tmp_path, monkeypatch):
    (tmp_path / "share/physio_bringup/models").mkdir(parents=True)
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(tmp_path))
    assert shared_path("models") == TREE / "models"


def test_what_ships_nowhere_is_named_with_what_to_do(share):
    with pytest.raises(ConfigError, match=r"config/gone\.yaml is not installed; build the workspace \(make setup\)"):
        shared_path("config", "gone.yaml")


def test_a_folder_of_links_is_followed_to_where_its_files_are(share, tmp_path):
    home = tmp_path / "source/exercises"
    (home / "figures").mkdir(parents=True)
    (home / "figures/squat.yaml").touch()
    (share / "exercises/figures").mkdir(parents=True)
    (share / "exercises/figures/squat.yaml").symlink_to(home / "figures/squat.yaml")
    assert shared_folder("exercises") == home


def test_a_folder_of_files_is_itself_and_so_is_one_whose_links_lead_nowhere(share, tmp_path):
    (share / "exercises").mkdir()
    (share / "exercises/squat.yaml").touch()
    assert shared_folder("exercises") == share / "exercises"
    (share / "exercises/lunge.yaml").symlink_to(tmp_path / "gone/exercises/lunge.yaml")
    assert shared_folder("exercises") == share / "exercises"
