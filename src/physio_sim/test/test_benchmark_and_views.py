"""What the benchmark counts, how patients stand to the camera, where the chair is, and what a window needs."""

from __future__ import annotations

import math
from types import SimpleNamespace

import mujoco
import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_core.motion.movements import EXERCISES
from physio_sim import benchmark
from physio_sim.params import ClinicConfig
from physio_sim.patient.views import BEST, VIEWS_RAD, check_view, heading_rad
from physio_sim.world.chair import Chair
from physio_sim.world.room import Rack, seat_of
from physio_sim.world.scene import Appearance, build


class Counted:
    """A clinic that counts what is asked of it; each step of its clock takes as long as it lasts."""

    def __init__(self, config: ClinicConfig, fails: bool = False) -> None:
        self.counts = dict.fromkeys(("images", "scans", "posed", "closed"), 0)
        self.now_s, self.fails = 5.0, fails
        self.base = SimpleNamespace(command=lambda linear, angular: None)
        self.timing = SimpleNamespace(render_ms=7.5)

    def ask(self, exercise: str) -> None:
        assert exercise in EXERCISES

    def advance(self, now_s: float) -> None:
        self.now_s = max(self.now_s, now_s)

    def image(self) -> None:
        if self.fails:
            raise RuntimeError("no display")
        self.counts["images"] += 1

    def pose_people(self) -> None:
        self.counts["posed"] += 1

    def scan(self) -> None:
        self.counts["scans"] += 1

    def close(self) -> None:
        self.counts["closed"] += 1


def test_the_benchmark_takes_thirty_images_and_five_scans_in_each_simulated_second(monkeypatch) -> None:
    clinic = Counted(ClinicConfig())
    monkeypatch.setattr(benchmark, "Clinic", lambda _: clinic)
    figures = benchmark.measure(ClinicConfig(), 2.0)
    assert clinic.counts == {"images": 1 + 60, "posed": 60, "scans": 10 + 50, "closed": 1}
    assert clinic.now_s == pytest.approx(5.0 + 2 * 59 / 30)
    assert figures["picture_ms"] == 7.5 and figures["physics_real_time_factor"] > 0.0


def test_a_benchmark_that_fails_closes_its_clinic(monkeypatch) -> None:
    clinic = Counted(ClinicConfig(), fails=True)
    monkeypatch.setattr(benchmark, "Clinic", lambda _: clinic)
    with pytest.raises(RuntimeError, match="no display"):
        benchmark.measure(ClinicConfig(), 1.0)
    assert clinic.counts["closed"] == 1


def test_a_view_says_where_the_patient_looks_and_best_asks_the_exercise() -> None:
    assert heading_rad("front", "squat") == 0.0
    assert heading_rad("side", "squat") == -heading_rad("other_side", "squat") == math.pi / 2
    assert abs(heading_rad("back", "squat")) == math.pi
    assert {heading_rad(view, name) for name in EXERCISES for view in ("oblique",)} == {math.pi / 4}
    assert len({heading_rad(BEST, name) for name in EXERCISES}) > 1


def test_a_view_that_is_not_known_is_refused_with_those_that_are() -> None:
    for view in (BEST, *VIEWS_RAD):
        check_view(view)
    with pytest.raises(ConfigError, match="unknown view 'above'; choose from: best, front, oblique, side, back, other_side"):
        heading_rad("above", "squat")


def test_the_chair_stands_under_who_sits_and_else_is_out_of_sight() -> None:
    model = build(ClinicConfig(), Appearance.random(1), Rack(2.3, 0.0))
    data = mujoco.MjData(model)
    chair, seat = Chair(model, data), (1.0, -0.5, 0.45, math.pi / 2)
    chair.place(seat)
    mujoco.mj_forward(model, data)
    body = model.body("chair").id
    parts = [geom for geom in range(model.ngeom) if model.geom_bodyid[geom] == body]
    tops = {geom: data.geom_xpos[geom, 2] + model.geom_size[geom, 2] for geom in parts}
    (board,) = [geom for geom in parts if np.allclose(model.geom_size[geom], (0.22, 0.22, 0.02))]
    assert (*data.geom_xpos[board, :2], tops[board]) == pytest.approx(seat[:3])
    back = max(parts, key=tops.__getitem__)
    assert data.geom_xpos[back] == pytest.approx((1.0, -0.5 - 0.23, 0.45 + 0.32))  # behind who looks along y
    chair.place(None)
    mujoco.mj_forward(model, data)
    assert (data.geom_xpos[parts, 2] + model.geom_size[parts].max(axis=1) < 0.0).all()


def test_a_seat_is_below_and_a_little_behind_the_pelvis_of_who_sits() -> None:
    pelvis = np.array([1.0, 2.0, 0.55])
    assert seat_of(pelvis, 1.72) == pytest.approx((0.98, 2.0, 0.45))
    assert seat_of(pelvis, 1.72, math.pi / 2) == pytest.approx((1.0, 1.98, 0.45))
    assert seat_of(pelvis, 1.548)[2] == pytest.approx(0.46)


def test_a_window_without_a_display_is_refused_with_what_to_do(monkeypatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    from physio_sim.window import Window

    with pytest.raises(ConfigError, match="viewer = True needs a display, and there is none; set viewer to False"):
        Window(SimpleNamespace(model=None, data=None))
