"""How exercises are sensed; on its own, for those who read no exercise file."""

from __future__ import annotations

from collections.abc import Mapping

from physio_core.skeleton.layouts import HAND_21, OPENPOSE_18, Layout

KINDS: Mapping[str, Layout] = {"body": OPENPOSE_18, "hand": HAND_21, "trajectory": OPENPOSE_18}
"""How an exercise is sensed, each with the joints it may need; which can be judged: :mod:`physio_core.judging.panel`."""


def sensed_by_hand(kind: str) -> bool:
    """Whether exercises of a kind are seen by the joints of one hand; of no kind: not."""
    return kind in KINDS and KINDS[kind] is HAND_21
