"""Every estimator of bodies on the same images: how fast it is, how exact, how often it loses the person.

How fast, and how often a person is lost, on real clips; how exact on rendered people, of whom it is known where every joint is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from physio_core.motion.kinematics import BODY_JOINTS
from physio_core.motion.projection import project
from physio_core.pose.estimator import PoseConfig, PoseEstimator, make_estimator
from physio_core.skeleton.layouts import BODY_25
from physio_core.types import FloatArray, Frame, Skeleton
from physio_lab.estimators.compare import Side, beside
from physio_lab.synthetic.angle_takes import makes, shot_of
from physio_lab.synthetic.shot_renderer import ShotRenderer
from physio_lab.synthetic.shots import ShotSpec

PARTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
JOINTS = tuple(f"{side}_{part}" for part in PARTS for side in ("left", "right"))
"""What all of them see and what is rendered; a face is painted on."""
GIVEN, TRUE = ([places.index(joint) for joint in JOINTS] for places in (BODY_25.joints, BODY_JOINTS))
SHOULDERS, HIPS = ([JOINTS.index(f"{side}_{part}") for side in ("left", "right")] for part in ("shoulder", "hip"))
NEAR_PERCENT = 20.0
"""A joint that is nearer to the truth is found [% of the trunk]."""


@dataclass
class Row:
    """One estimator.

    Attributes:
        name: the network.
        runner: what runs it; empty: itself.
        real: what it did on real clips.
        rendered: what it did on rendered people.
        error_percent: (12,) distances of the joints from the truth, of every image in which it saw the rendered person [% of the
            trunk at its longest in that clip].
        away_percent: (12,) distances from the first estimator's on real clips, where both see a person [% of the trunk].
    """

    name: str
    runner: str = ""
    real: Side = field(default_factory=Side)
    rendered: Side = field(default_factory=Side)
    error_percent: list[FloatArray] = field(default_factory=list)
    away_percent: list[FloatArray] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """As `physio pose compare --all --json` writes them; without images there is none."""
        images, shown = len(self.real.times_ms), len(self.rendered.times_ms)
        errors = np.reshape(self.error_percent, (-1, len(PARTS), 2))
        return {
            "runner": self.runner,
            "images": images,
            "image_ms": _quantile(self.real.times_ms, 0.5),
            "image_p99_ms": _quantile(self.real.times_ms, 0.99),
            "image_cpu_ms": _quantile(self.real.cpu_ms, 0.5),
            "lost_percent": 100.0 * self.real.lost / images if images else None,
            "found_again": self.real.found_again,
            "away_median_percent": _quantile(self.away_percent, 0.5),
            "rendered_images": shown,
            "rendered_lost_percent": 100.0 * self.rendered.lost / shown if shown else None,
            "error_median_percent": _quantile(errors, 0.5),
            "error_p95_percent": _quantile(errors, 0.95),
            "near_percent": 100.0 * float((errors < NEAR_PERCENT).mean()) if errors.size else None,
            "error_median_percent_by_joint": {part: _quantile(errors[:, index], 0.5) for index, part in enumerate(PARTS)},
        }


def show_clips(rows: Sequence[Row], configs: Sequence[PoseConfig], clips: Iterable[Iterable[Frame]]) -> None:
    """Show all estimators the same real clips, each opened for each clip; errors as :func:`make_estimator`."""
    for frames in clips:
        opened = [make_estimator(config, BODY_25) for config in configs]
        try:
            for seen in beside(frames, opened, [row.real for row in rows]):
                if not seen[0].tracked:
                    continue
                wanted = _places_px(seen[0])
                for row, skeleton in zip(rows[1:], seen[1:], strict=True):
                    if skeleton.tracked:
                        row.away_percent.append(_percent(_places_px(skeleton), wanted, _trunk_px(wanted)))
        finally:
            _close(opened)


def show_rendered(rows: Sequence[Row], configs: Sequence[PoseConfig], people: int, seed: int) -> None:
    """Show all estimators the same rendered people; errors as :func:`make_estimator`, and SourceError where nothing is drawn."""
    for which in makes(people):
        shot = shot_of(seed, *which)
        places_px = project(shot.points, shot.camera)[0][:, TRUE] * shot.size_px
        trunk_px = max(map(_trunk_px, places_px))
        opened = [make_estimator(config, BODY_25) for config in configs]
        try:
            images = beside(_images(shot), opened, [row.rendered for row in rows], there=True)
            for seen, wanted in zip(images, places_px, strict=True):
                for row, skeleton in zip(rows, seen, strict=True):
                    if skeleton.tracked:
                        row.error_percent.append(_percent(_places_px(skeleton), wanted, trunk_px))
        finally:
            _close(opened)


def named(config: PoseConfig) -> tuple[str, str]:
    """What an estimator calls itself: the network, and what runs it."""
    opened = make_estimator(config, BODY_25)
    opened.close()
    name, _, runner = opened.name.partition(" by ")
    return name, runner


def _images(shot: ShotSpec) -> Iterator[Frame]:
    renderer = ShotRenderer(shot)
    try:
        for index, rgb in enumerate(renderer.images()):
            yield Frame(index / shot.fps, rgb)
    finally:
        renderer.close()


def _close(opened: Iterable[PoseEstimator]) -> None:
    for one in opened:
        one.close()


def _places_px(skeleton: Skeleton) -> FloatArray:
    return np.asarray(skeleton.points[GIVEN, :2] * [skeleton.width_px, skeleton.height_px])


def _trunk_px(places_px: FloatArray) -> float:
    return float(np.linalg.norm(places_px[SHOULDERS].mean(0) - places_px[HIPS].mean(0)))


def _percent(given_px: FloatArray, wanted_px: FloatArray, trunk_px: float) -> FloatArray:
    return np.asarray(np.linalg.norm(given_px - wanted_px, axis=1) / max(trunk_px, 1.0) * 100.0)


def _quantile(values: Any, share: float) -> float | None:
    return float(np.quantile(values, share)) if len(values) else None
