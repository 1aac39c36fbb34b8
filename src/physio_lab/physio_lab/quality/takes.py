"""A recorded movement as every measure of quality sees it: joints in the person's own frame, and joint angles, over time.

In the person's frame the hips were at the origin when the recording began, x was to the left of the person as seen by the
camera's upright (y down), and the trunk is one long: where and how large someone is, and how he stood to the camera, says nothing
about how well he moves. The same joints can be had of any layout that has a body (:data:`JOINTS`), so of a camera's as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from physio_core.errors import InputError
from physio_core.skeleton.angles import AngleMeter
from physio_core.skeleton.layouts import Layout, layout_named
from physio_core.skeleton.remapping import remap
from physio_core.types import FloatArray
from physio_lab.datasets.public import read_irds, read_kimore, read_ui_prmd
from physio_lab.datasets.sequence import SkeletonSequence

_LIMBS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot")
JOINTS = Layout(
    "quality",
    ("spine_base", "neck", "head", *(f"{side}_{joint}" for side in ("left", "right") for joint in _LIMBS)),
    (),
    "spine_base",
)
SEGMENTS = (
    ("spine_base", "neck"), ("neck", "head"), ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"),
    *(
        (f"{side}_{start}", f"{side}_{end}")
        for side in ("left", "right")
        for start, end in (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"))
    ),
)  # fmt: skip
"""Whose directions say how someone moves, whatever the lengths of his limbs."""
FIRST_FRAMES = 5
"""From which place and direction of the person are taken."""
SHORTEST = 1e-3
"""Length below which a segment has no direction [trunk lengths]."""
ANGLE_SCALE_DEG = 60.0
SMOOTHING = np.array([0.25, 0.75, 1.0, 0.75, 0.25]) / 3.0
"""Weights of five frames, against the sensor's jitter."""


@dataclass(frozen=True, eq=False)
class Take:
    """One recording. T frames, J joints of :data:`JOINTS`, A angles.

    Attributes:
        subject: who.
        exercise: what is done.
        patient: whether the person is one, where the set has patients and others; else True.
        target: 1 right, -1 wrong; or a score.
        rate_hz: frames a second [Hz].
        places: (T, J, 3) in the person's frame [trunk lengths].
        angles_deg: (T, A) unwrapped over time; 0 where never measured.
    """

    subject: str
    exercise: str
    patient: bool
    target: float
    rate_hz: float
    places: FloatArray
    angles_deg: FloatArray

    @property
    def flat_places(self) -> FloatArray:
        """Places (T, 3 J)."""
        return self.places.reshape(len(self.places), -1)

    @property
    def directions(self) -> FloatArray:
        """Unit vectors (T, 3 S) of the :data:`SEGMENTS` in the person's frame."""
        ends = np.array([[JOINTS.index(joint) for joint in segment] for segment in SEGMENTS])
        along = self.places[:, ends[:, 1]] - self.places[:, ends[:, 0]]
        units = along / np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), SHORTEST)
        return np.asarray(units.reshape(len(units), -1))

    @property
    def bends(self) -> FloatArray:
        """Angles (T, A) in units in which they are about as large as places and directions."""
        return self.angles_deg / ANGLE_SCALE_DEG


@dataclass(frozen=True)
class QualitySet:
    """A set with people's judgements.

    Attributes:
        name: of its folder and in the results.
        title: for people.
        read: its sequences from its folder.
        scored: the judgement is a score, else right or wrong.
        is_patient: whether a subject is one; None: all people of the set count alike.
    """

    name: str
    title: str
    read: Callable[[Path], Iterator[SkeletonSequence]]
    scored: bool = False
    is_patient: Callable[[str], bool] | None = None


SETS = (
    QualitySet("ui_prmd", "UI-PRMD", read_ui_prmd),
    # Others than patients (1xx, 3xx) do nearly all of it right: with them, a method could tell the person for the movement.
    QualitySet("irds", "IRDS", read_irds, is_patient=lambda subject: subject.startswith("2")),
    QualitySet("kimore", "KIMORE", read_kimore, scored=True, is_patient=lambda subject: not subject.startswith(("E_", "NE_"))),
)


def read_takes(kind: QualitySet, folder: Path, tell: Callable[[], None] = lambda: None) -> list[Take]:
    """All judged recordings of a set.

    Args:
        kind: which set.
        folder: of this set.
        tell: called after each.

    Raises:
        InputError: nothing judged is there, or files that cannot be used.
    """
    meters: dict[str, AngleMeter] = {}
    takes = []
    for one in kind.read(folder):
        meter = meters.setdefault(one.layout, AngleMeter(layout_named(one.layout)))
        takes.append(take_of(one, kind, meter))
        tell()
    if not takes:
        raise InputError(f"{folder} holds no recording that someone judged")
    return takes


