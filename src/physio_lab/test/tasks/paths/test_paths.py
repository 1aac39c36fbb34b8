"""What names paths: padding says nothing, a batch is its number, what ships says what was learnt, nobody is on both sides."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")
pytest.importorskip("onnx", reason="onnx is installed for training only: scripts/setup --training")

from physio_core.errors import ModelError  # noqa: E402
from physio_core.trajectories.classifier import PathClassifier, labels, other_sense  # noqa: E402
from physio_core.trajectories.features import CHANNELS  # noqa: E402
from physio_core.trajectories.types import ideal, load_types  # noqa: E402
from physio_core.types import UNKNOWN  # noqa: E402
from physio_lab.tasks.paths.config import PLAN, EncoderConfig, PathsRecipe  # noqa: E402
from physio_lab.tasks.paths.data import mixed, simulated  # noqa: E402
from physio_lab.tasks.paths.export import write_model  # noqa: E402
from physio_lab.tasks.paths.learning import BOTH, Learned, encoders_of, kernel_of  # noqa: E402
from physio_lab.tasks.paths.measuring import crossed, without_direction  # noqa: E402
from physio_lab.tasks.paths.network import PathEncoder, PathEncoders  # noqa: E402

SMALL = PathsRecipe(
    name="small", encoder=EncoderConfig(width=16, heads=2, layers=1), members=2,
    optimiser=replace(PLAN, steps=4, keep_every=4, batch=16),
)  # fmt: skip


@pytest.fixture(scope="module")
def made():
    return simulated(4, 1, 1)


@pytest.fixture(scope="module")
def learned(made):
    return Learned(encoders_of(mixed(None, made, SMALL), SMALL, len(labels())), kernel_of(None, made))


@pytest.fixture(scope="module")
def folder(learned, tmp_path_factory):
    out = tmp_path_factory.mktemp("model") / "paths"
    write_model(learned, SMALL, out, {})
    return out


def test_padding_is_neither_attended_to_nor_averaged():
    torch.manual_seed(1)
    network = PathEncoder(5, SMALL.encoder).eval()
    tokens = torch.randn(2, 48, CHANNELS + 1)
    tokens[..., CHANNELS] = (torch.arange(48) < 20).float()
    other = tokens.clone()
    other[:, 20:, :CHANNELS] = 99.0
    with torch.no_grad():
        assert torch.allclose(network(tokens), network(other), atol=1e-5)
        other[:, 19, :CHANNELS] = 99.0
        assert not torch.allclose(network(tokens), network(other), atol=1e-2)


def test_probabilities_of_networks_that_differ_are_averaged(learned, made):
    tokens = torch.from_numpy(made[0].tokens[:5])
    with torch.no_grad():
        one, other = torch.softmax(learned.encoders(tokens), dim=2)
        _, drawing = learned.ensemble(tokens, torch.from_numpy(made[0].geometry[:5]))
    assert not torch.allclose(one, other, atol=1e-3) and torch.allclose(drawing.exp(), (one + other) / 2, atol=1e-5)


def test_a_batch_is_its_number_and_holds_types_drawn_backwards_and_what_is_none(made):
    batches = mixed(None, made, replace(SMALL, optimiser=replace(PLAN, batch=256)))
    (tokens, said), (again, _), (other, _) = batches[3], batches[3], batches[4]
    assert np.array_equal(tokens, again) and not np.array_equal(tokens, other) and np.isfinite(tokens).all()
    assert labels().index(UNKNOWN) in said and len(set(said.tolist())) > 15


def test_the_sense_of_a_circle_is_the_only_thing_that_turns_round():
    assert other_sense("clock_big") == "counter_big" and other_sense(other_sense("counter_l")) == "counter_l"
    assert [name for name in load_types() if other_sense(name) == name] == [n for n, one in load_types().items() if not one.turn]
    assert without_direction(["clock_b", "counter_b", "v_90"]) == {"clock_b": "circle_b", "counter_b": "circle_b", "v_90": "v_90"}


def test_the_kernel_machine_alone_knows_the_types_of_people_it_never_saw(learned):
    unseen = simulated(2, 1, 9)[0]
    assert (learned.scores(unseen)["kernel"].argmax(1) == unseen.labels).mean() > 0.8


def test_what_ships_says_what_was_learnt_for_either_arm(folder, learned, made):
    namer = PathClassifier(folder)
    for side in ("left", "right"):
        for kind in ("clock_t", "counter_r", "v_45", "d_l"):
            found = namer.name(ideal(kind, 0.6, side), 0.6)
            assert sum(found.probabilities.values()) == pytest.approx(1.0)
            assert max((one for one in found.probabilities if one != UNKNOWN), key=found.probabilities.get) == kind
    scores = learned.scores(made[0])[BOTH]
    assert np.isfinite(scores).all() and np.allclose(np.exp(scores).sum(1), 1.0, atol=1e-4)


def test_before_a_path_shows_anything_it_is_unknown_with_the_reason(folder):
    path = ideal("clock_big", 0.6, count=400)
    namer = PathClassifier(folder)
    begun = namer.name_so_far(path.between(0.0, 0.1 * path.duration_s), 0.6)
    assert begun.kind == UNKNOWN and "are drawn" in begun.why
    assert not namer.name_so_far(path, 0.6).why.startswith("only")


def test_a_model_that_is_damaged_or_for_something_else_is_refused(folder, tmp_path):
    broken = tmp_path / "broken"
    broken.mkdir()
    card = json.loads((folder / "card.json").read_text())
    (broken / "model.onnx").write_bytes((folder / "model.onnx").read_bytes()[:-7])
    for change, says in (({}, "truncated"), ({"task": "action"}, "action"), ({"labels": ["a"]}, "other types")):
        (broken / "card.json").write_text(json.dumps({**card, **change}))
        with pytest.raises(ModelError, match=says):
            PathClassifier(broken)


def test_whoever_is_measured_was_not_learnt_from(made):
    seen = []

    def learn(paths):
        seen.append(set(paths.groups))
        return Learned(PathEncoders(1, len(paths.names), SMALL.encoder).eval(), kernel_of(paths))

    crossed(made[0], learn, lambda: None)
    assert len(seen) == 4 and all(len(one) == 3 for one in seen)
