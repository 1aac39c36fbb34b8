"""What `physio bench` says of hands is measured on a rendered hand, which must be seen."""

from __future__ import annotations

import pytest

from physio_core.errors import EstimatorError
from physio_core.pose.choice import BLAZE
from physio_core.pose.hand_estimator import HandConfig
from physio_lab.synthetic.hand_scenes import HandScene
from physio_tools import hand_bench
from physio_tools.bench import MEANING


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand_bench, "IMAGES", 24)
    monkeypatch.setattr(hand_bench, "CALLS", 2)


def test_every_figure_of_hands_is_measured_and_has_a_meaning() -> None:
    found = hand_bench.measure_hands()
    assert set(found) == {name for name in MEANING if name.startswith("hand_")}
    assert min(found.values()) > 0
    assert found["hand_own_over_mediapipe"] == found["hand_own_ms"] / found["hand_mediapipe_ms"]


def test_a_hand_that_is_not_seen_gives_no_time() -> None:
    with pytest.raises(EstimatorError, match="hand_estimator blaze sees the rendered hand in fewer than half"):
        hand_bench._images_ms(hand_bench._frames(HandScene(at_m=(0.0, 0.09, 8.0))), {"image": HandConfig(hand_estimator=BLAZE)})
