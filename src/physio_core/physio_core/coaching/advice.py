"""One thing that the coach says about how an exercise is done, as plain data for the screen, the voice and the records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from physio_core.types import Side


class AdviceKind(str, Enum):
    """Why something is said."""

    SAFETY = "safety"
    """It may hurt as it is done now."""
    CORRECT = "correct"
    """It can be done better."""
    BETTER = "better"
    """What was corrected is better now."""
    PRAISE = "praise"
    """It is done well."""
    ENCOURAGE = "encourage"
    """The end is near."""
    COUNT = "count"
    """Which repetition that was."""


@dataclass(frozen=True)
class Advice:
    """What is said.

    Attributes:
        kind: why.
        text: a short sentence, or the number of a count.
        key: of the text in the catalogues of languages; empty: the exercise's own.
        fault: what it is about; empty: no fault.
        side: whose; none: both, or neither.
        repetition: after which complete repetition, from 1; 0: before the first.
    """

    kind: AdviceKind
    text: str
    key: str = ""
    fault: str = ""
    side: Side = Side.NONE
    repetition: int = 0
