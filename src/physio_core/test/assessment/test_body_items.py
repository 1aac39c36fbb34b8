"""Items of the arm are judged by rules on angles, with the reason, or not at all."""

import numpy as np
import pytest

from physio_core.assessment.body_items import load_body_items, score_body
from physio_core.assessment.readings import Series

ITEMS = load_body_items()
STAMPS = np.arange(0.0, 4.0, 0.05)


def course(peak, rest=0.0, hold=True):
    """From rest to a peak, which is held for a second, and back."""
    shape = np.interp(STAMPS, [0.5, 1.5, 2.5, 3.5], [0, 1, 1, 0]) if hold else (np.abs(STAMPS - 2.0) < 0.06).astype(float)
    return Series(STAMPS, rest + (peak - rest) * shape, np.full(len(STAMPS), 3.0))


@pytest.mark.parametrize(
    ("shoulder", "elbow", "level", "said"),
    [
        (course(95), course(10), 2, "shoulder flexion 95"),
        (course(60), course(10), 1, "shoulder flexion 60, at least 80 asked"),
        (course(95), course(80, 60), 1, "elbow flexion 60, at most 30 asked"),
        (course(15), course(10), 0, "shoulder flexion 15, at least 80 asked"),
        (course(95, hold=False), course(10), 0, "not all at once"),
    ],
)
def test_an_arm_raised_forward_is_scored_by_how_far_and_how_straight(shoulder, elbow, level, said):
    values = {"shoulder_flexion": shoulder, "elbow_flexion": elbow}
    found = score_body("shoulder_flexion_0_90", ITEMS["shoulder_flexion_0_90"], values.__getitem__, "side")
    assert found.level == level and said in found.reason


def test_what_cannot_be_seen_is_not_scored():
    values = {
        "shoulder_flexion": course(95),
        "elbow_flexion": Series(STAMPS, np.full(len(STAMPS), np.nan), np.zeros(len(STAMPS))),
    }
    item = ITEMS["shoulder_flexion_0_90"]
    assert "seen from the front, it shows from the side or oblique" in score_body("a", item, values.__getitem__, "front").reason
    found = score_body("a", item, values.__getitem__, "side")
    assert found.level is None and found.reason == "elbow flexion is measured in 0% of the images"
    assert score_body("a", item, values.__getitem__, "").level is None
