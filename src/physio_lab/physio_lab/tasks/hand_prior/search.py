"""Finds the motion that explains what was seen of a hand and is likely by the prior: a search of codes, in two stages.

E. Duran, M. Kocabas, V. Choutas, Z. Fan and M. J. Black, "HMP: Hand motion priors for pose and shape estimation from video", WACV
2024: first place, turn and shape of the hand, then the codes as well; six losses hold orientation, translation, shape,
smoothness, key points and the prior. Here the hand is the kinematic one of this project; codes begin with what the encoder makes
of the windows, and the prior is how likely a code is by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from physio_core.hands.canonical import CHAINS, WRIST
from physio_core.types import FloatArray
from physio_lab.tasks.hand_prior.config import HOP, WINDOW, SearchConfig
from physio_lab.tasks.hand_prior.kinematics import joints_of, turned_by
from physio_lab.tasks.hand_prior.network import HandVae
from physio_lab.tasks.hand_prior.seen import SeenHand

_PALM = [WRIST, *CHAINS[:, 0].tolist()]
_RATES = {"codes": 0.05, "turn": 0.01, "place": 0.002, "shape": 0.05}
"""Largest steps (Adam)."""
_TURN, _PLACE_M, _JERKS_M = 0.1, 0.02, 0.001
"""Unit of the losses of orientation, translation [m] and smoothness [m a frame squared]."""


@dataclass(frozen=True, eq=False)
class _Scene:
    """What was seen of B hands, padded to T frames, as tensors, and what an encoder makes of it; see :class:`SeenHand`."""

    rays: Tensor
    deep: Tensor
    there: Tensor
    within: Tensor
    wrists: Tensor
    turns: Tensor
    lengths: Tensor
    inputs: Tensor
    likely: Tensor
    spread: Tensor


@dataclass(frozen=True, eq=False)
class _Free:
    """What is searched for: codes (B, W, Z), turn (B, T, 6), place (B, T, 3) and shape (B, 4) of hands."""

    codes: Tensor
    turn: Tensor
    place: Tensor
    shape: Tensor


def explained(network: HandVae, hands: Sequence[SeenHand], config: SearchConfig | None = None) -> list[FloatArray]:
    """Joints (T, 21, 3) from the wrist [m] of each hand, in the camera's axes, as :class:`SeenHand` has them (mirrored if left).

    Args:
        network: learnt.
        hands: at least one; they are searched for together.
        config: steps and weights.
    """
    config = config or SearchConfig()
    for weight in network.parameters():
        weight.requires_grad_(False)
    scene = _scene(network.eval(), hands)
    free = _Free(scene.likely.clone(), scene.turns.clone(), scene.wrists.clone(), torch.zeros(len(hands), 4))
    _search(network, scene, free, config, ("turn", "place", "shape"), config.first)
    _search(network, scene, free, config, tuple(_RATES), config.second)
    with torch.no_grad():
        joints = _placed(network, scene, free)
    from_wrist = (joints - joints[:, :, :1]).numpy()
    return [one[: len(hand.stamps_s)].astype(float) for one, hand in zip(from_wrist, hands, strict=True)]


def _search(network: HandVae, scene: _Scene, free: _Free, config: SearchConfig, moved: tuple[str, ...], steps: int) -> None:
    groups = [{"params": [getattr(free, name).requires_grad_(True)], "lr": _RATES[name]} for name in moved]
    optimiser = torch.optim.Adam(groups)
    falls = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(steps, 1), eta_min=0.0)
    for _ in range(steps):
        optimiser.zero_grad()
        losses(network, scene, free, config).backward()
        optimiser.step()
        falls.step()
    for name in moved:
        getattr(free, name).requires_grad_(False)


def losses(network: HandVae, scene: _Scene, free: _Free, config: SearchConfig) -> Tensor:
    """The sum of the six losses over all hands; each hand's are means over its own frames, so that hands do not mix."""
    joints = _placed(network, scene, free)
    seen, count = scene.there, scene.there.sum(1).clamp(min=1)

    def mean(each: Tensor, frames: Tensor = seen, over: Tensor = count) -> Tensor:
        return (torch.where(frames, each, 0.0).sum(1) / over).sum()

    away = scene.wrists[..., 2:, None]
    across = (joints[..., :2] / joints[..., 2:].clamp(min=0.05) - scene.rays) * away
    depth = config.depth * (joints[..., 2] - joints[:, :, :1, 2] - scene.deep)
    apart = (across.square().sum(-1) + depth.square()) / config.spread_m**2
    still = joints[:, 2:] - 2.0 * joints[:, 1:-1] + joints[:, :-2]
    both = scene.within[:, 2:]
    return (
        config.keypoints * mean((apart / (1.0 + apart)).mean(-1))
        + config.orientation * mean(((free.turn - scene.turns) / _TURN).square().mean(-1)) * _TURN
        + config.translation * mean(((free.place - scene.wrists) / _PLACE_M).square().mean(-1))
        + config.shape * free.shape.square().sum()
        + config.smoothness * mean((still / _JERKS_M).square().sum(-1).mean(-1), both, both.sum(1).clamp(min=1))
        + config.prior * ((free.codes - scene.likely) / scene.spread).square().mean((1, 2)).sum()
    )


