"""The colours of a person's sides, the same in every picture; told apart by colour-blind people too (Okabe and Ito 2008)."""

from __future__ import annotations

Rgb = tuple[int, int, int]

LEFT_RGB: Rgb = (0, 158, 115)
RIGHT_RGB: Rgb = (230, 159, 0)


def side_rgb(joint: str, middle_rgb: Rgb) -> Rgb:
    """Colour of a joint by its name; ``middle_rgb``, which the background decides, for one on the middle line."""
    if joint.startswith("left_"):
        return LEFT_RGB
    return RIGHT_RGB if joint.startswith("right_") else middle_rgb
