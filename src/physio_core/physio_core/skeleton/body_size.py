"""How large a person is in an image: what turns distances of the image into those of the body.

Bones have known proportions (Drillis and Contini, "Body Segment Parameters", New York University, 1966), and a projection only
shortens them, so the least foreshortened bone tells the size. The second longest in proportion is taken, since one joint may be
mistaken. Where the estimator took joints for those of the other side, a pair of bones would cross and be too long, so each pair
is joined the way that is shorter.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import numpy as np

from physio_core.skeleton.confidence import VISIBLE
from physio_core.skeleton.layouts import other_side
from physio_core.types import FloatArray

STEADY_FRAMES = 21
"""Frames over which the size is steadied by their median: 0.7 s at 30 Hz, so that one who comes nearer is followed."""
LASTING_FRAMES = 61
"""The same where a size that changes looks like a movement: 2 s."""
SURE = 0.7
"""Confidence of both ends from which a bone is believed before others: joints that are half hidden make bones too long."""
BONES = {("spine_base", "neck"): 1.0} | {
    (f"{side}_{first}", f"{side}_{second}"): length
    for side in ("left", "right")
    for first, second, length in (
        ("hip", "knee", 0.85),
        ("knee", "ankle", 0.85),
        ("shoulder", "elbow", 0.60),
        ("elbow", "wrist", 0.52),
    )
}
"""Lengths of bones in trunk lengths (0.288 of the stature)."""


class BodySize:
    """The length of one person's trunk in an image, frame by frame or many frames at once."""

    def __init__(self, at: Mapping[str, int], frames: int = STEADY_FRAMES, sure: float = VISIBLE) -> None:
        """Prepare.

        Args:
            at: indices of the joints, those of :data:`BONES` among them.
            frames: whose median counts.
            sure: confidence from which bones are believed alone, where there are two.
        """
        self._frames, self._sure = frames, sure
        self._ends = np.array([[at[start], at[end]] for start, end in BONES], np.intp)
        self._lengths = np.array(list(BONES.values()))
        other = [(other_side(start), other_side(end)) for start, end in BONES]
        self._other = np.array([list(BONES).index(bone) for bone in other], np.intp)
        self._crossed = np.array([[at[bone[0]], at[end]] for bone, (_, end) in zip(BONES, other, strict=True)], np.intp)
        self.reset()

    def reset(self) -> None:
        """Forget the size, as when someone else comes into view."""
        self._sizes: deque[float] = deque(maxlen=self._frames)

    def measure(self, at: FloatArray, confidence: FloatArray) -> FloatArray:
        """Length of the trunk, were it parallel to the image (T,), in the unit of the joints (T, V, 2 or 3); NaN: not known.

        ``confidence`` (T, V) tells which joints are seen.
        """
        straight, crossed = (
            np.linalg.norm(at[:, ends[:, 0]] - at[:, ends[:, 1]], axis=-1) / self._lengths for ends in (self._ends, self._crossed)
        )
        confident = confidence[:, self._ends].min(-1)
        shorter = crossed + crossed[:, self._other] < straight + straight[:, self._other]
        both_seen = np.minimum(confident, confident[:, self._other]) >= VISIBLE
        bones = np.where(shorter & both_seen, crossed, straight)
        sure = confident >= self._sure
        believed = np.where(sure.sum(-1, keepdims=True) >= 2, sure, confident >= VISIBLE)
        bones = np.sort(np.where(believed, np.nan_to_num(bones), 0.0), axis=-1)
        now = np.where(bones[:, -2] > 0.0, bones[:, -2], bones[:, -1])
        return np.array([self._steady(float(one)) for one in now])

    def _steady(self, now: float) -> float:
        if now > 0.0:
            self._sizes.append(now)
        return sorted(self._sizes)[len(self._sizes) // 2] if self._sizes else float("nan")
