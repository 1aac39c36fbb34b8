"""What is hidden cannot be imported for a while, and can afterwards."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from physio_core.lean import hidden


def test_what_is_hidden_is_refused_for_a_while_and_what_is_loaded_stays() -> None:
    sys.modules.pop("wave", None)
    with hidden("wave", "sys"):
        assert importlib.import_module("sys") is sys
        with pytest.raises(ImportError):
            importlib.import_module("wave")
    assert importlib.import_module("wave").open


@pytest.mark.parametrize("module", ["physio_core.screen.drawing.paint", "physio_core.speech.player"])
def test_pygame_is_loaded_without_the_package_manager(module: str) -> None:
    look = f"import sys, {module}; print('pygame' in sys.modules, 'pkg_resources' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split() == [
        "True",
        "False",
    ]
