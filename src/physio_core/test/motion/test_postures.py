"""Bodies at rest and the ways between them."""

import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_core.motion.kinematics import BODY_JOINTS, BodyShape, positions
from physio_core.motion.postures import POSTURES, posture, through
from physio_core.motion.style import Style

SHAPE = BodyShape()


@pytest.mark.parametrize("name", POSTURES)
def test_posture_rests_on_the_floor(name: str) -> None:
    points = positions(SHAPE, posture(name, SHAPE, Style()))[0]
    assert -0.03 < points[:, 2].min() < 0.08


def test_lying_is_lower_than_kneeling_is_lower_than_standing() -> None:
    nose = BODY_JOINTS.index("nose")
    heights = [positions(SHAPE, posture(name, SHAPE, Style()))[0, nose, 2] for name in ("supine", "kneel", "stand")]
    assert heights == sorted(heights) and heights[0] < 0.4


def test_way_starts_and_ends_at_its_postures_and_stays_on_the_floor() -> None:
    ends = [posture(name, SHAPE, Style()) for name in ("stand", "plank")]
    motion = through(np.linspace(0.0, 2.0, 50), [(0.0, ends[0]), (2.0, ends[1])], SHAPE).motion
    for index, end in ((0, ends[0]), (-1, ends[1])):
        assert np.allclose(motion.root_m[index], end.root_m[0], atol=1e-9)
        assert np.allclose(motion.angles_rad[index], end.angles_rad[0], atol=1e-9)
    low = positions(SHAPE, motion)[..., 2].min(axis=1)
    assert low.min() > -0.03 and low.max() < 0.06


def test_unknown_posture_is_refused() -> None:
    with pytest.raises(ConfigError, match="kneel"):
        posture("headstand", SHAPE, Style())
