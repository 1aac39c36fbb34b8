"""Ours and MediaPipe's on the same rendered hands, of people who taught nothing, looked at in three ways."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import ConfigError
from physio_core.pose.blaze.regions import Region, whole
from physio_core.types import ByteImage, FloatArray
from physio_lab.landmarks.figures import figures_of
from physio_lab.landmarks.network import SIZE_PX, LandmarkNetwork
from physio_lab.landmarks.regions import Told, in_cut_out, shaken, truth

IMAGES, SEED = 6, 9001
"""Of each person, and of which: other shapes, views and lights than those that teach, drawn by another seed."""
OURS, MEDIAPIPE = "ours", "MediaPipe Hands"
WAYS = {"followed": 2, "whole": 1}
"""How often a network looks: at the whole cut-out, and then in the region that the look before gives, as from image to image."""


@dataclass(frozen=True)
class Case:
    """One cut-out.

    Attributes:
        who: whose hand.
        rgb: (224, 224, 3).
        points_m: (21, 3) in the camera's axes [m].
        points_px: (21, 2) in the cut-out [px].
        focal_px: of the camera that would have taken it.
        gloved: whether the hand wears a glove.
    """

    who: str
    rgb: ByteImage
    points_m: FloatArray
    points_px: FloatArray
    focal_px: float
    gloved: bool

    def truth(self, region: Region) -> Told:
        """What is true in a region of it."""
        return truth(region, self.points_m, self.points_px, self.focal_px)


def measured(people: int, model: Path | None = None, tell: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Figures of both: of the cut-out in each of :data:`WAYS`, and in the region of a follower.

    R² of joints is over coordinates from the wrist, in lengths from the wrist to the middle knuckle, in the axes of the cut-out
    (or of the region); R² of places over coordinates in sides of the cut-out (or region), from its corner, depth from the wrist.

    Raises:
        ModelError: a network cannot be read.
        ConfigError: what renders is not installed.
    """
    networks = {OURS: LandmarkNetwork(folder=model), MEDIAPIPE: LandmarkNetwork(own=False)}
    cases = list(rendered_cases(people, tell))
    square = whole(SIZE_PX, SIZE_PX)
    true, who = [case.truth(square) for case in cases], [case.who for case in cases]
    said = {
        way: {name: [in_cut_out(*one.followed(case.rgb, looks), SIZE_PX) for case in cases] for name, one in networks.items()}
        for way, looks in WAYS.items()
    }
    ways = {way: {name: _figures(told, true, who) for name, told in methods.items()} for way, methods in said.items()}
    hands = {kind: _of(rows, said["followed"], true, who) for kind, rows in _kinds(cases).items()}
    regions = [shaken(case.points_px, np.random.default_rng((SEED, number))) for number, case in enumerate(cases)]
    there = [case.truth(region) for case, region in zip(cases, regions, strict=True)]
    begun = time.process_time()
    spent, followed = {}, {}
    for name, one in networks.items():
        begun = time.process_time()
        told = [one.look(case.rgb, region) for case, region in zip(cases, regions, strict=True)]
        spent[name] = 1000.0 * (time.process_time() - begun) / len(cases)
        followed[name] = _figures(told, there, who)
    ours = ways["followed"][OURS]["joints"]
    return {
        "r2": ours["r2"], "mse": ours["mse"], "images": len(cases), "people": people, "ways": ways, "hands": hands,
        "regions": followed, "cpu_ms": spent,
    }  # fmt: skip


def _kinds(cases: list[Case]) -> dict[str, list[int]]:
    bare = [at for at, case in enumerate(cases) if not case.gloved]
    return {"bare": bare, "in gloves": sorted({*range(len(cases))} - {*bare})}


def _of(rows: list[int], said: Mapping[str, list[Told]], true: list[Told], who: list[str]) -> dict[str, Any]:
    """Figures over some of the cases."""
    truth_of, whose = [true[at] for at in rows], [who[at] for at in rows]
    return {name: _figures([told[at] for at in rows], truth_of, whose) for name, told in said.items()}


def _figures(told: list[Told], true: list[Told], who: list[str]) -> dict[str, Any]:
    return {
        "joints": figures_of(np.array([one.joints for one in told]), np.array([one.joints for one in true]), who),
        "places": figures_of(np.array([one.marks for one in told]), np.array([one.marks for one in true]), who),
    }


def rendered_cases(people: int, tell: Callable[[], None]) -> Iterator[Case]:
    """Cut-outs, every other person in a glove.

    Raises:
        ConfigError: what renders is not installed.
    """
    try:
        from physio_lab.synthetic.hand_set_commands import rendered
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed to render hands; install it with: scripts/setup --dev") from error
    for hand in range(people):
        for rgb, points_m, camera in rendered(hand, IMAGES, SEED, gloves=True):
            seen = points_m @ camera.T
            yield Case(f"hand{hand:05d}", rgb, points_m, seen[:, :2] / seen[:, 2:], float(camera[0, 0]), bool(hand % 2))
        tell()
