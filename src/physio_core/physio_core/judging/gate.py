"""The set-up gate: nothing is judged until every joint that the exercise needs was seen for a moment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from physio_core.params import Parameters, param
from physio_core.skeleton.confidence import VISIBLE
from physio_core.skeleton.layouts import layout_named, sideless
from physio_core.types import Skeleton


@dataclass(frozen=True)
class GateConfig(Parameters):
    """When a joint counts as there."""

    joint_above: float = param(
        VISIBLE, "Confidence from which a joint that an exercise needs counts as seen.", low=0.0, high=1.0, live=True
    )
    set_up_s: float = param(
        0.5, "Time every joint that an exercise needs must be seen before it is judged.", unit="s", low=0.0, high=10.0, live=True
    )
    lose_joint_s: float = param(1.0, "A needed joint unseen for longer pauses judging.", unit="s", low=0.1, high=10.0, live=True)


@dataclass
class _Joint:
    since_s: float = math.inf
    last_s: float = -math.inf


class SetupGate:
    """Follows the joints that one exercise needs; short gaps do not close it."""

    def __init__(self, needs: Sequence[str], config: GateConfig) -> None:
        """Have seen nothing yet.

        Args:
            needs: joints without side; each must be seen on at least one side.
            config: when a joint counts as there.
        """
        self._config = config
        self._joints = {joint: _Joint() for joint in needs}

    def update(self, skeleton: Skeleton) -> None:
        """Take the skeleton of the next image; one of another layout, or of nobody, shows no joint."""
        for name in self._seen(skeleton):
            joint = self._joints[name]
            if not abs(skeleton.stamp_s - joint.last_s) <= self._config.lose_joint_s:  # a gap, or a clock that was set
                joint.since_s = skeleton.stamp_s
            joint.last_s = skeleton.stamp_s

    def missing(self, stamp_s: float) -> tuple[str, ...]:
        """Joints that are not there at a time [s] on the images' clock; none: the gate is open."""
        config = self._config
        return tuple(
            name
            for name, joint in self._joints.items()
            if joint.last_s - joint.since_s < config.set_up_s or not stamp_s - joint.last_s <= config.lose_joint_s
        )

    def _seen(self, skeleton: Skeleton) -> set[str]:
        joints = layout_named(skeleton.layout).joints
        if not skeleton.tracked or len(joints) != len(skeleton.points):
            return set()
        inside = np.all((skeleton.points[:, :2] >= 0.0) & (skeleton.points[:, :2] <= 1.0), axis=1)
        there = inside & (skeleton.confidence >= self._config.joint_above)
        return {sideless(joint) for joint, seen in zip(joints, there, strict=True) if seen} & set(self._joints)
