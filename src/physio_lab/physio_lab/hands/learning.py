"""Learns the positions of a hand exercise: clusters of hands, what each stands for, and how far from it a hand is unlike any.

Nobody says how many clusters there are: a position may be taken in several ways, and pictures of a take begin before it is
reached. At least one cluster is found for each state; a cluster stands for the state of most of its hands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from physio_core.errors import InputError
from physio_core.hands.canonical import JOINTS, on_standard_bones, to_canonical
from physio_core.hands.shape import FEATURES, SHAPE_FEATURES, TURN_FEATURES, WEIGHTS, hand_features
from physio_core.hands.states import FORMAT, Cluster, HandStates, StatesFile
from physio_core.types import FloatArray
from physio_lab.hands.clusters import Clustering, clustered, knee

MOST_CLUSTERS = 10
LEAST_HANDS = 10
"""Of a state; fewer are no position, but an accident."""
WIDER, LEAST_RADIUS, MOST_RADIUS = 2.0, 0.75, 1.2
"""Other people's hands are further from a centre than those that were learnt: radii are so many times the distance within which
99 % of these lie, inside these bounds."""


@dataclass(frozen=True)
class Learnt:
    """A model, and how it came about.

    Attributes:
        file: the model.
        curve: of each count of clusters, inertia and silhouette.
        by_knee: clusters by the elbow.
        by_silhouette: clusters by the silhouette.
        explained: (21,) share of each landmark's variance that the clusters explain; NaN of what does not vary.
        from_wrist: (K, 21) distance of each landmark from the wrist, by cluster [hands].
        purity: share of the hands whose cluster stands for their own state.
        nearest: (K,) index of the hand nearest to each centre.
    """

    file: StatesFile
    curve: tuple[tuple[int, float, float], ...]
    by_knee: int
    by_silhouette: int
    explained: FloatArray
    from_wrist: FloatArray
    purity: float
    nearest: tuple[int, ...]

    @property
    def model(self) -> HandStates:
        """Ready to use."""
        return HandStates(self.file)


@dataclass(frozen=True)
class How:
    """How positions are learnt.

    Attributes:
        turned: how the palm is turned counts too, for exercises of the wrist.
        of_thumb: where the tips are to each other counts as much as how the fingers are bent, for the thumb's opposition.
        clusters: how many; 0: as many as there are.
        learnt_from: what the hands are of, in words.
        licence: of the file.
    """

    turned: bool = False
    of_thumb: bool = False
    clusters: int = 0
    learnt_from: str = ""
    licence: str = ""


def learn_states(points: FloatArray, states: Sequence[str], how: How = How()) -> Learnt:
    """Learn from hands.

    Args:
        points: (N, 21, 3) of right hands, or mirrored into such; NaN where none was seen.
        states: (N,) of each.
        how: settings.

    Raises:
        InputError: a state of which fewer than :data:`LEAST_HANDS` hands were seen.
    """
    if not len(points):
        raise InputError(f"no hands to learn from; at least {LEAST_HANDS} of each position are needed")
    features = hand_features(points)
    seen = np.isfinite(features).all(axis=1)
    of = np.array(states)[seen]
    counts = Counter(of.tolist())
    if few := [state for state in dict.fromkeys(states) if counts[state] < LEAST_HANDS]:
        raise InputError(f"of {few[0]!r} only {counts[few[0]]} hands were seen; at least {LEAST_HANDS} are needed")
    names = SHAPE_FEATURES + (TURN_FEATURES if how.turned else ())
    columns = [FEATURES.index(name) for name in names]
    chosen = features[seen][:, columns]
    weights = np.array(
        [1.0 if how.of_thumb and name.startswith("gap_thumb") else WEIGHTS[FEATURES.index(name)] for name in names]
    )
    weighted = chosen * np.sqrt(weights)
    curve, whole, (by_knee, by_silhouette) = _how_many(weighted, of, how.clusters)
    standard = on_standard_bones(to_canonical(points[seen]))
    means = np.array([standard[whole.members == k].mean(axis=0) for k in range(len(whole.centres))])
    stands_for = [_stands_for(of[whole.members == k], counts) for k in range(len(means))]
    file = StatesFile(
        format=FORMAT, features=names, weights=tuple(weights.tolist()),
        learnt_from=how.learnt_from, licence=how.licence,
        clusters=tuple(
            _cluster(state, mean, chosen[whole.members == k], weighted[whole.members == k], whole.centres[k], len(of))
            for k, (state, mean) in enumerate(zip(stands_for, means, strict=True))
        ),
    )  # fmt: skip
    where = np.flatnonzero(seen)
    nearest = [int(where[np.linalg.norm(weighted - centre, axis=1).argmin()]) for centre in whole.centres]
    return Learnt(
        file, curve, by_knee, by_silhouette, _explained(standard, whole), np.linalg.norm(means, axis=-1),
        float(np.mean([stands_for[k] == state for k, state in zip(whole.members, of, strict=True)])), tuple(nearest),
    )  # fmt: skip


def _how_many(
    weighted: FloatArray, states: FloatArray, wanted: int
) -> tuple[tuple[tuple[int, float, float], ...], Clustering, tuple[int, int]]:
    """The curve of counts, and the clustering of the first count from the knee on in which every state has a cluster."""
    counts = Counter(states.tolist())
    ks = range(1, min(MOST_CLUSTERS, len(np.unique(weighted, axis=0))) + 1)
    found = {k: clustered(weighted, k) for k in ks}
    by_knee = knee(list(ks), [one.inertia for one in found.values()])
    by_silhouette = max(ks, key=lambda k: np.nan_to_num(found[k].silhouette, nan=-1.0))
    curve = tuple((k, one.inertia, one.silhouette) for k, one in found.items())
    least = wanted or max(len(counts), by_knee)
    for k in [k for k in ks if k >= least]:
        one = found[k]
        if {_stands_for(states[one.members == c], counts) for c in range(k)} == set(counts):
            return curve, one, (by_knee, by_silhouette)
    names = list(counts)
    members = np.array([names.index(state) for state in states])
    centres = np.array([weighted[members == k].mean(axis=0) for k in range(len(names))])
    return curve, Clustering(centres, members, float("nan"), float("nan")), (by_knee, by_silhouette)


def _stands_for(members: FloatArray, counts: Counter[str]) -> str:
    """The state that is most in a cluster, by its share of that state's own hands where states are not as many."""
    own = Counter(members.tolist())
    return str(max(own, key=lambda state: own[state] / counts[state]))


