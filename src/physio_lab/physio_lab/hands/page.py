"""One HTML page of what clusters of hands were found: how many, what they stand for, and what they explain."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from physio_core.camera.image import draw_skeleton, fit, read_image
from physio_core.hands.states import Cluster
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import ByteImage, Skeleton, Tracking
from physio_lab.evaluation.report import check_libraries, page
from physio_lab.evaluation.sections import Section, figure_library
from physio_lab.hands.learning import Learnt

PICTURE_PX = 240
_OF_TIPS = ("thumb_tip", "index_tip", "middle_tip", "ring_tip", "pinky_tip")


def states_page(found: Learnt, command: str, pictures: Sequence[Path] = ()) -> str:
    """The page.

    Args:
        found: what was learnt.
        command: by which.
        pictures: (N,) of the hands that were learnt from; empty: the page shows no picture of a person.

    Raises:
        ConfigError: what pages need is not installed.
        SourceError: a picture that cannot be read.
    """
    check_libraries()
    note = f"Learnt from {found.file.learnt_from}." if found.file.learnt_from else ""
    parts = [_clusters(found, pictures), _how_many(found), _from_wrist(found), _explained(found)]
    return page("Positions of a hand", command, note, parts)


def _clusters(found: Learnt, pictures: Sequence[Path]) -> Section:
    from physio_lab.plot.motion import png_bytes, sheet

    clusters = found.file.clusters
    rows = tuple(
        (str(at + 1), one.state, f"{one.share:.2f}", f"{one.radius:.2f}", pictures[near].name if pictures else "")
        for at, (one, near) in enumerate(zip(clusters, found.nearest, strict=True))
    )
    shown = [(f"{at + 1} {one.state}", _drawn(one)) for at, one in enumerate(clusters)]
    if pictures:
        taken = [fit(read_image(pictures[near]), PICTURE_PX, PICTURE_PX) for near in found.nearest]
        shown += [(f"{at + 1} {one.state}", rgb) for at, (one, rgb) in enumerate(zip(clusters, taken, strict=True))]
    told = f"{found.purity:.3f} of the hands lie in a cluster of their own state. Drawn: the middle of each, of a standard hand."
    header = ("cluster", "stands for", "share of the hands", "radius", "nearest picture")
    return Section("Clusters", told, header, rows, png_bytes(sheet(shown, len(clusters), PICTURE_PX)))


def _drawn(cluster: Cluster) -> ByteImage:
    """The middle of a cluster, fingers up, as seen from the palm."""
    hand = np.array(cluster.landmarks).reshape(-1, 3)
    points = np.stack([0.6 - hand[:, 1] * 0.35, 0.9 - hand[:, 0] * 0.38, np.zeros(len(hand))], axis=1)
    skeleton = Skeleton(
        0.0, Tracking.TRACKED, HAND_21.name, points, np.ones(len(points)), width_px=PICTURE_PX, height_px=PICTURE_PX
    )
    return draw_skeleton(np.full((PICTURE_PX, PICTURE_PX, 3), 40, np.uint8), skeleton)


def _how_many(found: Learnt) -> Section:
    ks, inertias, silhouettes = (list(column) for column in zip(*found.curve, strict=True))
    whole = max(inertias[0], 1e-12)
    series = {
        "inertia, share of one cluster's": (ks, [value / whole for value in inertias]),
        "silhouette": (ks[1:], silhouettes[1:]),
    }
    rows = tuple((str(k), f"{inertia:.3f}", f"{silhouette:.3f}") for k, inertia, silhouette in found.curve)
    note = (
        f"The elbow lies at {found.by_knee}, the best silhouette at {found.by_silhouette}; {len(found.file.clusters)} were taken."
    )
    picture = figure_library().curve_figure(series, "clusters", "", y_range=(0.0, 1.0))
    return Section("How many clusters", note, ("clusters", "inertia", "silhouette"), rows, picture)


def _from_wrist(found: Learnt) -> Section:
    columns = [HAND_21.index(joint) for joint in _OF_TIPS]
    rows = tuple(
        (f"{at + 1} {one.state}", *(f"{value:.2f}" for value in found.from_wrist[at, columns]))
        for at, one in enumerate(found.file.clusters)
    )
    note = "Distance of each tip from the wrist in the middle of the cluster [hands: wrist to the knuckle of the middle finger]."
    return Section("Distances from the wrist", note, ("cluster", *_OF_TIPS), rows)


def _explained(found: Learnt) -> Section:
    known = [(joint, float(share)) for joint, share in zip(HAND_21.joints, found.explained, strict=True) if np.isfinite(share)]
    note = "Share of each landmark's variance that the clusters explain, in the frame of the palm, on standard bones."
    rows = tuple((joint, f"{share:.2f}") for joint, share in known)
    picture = figure_library().bar_figure({"explained": dict(known)}, "share of variance")
    return Section("Variance explained", note, ("landmark", "share"), rows, picture)
