"""The rendered hand is one closed skin that follows its bones, and joints lie where the picture shows the hand."""

import os
import subprocess
import sys

import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_core.motion.hand import HandShape, hand_frames, hand_still
from physio_core.motion.hand_postures import POSTURES_DEG
from physio_lab.synthetic.hand_renderer import HandPicture, HandRenderer
from physio_lab.synthetic.hand_scenes import HandScene
from physio_sim.world.hand import HandLook
from physio_sim.world.hand_mesh import BONES, bone_places, hand_mesh

SIZE_PX = (240, 180)
AT = (0.0, 0.08, 0.40)


def picture(posture: str, **scene: object) -> HandPicture:
    renderer = HandRenderer(HandScene(size_px=SIZE_PX, at_m=AT, **scene))  # type: ignore[arg-type]
    try:
        return next(renderer.pictures(hand_still(POSTURES_DEG[posture])))
    finally:
        renderer.close()


def test_the_skin_is_closed_and_hangs_on_every_bone() -> None:
    mesh = hand_mesh(HandShape())
    edges = np.sort(np.concatenate([mesh.faces[:, [0, 1]], mesh.faces[:, [1, 2]], mesh.faces[:, [2, 0]]]), axis=1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] % 2 == 0).all()
    corners = mesh.vertices_m[mesh.faces]
    volume_l = np.einsum("fk,fk->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) / 6 * 1000
    assert 0.4 < volume_l < 0.8, "faces look outwards and hold a hand with a part of the forearm"
    assert np.allclose(mesh.weights.sum(1), 1.0) and (mesh.weights.max(0) > 0.7).all()
    left = hand_mesh(HandShape(), "left")
    assert np.allclose(left.vertices_m, mesh.vertices_m * [1, -1, 1])


@pytest.mark.parametrize("side", ["left", "right"])
def test_bones_of_both_hands_turn_without_mirroring(side: str) -> None:
    places, turns = bone_places(hand_frames(HandShape(), hand_still(POSTURES_DEG["fist"], side)), side)
    assert places.shape == (1, len(BONES), 3)
    assert np.allclose(np.linalg.det(turns), 1.0)


@pytest.mark.parametrize("side", ["left", "right"])
def test_joints_lie_on_the_drawn_hand(side: str) -> None:
    seen = picture("open", side=side, look=HandLook(sleeve=None))
    wall = seen.rgb[5:40, 5:40].reshape(-1, 3).mean(0)
    at = np.round(seen.points_px).astype(int)
    off = np.abs(seen.rgb[at[:, 1], at[:, 0]].astype(float) - wall).max(1)
    assert (off > 25).all()
    assert (seen.points_px[4, 0] > seen.points_px[20, 0]) == (side == "right"), (
        "the palm of a right hand has its thumb at the right"
    )


def test_a_glove_and_a_thing_in_the_hand_change_the_picture_but_not_the_truth() -> None:
    bare, gloved, held = (
        picture("cylinder", **kind) for kind in ({}, {"look": HandLook(glove="work")}, {"occluder": "ball"})
    )  # fmt: skip
    for other in (gloved, held):
        assert np.allclose(bare.points_px, other.points_px)
        assert (np.abs(bare.rgb.astype(int) - other.rgb).max(-1) > 20).mean() > 0.005


def test_a_scene_that_cannot_be_drawn_is_refused() -> None:
    for wrong in ({"occluder": "cat"}, {"view": "inside"}, {"background": "space"}):
        with pytest.raises(ConfigError, match="choose from"):
            HandScene(**wrong)
    with pytest.raises(ConfigError, match="mitten"):
        picture("open", look=HandLook(glove="mitten"))


@pytest.mark.parametrize("renderer", ["hand_renderer", "shot_renderer"])
def test_a_renderer_that_is_loaded_first_draws_by_what_the_simulator_chose(renderer: str) -> None:
    words = f"import physio_lab.synthetic.{renderer}, mujoco, os; print(os.environ['MUJOCO_GL'], mujoco.GLContext.__module__)"
    bare = {name: value for name, value in os.environ.items() if name not in ("MUJOCO_GL", "DISPLAY", "WAYLAND_DISPLAY")}
    said = subprocess.run([sys.executable, "-c", words], env=bare, capture_output=True, text=True, check=True).stdout.split()
    assert said[1] == f"mujoco.{said[0]}"