def _cluster(state: str, mean: FloatArray, features: FloatArray, weighted: FloatArray, centre: FloatArray, total: int) -> Cluster:
    far = float(np.quantile(np.linalg.norm(weighted - centre, axis=1), 0.99))
    return Cluster(
        state=state,
        landmarks=tuple(np.round(on_standard_bones(mean).reshape(3 * JOINTS), 4).tolist()),
        features=tuple(np.round(features.mean(axis=0), 4).tolist()),
        radius=round(float(np.clip(WIDER * far, LEAST_RADIUS, MOST_RADIUS)), 3),
        share=round(len(features) / total, 4),
    )


def _explained(standard: FloatArray, whole: Clustering) -> FloatArray:
    within = np.zeros(JOINTS)
    for k in range(len(whole.centres)):
        own = standard[whole.members == k]
        within += ((own - own.mean(axis=0)) ** 2).sum(axis=(0, 2))
    total = ((standard - standard.mean(axis=0)) ** 2).sum(axis=(0, 2))
    return np.where(total > 1e-9, 1.0 - within / np.maximum(total, 1e-9), np.nan)


def states_text(file: StatesFile, command: str) -> str:
    """Content of a model's file, one line for each list."""
    lines = [
        f"# Positions of a hand, learnt by `{command}`; read by physio_core/hands/states.py.",
        "# yamllint disable rule:line-length",
    ]
    lines += [f"format: {file.format}", f"learnt_from: {_quoted(file.learnt_from)}", f"licence: {_quoted(file.licence)}"]
    lines += [f"features: [{', '.join(file.features)}]", f"weights: [{', '.join(f'{weight:g}' for weight in file.weights)}]"]
    lines.append("clusters:")
    for cluster in file.clusters:
        lines += [f"  - state: {cluster.state}", f"    radius: {cluster.radius:g}", f"    share: {cluster.share:g}"]
        lines += [
            f"    {name}: [{', '.join(f'{value:g}' for value in getattr(cluster, name))}]" for name in ("features", "landmarks")
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
