"""ST-GCN exactly as its authors published it, so that their checkpoints, and all that were trained with their code, can be used.

Yan, Xiong, Lin 2018, "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition". Whole clips in, one
prediction out: padding in time, temporal stride 2 where the width grows, a pool over all that is left. Names and shapes of the
weights are those of the authors' code, which has ten units: the paper counts nine, the first only widens the input and has no
residual. :func:`continual_form` carries the weights over into the network that runs frame by frame.

Shapes: N clips, C channels, T frames, V joints, M people, K classes, P partitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from physio_core.errors import ModelError
from physio_core.skeleton.layouts import Layout
from physio_lab.tasks.stgcn.config import PUBLISHED_DILATIONS, NetworkConfig
from physio_lab.tasks.stgcn.graph import partition
from physio_lab.tasks.stgcn.network import Stgcn
from physio_lab.tasks.stgcn.prepare import IGNORE_INDEX

CHANNELS = (64, 64, 64, 64, 128, 128, 128, 256, 256, 256)
STRIDES = (1, 1, 1, 1, 2, 1, 1, 2, 1, 1)
KERNEL = 9


class _GraphConvolution(nn.Module):
    def __init__(self, channels_in: int, channels_out: int, parts: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out * parts, 1)

    def forward(self, x: Tensor, graph: Tensor) -> Tensor:
        batch, _, frames, joints = x.shape
        y = self.conv(x).view(batch, len(graph), -1, frames, joints)
        return sum(part @ bones for part, bones in zip(y.unbind(1), graph, strict=False))


class _Unit(nn.Module):
    def __init__(self, channels_in: int, channels_out: int, parts: int, stride: int, dropout: float, first: bool) -> None:
        super().__init__()
        self.gcn = _GraphConvolution(channels_in, channels_out, parts)
        self.tcn = nn.Sequential(
            nn.BatchNorm2d(channels_out),
            nn.ReLU(),
            nn.Conv2d(channels_out, channels_out, (KERNEL, 1), (stride, 1), (KERNEL // 2, 0)),
            nn.BatchNorm2d(channels_out),
            nn.Dropout(0.0 if first else dropout),
        )
        self.residual: nn.Module | None = None if first else nn.Identity()
        if not first and (channels_in != channels_out or stride != 1):
            self.residual = nn.Sequential(nn.Conv2d(channels_in, channels_out, 1, (stride, 1)), nn.BatchNorm2d(channels_out))

    def forward(self, x: Tensor, graph: Tensor) -> Tensor:
        y = self.tcn(self.gcn(x, graph))
        return torch.relu(y if self.residual is None else y + self.residual(x))


class PublishedStgcn(nn.Module):
    """The published network over whole clips of up to M people; 3.1 million weights on 18 joints.

    Args:
        layout: joint order.
        in_channels: of each joint; the authors give x, y and confidence.
        classes: to tell apart.
        strategy: which neighbours share their weights, see :mod:`physio_lab.tasks.stgcn.graph`.
        dropout: share of values dropped in training; none in the first unit.
        edge_importance: each bone of each unit with a learnt weight.
        channels: of the ten units; smaller ones for trials.
    """

    def __init__(
        self,
        layout: Layout,
        in_channels: int,
        classes: int,
        strategy: str = "spatial",
        dropout: float = 0.5,
        edge_importance: bool = True,
        channels: tuple[int, ...] = CHANNELS,
    ) -> None:
        super().__init__()
        self.layout, self.in_channels, self.classes, self.strategy = layout, in_channels, classes, strategy
        adjacency = torch.from_numpy(partition(layout, strategy))
        self.register_buffer("A", adjacency)
        self.data_bn = nn.BatchNorm1d(in_channels * len(layout.joints))
        self.channels = channels
        self.st_gcn_networks = nn.ModuleList(
            _Unit(narrow, wide, len(adjacency), stride, dropout, first=index == 0)
            for index, (narrow, wide, stride) in enumerate(zip((in_channels, *channels[:-1]), channels, STRIDES, strict=True))
        )
        self.edge_importance: Any = [1.0] * len(channels)
        if edge_importance:
            self.edge_importance = nn.ParameterList(nn.Parameter(torch.ones_like(adjacency)) for _ in channels)
        self.fcn = nn.Conv2d(channels[-1], classes, 1)

    def forward(self, clip: Tensor) -> Tensor:
        """(N, C, T, V, M) to scores before softmax (N, K), the mean of all people and frames."""
        people = self.features(clip).mean((2, 3)).view(clip.shape[0], clip.shape[4], -1)
        return self.fcn(people.mean(1)[:, :, None, None]).flatten(1)

    lead = 0
    """Frames that must stand in front of a clip: none."""

    @property
    def blocks(self) -> list[nn.Module]:
        """The head, then the units from the last to the first."""
        return [self.fcn, *reversed(self.st_gcn_networks)]

    def aligned(self, clip: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Scores before softmax (N, K, 1) of clips of one person (N, C, T, V); (N, 1) what most labels (N, T) of each are."""
        counts = torch.stack([(labels == index).sum(1) for index in range(self.classes)], dim=1)
        most = torch.where(counts.sum(1) > 0, counts.argmax(1), IGNORE_INDEX)
        return self(clip[..., None])[:, :, None], most[:, None]

    def features(self, clip: Tensor) -> Tensor:
        """(N, C, T, V, M) to what the last unit gives, (N M, C', T / 4, V)."""
        batch, channels, frames, joints, people = clip.shape
        x = clip.permute(0, 4, 3, 1, 2).reshape(batch * people, joints * channels, frames)
        x = self.data_bn(x).view(batch * people, joints, channels, frames).permute(0, 2, 3, 1)
        for unit, importance in zip(self.st_gcn_networks, self.edge_importance, strict=True):
            x = unit(x, self.A * importance)
        return x


