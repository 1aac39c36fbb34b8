"""What MediaPipe's landmarks become, with an estimator that is made up; and MediaPipe Tasks, where its model file is there."""

from __future__ import annotations

import math
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("mediapipe", reason="mediapipe is an option, and is not installed")

from physio_core.errors import EstimatorError
from physio_core.pose import mediapipe
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_core.pose.mediapipe import MediaPipePose, MediaPipeTasksPose
from physio_core.skeleton.layouts import BLAZEPOSE_33, BODY_25, OPENPOSE_18, Layout
from physio_core.skeleton.remapping import skeleton_in
from physio_core.types import Frame, Tracking

FRAME = Frame(12.5, np.zeros((48, 64, 3), np.uint8))
TASK = Path(os.environ.get("PHYSIO_POSE_TASK", "pose_landmarker.task"))


def mark(
    x: float = 0.5, y: float = 0.5, z: float = 0.1, visibility: float = 0.9, presence: float | None = None
) -> SimpleNamespace:
    return SimpleNamespace(x=x, y=y, z=z, visibility=visibility, presence=presence)


def marks(**changes: SimpleNamespace) -> list[SimpleNamespace]:
    """A body whose joints lie on a line, each at its number."""
    made = [mark(x=index / 100, y=index / 50) for index in range(33)]
    for name, one in changes.items():
        made[BLAZEPOSE_33.index(name)] = one
    return made


class Graph:
    """MediaPipe's graph, which finds what it is given, or fails as that does."""

    def __init__(self, found: list[SimpleNamespace], fails: int = 0) -> None:
        self.found, self.fails, self.opened, self.closed = found, fails, 0, 0

    def open(self) -> Graph:
        self.opened += 1
        return self

    def process(self, _rgb: object) -> SimpleNamespace:
        if self.fails and self.opened < 2:
            raise RuntimeError("CalculatorGraph::Run() failed")
        found = SimpleNamespace(landmark=self.found) if self.found else None
        return SimpleNamespace(pose_landmarks=found, pose_world_landmarks=found)

    def close(self) -> None:
        self.closed += 1
        raise ValueError("Closing SolutionBase._graph which is already None")


def looking_at(
    found: list[SimpleNamespace], monkeypatch: pytest.MonkeyPatch, fails: int = 0, layout: Layout = OPENPOSE_18
) -> tuple[MediaPipePose, Graph]:
    graph = Graph(found, fails)
    monkeypatch.setattr(MediaPipePose, "_open", lambda self: setattr(self, "_pose", graph.open()))
    return MediaPipePose(layout=layout), graph


def test_a_body_has_the_coachs_eighteen_joints_where_mediapipe_saw_them(monkeypatch):
    estimator, _ = looking_at(marks(), monkeypatch)
    skeleton = estimator.estimate(FRAME)
    assert (skeleton.status, skeleton.layout, skeleton.stamp_s) == (Tracking.TRACKED, "openpose_18", 12.5)
    assert (skeleton.width_px, skeleton.height_px, skeleton.body_id) == (64, 48, "")
    wrist = BLAZEPOSE_33.index("left_wrist")
    assert skeleton.points[OPENPOSE_18.index("left_wrist")] == pytest.approx([wrist / 100, wrist / 50, 0.1])
    assert skeleton.confidence[OPENPOSE_18.index("left_wrist")] == pytest.approx(0.9)


def test_with_feet_the_other_joints_are_the_same_and_a_small_toe_is_missing(monkeypatch):
    with_feet, without = (looking_at(marks(), monkeypatch, layout=layout)[0].estimate(FRAME) for layout in (BODY_25, OPENPOSE_18))
    heel = BLAZEPOSE_33.index("left_heel")
    assert with_feet.points[BODY_25.index("left_heel")] == pytest.approx([heel / 100, heel / 50, 0.1])
    assert with_feet.confidence[BODY_25.index("left_small_toe")] == 0.0
    recognised = skeleton_in(with_feet, OPENPOSE_18)
    for part in ("points", "confidence", "world_m"):
        np.testing.assert_array_equal(getattr(recognised, part), getattr(without, part))


def test_joints_in_space_are_where_mediapipe_puts_them(monkeypatch):
    skeleton = looking_at(marks(left_heel=mark(0.1, 0.8, -0.2)), monkeypatch, layout=BODY_25)[0].estimate(FRAME)
    assert skeleton.world_m[BODY_25.index("left_heel")] == pytest.approx([0.1, 0.8, -0.2])


def test_the_neck_is_the_middle_of_the_shoulders_and_no_surer_than_they_are(monkeypatch):
    shoulders = {"left_shoulder": mark(0.4, 0.3, visibility=0.8), "right_shoulder": mark(0.6, 0.5, visibility=0.6)}
    estimator, _ = looking_at(marks(**shoulders), monkeypatch)
    skeleton = estimator.estimate(FRAME)
    neck = OPENPOSE_18.index("neck")
    assert skeleton.points[neck, :2] == pytest.approx([0.5, 0.4])
    assert 0.5 < skeleton.confidence[neck] <= 0.8


