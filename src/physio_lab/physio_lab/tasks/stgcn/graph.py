"""Which neighbour a graph convolution treats alike: the partition strategies of ST-GCN, for any joint layout.

Yan, Xiong, Lin 2018, "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action Recognition", section 3.3::

    uniform    all neighbours share one weight
    distance   the joint itself | its neighbours
    spatial    as far from the centre | nearer to it | farther from it

The parts of one layout add up to the same normalised skeleton: what flows into a joint has weight 1 in all.
"""

from __future__ import annotations

import numpy as np

from physio_core.errors import ConfigError
from physio_core.skeleton.layouts import Layout
from physio_core.types import FloatArray

PARTITIONS = ("uniform", "distance", "spatial")


def partition(layout: Layout, strategy: str = "spatial") -> FloatArray:
    """Adjacency (P, V, V) in parts, from source joint (row) to target joint (column); each column adds up to 1 over all parts.

    Raises:
        ConfigError: no such strategy.
    """
    if strategy not in PARTITIONS:
        raise ConfigError(f"unknown partition {strategy!r}; known: {', '.join(PARTITIONS)}")
    hops = _hops(layout)
    linked = hops <= 1
    weights = linked / linked.sum(0)
    if strategy == "uniform":
        masks = [linked]
    elif strategy == "distance":
        masks = [hops == 0, hops == 1]
    else:
        distance = _distance_from_centre(hops, layout.index(layout.centre))
        source, target = distance[:, None], distance[None, :]
        masks = [source == target, source < target, source > target]
    return np.asarray([np.where(linked & mask, weights, 0.0) for mask in masks], np.float32)


def _hops(layout: Layout) -> FloatArray:
    """Bones on the shortest way between two joints (V, V); infinite where no way leads."""
    joints = len(layout.joints)
    step = np.eye(joints, dtype=bool)
    for a, b in layout.edge_indices:
        step[a, b] = step[b, a] = True
    hops = np.where(np.eye(joints, dtype=bool), 0.0, np.inf)
    reached = np.eye(joints, dtype=bool)
    for count in range(1, joints):
        reached = reached @ step
        hops[reached & np.isinf(hops)] = count
    return hops


def _distance_from_centre(hops: FloatArray, centre: int) -> FloatArray:
    """Bones to the centre (V,); a part of the body that no bone joins to it is measured from its own middle joint."""
    distance = np.asarray(hops[centre])
    longest = np.where(np.isinf(hops), 0.0, hops).max(1)
    while np.isinf(distance).any():
        middle = int(np.where(np.isinf(distance), longest, np.inf).argmin())
        distance = np.minimum(distance, hops[middle])
    return distance