Network = Stgcn | PublishedStgcn
"""What can be trained."""


def continual_form(network: PublishedStgcn, pool: int) -> Stgcn:
    """The same network frame by frame: strides become dilations, no padding, a running mean over ``pool`` frames.

    Within a clip, where no padding reaches, both give the same features at the frames that the strides leave.
    """
    config = NetworkConfig(
        channels=network.channels,
        dilations=PUBLISHED_DILATIONS,
        kernel=KERNEL,
        pool=pool,
        partition=network.strategy,
        input_residual=False,
    )  # fmt: skip
    continual = Stgcn(network.layout, network.in_channels, network.classes, config)
    continual.load_state_dict(continual_names(network.state_dict()))
    return continual


def continual_names(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights under the published names, under those of :class:`~physio_lab.tasks.stgcn.network.Stgcn`.

    Raises:
        ModelError: the graph ``A`` is missing, or does not fit the normalisation of the input.
    """
    graph = weights.get("A")
    joints = graph.shape[-1] if graph is not None and graph.dim() == 3 else 0
    if graph is None or not joints or any(len(weights[name]) % joints for name in weights if name == "data_bn.weight"):
        raise ModelError("the checkpoint has the published names, but no graph A (partitions, joints, joints) that fits data_bn")
    places = {"gcn.conv": "spatial.0.mix", "tcn.0": "spatial.1", "tcn.2": "temporal.0", "tcn.3": "temporal.1"}
    named = {}
    for name, weight in weights.items():
        first, _, rest = name.partition(".")
        if first == "data_bn":
            # theirs counts channels within joints, ours joints within channels
            named[f"data_norm.{rest}"] = weight.view(joints, -1).T.flatten() if weight.dim() else weight
        elif first == "st_gcn_networks":
            number, _, inner = rest.partition(".")
            layer, _, leaf = inner.rpartition(".")
            named[f"units.{number}.{places.get(layer, layer)}.{leaf}"] = weight
            if layer == "gcn.conv":
                named[f"units.{number}.spatial.0.adjacency"] = graph
                named.setdefault(f"units.{number}.spatial.0.importance", torch.ones_like(graph))
        elif first == "edge_importance":
            named[f"units.{rest}.spatial.0.importance"] = weight
        elif first == "fcn":
            named[f"head.{rest}"] = weight.flatten(1) if rest == "weight" else weight
    return named


def with_channels(weights: Mapping[str, Tensor], in_channels: int) -> dict[str, Tensor]:
    """Published weights under the published names, with room for more channels behind those they know, as if these were zero.

    Args:
        weights: of a checkpoint with its graph ``A``.
        in_channels: wanted; unchanged where the weights have as many or more.
    """
    first, wide = "st_gcn_networks.0.gcn.conv.weight", dict(weights)
    missing = in_channels - weights[first].shape[1] if first in weights and "A" in weights else 0
    if missing <= 0:
        return wide
    joints, mix = weights["A"].shape[-1], weights[first]
    wide[first] = torch.cat([mix, mix.new_zeros(len(mix), missing, 1, 1)], dim=1)
    for name, value in weights.items():
        if name.startswith("data_bn.") and value.dim():
            fill = 1.0 if name.endswith(("weight", "running_var")) else 0.0
            wide[name] = torch.cat([value.view(joints, -1), value.new_full((joints, missing), fill)], dim=1).flatten()
    return wide


def widened(weights: Mapping[str, Tensor], channels: int) -> dict[str, Tensor]:
    """Weights of a continual network, with room for more channels behind those they know, as if these were zero.

    The authors give x, y and confidence; the coach adds velocities behind them.

    Args:
        weights: from :func:`continual_names`.
        channels: wanted; unchanged where the weights have as many or more.
    """
    first = "units.0.spatial.0.mix.weight"
    missing = channels - weights[first].shape[1] if first in weights else 0
    if missing <= 0:
        return dict(weights)
    mix, joints = weights[first], weights["units.0.spatial.0.adjacency"].shape[-1]
    wide = {**weights, first: torch.cat([mix, mix.new_zeros(len(mix), missing, 1, 1)], dim=1)}
    for name, value in weights.items():
        if name.startswith("data_norm.") and value.dim():
            fill = 1.0 if name.endswith(("weight", "running_var")) else 0.0
            wide[name] = torch.cat([value, value.new_full((missing * joints,), fill)])
    return wide
