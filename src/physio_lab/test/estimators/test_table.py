"""The table of all estimators: errors are those that were made, lost images those in which a person was there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from physio_core.motion.projection import project
from physio_core.pose.choice import BLAZE, MOVENET
from physio_core.pose.estimator import PoseConfig
from physio_core.skeleton.layouts import BODY_25, Layout
from physio_core.types import Frame, Skeleton, Tracking
from physio_lab.estimators import table
from physio_lab.estimators.table import GIVEN, TRUE, Row, show_clips, show_rendered
from physio_lab.synthetic.angle_takes import shot_of
from physio_lab.synthetic.shots import ShotSpec

CONFIGS = [PoseConfig(estimator=BLAZE), PoseConfig(estimator=MOVENET)]
SHOT = shot_of(0, 0, "squat", "front")
BLANK = np.zeros((SHOT.size_px[1], SHOT.size_px[0], 3), np.uint8)


class Told:
    """Sees the joints of the shot, moved to the right by pixels; nobody in the first images."""

    searches = 0

    def __init__(self, name: str, off_px: float, blind: int) -> None:
        self.name, self._off_px, self._blind, self._image = name, off_px, blind, -1
        self._places = project(SHOT.points, SHOT.camera)[0]

    def estimate(self, frame: Frame) -> Skeleton:
        self._image += 1
        size = {"width_px": SHOT.size_px[0], "height_px": SHOT.size_px[1]}
        if self._image < self._blind:
            return Skeleton(frame.stamp_s, Tracking.NOBODY, BODY_25.name, **size)
        points = np.zeros((25, 3), np.float32)
        points[GIVEN, :2] = self._places[self._image][TRUE]
        points[:, 0] += self._off_px / SHOT.size_px[0]
        return Skeleton(frame.stamp_s, Tracking.TRACKED, BODY_25.name, points, np.ones(25, np.float32), **size)

    def close(self) -> None:
        """Nothing."""


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    def make(config: PoseConfig, _: Layout) -> Told:
        return Told("a", 0.0, 0) if config.estimator == BLAZE else Told("b", 10.0, 15)

    def images(shot: ShotSpec) -> Iterator[Frame]:
        return (Frame(index / shot.fps, BLANK) for index in range(len(shot.points)))

    monkeypatch.setattr(table, "make_estimator", make)
    monkeypatch.setattr(table, "_images", images)
    monkeypatch.setattr(table, "makes", lambda people: [(0, "squat", "front")] * people)
    return [Row("a"), Row("b")]


def test_errors_against_rendered_people_are_those_that_were_made(rows: list[Row]) -> None:
    show_rendered(rows, CONFIGS, 1, 0)
    exact, off = (row.figures() for row in rows)
    assert exact["error_median_percent"] == pytest.approx(0.0, abs=1e-3) and exact["near_percent"] == 100.0
    trunk_px = max(map(table._trunk_px, project(SHOT.points, SHOT.camera)[0][:, TRUE] * SHOT.size_px))
    assert off["error_median_percent"] == pytest.approx(1000.0 / trunk_px, rel=1e-3)
    assert set(off["error_median_percent_by_joint"]) == {"shoulder", "elbow", "wrist", "hip", "knee", "ankle"}
    assert (exact["rendered_lost_percent"], off["rendered_lost_percent"]) == (0.0, 25.0)  # 15 of 60
    assert off["image_ms"] is None and off["lost_percent"] is None


def test_on_real_clips_a_person_is_lost_by_one_where_another_sees_him(rows: list[Row]) -> None:
    show_clips(rows, CONFIGS, [[Frame(index / 30.0, BLANK) for index in range(20)]] * 2)
    first, second = (row.figures() for row in rows)
    assert (first["images"], first["lost_percent"], second["lost_percent"]) == (40, 0.0, 75.0)
    assert second["found_again"] == 2 and second["away_median_percent"] > 0.0 and first["away_median_percent"] is None
    assert second["image_ms"] > 0.0
