"""The spatial temporal graph network and its continual form, one set of weights for both.

Yan, Xiong, Lin 2018, "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition", made continual as
in Hedegaard, Heidari, Iosifidis 2022, "Continual Spatio-Temporal Graph Convolutional Networks": no padding in time, stride 1,
every temporal layer remembers its own past, the residual waits for the middle of the kernel. The strides of the published
network become dilations, which keeps its reach in time. So a clip and single frames give the same numbers::

    clip   frames  1 2 3 ... R R+1 R+2       scores of R, R+1, R+2 at once (R: reach)
    steps  frame   R+2 + remembered states   scores of R+2

Shapes: N sequences, C channels, T frames, V joints, K classes, P partitions.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from physio_core.skeleton.layouts import Layout
from physio_core.training.config import NetworkConfig
from physio_core.types import FloatArray


def spatial_partition(layout: Layout) -> FloatArray:
    """Adjacency (3, V, V) of Yan et al.'s spatial configuration: the joint itself, nearer to the centre, farther from it."""
    joints = len(layout.joints)
    hops = np.full(joints, -1)
    hops[layout.index(layout.centre)] = 0
    adjacency = np.eye(joints)
    for a, b in layout.edge_indices:
        adjacency[a, b] = adjacency[b, a] = 1.0
    while (hops < 0).any():
        near = hops == hops.max()
        hops[(adjacency[near].sum(0) > 0) & (hops < 0)] = hops.max() + 1
    normalised = adjacency / adjacency.sum(0)
    parts = np.zeros((3, joints, joints), np.float32)
    for target in range(joints):
        for source in np.flatnonzero(adjacency[:, target]):
            part = 0 if hops[source] == hops[target] else 1 if hops[source] < hops[target] else 2
            parts[part, source, target] = normalised[source, target]
    return parts


class GraphConvolution(nn.Module):
    """Mixes joints along the bones of each partition, each bone with a learnt importance."""

    def __init__(self, channels_in: int, channels_out: int, adjacency: Tensor) -> None:
        super().__init__()
        self.parts = adjacency.shape[0]
        self.mix = nn.Conv2d(channels_in, channels_out * self.parts, 1)
        self.register_buffer("adjacency", adjacency)
        self.importance = nn.Parameter(torch.ones_like(adjacency))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) to (N, C', T, V)."""
        graph = self.adjacency * self.importance  # (P, V, V)
        y = self.mix(x)
        batch, _, frames, joints = y.shape
        y = y.view(batch, self.parts, -1, frames, joints)  # (N, P, C', T, V)
        return sum(part @ bones for part, bones in zip(y.unbind(1), graph, strict=False))


class Unit(nn.Module):
    """Graph convolution, then temporal convolution, beside a residual."""

    def __init__(self, channels_in: int, channels_out: int, adjacency: Tensor, config: NetworkConfig, dilation: int) -> None:
        super().__init__()
        self.memory = (config.kernel - 1) * dilation
        self.spatial = nn.Sequential(
            GraphConvolution(channels_in, channels_out, adjacency), nn.BatchNorm2d(channels_out), nn.ReLU()
        )
        self.temporal = nn.Sequential(
            nn.Conv2d(channels_out, channels_out, (config.kernel, 1), dilation=(dilation, 1)),
            nn.BatchNorm2d(channels_out),
            nn.Dropout2d(config.dropout),  # whole channels: cheaper than single values by far
        )
        self.residual: nn.Module = nn.Identity()
        if channels_in != channels_out:
            self.residual = nn.Sequential(nn.Conv2d(channels_in, channels_out, 1), nn.BatchNorm2d(channels_out))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, T, V) to (N, C', T - memory, V)."""
        return torch.relu(self.temporal(self.spatial(x)) + self.residual(x.narrow(2, self.memory // 2, x.shape[2] - self.memory)))

    def step(self, x: Tensor, state: Tensor, fresh: Tensor) -> tuple[Tensor, Tensor]:
        """One frame (N, C, 1, V) and what was remembered (N, C' + C, memory, V); gives (N, C', 1, V) and the new memory."""
        now = torch.cat([self.spatial(x), x], dim=1)
        past = torch.where(fresh > 0, now, state)
        known = torch.cat([past, now], dim=2)  # (N, C' + C, memory + 1, V)
        channels = known.shape[1] - x.shape[1]
        delayed = known[:, channels:, self.memory // 2 : self.memory // 2 + 1]
        out = torch.relu(self.temporal(known[:, :channels]) + self.residual(delayed))
        return out, known[:, :, 1:]


class Stgcn(nn.Module):
    """The network. ``reach`` frames make one prediction; a longer clip makes one more with each further frame."""

    def __init__(self, layout: Layout, channels: int, classes: int, config: NetworkConfig) -> None:
        super().__init__()
        adjacency = torch.from_numpy(spatial_partition(layout))
        self.joints, self.channels, self.pool = len(layout.joints), channels, config.pool
        self.data_norm = nn.BatchNorm1d(channels * self.joints)
        widths = (channels, *config.widths)
        self.units = nn.ModuleList(
            Unit(widths[i], widths[i + 1], adjacency, config, config.dilations[i]) for i in range(len(config.widths))
        )
        self.head = nn.Linear(config.widths[-1], classes)

    @property
    def reach(self) -> int:
        """Frames that one prediction looks back on, itself included."""
        return sum(int(unit.memory) for unit in self.units) + self.pool

    def forward(self, clip: Tensor) -> Tensor:
        """(N, C, T, V) to scores before softmax (N, K, T - reach + 1)."""
        x = self._prepare(clip)
        for unit in self.units:
            x = unit(x)
        pooled = nn.functional.avg_pool1d(x.mean(-1), self.pool, stride=1)  # (N, C', T')
        return self.head(pooled.transpose(1, 2)).transpose(1, 2)

    def _prepare(self, clip: Tensor) -> Tensor:
        batch, channels, frames, joints = clip.shape
        flat = self.data_norm(clip.transpose(2, 3).reshape(batch, channels * joints, frames))
        return flat.view(batch, channels, joints, frames).transpose(2, 3)

    def empty_states(self, batch: int = 1) -> list[Tensor]:
        """Zeros in the shape of what :meth:`step` remembers: one (N, C, frames, V) per unit, then the pool (N, C, frames)."""
        states = [
            torch.zeros(batch, unit.spatial[0].mix.out_channels // 3 + unit.spatial[0].mix.in_channels, unit.memory, self.joints)
            for unit in self.units
        ]
        return [*states, torch.zeros(batch, self.head.in_features, self.pool - 1)]


class Stepper(nn.Module):
    """The continual form of a trained network."""

    def __init__(self, network: Stgcn) -> None:
        super().__init__()
        self.network = network

    def forward(self, frame: Tensor, fresh: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        """One frame in, one prediction out.

        Args:
            frame: (N, C, V).
            fresh: (1,); 1: forget the states and take the frame as if it had always been so; 0: go on.
            states: what was remembered, see :meth:`Stgcn.empty_states`.

        Returns:
            Scores before softmax (N, K), then the new states.
        """
        network = self.network
        x = network._prepare(frame[:, :, None])
        new = []
        for unit, state in zip(network.units, states, strict=False):
            x, kept = unit.step(x, state, fresh)
            new.append(kept)
        feature = x.mean(-1)  # (N, C', 1)
        known = torch.cat([torch.where(fresh > 0, feature, states[-1]), feature], dim=2)
        return (network.head(known.mean(-1)), *new, known[:, :, 1:])
