"""How large letters appear from where they are read, measured on every page: capitals in minutes of arc.

Five minutes are what sharp eyes just read; ten are read with half of that, 20/40, which many patients have.
"""

from __future__ import annotations

import math
from collections import defaultdict

from physio_core.languages.texts import languages
from physio_core.screen.drawing.letters import measure
from physio_core.screen.fitting import fit_item
from physio_core.screen.layout import CAPITAL_PER_SIZE, ROLES, Role, Sheet, Text
from physio_core.screen.pages import scene_of
from physio_core.screen.wording import load_words
from physio_tools.screen.gallery import samples

WANTED_ARC_MIN = 10.0
MM_PER_INCH = 25.4


def smallest_arc_min(size_px: tuple[int, int], diagonal_in: float) -> dict[Role, float]:
    """The smallest capitals of each role on any page in any language, from the distance that the role is read from.

    Args:
        size_px: width and height of the display [px].
        diagonal_in: its diagonal [inch].

    Returns:
        Minutes of arc by role.
    """
    sheet, smallest = Sheet(*size_px), defaultdict[Role, float](lambda: math.inf)
    mm_per_px = diagonal_in * MM_PER_INCH / math.hypot(*size_px)
    for words in map(load_words, languages()):
        for state in samples(words).values():
            for item in (item for item in scene_of(state, words, sheet).items if isinstance(item, Text)):
                cap_mm = fit_item(item, measure)[0] * CAPITAL_PER_SIZE * mm_per_px
                smallest[item.role] = min(smallest[item.role], arc_min(cap_mm, item.role.distance_m))
    return {role: smallest[role] for role in ROLES}


def arc_min(height_mm: float, distance_m: float) -> float:
    """How large a height appears from a distance, in minutes of arc."""
    return math.degrees(math.atan(height_mm / (distance_m * 1e3))) * 60
