"""The hand that a patient shows closely, in place of the capsules of its arm."""

from __future__ import annotations

from collections.abc import Mapping

import mujoco
import numpy as np

from physio_core.motion.hand import HandFrames, HandMotion, HandShape, hand_frames
from physio_core.motion.kinematics import BODY_JOINTS
from physio_core.types import FloatArray
from physio_sim.patient.hand_doing import HandPose
from physio_sim.world.hand import SolidHand
from physio_sim.world.scene import HAND_GROUPS

_CUFF_M = 0.085
"""How far before the wrist the capsule of the forearm ends."""


class NearHands:
    """Moves and hides the patient's two hands as they are shown closely."""

    def __init__(self, hands: Mapping[str, SolidHand], shape: HandShape, model: mujoco.MjModel, data: mujoco.MjData) -> None:
        """Find them in a built clinic; none is shown."""
        self._hands, self._shape = hands, shape
        self.points_m: FloatArray = np.zeros((0, 3))
        for hand in hands.values():
            hand.attach(model, data)
        self.hidden_groups = list(HAND_GROUPS.values())

    def move(self, pose: HandPose | None, body_m: FloatArray) -> FloatArray:
        """Show a hand, or none.

        Args:
            pose: which and where.
            body_m: (J, 3) the patient's joints [m].

        Returns:
            (J, 3) where the body is to be drawn: without the capsules that are in the hand's place.
        """
        self.hidden_groups = [group for side, group in HAND_GROUPS.items() if pose is None or side != pose.side]
        for side, hand in self._hands.items():
            if pose is None or side != pose.side:
                hand.hide()
        if pose is None:
            self.points_m = np.zeros((0, 3))
            return body_m
        frames = self._frames(pose)
        self._hands[pose.side].move(frames, 0, pose.wrist_m, pose.turn)
        self.points_m = frames.points_m[0] @ pose.turn.T + pose.wrist_m
        drawn = body_m.copy()
        for joint in ("wrist", "hand"):
            drawn[BODY_JOINTS.index(f"{pose.side}_{joint}")] = pose.wrist_m - _CUFF_M * pose.turn[:, 0]
        return drawn

    def _frames(self, pose: HandPose) -> HandFrames:
        still = np.zeros((1, 3))
        return hand_frames(self._shape, HandMotion(pose.angles_rad[None], still, still.copy(), pose.side))
