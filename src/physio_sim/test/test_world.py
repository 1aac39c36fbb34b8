"""What the clinic's geometry is, by value: where things stand, what the lens shows of them, and what is drawn of whom."""

from __future__ import annotations

import math
from collections.abc import Callable

import mujoco
import numpy as np
import pytest

from physio_core.motion.projection import to_openpose_18
from physio_core.robot.description import (
    CAMERA_FORWARD_M,
    CAMERA_FRAME,
    WHEEL_JOINTS,
    fixed_transforms,
    robot_urdf,
    wheel_transform,
)
from physio_core.robot.mount import MountConfig
from physio_sim.clinic import Clinic
from physio_sim.params import ClinicConfig
from physio_sim.world import room, turtlebot
from physio_sim.world.person import HIDDEN_Z_M
from physio_sim.world.scene import Appearance, build

Open = Callable[..., Clinic]


@pytest.fixture(scope="module")
def model() -> mujoco.MjModel:
    return build(ClinicConfig(), Appearance.random(1), room.Rack(2.3, math.pi / 4))


def forward(model: mujoco.MjModel) -> mujoco.MjData:
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    return data


def hit(model: mujoco.MjModel, start: tuple[float, float, float], way: tuple[float, float, float]) -> tuple[float, str]:
    """How far a line goes from a place until it meets something that is not the robot, and what."""
    groups, geom = np.ones(mujoco.mjNGROUP, np.uint8), np.zeros(1, np.int32)
    groups[turtlebot.ROBOT_GROUP] = 0
    far_m = mujoco.mj_ray(model, forward(model), np.array(start), np.array(way), groups, 1, -1, geom)
    return far_m, model.geom(int(geom[0])).name


@pytest.mark.parametrize(
    ("way", "far_m", "name"),
    [
        ((-1.0, 0.0, 0.0), 2.0, "wall_robot"),
        ((0.0, 1.0, 0.0), 3.0, "wall_left"),
        ((0.0, -1.0, 0.0), 3.0, "wall_right"),
        ((0.0, 0.0, -1.0), 2.0, "floor"),
    ],
)
def test_walls_and_floor_are_as_far_as_they_are_said_to_be(
    model: mujoco.MjModel, way: tuple[float, float, float], far_m: float, name: str
) -> None:
    assert hit(model, (0.0, 0.0, 2.0), way) == (pytest.approx(far_m), name)


def test_furniture_stands_at_the_walls_and_nothing_near_the_mat(model: mujoco.MjModel) -> None:
    data, near = forward(model), set()
    mat = data.geom("mat").xpos[:2]
    for index in range(model.ngeom):
        name = model.geom(index).name
        place = data.geom_xpos[index][:2]
        if name and "/" not in name and model.geom_group[index] == room.ROOM_GROUP and np.linalg.norm(place - mat) < 1.3:
            near.add(name)
    assert near == {"mat", "bar", "post_left", "post_right"}
    assert mat == pytest.approx([ClinicConfig().patient_distance_m, 0.0])


def test_the_bar_has_its_height_and_turn(model: mujoco.MjModel) -> None:
    bar = forward(model).geom("bar")
    assert bar.xpos == pytest.approx([ClinicConfig().patient_distance_m, 0.0, 2.3])
    along = bar.xmat.reshape(3, 3)[:, 2]
    assert np.abs(along) == pytest.approx([math.sqrt(0.5), math.sqrt(0.5), 0.0], abs=1e-4)


def test_nobody_stands_in_the_room_before_being_moved_there(model: mujoco.MjModel) -> None:
    data = forward(model)
    for name in ("patient/head", "passer_by/head"):
        assert data.body(name).xpos[2] == pytest.approx(HIDDEN_Z_M)
    assert hit(model, (0.0, 0.0, 1.0), (1.0, 0.0, 0.0))[1] in ("wall_patient", "rail")


@pytest.mark.parametrize(("height_m", "tilt_deg"), [(0.26, 14.0), (0.5, 0.0), (1.0, -20.0)])
def test_the_lens_is_where_the_mount_says_and_looks_up_by_its_tilt(height_m: float, tilt_deg: float) -> None:
    config = ClinicConfig(camera_height_m=height_m, camera_tilt_deg=tilt_deg)
    camera = forward(build(config, Appearance.random(1), room.Rack(2.2))).camera("camera")
    assert camera.xpos == pytest.approx([CAMERA_FORWARD_M, 0.0, height_m], abs=1e-4)
    ahead = -camera.xmat.reshape(3, 3)[:, 2]  # MuJoCo's cameras look along -z
    tilt = math.radians(tilt_deg)
    assert ahead == pytest.approx([math.cos(tilt), 0.0, math.sin(tilt)], abs=1e-4)


