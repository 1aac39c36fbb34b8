"""How a network remembers: the one mechanism by which every unit and the pool of the continual form keep their past.

Hedegaard, Heidari, Iosifidis 2022, "Continual Spatio-Temporal Graph Convolutional Networks". Whatever looks back over
``memory`` frames is written once, for a clip; a step hands it the remembered frames and the new one, and it gives one frame.

Shapes: N sequences, C channels, T frames, V joints.
"""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn


def remember(now: Tensor, past: Tensor, reset: Tensor) -> tuple[Tensor, Tensor]:
    """Put a frame behind those remembered.

    Args:
        now: the new frame (N, C, 1) or (N, C, 1, V).
        past: the frames remembered (N, C, memory) or (N, C, memory, V).
        reset: (1,); above 0: forget them and take the new one as if it had always been so.

    Returns:
        All that is known (memory + 1 frames), and what to remember next (memory frames).
    """
    known = (_branching() if torch.jit.is_tracing() else _behind)(now, past, reset)
    return known, known[:, :, 1:]


def _behind(now: Tensor, past: Tensor, reset: Tensor) -> Tensor:
    return torch.cat([now.expand_as(past) if bool(reset > 0) else past, now], dim=2)


@cache
def _branching() -> Any:
    """The same with its branch kept in an exported model; choosing value by value takes as long as all the rest of a step."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # as old as the exporter that understands it
        return torch.jit.script(_behind)


def shortcut(channels_in: int, channels_out: int) -> nn.Module:
    """What flows around a unit: the input itself, or, where the unit changes its width, a linear map of each joint."""
    if channels_in == channels_out:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(channels_in, channels_out, 1), nn.BatchNorm2d(channels_out))


class ContinualUnit(nn.Module):
    """A residual unit in two parts: what is computed within each frame, then what looks over time.

    A family defines both parts; the clip and the step are the same for all.

    Attributes:
        memory: frames that the temporal part looks back on.
        remembered: (channels, frames) of each memory: what the temporal part needs, then the input that the residual waits for.
        per_frame: (N, C, T, V) to (N, R, T, V), frame by frame.
        over_time: (N, R, T, V) to (N, C', T - memory, V), the output as late as the middle of what it looks at.
        residual: (N, C, T, V) to (N, C', T, V), frame by frame; none: nothing flows around the unit.
    """

    residual: nn.Module | None

    def __init__(self, channels_in: int, channels_kept: int, memory: int) -> None:
        super().__init__()
        self.memory = memory
        self.remembered = ((channels_kept, memory), (channels_in, memory - memory // 2))

    def per_frame(self, x: Tensor) -> Tensor:
        """See above."""
        raise NotImplementedError

    def over_time(self, y: Tensor) -> Tensor:
        """See above."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) to (N, C', T - memory, V)."""
        return self._join(self.over_time(self.per_frame(x)), x.narrow(2, self.memory // 2, x.shape[2] - self.memory))

    def step(self, x: Tensor, states: tuple[Tensor, Tensor], reset: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """One frame (N, C, 1, V) and what was remembered; gives (N, C', 1, V) and what to remember next."""
        known, kept = remember(self.per_frame(x), states[0], reset)
        inputs, waiting = remember(x, states[1], reset)
        return self._join(self.over_time(known), inputs[:, :, :1]), (kept, waiting)

    def _join(self, y: Tensor, x: Tensor) -> Tensor:
        return torch.relu(y if self.residual is None else y + self.residual(x))
