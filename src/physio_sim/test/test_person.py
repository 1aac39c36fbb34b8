"""The person of capsules is where the joints are, looks where the nose points, and is dressed as drawn."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import pytest

from physio_core.motion.kinematics import BODY_JOINTS, BONES, Motion, girth_of, positions
from physio_core.motion.movements import Style, exercise_named
from physio_sim.params import ClinicConfig
from physio_sim.world import room
from physio_sim.world.person import HIDDEN_Z_M, PERSON_GROUPS, Clothes, MocapBody
from physio_sim.world.scene import Appearance, build

APPEARANCE = Appearance.random(5)


@pytest.fixture
def model() -> mujoco.MjModel:
    return build(ClinicConfig(), APPEARANCE, room.Rack(2.2))


def _squatting(yaw_rad: float) -> np.ndarray:
    motion: Motion = exercise_named("squat").motion(np.array([0.4]), Style(), APPEARANCE.shapes[0])
    return positions(APPEARANCE.shapes[0], motion.placed(3.0, 0.5, yaw_rad))[0]


def _moved(model: mujoco.MjModel, points: np.ndarray) -> mujoco.MjData:
    data = mujoco.MjData(model)
    MocapBody(model, data, "patient").move(points)
    mujoco.mj_kinematics(model, data)
    return data


@pytest.mark.parametrize("yaw_rad", [0.0, 2.5, math.pi])
def test_every_capsule_reaches_from_joint_to_joint(model: mujoco.MjModel, yaw_rad: float) -> None:
    points = _squatting(yaw_rad)
    data = _moved(model, points)
    for segment in (segment for segment in BONES if not segment.ellipsoid):
        geom = data.geom(f"patient/{segment.name}")
        radius, half = model.geom(f"patient/{segment.name}").size[:2]
        along = geom.xmat.reshape(3, 3)[:, 2] * half
        ends = [points[BODY_JOINTS.index(joint)] for joint in (segment.joint_a, segment.joint_b)]
        assert np.allclose([geom.xpos - along, geom.xpos + along], ends, atol=1e-6), segment.name
        assert radius == pytest.approx(segment.radius_m * girth_of(APPEARANCE.shapes[0]), abs=1e-3)


@pytest.mark.parametrize("yaw_rad", [0.0, 2.5, math.pi])
def test_the_face_looks_where_the_nose_points(model: mujoco.MjModel, yaw_rad: float) -> None:
    points = _squatting(yaw_rad)
    face = _moved(model, points).body("patient/head").xmat.reshape(3, 3)[:, 0]
    nose, left, right = (points[BODY_JOINTS.index(joint)] for joint in ("nose", "left_ear", "right_ear"))
    towards = nose - (left + right) / 2
    assert face @ towards / np.linalg.norm(towards) > 0.97


def test_a_hidden_person_is_under_the_floor(model: mujoco.MjModel) -> None:
    data = mujoco.MjData(model)
    body = MocapBody(model, data, "passer_by")
    body.move(_squatting(0.0))
    body.hide()
    mujoco.mj_kinematics(model, data)
    assert data.body("passer_by/head").xpos[2] == pytest.approx(HIDDEN_Z_M)


def test_each_person_has_a_group_and_clothes_of_their_own(model: mujoco.MjModel) -> None:
    for name, clothes in zip(PERSON_GROUPS, APPEARANCE.clothes, strict=True):
        shirt = model.geom(f"{name}/belly")
        assert shirt.group[0] == PERSON_GROUPS[name]
        assert " ".join(f"{value:.3f}" for value in shirt.rgba[:3]) == clothes.shirt


def test_seeds_dress_and_build_people_differently() -> None:
    people = [Appearance.random(seed) for seed in range(20)]
    assert len({person.clothes[0] for person in people}) > 15
    assert np.std([person.shapes[0].height_m for person in people]) > 0.05
    assert Clothes.random(np.random.default_rng(3)) == Clothes.random(np.random.default_rng(3))
