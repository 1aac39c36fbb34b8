"""The hand of :mod:`physio_core.motion.hand` for torch, so that angles can be found by gradient; checked against it by test."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from physio_core.hands.canonical import CHAINS, JOINTS
from physio_core.motion.hand import AWAY, DIGITS, FAN_RAD, FINGERS, THUMB_ROLL_RAD, THUMB_YAW_RAD, HandShape

SHAPE_SPREAD = (0.1, 0.05, 0.03, 0.04)
"""Of the natural logarithm of length, and of the factors of width, fingers and thumb: one unit of a shape."""
_MEAN = HandShape()
_ROOTS = torch.tensor(np.array([_MEAN.bones_m(digit)[0] for digit in DIGITS]), dtype=torch.float32)
_BONES = torch.tensor([_MEAN.bones_m(digit)[1] for digit in DIGITS], dtype=torch.float32)
_FAN = torch.tensor([FAN_RAD[finger] for finger in FINGERS])
_OVER = torch.tensor([AWAY[finger] for finger in FINGERS])
_MIDDLE_M = float(_ROOTS[DIGITS.index("middle"), 0])


def joints_of(angles: Tensor, shape: Tensor, length_m: Tensor) -> Tensor:
    """Joints in the palm's frame (..., 21, 3) of a right hand [m].

    Args:
        angles: (..., A) in the order of :data:`~physio_lab.tasks.hand_prior.config.ANGLES` [rad].
        shape: (..., 4) in units of :data:`SHAPE_SPREAD`; 0: mean proportions.
        length_m: (...) from the wrist to the tip of the straight middle finger, before the first number of the shape [m].
    """
    spread = torch.tensor(SHAPE_SPREAD)
    scale = length_m / _MEAN.length_m * torch.exp(spread[0] * shape[..., 0])
    width, fingers, thumb = (1.0 + spread[at] * shape[..., at] for at in (1, 2, 3))
    palm = (_MEAN.length_m - fingers * (_MEAN.length_m - _MIDDLE_M)) / _MIDDLE_M
    roots = _ROOTS * torch.stack([palm, width, torch.ones_like(width)], dim=-1)[..., None, :] * scale[..., None, None]
    own = torch.stack([thumb, *[fingers] * len(FINGERS)], dim=-1)
    bones = _BONES * (own * scale[..., None])[..., None]
    along = torch.cat([_thumb(angles[..., 16:])[..., None, :, :], _fingers(angles[..., :16].unflatten(-1, (4, 4)))], dim=-3)
    roots, along = torch.broadcast_tensors(roots[..., None, :], along)
    chains = torch.cat([roots[..., :1, :], roots + (along * bones[..., None]).cumsum(-2)], dim=-2)
    flat = chains.flatten(-3, -2)
    order = torch.from_numpy(np.argsort(CHAINS.ravel()))
    assert len(order) + 1 == JOINTS
    return torch.cat([torch.zeros_like(flat[..., :1, :]), flat[..., order, :]], dim=-2)


def _fingers(angles: Tensor) -> Tensor:
    """Directions of three bones (..., 4, 3, 3) by flexion, abduction and two flexions (..., 4, 4)."""
    yaw = (_FAN + _OVER * angles[..., 1])[..., None]
    bent = torch.stack([angles[..., 0], angles[..., 2], angles[..., 3]], dim=-1).cumsum(-1)
    return torch.stack([yaw.cos() * bent.cos(), yaw.sin() * bent.cos(), -bent.sin()], dim=-1)


def _thumb(angles: Tensor) -> Tensor:
    """Directions of three bones (..., 3, 3) by flexion, abduction, opposition and two flexions (..., 5)."""
    bent = torch.stack([torch.zeros_like(angles[..., 3]), angles[..., 3], angles[..., 4]], dim=-1).cumsum(-1)
    x, z = bent.cos(), -bent.sin()
    y, z = -z * np.sin(THUMB_ROLL_RAD), z * np.cos(THUMB_ROLL_RAD)
    lift = angles[..., 1:2]
    x, z = x * lift.cos() + z * lift.sin(), -x * lift.sin() + z * lift.cos()
    yaw = THUMB_YAW_RAD - angles[..., 0:1]
    x, y = x * yaw.cos() - y * yaw.sin(), x * yaw.sin() + y * yaw.cos()
    over = -angles[..., 2:3]
    return torch.stack([x, y * over.cos() - z * over.sin(), y * over.sin() + z * over.cos()], dim=-1)


def turned_by(columns: Tensor) -> Tensor:
    """Rotations (..., 3, 3) from their first two columns one after the other (..., 6), made orthogonal.

    Zhou et al., "On the continuity of rotation representations in neural networks", CVPR 2019.
    """
    x = torch.nn.functional.normalize(columns[..., :3], dim=-1)
    y = columns[..., 3:] - (x * columns[..., 3:]).sum(-1, keepdim=True) * x
    y = torch.nn.functional.normalize(y, dim=-1)
    return torch.stack([x, y, torch.linalg.cross(x, y)], dim=-1)
