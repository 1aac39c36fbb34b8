"""The stream: right on clean bodies, silent with a reason when it cannot know, steady, and never a NaN."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from physio_core.action.model import Model, load_model
from physio_core.action.recogniser import Evidence, Recogniser, RecogniserConfig
from physio_core.errors import RunnerError, SkeletonError
from physio_core.motion.kinematics import BodyShape, positions
from physio_core.motion.movements import RECOGNISED, preferred_heading_rad
from physio_core.motion.projection import Camera, project, to_openpose_18
from physio_core.motion.style import Movement, Style
from physio_core.pose.tracker import PoseTracker
from physio_core.skeleton.layouts import BODY_25, OPENPOSE_18
from physio_core.skeleton.normalise import normalise
from physio_core.skeleton.remapping import remap
from physio_core.skeleton.stream import prepare
from physio_core.types import UNKNOWN, Abstain, Frame, Prediction, Skeleton, Tracking
from physio_lab.synthetic.negatives import UNKNOWN as OTHERS

JITTER = 0.002


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


def film(
    movement: Movement, fps: float = 30.0, seconds: float = 9.0, body_id: str = "a1", start_s: float = 100.0,
    style: Style | None = None,
) -> Iterator[Skeleton]:  # fmt: skip
    """Someone doing a movement in front of a camera."""
    rng = np.random.default_rng(5)
    stamps = np.arange(0.0, seconds, 1.0 / fps)
    phase = stamps / np.mean(movement.period_s)
    yaw = preferred_heading_rad(movement.name) if movement.name in RECOGNISED else 0.6
    body = to_openpose_18(positions(BodyShape(), movement.motion(phase, style or Style(), BodyShape()).placed(yaw_rad=yaw)))
    middle = (body.max((0, 1)) + body.min((0, 1))) / 2
    points, _ = project(body, Camera.looking_at(3.4, 0.0, 1.0, middle, 62.0, 4 / 3))
    points = points + JITTER * rng.normal(size=points.shape)
    for stamp, frame in zip(stamps, points, strict=True):
        joints = np.concatenate([frame, np.full((18, 1), np.nan)], axis=1).astype(np.float32)
        yield Skeleton(
            start_s + float(stamp), Tracking.TRACKED, points=joints, confidence=np.full(18, 0.97, np.float32), body_id=body_id,
            width_px=640, height_px=480,
        )  # fmt: skip


def run(model: Model, skeletons: Iterator[Skeleton], config: RecogniserConfig | None = None) -> list[Prediction]:
    recogniser = Recogniser(model, config)
    return [recogniser.update(skeleton) for skeleton in skeletons]


@pytest.mark.parametrize("name", sorted(RECOGNISED))
def test_each_exercise_is_named(model: Model, name: str) -> None:
    labels = [one.label for one in run(model, film(RECOGNISED[name])) if one.abstain is Abstain.NONE]
    assert labels.count(name) > 0.6 * len(labels)
    assert set(labels) <= {name, UNKNOWN}


@pytest.mark.parametrize("name", ["stand_still", "talk", "wave_hand", "walk_about"])
def test_what_is_no_exercise_is_unknown(model: Model, name: str) -> None:
    labels = [one.label for one in run(model, film(OTHERS[name])) if one.abstain is Abstain.NONE]
    assert labels.count(UNKNOWN) > 0.9 * len(labels)


@pytest.mark.parametrize("size", [0.0, 0.8, 1.0])
def test_what_is_picked_up_with_one_hand_is_no_deadlift(model: Model, size: float) -> None:
    def named(posture: bool) -> int:
        skeletons = film(OTHERS["pick_up"], seconds=12.0, style=Style(size=size, depth=0.8))
        return sum(one.label == "deadlift" for one in run(model, skeletons, RecogniserConfig(posture=posture)))

    assert named(posture=True) == 0
    assert named(posture=False) > 30 * 3  # the scores alone take it for one, for seconds


def weighed(evidence: Evidence, score: float, seconds: float, against: bool = False, **settings: Any) -> str:
    """What is named after so many seconds of one score for a squat, at 10 Hz."""
    for _ in range(round(10.0 * seconds)):
        scores = np.array([score, 1.0 - score], np.float32)
        evidence.weigh(scores, 10.0, True, np.array([against, False]), 10.0, RecogniserConfig(**settings))
    return evidence.label


def test_a_middling_score_names_only_what_lasts() -> None:
    evidence = Evidence(("squat", UNKNOWN))
    assert weighed(evidence, 0.6, 4.0) == UNKNOWN  # after t seconds the longer mean is 0.6 (1 - exp(-t / 3))
    assert weighed(evidence, 0.6, 2.0) == "squat"
    assert weighed(Evidence(("squat", UNKNOWN)), 0.6, 20.0, name_lasting_above=1.0) == UNKNOWN
    assert weighed(Evidence(("squat", UNKNOWN)), 0.8, 0.1) == "squat"


def test_what_lasted_is_not_named_when_it_is_over() -> None:
    evidence = Evidence(("squat", UNKNOWN))
    weighed(evidence, 0.99, 20.0)
    assert weighed(evidence, 0.0, 1.0) == UNKNOWN
    assert evidence.lasting[0] > RecogniserConfig().name_lasting_above


def test_what_the_posture_speaks_against_is_not_named_but_kept() -> None:
    evidence = Evidence(("squat", UNKNOWN))
    assert weighed(evidence, 0.95, 20.0, against=True) == UNKNOWN
    assert weighed(evidence, 0.95, 20.0, against=True, posture=False) == "squat"
    assert weighed(evidence, 0.95, 20.0, against=True) == "squat"
    assert weighed(evidence, 0.2, 2.0, against=True) == UNKNOWN


@pytest.mark.parametrize("fps", [9.0, 15.0, 24.0, 60.0])
def test_the_camera_rate_does_not_change_the_name(model: Model, fps: float) -> None:
    last = run(model, film(RECOGNISED["jumping_jack"], fps))[-1]
    assert last.label == "jumping_jack"
    assert last.effective_fps == pytest.approx(fps, rel=0.1)


def test_every_field_is_finite_and_in_range(model: Model) -> None:
    for one in run(model, film(RECOGNISED["squat"])):
        assert np.isfinite(one.scores).all() and 0.0 <= one.confidence <= 1.0
        assert one.window_start_s <= one.stamp_s
        if one.abstain is Abstain.NONE:
            assert one.scores.sum() == pytest.approx(1.0, abs=1e-5) and one.label in one.labels and one.body_id == "a1"
        else:
            assert one.label == "" and len(one.scores) == 0


def test_nothing_is_named_before_enough_was_seen(model: Model) -> None:
    early = run(model, film(RECOGNISED["squat"], seconds=0.7))
    assert {one.abstain for one in early} == {Abstain.TOO_FEW_FRAMES}


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Tracking.NOBODY, Abstain.NOBODY),
        (Tracking.DETECTOR_FAILED, Abstain.DETECTOR_FAILED),
        (Tracking.SOMEBODY_ELSE, Abstain.SOMEBODY_ELSE),
    ],
)
def test_the_reason_why_nobody_is_there_is_passed_on(model: Model, status: Tracking, reason: Abstain) -> None:
    recogniser = Recogniser(model)
    for skeleton in film(RECOGNISED["squat"], seconds=4.0):
        recogniser.update(skeleton)
    gone = recogniser.update(Skeleton(104.0, status))
    assert gone.abstain is reason and gone.label == "" and np.isfinite(gone.effective_fps)


def test_a_short_absence_is_bridged_and_a_long_one_starts_again(model: Model) -> None:
    squats = list(film(RECOGNISED["squat"]))
    for missing, reason in ((15, Abstain.NONE), (45, Abstain.TOO_FEW_FRAMES)):
        recogniser = Recogniser(model)
        for index, skeleton in enumerate(squats):
            absent = 120 <= index < 120 + missing
            prediction = recogniser.update(Skeleton(skeleton.stamp_s, Tracking.NOBODY) if absent else skeleton)
            if index == 120 + missing:
                assert prediction.abstain is reason


def test_another_person_starts_again(model: Model) -> None:
    recogniser = Recogniser(model)
    for skeleton in film(RECOGNISED["squat"], seconds=5.0):
        recogniser.update(skeleton)
    other = recogniser.update(next(film(RECOGNISED["squat"], body_id="b2", start_s=105.0)))
    assert other.abstain is Abstain.TOO_FEW_FRAMES and other.body_id == "b2"


def test_hips_out_of_the_picture_are_out_of_frame(model: Model) -> None:
    unsure = np.where(["hip" in joint for joint in model.card.layout.joints], 0.02, 0.97).astype(np.float32)
    last = run(model, (replace(one, confidence=unsure) for one in film(RECOGNISED["squat"])))[-1]
    assert last.abstain is Abstain.OUT_OF_FRAME


def test_what_is_like_nothing_learnt_is_refused_by_its_energy(model: Model) -> None:
    strict = Model(replace(model.card, energy_below=1e6), model.runner, model.clip_file)
    assert run(strict, film(RECOGNISED["squat"]))[-1].abstain is Abstain.UNFAMILIAR


def test_steps_tell_what_the_refusal_looks_at(model: Model) -> None:
    recogniser, raw, smoothed = Recogniser(model), [], []
    for skeleton in film(RECOGNISED["squat"], fps=9.0, seconds=6.0):
        recogniser.update(skeleton)
        raw += [float(model.energy(step.logits)) for step in recogniser.steps]
        smoothed += [step.energy for step in recogniser.steps]
    assert len(raw) == pytest.approx(6.0 * 15.0, abs=3) and smoothed[0] == pytest.approx(raw[0])
    assert min(raw) < min(smoothed) and max(smoothed) <= max(raw)
    recogniser.update(Skeleton(106.0, Tracking.NOBODY))
    assert recogniser.steps == []


def test_the_stream_sees_and_says_what_the_whole_clip_does(model: Model) -> None:
    skeletons = list(film(RECOGNISED["squat"], fps=24.0))
    recogniser, steps = Recogniser(model), []
    for skeleton in skeletons:
        recogniser.update(skeleton)
        steps += recogniser.steps
    card = model.card
    stamps, points, confidence = (
        np.array([getattr(one, name) for one in skeletons]) for name in ("stamp_s", "points", "confidence")
    )
    _, joints, sure = prepare(stamps, points, confidence, card.layout, card.normaliser.rate_hz, (640, 480))
    clip = normalise(joints, sure, card.layout, card.normaliser)
    np.testing.assert_allclose(np.stack([step.frame for step in steps], axis=1), clip, atol=1e-6)
    logits = np.stack([step.logits for step in steps[card.reach - 1 :]], axis=-1)
    np.testing.assert_allclose(logits, model.clip(clip[None])[0], atol=1e-3)


def test_energy_is_the_log_of_the_sum_of_exponentials(model: Model) -> None:
    scores = np.array([[1000.0, 0.0], [0.0, 0.0]], np.float32)
    assert model.energy(scores) == pytest.approx([1000.0, np.log(2.0)])


def test_a_slow_camera_is_said_to_be_slow(model: Model) -> None:
    last = run(model, film(RECOGNISED["squat"], fps=3.0))[-1]
    assert last.abstain is Abstain.LOW_FPS and last.effective_fps == pytest.approx(3.0, rel=0.2)


def test_an_old_frame_changes_nothing(model: Model) -> None:
    recogniser = Recogniser(model)
    frames = list(film(RECOGNISED["squat"], seconds=5.0))
    for skeleton in frames:
        before = recogniser.update(skeleton)
    again = recogniser.update(frames[-5])
    np.testing.assert_array_equal(again.scores, before.scores)


def test_a_clock_set_back_starts_again(model: Model) -> None:
    recogniser = Recogniser(model)
    for skeleton in film(RECOGNISED["squat"], seconds=5.0):
        recogniser.update(skeleton)
    assert recogniser.update(next(film(RECOGNISED["squat"], start_s=3.0))).abstain is Abstain.TOO_FEW_FRAMES


def test_a_stamp_that_is_no_number_is_refused(model: Model) -> None:
    with pytest.raises(SkeletonError, match="finite"):
        Recogniser(model).update(Skeleton(float("nan"), Tracking.NOBODY))


def test_a_joint_order_that_lacks_joints_is_refused(model: Model) -> None:
    strange = Skeleton(1.0, Tracking.TRACKED, "penn_13", np.zeros((13, 3), np.float32), np.ones(13, np.float32), "a")
    with pytest.raises(SkeletonError, match="'penn_13' with 13 joints; need openpose_18"):
        Recogniser(model).update(strange)


def test_feet_change_nothing(model: Model) -> None:
    without = list(film(RECOGNISED["squat"], seconds=3.0))
    with_feet = []
    for one in without:
        points, confidence = remap(one.points, one.confidence, OPENPOSE_18, BODY_25)
        with_feet.append(replace(one, layout="body_25", points=points, confidence=confidence))
    for a, b in zip(run(model, with_feet), run(model, without), strict=True):
        np.testing.assert_array_equal(a.scores, b.scores)


def test_wild_joints_give_no_nan(model: Model) -> None:
    rng = np.random.default_rng(0)
    wild = (replace(one, points=one.points * np.float32(10.0 ** rng.uniform(-6, 9))) for one in film(RECOGNISED["squat"]))
    assert all(np.isfinite(one.scores).all() for one in run(model, wild))


class Told:
    """An estimator that sees the skeletons it is told."""

    def __init__(self, skeletons: Iterable[Skeleton]) -> None:
        self._rest = iter(skeletons)

    def estimate(self, frame: Frame) -> Skeleton:
        return next(self._rest)

    def close(self) -> None:
        pass


def seen(model: Model, skeletons: list[Skeleton]) -> list[Prediction]:
    """Through the lock on one person, the smoothing and the recogniser, as live."""
    tracker = PoseTracker(Told(skeletons))
    picture = np.zeros((480, 640, 3), np.uint8)
    return run(model, (tracker.update(Frame(one.stamp_s, picture)) for one in skeletons))


def swapped(skeletons: list[Skeleton], every: int) -> list[Skeleton]:
    for index in range(every, len(skeletons), every):
        skeletons[index - 1], skeletons[index] = skeletons[index], skeletons[index - 1]
    return skeletons


def shaken(skeletons: list[Skeleton], jitter_s: float) -> list[Skeleton]:
    rng = np.random.default_rng(3)
    return [replace(one, stamp_s=one.stamp_s + jitter_s * float(rng.normal())) for one in skeletons]


@pytest.mark.parametrize(
    "disorder", [lambda film: swapped(film, 24), lambda film: swapped(film, 7), lambda film: shaken(film, 0.02)]
)
def test_images_out_of_order_or_with_jittering_stamps_are_named_as_often(model: Model, disorder) -> None:
    in_order = list(film(RECOGNISED["jumping_jack"], 24.0))
    named = [one for one in seen(model, in_order) if one.label == "jumping_jack"]
    despite = [one for one in seen(model, disorder(in_order)) if one.label == "jumping_jack"]
    assert len(despite) == pytest.approx(len(named), rel=0.05) and len(named) > 150
    assert {one.body_id for one in despite} == {one.body_id for one in named}


def test_a_network_that_fails_is_not_a_person_who_left_and_the_next_frame_is_a_new_start(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    recogniser = Recogniser(model)
    frames = list(film(RECOGNISED["squat"], seconds=5.0))
    for skeleton in frames[:40]:
        recogniser.update(skeleton)
    with monkeypatch.context() as broken:
        broken.setattr(model.runner, "run", lambda _: (_ for _ in ()).throw(RunnerError("gave NaN")))
        assert [recogniser.update(one).abstain for one in frames[40:45]].count(Abstain.DETECTOR_FAILED) == recogniser.failures > 0
    assert recogniser.update(frames[45]).abstain is Abstain.TOO_FEW_FRAMES