@pytest.mark.parametrize(
    ("visibility", "presence", "confidence"),
    [(0.9, None, 0.9), (0.9, 0.5, 0.45), (0.9, 0.0, 0.0), (1.2, None, 1.0), (-0.1, None, 0.0)],
)
def test_a_joint_is_as_sure_as_it_is_visible_and_inside_the_picture(monkeypatch, visibility, presence, confidence):
    estimator, _ = looking_at(marks(left_wrist=mark(visibility=visibility, presence=presence)), monkeypatch)
    assert estimator.estimate(FRAME).confidence[OPENPOSE_18.index("left_wrist")] == pytest.approx(confidence)


@pytest.mark.parametrize(("named", "confidence"), [(True, 0.45), (False, 0.9)])
def test_a_message_that_does_not_say_whether_the_joint_is_inside_means_that_it_is(monkeypatch, named, confidence):
    wrist = mark(presence=0.5)
    wrist.HasField = lambda name: named and name == "presence"
    estimator, _ = looking_at(marks(left_wrist=wrist), monkeypatch)
    assert estimator.estimate(FRAME).confidence[OPENPOSE_18.index("left_wrist")] == pytest.approx(confidence)


def test_nobody_is_nobody_in_an_image_of_that_size(monkeypatch):
    estimator, _ = looking_at([], monkeypatch)
    skeleton = estimator.estimate(FRAME)
    assert (skeleton.status, skeleton.width_px, skeleton.height_px, len(skeleton.points)) == (Tracking.NOBODY, 64, 48, 0)


@pytest.mark.parametrize("odd", [{"x": math.nan}, {"z": math.inf}, {"visibility": math.nan}])
def test_coordinates_that_are_no_numbers_are_a_failure_and_not_a_body(monkeypatch, odd):
    estimator, _ = looking_at(marks(nose=mark(**odd)), monkeypatch)
    with pytest.raises(EstimatorError, match="not finite"):
        estimator.estimate(FRAME)


def test_a_graph_that_failed_is_opened_again_and_what_it_complains_of_while_closing_is_no_matter(monkeypatch):
    estimator, graph = looking_at(marks(), monkeypatch, fails=1)
    with pytest.raises(EstimatorError, match="MediaPipe failed on a 64x48 image: CalculatorGraph"):
        estimator.estimate(FRAME)
    assert (graph.opened, graph.closed) == (2, 1)
    assert estimator.estimate(FRAME).tracked


class Landmarker:
    """MediaPipe Tasks, which dies of a time that does not rise."""

    def __init__(self) -> None:
        self.times_ms: list[int] = []
        self.fails = False

    def detect_for_video(self, _image: object, time_ms: int) -> SimpleNamespace:
        if self.fails or (self.times_ms and time_ms <= self.times_ms[-1]):
            raise ValueError("Input timestamp must be monotonically increasing")
        self.times_ms.append(time_ms)
        return SimpleNamespace(pose_landmarks=[marks()], pose_world_landmarks=[marks()])

    def close(self) -> None:
        pass


@pytest.fixture
def tasks(monkeypatch, tmp_path):
    """An estimator on MediaPipe Tasks whose landmarker is made up; and the landmarkers that were made for it."""
    made: list[Landmarker] = []

    def create(_options: object) -> Landmarker:
        made.append(Landmarker())
        return made[-1]

    monkeypatch.setattr(mediapipe.mp.tasks.vision.PoseLandmarker, "create_from_options", create)
    path = tmp_path / "pose.task"
    path.touch()
    return MediaPipeTasksPose(PoseConfig(task_model_path=str(path))), made


def test_tasks_is_given_times_that_rise_also_when_a_clock_is_set_back_or_stands_still(tasks):
    estimator, (landmarker,) = tasks
    for stamp_s in (1.0, 1.033, 1.033, 0.5, 1.2):
        assert estimator.estimate(Frame(stamp_s, FRAME.rgb)).tracked
    assert landmarker.times_ms == [1000, 1033, 1034, 1035, 1200]


def test_tasks_that_failed_begins_again_with_its_own_time(tasks):
    estimator, made = tasks
    estimator.estimate(Frame(100.0, FRAME.rgb))
    made[0].fails = True
    with pytest.raises(EstimatorError, match="MediaPipe Tasks failed: Input timestamp"):
        estimator.estimate(Frame(100.1, FRAME.rgb))
    assert estimator.estimate(Frame(3.0, FRAME.rgb)).stamp_s == 3.0
    assert (len(made), made[1].times_ms) == (2, [3000])
    estimator.close()


@pytest.mark.skipif(not TASK.is_file(), reason=f"no pose_landmarker model file at {TASK}; set PHYSIO_POSE_TASK")
def test_tasks_sees_nobody_in_the_dark_with_its_real_model():
    estimator = make_estimator(PoseConfig(task_model_path=str(TASK)))
    assert isinstance(estimator, MediaPipeTasksPose)
    assert estimator.estimate(Frame(0.0, np.zeros((240, 320, 3), np.uint8))).status is Tracking.NOBODY
    estimator.close()
