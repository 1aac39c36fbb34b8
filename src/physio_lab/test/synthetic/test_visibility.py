"""How well the estimator sees the simulated patient: what the figures mean, with a clinic and an estimator that are made up."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from physio_core.types import Skeleton, Tracking
from physio_lab.synthetic import visibility
from physio_sim.params import ClinicConfig

CONFIG = ClinicConfig(seed=5, width_px=200, height_px=100)


@pytest.fixture
def clinic(monkeypatch):
    """A clinic whose joints are all in the middle; ``found`` gives what the estimator says of each picture, by seed."""
    room = SimpleNamespace(opened=[], closed=[], asked=[], times_s=[], found=lambda _seed, _number: None)

    class Clinic:
        now_s = 3.0

        def __init__(self, config):
            self.seed = config.seed
            room.opened.append(config.seed)

        def ask(self, exercise):
            room.asked.append(exercise)

        def wait_for_start(self):
            pass

        def advance(self, now_s):
            room.times_s.append(round(now_s, 6))

        def pose_people(self):
            pass

        def image(self):
            return np.zeros((100, 200, 3), np.uint8)

        def skeleton(self):
            return np.full((18, 2), 0.5)

        def close(self):
            room.closed.append(self.seed)

    class Estimator:
        def __init__(self):
            self.number = -1

        def estimate(self, frame):
            self.number += 1
            off_px = room.found(room.opened[-1], self.number)
            if off_px is None:
                return Skeleton(frame.stamp_s, Tracking.NOBODY)
            points = np.full((18, 3), 0.5)
            points[:, 0] += off_px / 200
            return Skeleton(frame.stamp_s, Tracking.TRACKED, points=points, confidence=np.full(18, 0.75))

        def close(self):
            room.closed.append("estimator")

    monkeypatch.setattr(visibility, "Clinic", Clinic)
    monkeypatch.setattr(visibility, "make_estimator", lambda _config: Estimator())
    return room


def test_errors_are_pixels_over_the_images_with_a_person(clinic):
    clinic.found = lambda _seed, number: None if number == 0 else 10.0 * number
    (seen,) = visibility.measure(["squat"], CONFIG, seeds=1, seconds=0.6)
    assert (seen.exercise, seen.images, seen.detected) == ("squat", 6, pytest.approx(5 / 6))
    assert (seen.confidence, seen.error_px, seen.worst_px) == (0.75, pytest.approx(30.0), pytest.approx(46.0))
    assert clinic.times_s == [3.0, 3.1, 3.2, 3.3, 3.4, 3.5]


def test_each_exercise_is_watched_with_each_patient_and_everything_is_closed(clinic):
    clinic.found = lambda seed, _number: float(seed)
    seen = list(visibility.measure(["squat", "lunge"], CONFIG, seeds=2, seconds=0.2))
    assert [(one.exercise, one.images) for one in seen] == [("squat", 4), ("lunge", 4)]
    assert [one.error_px for one in seen] == pytest.approx([5.5, 5.5]), "the middle of both patients"
    assert clinic.asked == ["squat", "squat", "lunge", "lunge"]
    assert clinic.closed == [5, "estimator", 6, "estimator"] * 2


def test_of_nobody_there_is_no_error(clinic):
    (seen,) = visibility.measure(["squat"], CONFIG, seeds=1, seconds=0.3)
    assert (seen.images, seen.detected) == (3, 0.0)
    assert all(map(math.isnan, (seen.confidence, seen.error_px, seen.worst_px)))


def test_a_clinic_is_closed_also_when_the_estimator_fails(clinic):
    def fail(_seed, _number):
        raise RuntimeError("broken graph")

    clinic.found = fail
    with pytest.raises(RuntimeError):
        list(visibility.measure(["squat"], CONFIG, seeds=1, seconds=0.3))
    assert clinic.closed == [5, "estimator"]
