"""Turning layouts into each other: the same place on the body stays, what is missing stays missing."""

from __future__ import annotations

import gzip
import itertools
import json
import os
from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_core.skeleton.layouts import BLAZEPOSE_33, COCO_17, HAND_21, KINECT_25, LAYOUTS, OPENPOSE_18, PENN_13, Layout
from physio_core.skeleton.remapping import SUBSTITUTES, remap, source_joints

BODIES = [layout for layout in LAYOUTS.values() if layout is not HAND_21]
PAIRS = list(itertools.permutations(BODIES, 2))
pairs = pytest.mark.parametrize(("source", "target"), PAIRS, ids=lambda layout: layout.name)
LIMBS = [f"{side}_{joint}" for side in ("left", "right") for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")]
DATA = Path(os.environ.get("PHYSIO_DATA", Path(__file__).resolve().parents[4].parent / "shared" / "data"))


def random_people(layout: Layout, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    shape = (2, 5, len(layout.joints))
    return rng.normal(size=(*shape, 3)).astype(np.float32), rng.uniform(0.1, 1.0, shape).astype(np.float32)


@pairs
def test_every_body_gives_every_other_its_limbs_unchanged(source: Layout, target: Layout) -> None:
    points, confidence = random_people(source)
    out, sure = remap(points, confidence, source, target)
    for joint in LIMBS:
        np.testing.assert_array_equal(out[..., target.index(joint), :], points[..., source.index(joint), :])
        np.testing.assert_array_equal(sure[..., target.index(joint)], confidence[..., source.index(joint)])


@pairs
def test_mirroring_before_or_after_is_the_same(source: Layout, target: Layout) -> None:
    points, confidence = random_people(source)
    before, sure_before = remap(points[..., source.mirror, :], confidence[..., source.mirror], source, target)
    after, sure_after = remap(points, confidence, source, target)
    # A collar leans to its own side, and sums in another order round differently.
    np.testing.assert_allclose(before, after[..., target.mirror, :], atol=1e-5)
    np.testing.assert_array_equal(sure_before, sure_after[..., target.mirror])


@pairs
def test_a_body_with_no_joints_stays_without(source: Layout, target: Layout) -> None:
    points, confidence = random_people(source)
    assert not remap(points, confidence * 0, source, target)[1].any()


@pairs
def test_what_nothing_stands_in_for_is_missing_and_at_zero(source: Layout, target: Layout) -> None:
    out, sure = remap(*random_people(source), source, target)
    absent = [index for index, of in enumerate(source_joints(source, target)) if not of]
    assert not out[..., absent, :].any()
    assert not sure[..., absent].any()


def test_a_neck_lies_between_the_shoulders_and_is_as_sure_as_the_less_sure_of_them() -> None:
    points, confidence = random_people(COCO_17)
    confidence[0, 0, COCO_17.index("left_shoulder")] = 0
    out, sure = remap(points, confidence, COCO_17, OPENPOSE_18)
    left, right, neck = COCO_17.index("left_shoulder"), COCO_17.index("right_shoulder"), OPENPOSE_18.index("neck")
    np.testing.assert_allclose(out[1, :, neck], (points[1, :, left] + points[1, :, right]) / 2, rtol=1e-6)
    np.testing.assert_array_equal(sure[..., neck], np.minimum(confidence[..., left], confidence[..., right]))
    assert not out[0, 0, neck].any()


def test_the_head_of_penn_action_stands_in_for_the_nose() -> None:
    assert source_joints(PENN_13, OPENPOSE_18)[OPENPOSE_18.index("nose")] == (PENN_13.index("head"),)


def test_substitutes_name_joints_that_exist() -> None:
    known = {joint for layout in BODIES for joint in layout.joints}
    assert {joint for ways in SUBSTITUTES.values() for way in ways for joint in way} | set(SUBSTITUTES) <= known


def test_a_hand_is_no_body() -> None:
    points, confidence = random_people(HAND_21)
    with pytest.raises(ConfigError, match="hand_21 cannot become kinect_25"):
        remap(points, confidence, HAND_21, KINECT_25)


# One repetition seen by several pose estimators: pictures cropped differently and a depth camera of its own, so places are
# compared after a fit of scale and shift on the standing body of the first frames, in units of the torso.


def keraal(sensor: str, exercise: str) -> tuple[Layout, np.ndarray]:
    path = DATA / f"keraal_samples/official_sample/G3-{sensor}-{exercise}-P1T1-Unknown-C-0"
    if not path.parent.is_dir():
        pytest.skip("the KERAAL samples are not on this machine (set PHYSIO_DATA)")
    if sensor == "Kinect":
        raw = np.loadtxt(f"{path}.txt.gz").reshape(-1, 25, 7)[..., :3]
        return KINECT_25, np.stack([-raw[..., 0] / raw[..., 2], -raw[..., 1] / raw[..., 2]], axis=-1)
    frames = json.loads(gzip.decompress(Path(f"{path}.json.gz").read_bytes()))["positions"].values()
    layout = {"BP": BLAZEPOSE_33, "AP": COCO_17}[sensor]
    return layout, np.array([[joint[:2] for joint in frame.values()] for frame in frames])


def on_openpose(sensor: str, exercise: str) -> np.ndarray:
    layout, points = keraal(sensor, exercise)
    out, _ = remap(points, np.ones(points.shape[:-1]), layout, OPENPOSE_18)
    return out[:190]


def apart(one: str, other: str, exercise: str) -> np.ndarray:
    """Distance (T, V) of the mapped joints in torsos."""
    joints = [OPENPOSE_18.index(joint) for joint in ("neck", "left_hip", "right_hip", "nose", *LIMBS)]
    a, b = (on_openpose(sensor, exercise)[:, joints] for sensor in (one, other))
    for axis in (0, 1):
        scale, shift = np.polyfit(b[:STANDING, :, axis].ravel(), a[:STANDING, :, axis].ravel(), 1)
        assert scale > 0
        b[..., axis] = scale * b[..., axis] + shift
    torso = np.linalg.norm(a[:STANDING, 0] - a[:STANDING, 1:3].mean(axis=1), axis=-1).mean()
    return np.linalg.norm(a - b, axis=-1) / torso


sensors = pytest.mark.parametrize(("one", "other"), [("BP", "AP"), ("BP", "Kinect"), ("AP", "Kinect")])
STANDING = 8


@sensors
@pytest.mark.parametrize("exercise", ["CTK", "ELK", "RTK"])
def test_sensors_that_see_the_same_standing_body_agree_once_mapped(one: str, other: str, exercise: str) -> None:
    assert np.median(apart(one, other, exercise)[:STANDING], axis=0).max() < 0.25


@sensors
def test_sensors_that_watch_the_same_repetition_agree_once_mapped(one: str, other: str) -> None:
    # Rotating trunk: in the other two recordings one estimator loses the arms, or filmed another repetition.
    assert np.median(apart(one, other, "RTK"), axis=0).max() < 0.25
