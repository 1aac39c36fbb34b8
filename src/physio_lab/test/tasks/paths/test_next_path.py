"""The network that makes the next path: what comes later is not seen, the weight counts, its truth is another drawing."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")

from physio_core.trajectories.arm import load_arm  # noqa: E402
from physio_core.trajectories.types import ideal  # noqa: E402
from physio_lab.datasets.u30a import PathRecording  # noqa: E402
from physio_lab.synthetic.paths import PathPatient, drawn, people  # noqa: E402
from physio_lab.tasks.paths.config import EncoderConfig, PathsRecipe  # noqa: E402
from physio_lab.tasks.paths.generating import MIXTURE, NETWORK, compared  # noqa: E402
from physio_lab.tasks.paths.next_network import BEFORE, OWN, POINTS, WEIGHT, NextPath  # noqa: E402
from physio_lab.tasks.paths.pairs import PairBatches, others, pairs_of  # noqa: E402
from physio_lab.tasks.paths.rounds import after_rounds, trained  # noqa: E402

SMALL = EncoderConfig(width=16, heads=2, layers=1)


@pytest.fixture(scope="module")
def pairs():
    arm, who = load_arm("device", "left"), PathPatient(reach_m=0.66, range=0.8)
    rows = [
        PathRecording(arm.follow(drawn(who, kind, np.random.default_rng(number))), kind, person, f"{kind} {number}")
        for number, (kind, person) in enumerate((("clock_m", "a"), ("clock_m", "a"), ("v_90", "a"), ("clock_m", "b")))
    ]
    return pairs_of(rows)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(1)
    model = NextPath(SMALL).eval()
    torch.nn.init.normal_(model.head.weight, std=0.05)
    return model


def test_the_truth_is_another_drawing_of_the_type_by_the_same_person(pairs):
    assert others(pairs) == [[1], [0], [2], [3]]


def test_the_decoder_sees_nothing_that_comes_later(pairs, network):
    inputs, _ = PairBatches(pairs, PathsRecipe(name="x"))[0]
    batch = torch.from_numpy(inputs)
    other = batch.clone()
    other[:, 30:, BEFORE] += 1.0
    with torch.no_grad():
        first, second = network(batch), network(other)
    assert torch.allclose(first[:, :30], second[:, :30], atol=1e-5) and not torch.allclose(
        first[:, 30:], second[:, 30:], atol=1e-3
    )


def test_generation_needs_no_truth_and_heeds_weight_and_both_paths(pairs, network):
    inputs, _ = PairBatches(pairs, PathsRecipe(name="x"))[0]
    batch = torch.from_numpy(inputs)
    blind = batch.clone()
    blind[..., BEFORE] = 7.0
    assert torch.equal(network.generate(batch), network.generate(blind))
    for channels in (WEIGHT, OWN):
        changed = batch.clone()
        changed[..., channels] *= 0.5
        assert not torch.allclose(network.generate(batch), network.generate(changed), atol=1e-3)


def test_what_both_ways_make_is_within_the_limits_of_the_arm(pairs, network):
    found = compared(network, pairs[:2], lambda: None)
    assert found[NETWORK]["in_limits"] == found[MIXTURE]["in_limits"] == 1.0
    assert found[MIXTURE]["monotone"] == 1.0 and 0.0 < found[MIXTURE]["to_own"] < 0.2
    assert len(pairs[0].own) == POINTS


def test_rounds_are_by_their_seed_and_leave_nobody_worse(monkeypatch):
    monkeypatch.setattr("physio_lab.tasks.paths.rounds.KINDS", ("v_90",))
    monkeypatch.setattr("physio_lab.tasks.paths.rounds.ROUNDS", 3)
    who = people(1, 5)[0]
    first, again = (after_rounds(who, "v_90", (1,), generated=True) for _ in range(2))
    assert first == again and first.weak <= who.weak and first.range >= who.range
    told = trained([who], 1)
    assert told["with_generated"] >= told["before"] - 3.0 and ideal("v_90", who.reach_m).duration_s > 0.0