def _placed(network: HandVae, scene: _Scene, free: _Free) -> Tensor:
    """Joints (B, T, 21, 3) before the camera [m]."""
    hands, windows = free.codes.shape[:2]
    parts = network.decode(free.codes.flatten(0, 1)).unflatten(0, (hands, windows))
    weight = _blend(windows)
    frames = WINDOW + (windows - 1) * HOP
    angles = torch.zeros(hands, frames, parts.shape[-1])
    for at in range(windows):
        rows = slice(at * HOP, at * HOP + WINDOW)
        angles = angles + torch.nn.functional.pad(
            parts[:, at] * weight[at, :, None], (0, 0, at * HOP, frames - rows.stop)
        )  # fmt: skip
    palm = joints_of(angles, free.shape[:, None], scene.lengths[:, None])
    return palm @ turned_by(free.turn).transpose(-1, -2) + free.place[..., None, :]


def _blend(windows: int) -> Tensor:
    """Weights (W, F) with which windows that overlap are added."""
    ramp = torch.minimum(torch.arange(WINDOW) + 1.0, WINDOW - torch.arange(WINDOW, dtype=torch.float32))
    total = torch.zeros(WINDOW + (windows - 1) * HOP)
    for at in range(windows):
        total[at * HOP : at * HOP + WINDOW] += ramp
    return torch.stack([ramp / total[at * HOP : at * HOP + WINDOW] for at in range(windows)])


def _scene(network: HandVae, hands: Sequence[SeenHand]) -> _Scene:
    longest = max(len(hand.stamps_s) for hand in hands)
    windows = 1 + max(0, int(np.ceil((longest - WINDOW) / HOP)))
    frames = WINDOW + (windows - 1) * HOP

    def padded(each: list[FloatArray]) -> Tensor:
        rows = [np.concatenate([one, np.repeat(one[-1:], frames - len(one), axis=0)]) for one in each]
        return torch.from_numpy(np.stack(rows).astype(np.float32))

    lengths = [hand.length_m for hand in hands]
    whole = padded([hand.inputs for hand in hands])
    inputs = torch.stack([whole[:, at * HOP : at * HOP + WINDOW] for at in range(windows)], dim=1)
    with torch.no_grad():
        mean, spread = network.encode(inputs.flatten(0, 1))
    within = torch.stack([torch.arange(frames) < len(hand.stamps_s) for hand in hands])
    return _Scene(
        padded([hand.rays for hand in hands]), padded([hand.points_m[..., 2] for hand in hands]),
        padded([hand.there.astype(float) for hand in hands]).bool() & within, within,
        padded([hand.wrists_m for hand in hands]), padded([_turns(hand) for hand in hands]), torch.tensor(lengths).float(),
        inputs, mean.unflatten(0, (len(hands), windows)), (0.5 * spread).exp().unflatten(0, (len(hands), windows)),
    )  # fmt: skip


def _turns(hand: SeenHand) -> FloatArray:
    """How the palm is turned (T, 6): first two columns of the rotation that brings the mean palm nearest to the one seen.

    Kabsch, "A solution for the best rotation to relate two sets of vectors", Acta Crystallographica A32, 1976.
    """
    mean = joints_of(torch.zeros(16 + 5), torch.zeros(4), torch.tensor(hand.length_m).float()).numpy()[_PALM]
    left, _, right = np.linalg.svd(np.einsum("tji,jk->tik", hand.points_m[:, _PALM], mean))
    left[..., -1] *= np.sign(np.linalg.det(left @ right))[:, None]
    turn = left @ right
    return np.asarray(np.concatenate([turn[..., 0], turn[..., 1]], axis=-1))
