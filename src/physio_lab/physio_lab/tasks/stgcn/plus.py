"""The units of a modern ST-GCN: a graph that is learnt, and a temporal part of many small branches.

After ST-GCN++ of Duan, Wang, Chen, Lin 2022, "PYSKL: Towards Good Practices for Skeleton Action Recognition": the skeleton is
only where the graph starts from, the graph convolution has a residual of its own, and the long temporal kernel becomes branches
of three taps with growing dilation beside a maximum and a plain one. Here in the continual form: no padding, so the branches
are cut to the middle of what the widest one looks at.

Shapes: N sequences, C channels, T frames, V joints, P partitions.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from physio_lab.tasks.stgcn.config import NetworkConfig
from physio_lab.tasks.stgcn.continual import ContinualUnit, shortcut

TAPS = 3


class AdaptiveGraphConvolution(nn.Module):
    """Mixes joints by a learnt graph that starts as the skeleton, beside a residual."""

    def __init__(self, channels_in: int, channels_out: int, adjacency: Tensor) -> None:
        super().__init__()
        self.graph = nn.Parameter(adjacency.clone())
        self.mix = nn.Conv2d(channels_in, channels_out * adjacency.shape[0], 1)
        self.norm = nn.BatchNorm2d(channels_out)
        self.residual = shortcut(channels_in, channels_out)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) to (N, C', T, V)."""
        batch, _, frames, joints = x.shape
        y = self.mix(x).view(batch, len(self.graph), -1, frames, joints)  # (N, P, C', T, V)
        mixed = sum(part @ bones for part, bones in zip(y.unbind(1), self.graph, strict=False))
        return torch.relu(self.norm(mixed) + self.residual(x))


class PlusUnit(ContinualUnit):
    """Adaptive graph convolution, then temporal branches, beside a residual.

    A kernel of 9 frames makes the branches of the paper: dilations 1 to 4, a maximum over 3 frames, and one that takes the
    frame as it is.
    """

    def __init__(self, channels_in: int, channels_out: int, adjacency: Tensor, config: NetworkConfig, dilation: int) -> None:
        super().__init__(channels_in, channels_out, (config.kernel - 1) * dilation)
        self.dilation, self.convolutions = dilation, config.kernel // 2
        branches = self.convolutions + 2
        narrow = channels_out // branches
        self.sizes = [channels_out - narrow * (branches - 1)] + [narrow] * (branches - 1)
        self.spatial = AdaptiveGraphConvolution(channels_in, channels_out, adjacency)
        self.split = nn.Sequential(nn.Conv2d(channels_out, channels_out, 1), nn.BatchNorm2d(channels_out), nn.ReLU())
        self.branches = nn.ModuleList(
            nn.Conv2d(size, size, (TAPS, 1), dilation=((index + 1) * dilation, 1))
            for index, size in enumerate(self.sizes[: self.convolutions])
        )
        self.merge = nn.Sequential(
            nn.BatchNorm2d(channels_out),
            nn.ReLU(),
            nn.Conv2d(channels_out, channels_out, 1),
            nn.BatchNorm2d(channels_out),
            nn.Dropout2d(config.dropout),
        )
        self.residual = shortcut(channels_in, channels_out)

    def per_frame(self, x: Tensor) -> Tensor:
        """The graph convolution, and the part of each branch that sees one frame only."""
        return self.split(self.spatial(x))

    def over_time(self, y: Tensor) -> Tensor:
        """The branches, each around the same middle frame."""
        frames, middle = y.shape[2] - self.memory, self.memory // 2
        *looking, highest, plain = y.split(self.sizes, dim=1)
        seen = []
        for index, (branch, part) in enumerate(zip(self.branches, looking, strict=True)):
            margin = (index + 1) * self.dilation
            seen.append(branch(part.narrow(2, middle - margin, frames + 2 * margin)))
        around = [highest.narrow(2, middle + shift, frames) for shift in (-self.dilation, 0, self.dilation)]
        seen.append(torch.maximum(torch.maximum(around[0], around[1]), around[2]))
        seen.append(plain.narrow(2, middle, frames))
        return self.merge(torch.cat(seen, dim=1))
