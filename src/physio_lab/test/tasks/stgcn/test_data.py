"""What is learnt from: splits never share a person, recorded clips take the stream's way, labels are mapped, batches repeat."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError
from physio_core.skeleton.layouts import KINECT_22, OPENPOSE_18
from physio_core.skeleton.normalise import Normaliser
from physio_core.skeleton.stream import JointStream
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.engine.config import FoldConfig
from physio_lab.evaluation.watch import annotated
from physio_lab.tasks.stgcn import data
from physio_lab.tasks.stgcn.config import SetConfig, StgcnRecipe
from physio_lab.tasks.stgcn.data import Mixed, load_sources
from physio_lab.tasks.stgcn.prepare import IGNORE_INDEX
from physio_lab.tasks.stgcn.recorded import RecordedSet, at_rate, label_of, seen_by_a_camera, sides_of
from physio_lab.tasks.stgcn.sequences import SyntheticConfig

CONFIG = StgcnRecipe(
    name="t", labels=("wave", "bend", "unknown"), synthetic=SyntheticConfig(frames=40, sure_after_s=0.2, fresh=0.0)
)


def clip(name: str = "a", label: str = "wave", subject: str = "", frames: int = 30, seed: int = 0) -> SkeletonSequence:
    rng = np.random.default_rng(seed)
    points = rng.uniform(0.3, 0.7, (1, 1, 18, 2)) + 0.02 * rng.normal(size=(1, frames, 18, 2)).cumsum(1)
    confidence = rng.uniform(0.5, 1.0, (1, frames, 18)) * (rng.random((1, frames, 18)) > 0.1)
    confidence[:, 0] = 0.9
    return SkeletonSequence(
        points.astype(np.float32), confidence.astype(np.float32), np.arange(frames) / 30.0, "openpose_18", label, name, subject,
        width_px=640, height_px=480,
    )  # fmt: skip


def people() -> list[SkeletonSequence]:
    return [
        clip(f"{person}_{i}", ("wave", "bend")[i % 2], f"p{person}", seed=10 * person + i)
        for person in range(6)
        for i in range(4)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_on_both_sides_of_a_split(seed: int) -> None:
    clips = people()
    sides = sides_of(clips, SetConfig(path="set", split_seed=seed), FoldConfig())
    learn, check = sides.learn, sides.held
    assert learn and check and not set(learn) & set(check)
    assert not {clips[i].subject for i in learn} & {clips[i].subject for i in check}
    assert sorted(learn + check) == list(range(len(clips)))


def test_windows_of_one_recording_stay_together_where_nobody_is_named() -> None:
    clips = [replace(clip(f"c{i}"), source=f"video_{i // 3}") for i in range(12)]
    sides = sides_of(clips, SetConfig(path="set"), FoldConfig())
    assert not {clips[i].source for i in sides.learn} & {clips[i].source for i in sides.held}


def test_who_shares_a_recording_with_somebody_held_out_is_not_learnt_from() -> None:
    clips = [replace(clip("a", subject="anna"), source="video"), replace(clip("b", subject="ben"), source="video"), *people()]
    assert sides_of(clips, SetConfig(path="set", val_groups=("anna",)), FoldConfig()).held == [0, 1]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"val_groups": ("p9",)}, "no subject or source 'p9'"),
        ({"val_groups": ("p1",), "learn_from": ("p1", "p2")}, "both held out and learnt"),
        ({"val_groups": tuple(f"p{i}" for i in range(6))}, "nothing is left"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused(settings: dict[str, tuple[str, ...]], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        sides_of(people(), SetConfig(path="set", **settings), FoldConfig())  # type: ignore[arg-type]


def test_trainings_that_differ_by_their_seed_hold_out_the_same_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "open_set", lambda _path: people())
    names = [
        [one.name for one in load_sources(replace(CONFIG, seed=seed, sets=(SetConfig(path="set", val_fraction=0.5),))).held_out]
        for seed in range(1, 5)
    ]
    assert names.count(names[0]) == 4
    held = {int(name[0]) for name in names[0]}
    assert held == set(np.random.default_rng((1, 7)).permutation(6)[:3].tolist()), "published figures are of this split"


def test_folds_and_named_people_are_kept_for_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "open_set", lambda _path: people())

    def persons(**changes: Any) -> list[set[str]]:
        sources = load_sources(replace(CONFIG, **changes))
        return [{one.name[0] for one in side} for side in (sources.held_out, sources.test)]

    folds = [persons(sets=(SetConfig(path="set"),), fold=FoldConfig(3, index)) for index in range(3)]
    assert all(len(val) == 1 and len(test) == 2 and not val & test for val, test in folds)
    assert set.union(*(test for _, test in folds)) == set("012345")
    assert persons(sets=(SetConfig(path="set", val_groups=("p1",), test_groups=("p2",)),)) == [{"1"}, {"2"}]
    with pytest.raises(ConfigError, match="recorded sets, and the recipe has none"):
        replace(CONFIG, fold=FoldConfig(3, 0))


@pytest.mark.parametrize("held_out", [0, 3, 40])
def test_validation_is_on_held_out_clips_or_on_synthetic_ones_that_nothing_else_uses(held_out: int) -> None:
    plan = replace(CONFIG.optimiser, batch=4, val_batches=2)
    config = replace(CONFIG, labels=("squat", "unknown"), optimiser=plan)
    sources = load_sources(config)
    clips = [at_rate(clip(str(i), seed=i), 0, CONFIG.normaliser) for i in range(held_out)]
    val = replace(sources, held_out=tuple(clips)).val
    assert len(val) == (min(held_out, 8) or 2)
    assert sources.check is not None and not np.array_equal(sources.val[0][0], sources.check[0][0])


@pytest.mark.parametrize(
    ("settings", "labels", "reason"),
    [
        ({"labels": ("waving=wave",)}, CONFIG.labels, "it has no 'waving' to rename; it has: bend, wave"),
        ({}, ("wave", "bendd", "unknown"), "nothing that is learnt from shows bendd; .* have: bend, wave"),
        ({"share": 0.5}, ("wave", "sqat", "squat", "unknown"), "shows sqat; .* have: bend, deadlift, .*squat, unknown, wave"),
    ],
)
def test_a_misspelt_label_is_refused_with_those_that_exist(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], labels: tuple[str, ...], reason: str
) -> None:
    monkeypatch.setattr(data, "open_set", lambda _path: people())
    with pytest.raises(ConfigError, match=reason):
        load_sources(replace(CONFIG, labels=labels, sets=(SetConfig(path="set", **settings),)))


def test_a_set_that_gets_no_place_in_a_batch_is_refused() -> None:
    sets = (SetConfig(path="one", share=0.3), SetConfig(path="two", share=0.3))
    with pytest.raises(ConfigError, match="batch = 1 leaves no sequence for the set two"):
        load_sources(replace(CONFIG, sets=sets, optimiser=replace(CONFIG.optimiser, batch=1)))


def test_labels_are_renamed_left_out_or_unknown() -> None:
    config = SetConfig(labels=("waving=wave",))
    assert label_of(clip(label="waving"), CONFIG.labels, config) == 0
    assert label_of(clip(label="bend"), CONFIG.labels, config) == 1
    assert label_of(clip(label="jump"), CONFIG.labels, config) == 2
    assert label_of(clip(label="jump"), CONFIG.labels, replace(config, others="leave_out")) == IGNORE_INDEX
    with pytest.raises(ConfigError, match="write OLD=NEW"):
        label_of(clip(), CONFIG.labels, SetConfig(labels=("waving=fly",)))


def test_a_recorded_clip_looks_to_the_network_as_it_does_live() -> None:
    one = clip(frames=70)
    features, labels = next(clips_of(sources_of([one], held_out=[one])))
    joints, normaliser = JointStream(OPENPOSE_18, CONFIG.normaliser.rate_hz), Normaliser(OPENPOSE_18, CONFIG.normaliser)
    frames = [frame for skeleton in annotated(one) for frame in joints.update(skeleton)]
    live = [normaliser.step(frame.points, frame.confidence) for frame in frames]
    stream = np.stack(live, axis=1)
    np.testing.assert_allclose(features[0][[0, 1, 3, 4]], stream[[0, 1, 3, 4]], atol=2e-4)
    np.testing.assert_allclose(features[0][2], stream[2], atol=2e-4)
    assert labels[0, 0] == IGNORE_INDEX and labels[0, -1] == 0


def clips_of(sources: data.Sources) -> Any:
    return sources.clips(sources.held_out, 0)


def sources_of(learn: list[SkeletonSequence], held_out: list[SkeletonSequence]) -> data.Sources:
    ticks = [[at_rate(one, CONFIG.labels.index(one.label), CONFIG.normaliser) for one in side] for side in (learn, held_out)]
    return data.Sources(RecordedSet(ticks[0], CONFIG, 8, 1), None, tuple(ticks[1]), CONFIG)


def test_a_batch_is_always_the_same_and_draws_classes_evenly() -> None:
    clips = [clip("w", "wave"), *(clip(f"b{i}", "bend", seed=i) for i in range(9))]
    batches = sources_of(clips, []).learn
    features = batches[3][0]
    np.testing.assert_array_equal(features, batches[3][0])
    assert features.shape == (8, 5, 40, 18) and np.isfinite(features).all() and not np.array_equal(features, batches[4][0])
    drawn = np.concatenate([batches[i][1].max(1) for i in range(12)])
    assert 0.3 < (drawn == 0).mean() < 0.7


def test_a_clip_shorter_than_a_sequence_counts_to_its_end() -> None:
    _, labels = sources_of([clip(frames=20)], []).learn[0]
    assert (labels[:, -1] == 0).all() and (labels[:, :30] == IGNORE_INDEX).all()


def test_a_short_clip_is_repeated_until_it_fills_a_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "open_set", lambda _path: people())
    once, often = (load_sources(replace(CONFIG, sets=(SetConfig(path="set", repeat=again),))).learn for again in (False, True))
    assert (once[0][1][:, :20] == IGNORE_INDEX).all()
    assert (often[0][1][:, 5:] != IGNORE_INDEX).all()


def test_positions_in_metres_are_filmed_upright_from_anywhere() -> None:
    joints = len(KINECT_22.joints)
    points = np.random.default_rng(0).normal(0.0, 0.05, (1, 40, joints, 3))
    for index, joint in enumerate(KINECT_22.joints):
        points[..., index, 1] += -0.6 if "head" in joint else 0.9 if "foot" in joint or "ankle" in joint else 0.0
    one = SkeletonSequence(
        points.astype(np.float32), np.ones((1, 40, joints), np.float32), np.arange(40) / 30.0, "kinect_22", "bend", "k"
    )
    ticks = at_rate(one, 1, CONFIG.normaliser)
    for seed in range(6):
        seen, confidence = seen_by_a_camera(ticks, np.random.default_rng(seed), CONFIG)
        nose, ankles = OPENPOSE_18.index("nose"), [OPENPOSE_18.index("left_ankle"), OPENPOSE_18.index("right_ankle")]
        assert seen.shape == (20, 18, 2) and seen[:, nose, 1].mean() < seen[:, ankles, 1].mean()
        assert (confidence[:, OPENPOSE_18.index("left_eye")] == 0).all()


def test_somebody_seen_in_one_frame_is_no_movement() -> None:
    one = clip()
    with pytest.raises(InputError, match="seen in 1 frames"):
        at_rate(
            replace(one, confidence=one.confidence * (np.arange(30) == 4)[None, :, None].astype(np.float32)), 0, CONFIG.normaliser
        )


def test_a_recipe_mixes_a_set_with_synthetic_motion(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = replace(clip("e", subject="p7"), confidence=np.zeros((1, 30, 18), np.float32))
    monkeypatch.setattr(data, "open_set", lambda _path: [*people(), empty])
    config = replace(
        CONFIG, sets=(SetConfig(path="set", share=0.25, per_class=2),), optimiser=replace(CONFIG.optimiser, batch=8),
        labels=("wave", "bend", "squat", "unknown"),
    )  # fmt: skip
    sources = load_sources(config)
    features, labels = sources.learn[0]
    assert isinstance(sources.learn, Mixed) and features.shape[0] == labels.shape[0] == 8
    assert sources.check is not None and len(sources.held_out) in (4, 8)  # a quarter of seven people
    assert sources.left_out == ("e: someone is seen in 0 frames; a movement has at least two",)
    again, _ = load_sources(config).learn[0]
    np.testing.assert_array_equal(features, again)
    with pytest.raises(ConfigError, match="made synthetically; known: squat"):
        load_sources(replace(config, labels=CONFIG.labels))
    alone = load_sources(replace(config, labels=CONFIG.labels, sets=(SetConfig(path="set"),)))
    assert alone.check is None and isinstance(alone.learn, RecordedSet)


def test_a_set_that_is_not_there_or_has_no_label_of_the_recipe_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PHYSIO_DATA", raising=False)
    with pytest.raises(ConfigError, match="not set"):
        load_sources(replace(CONFIG, sets=(SetConfig(path="$PHYSIO_DATA/penn"),)))
    with pytest.raises(InputError, match="does not exist"):
        load_sources(replace(CONFIG, sets=(SetConfig(path=str(tmp_path / "gone")),)))
    monkeypatch.setattr(data, "open_set", lambda _path: [clip(f"c{i}", "jump") for i in range(8)])
    with pytest.raises(InputError, match="no sequence with a label"):
        load_sources(replace(CONFIG, sets=(SetConfig(path="set", others="leave_out"),)))