def test_the_robots_description_has_its_parts_where_the_simulated_robot_has_them(model: mujoco.MjModel) -> None:
    by_child = {one.child: one for one in fixed_transforms(robot_urdf(MountConfig()))}

    def place_m(frame: str) -> np.ndarray:
        """Of a frame in base_footprint; between the base and the lens nothing is turned."""
        place = np.zeros(3)
        while frame != "base_footprint":
            place, frame = place + by_child[frame].place_m, by_child[frame].parent
        return place

    data = forward(model)
    assert place_m("base_scan") == pytest.approx(data.site("base_scan").xpos, abs=1e-4)
    assert place_m(CAMERA_FRAME) == pytest.approx(data.camera("camera").xpos, abs=1e-4)
    assert place_m("coach_screen") == pytest.approx(data.geom("screen_case").xpos, abs=1e-3)
    for joint, body in zip(WHEEL_JOINTS, ("wheel_left_link", "wheel_right_link"), strict=True):
        wheel = wheel_transform(joint, 0.0)
        assert place_m(wheel.parent) + wheel.place_m == pytest.approx(data.body(body).xpos, abs=1e-4)
        assert wheel.child == body


@pytest.mark.parametrize(("width_px", "height_px"), [(640, 480), (640, 360), (480, 640)])
def test_a_place_in_the_room_is_where_a_pinhole_of_62_degrees_shows_it(open_clinic: Open, width_px: int, height_px: int) -> None:
    clinic = open_clinic(width_px=width_px, height_px=height_px, camera_tilt_deg=0.0, camera_height_m=0.8)
    clinic.pose_people()
    right_m, up_m, far_m = (to_openpose_18(clinic.people.points) - [CAMERA_FORWARD_M, 0.0, 0.8])[:, [1, 2, 0]].T * [
        [-1],
        [1],
        [1],
    ]
    focal = 0.5 / math.tan(1.0856 / 2)
    wanted = np.stack([0.5 + focal * right_m / far_m, 0.5 - focal * width_px / height_px * up_m / far_m], axis=1)
    assert clinic.skeleton() == pytest.approx(wanted, abs=1e-4)


def test_the_patients_joints_are_drawn_where_the_truth_says(open_clinic: Open) -> None:
    """Pixels of the patient's body lie round each joint that is inside the image, and only then."""
    clinic = open_clinic(seed=2)
    clinic.ask("jumping_jack")
    clinic.wait_for_phase(0.5)
    with_patient = clinic.image().astype(int)
    truth = clinic.skeleton()
    clinic.people._patient_body.hide()
    mujoco.mj_kinematics(clinic.model, clinic.data)
    without = clinic.image().astype(int)
    body = np.abs(with_patient - without).max(-1) > 12
    for x, y in truth * [640, 480]:
        if 4 <= x < 636 and 4 <= y < 476:
            assert body[round(y) - 4 : round(y) + 5, round(x) - 4 : round(x) + 5].any(), (x, y)
    rows, columns = np.nonzero(body)
    low, high = truth.min(0) * [640, 480], truth.max(0) * [640, 480]
    assert columns.min() > low[0] - 40 and columns.max() < high[0] + 40 and rows.min() > low[1] - 60


def test_what_is_hidden_is_not_drawn_and_everything_else_stays(open_clinic: Open) -> None:
    clinic = open_clinic()
    clinic.pose_people()
    seen = clinic.image()
    assert clinic._renderer is not None
    assert np.array_equal(clinic._renderer.image(clinic.data, "camera", [3]), seen), (
        "nobody passes, so leaving them out changes nothing"
    )
    bare = clinic._renderer.image(clinic.data, "camera", [1, 3])
    middle = np.s_[200:300, 290:350]
    assert np.abs(seen[middle].astype(int) - bare[middle]).mean() > 10.0
    assert np.array_equal(seen[:, :100], bare[:, :100]), "the wall beside the patient"
    seen[:] = 0
    assert clinic.image().any(), "the array belongs to the caller"


def test_colours_are_written_as_mjcf_wants_them() -> None:
    assert room.colour_text((0.1, 2 / 3, 1)) == "0.100 0.667 1.000"
    assert 'diffuse="0.225 0.225 0.215"' in room.lights(0.5)
    assert room.box("b", (1, 2, 0.5), (0, 0, 1.25), "") == '<geom name="b" type="box" size="1 2 0.5" pos="0 0 1.25" />'


def test_rooms_differ_in_their_colours() -> None:
    walls = {room.palette(np.random.default_rng(seed)).wall for seed in range(40)}
    mats = {room.palette(np.random.default_rng(seed)).mat for seed in range(40)}
    assert (len(walls), len(mats)) == (5, 4)
