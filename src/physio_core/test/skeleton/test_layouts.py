"""The table of layouts: every bone names two joints, mirrors are their own inverse, counts tell layouts apart."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import ConfigError, SkeletonError
from physio_core.skeleton.layouts import HAND_21, LAYOUTS, Layout, layout_named, layout_with

EVERY = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


@EVERY
def test_the_name_ends_with_the_number_of_joints_and_no_joint_is_named_twice(layout: Layout) -> None:
    assert layout.name.endswith(f"_{len(layout.joints)}")
    assert len(set(layout.joints)) == len(layout.joints)
    assert layout_with(len(layout.joints), image=not layout.depth) is layout


@EVERY
def test_no_bone_appears_twice_and_mirroring_gives_the_same_bones(layout: Layout) -> None:
    bones = {frozenset(bone) for bone in layout.edge_indices.tolist()}
    assert len(bones) == len(layout.edges)
    assert {frozenset(layout.mirror[list(bone)].tolist()) for bone in bones} == bones


@EVERY
def test_the_mirror_of_the_mirror_is_the_joint_itself(layout: Layout) -> None:
    assert (layout.mirror[layout.mirror] == np.arange(len(layout.joints))).all()


# MediaPipe's own bones leave the face and the body apart.
@pytest.mark.parametrize(
    "layout", [layout for layout in LAYOUTS.values() if layout.name != "blazepose_33"], ids=lambda one: one.name
)
def test_bones_lead_from_the_centre_to_every_joint(layout: Layout) -> None:
    reached = {layout.index(layout.centre)}
    for _ in layout.joints:
        reached |= {joint for bone in layout.edge_indices.tolist() if reached & set(bone) for joint in bone}
    assert len(reached) == len(layout.joints)


def test_a_hand_has_no_other_side() -> None:
    assert (HAND_21.mirror == np.arange(21)).all()


def test_an_unknown_layout_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ConfigError, match=r"openpose_25.*kinect_25"):
        layout_named("openpose_25")
    with pytest.raises(SkeletonError, match=r"19 joints.*18 \(openpose_18\)"):
        layout_with(19)
