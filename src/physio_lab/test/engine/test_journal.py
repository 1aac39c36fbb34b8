"""The log of a training, and what is summed up from it."""

from __future__ import annotations

import pytest

pytest.importorskip("lightning", reason="the laboratory is not installed: scripts/setup --training")

from physio_core.files import write_text
from physio_lab.engine.journal import LOG, Journal


def test_a_run_too_short_for_its_log_spent_all_of_it_in_the_network(tmp_path):
    write_text(tmp_path / LOG, "step,loss,lr,seconds,waited\n1,0.5000,0.100000,0.0,0.0\n")
    journal = Journal(tmp_path, recipe=None, progress=None)
    assert journal.summary() == {"steps": 1, "seconds": 0.0, "in_network": 1.0}
