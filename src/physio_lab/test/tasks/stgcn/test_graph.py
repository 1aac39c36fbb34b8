"""Partition strategies: every layout, nothing lost, and what each strategy tells apart."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_core.skeleton.layouts import LAYOUTS, OPENPOSE_18, Layout
from physio_lab.tasks.stgcn.graph import PARTITIONS, partition


@pytest.mark.parametrize("strategy", PARTITIONS)
@pytest.mark.parametrize("name", LAYOUTS)
def test_the_parts_add_up_to_the_normalised_skeleton(name: str, strategy: str) -> None:
    layout = LAYOUTS[name]
    whole = partition(layout, strategy).sum(0)
    np.testing.assert_allclose(whole.sum(0), np.ones(len(layout.joints)), rtol=1e-6)
    linked = np.eye(len(layout.joints), dtype=bool)
    for a, b in layout.edge_indices:
        linked[a, b] = linked[b, a] = True
    np.testing.assert_array_equal(whole > 0, linked)


def test_what_each_strategy_tells_apart() -> None:
    neck, nose, eye = (OPENPOSE_18.index(name) for name in ("neck", "nose", "left_eye"))
    where = {strategy: partition(OPENPOSE_18, strategy)[:, [nose, neck, eye], nose] > 0 for strategy in PARTITIONS}
    assert where["uniform"].tolist() == [[True, True, True]]
    assert where["distance"].tolist() == [[True, False, False], [False, True, True]]
    assert where["spatial"].tolist() == [[True, False, False], [False, True, False], [False, False, True]]


def test_a_limb_that_no_bone_joins_to_the_centre_is_measured_from_its_middle() -> None:
    layout = Layout("t", ("centre", "hip", "knee", "ankle"), (("hip", "knee"), ("knee", "ankle")), "centre")
    parts = partition(layout, "spatial")
    assert parts[1, 2, 1] > 0 and parts[1, 2, 3] > 0 and parts[2, 1, 2] > 0


def test_an_unknown_strategy_is_refused() -> None:
    with pytest.raises(ConfigError, match="random.*uniform, distance, spatial"):
        partition(OPENPOSE_18, "random")
