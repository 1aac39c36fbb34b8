"""The spatial temporal graph network and its continual form, one set of weights for both.

Yan, Xiong, Lin 2018, "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition", made continual as
in Hedegaard, Heidari, Iosifidis 2022, "Continual Spatio-Temporal Graph Convolutional Networks": no padding in time, stride 1,
every temporal layer remembers its own past, the residual waits for the middle of the kernel. The strides of the published
network become dilations, which keeps its receptive field. So a clip and single frames give the same numbers::

    clip   frames  1 2 3 ... R R+1 R+2       scores of R, R+1, R+2 at once (R: receptive field)
    steps  frame   R+2 + remembered states   scores of R+2

The family of the units is a setting: ``stgcn`` here, ``stgcn_plus`` in :mod:`physio_lab.tasks.stgcn.plus`.

Shapes: N sequences, C channels, T frames, V joints, K classes, P partitions.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from physio_core.skeleton.layouts import Layout
from physio_lab.tasks.stgcn.config import NetworkConfig
from physio_lab.tasks.stgcn.continual import ContinualUnit, remember, shortcut
from physio_lab.tasks.stgcn.graph import partition
from physio_lab.tasks.stgcn.plus import PlusUnit


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


class Unit(ContinualUnit):
    """Graph convolution, then temporal convolution, beside a residual."""

    def __init__(self, channels_in: int, channels_out: int, adjacency: Tensor, config: NetworkConfig, dilation: int) -> None:
        super().__init__(channels_in, channels_out, (config.kernel - 1) * dilation)
        self.spatial = nn.Sequential(
            GraphConvolution(channels_in, channels_out, adjacency), nn.BatchNorm2d(channels_out), nn.ReLU()
        )
        self.temporal = nn.Sequential(
            nn.Conv2d(channels_out, channels_out, (config.kernel, 1), dilation=(dilation, 1)),
            nn.BatchNorm2d(channels_out),
            nn.Dropout2d(config.dropout),  # whole channels: cheaper than single values by far
        )
        self.residual = shortcut(channels_in, channels_out)

    def per_frame(self, x: Tensor) -> Tensor:
        """The graph convolution."""
        return self.spatial(x)

    def over_time(self, y: Tensor) -> Tensor:
        """The temporal convolution."""
        return self.temporal(y)


FAMILIES: dict[str, type[Unit] | type[PlusUnit]] = {"stgcn": Unit, "stgcn_plus": PlusUnit}


class Stgcn(nn.Module):
    """The network. ``receptive_field`` frames make one prediction; a longer clip makes one more with each further frame."""

    def __init__(self, layout: Layout, in_channels: int, classes: int, config: NetworkConfig) -> None:
        super().__init__()
        self.joints, self.in_channels = len(layout.joints), in_channels
        self.pool, self.features = config.pool, config.channels[-1]
        self.receptive_field = config.receptive_field
        self.data_norm = nn.BatchNorm1d(in_channels * self.joints)
        adjacency = torch.from_numpy(partition(layout, config.partition))
        unit = FAMILIES[config.family]
        self.units = nn.ModuleList(
            unit(narrow, wide, adjacency, config, dilation)
            for (narrow, wide), dilation in zip(pairwise((in_channels, *config.channels)), config.dilations, strict=True)
        )
        if not config.input_residual:
            self.units[0].residual = None
        hidden = config.head_hidden_dim
        self.head: nn.Module = nn.Linear(hidden or self.features, classes)
        if hidden:
            self.head = nn.Sequential(nn.Linear(self.features, hidden), nn.ReLU(), nn.Dropout(config.dropout), self.head)

    def forward(self, clip: Tensor) -> Tensor:
        """(N, C, T, V) to scores before softmax (N, K, T - receptive_field + 1)."""
        x = self.prepare(clip)
        for unit in self.units:
            x = unit(x)
        pooled = nn.functional.avg_pool1d(x.mean(-1), self.pool, stride=1)  # (N, C', T')
        return self.head(pooled.transpose(1, 2)).transpose(1, 2)

    def aligned(self, clip: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Scores before softmax (N, K, T') of clips (N, C, T, V), and of their labels (N, T) those (N, T') that they answer."""
        return self(clip), labels[:, self.receptive_field - 1 :]

    @property
    def lead(self) -> int:
        """Frames that must stand in front of a clip so that its first frame has a prediction."""
        return self.receptive_field - 1

    @property
    def blocks(self) -> list[nn.Module]:
        """The head, then the units from the last to the first."""
        return [self.head, *reversed(self.units)]

    def prepare(self, clip: Tensor) -> Tensor:
        """The same clip (N, C, T, V) with each channel of each joint on one scale."""
        batch, channels, frames, joints = clip.shape
        flat = self.data_norm(clip.transpose(2, 3).reshape(batch, channels * joints, frames))
        return flat.view(batch, channels, joints, frames).transpose(2, 3)

    def empty_states(self, batch: int = 1) -> list[Tensor]:
        """Zeros in the shape of what :class:`Stepper` remembers: two (N, C, frames, V) per unit, then the pool (N, C, frames)."""
        kept = [torch.zeros(batch, channels, frames, self.joints) for unit in self.units for channels, frames in unit.remembered]
        return [*kept, torch.zeros(batch, self.features, self.pool - 1)]


class Stepper(nn.Module):
    """The continual form of a trained network."""

    def __init__(self, network: Stgcn) -> None:
        super().__init__()
        self.network = network

    def forward(self, frame: Tensor, reset: Tensor, *states: Tensor) -> tuple[Tensor, ...]:
        """One frame in, one prediction out.

        Args:
            frame: (N, C, V).
            reset: (1,); 1: forget the states and take the frame as if it had always been so; 0: go on.
            states: what was remembered, see :meth:`Stgcn.empty_states`.

        Returns:
            Scores before softmax (N, K), then the new states.
        """
        network = self.network
        x = network.prepare(frame[:, :, None])
        kept: list[Tensor] = []
        for index, unit in enumerate(network.units):
            x, new = unit.step(x, states[2 * index : 2 * index + 2], reset)
            kept += new
        known, pool = remember(x.mean(-1), states[-1], reset)
        return (network.head(known.mean(-1)), *kept, pool)