def take_of(one: SkeletonSequence, kind: QualitySet, meter: AngleMeter) -> Take:
    """A sequence as a take.

    Args:
        one: of one person, in space, judged as the set's are.
        kind: the set it is of.
        meter: of the sequence's layout.

    Raises:
        InputError: too short, nobody's trunk in it, or not judged.
    """
    known = one.annotations
    target = (known.score.value if known.score else None) if kind.scored else known.correct
    if target is None:
        raise InputError(f"{one.name}: nobody judged it; leave it out of the set")
    return measured_take(one, kind, meter, float(target) if kind.scored else (1.0 if target else -1.0))


def measured_take(one: SkeletonSequence, kind: QualitySet, meter: AngleMeter, target: float) -> Take:
    """A sequence as a take with a judgement given apart; arguments and errors as of :func:`take_of`.

    Raises:
        InputError: also where it is of an image, not of space.
    """
    if one.points.shape[-1] != 3:
        raise InputError(f"{one.name}: joints of an image; quality is judged of joints in space")
    if len(one.stamps_s) < FIRST_FRAMES:
        raise InputError(f"{one.name}: {len(one.stamps_s)} frames; a movement has at least {FIRST_FRAMES}")
    meter.reset()
    angles_deg = meter.measure(one.points[0], one.confidence[0]).deg
    joints, _ = remap(one.points[0].astype(float), one.confidence[0], layout_named(one.layout), JOINTS)
    return Take(
        subject=one.subject,
        exercise=one.label,
        patient=kind.is_patient is None or kind.is_patient(one.subject),
        target=target,
        rate_hz=(len(one.stamps_s) - 1) / float(one.stamps_s[-1] - one.stamps_s[0]),
        places=smoothed(in_own_frame(joints, one.name)),
        angles_deg=smoothed(_whole(angles_deg)),
    )


def in_own_frame(joints: FloatArray, name: str = "") -> FloatArray:
    """Joints (T, J, 3) of :data:`JOINTS` [m], y down, in the person's frame [trunk lengths].

    Raises:
        InputError: no trunk.
    """
    base, neck, *pairs = (
        JOINTS.index(j) for j in ("spine_base", "neck", "left_shoulder", "right_shoulder", "left_hip", "right_hip")
    )
    trunk = float(np.median(np.linalg.norm(joints[:, neck] - joints[:, base], axis=-1)))
    if not trunk > 0.0:
        raise InputError(f"{name}: the trunk has no length; are hips and shoulders in it?")
    first = joints[:FIRST_FRAMES].mean(0)
    left = first[pairs[0]] - first[pairs[1]] + first[pairs[2]] - first[pairs[3]]
    about = np.arctan2(left[2], left[0])
    cos, sin = np.cos(about), np.sin(about)
    turn = np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
    own: FloatArray = (joints - first[base]) @ turn.T / trunk
    return own


def smoothed(values: FloatArray) -> FloatArray:
    """Values (T, ...) without the sensor's jitter; the ends are held."""
    beyond = len(SMOOTHING) // 2
    padded = np.concatenate([np.repeat(values[:1], beyond, 0), values, np.repeat(values[-1:], beyond, 0)])
    return np.asarray(sum(weight * padded[i : i + len(values)] for i, weight in enumerate(SMOOTHING)))


def resampled(values: FloatArray, frames: int) -> FloatArray:
    """Values (T, ...) at evenly spaced moments (frames, ...)."""
    at = np.linspace(0.0, len(values) - 1.0, frames)
    before = np.minimum(at.astype(int), len(values) - 2)
    share = (at - before).reshape(-1, *[1] * (values.ndim - 1))
    between: FloatArray = values[before] * (1.0 - share) + values[before + 1] * share
    return between


def _whole(angles_deg: FloatArray) -> FloatArray:
    """Angles (T, A) without gaps and jumps by a turn."""
    frames = np.arange(len(angles_deg))
    whole = np.zeros_like(angles_deg, dtype=float)
    for index, angle in enumerate(angles_deg.T):
        known = ~np.isnan(angle)
        if known.any():
            whole[:, index] = np.interp(frames, frames[known], angle[known])
    return np.asarray(np.degrees(np.unwrap(np.radians(whole), axis=0)))
