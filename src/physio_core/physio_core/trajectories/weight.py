"""How much of the patient's own path is in the next one: the better it was drawn, the less."""

from __future__ import annotations

from dataclasses import dataclass

from physio_core.errors import ConfigError

AT_NOTHING, AT_FULL = 0.9, 0.1
"""Weight of the patient's own path at a score of 0 and of 100: 0.2, 0.4, 0.6 and 0.8 in the middle of the grades 1 to 4."""


@dataclass(frozen=True)
class WeightLimits:
    """Between what a therapist lets the weight of the patient's own path lie.

    Attributes:
        low: least; 0: the ideal path itself may be shown.
        high: greatest; 1: the patient's own path may be shown.

    Raises:
        ConfigError: not 0 <= low <= high <= 1.
    """

    low: float = 0.1
    high: float = 0.9

    def __post_init__(self) -> None:
        """Refuse limits that contradict each other."""
        if not 0.0 <= self.low <= self.high <= 1.0:
            raise ConfigError(f"limits of the weight {self.low:g} .. {self.high:g}; need 0 <= low <= high <= 1")


def weight_of(score: float, limits: WeightLimits | None = None, easier: float = 0.0) -> float:
    """Weight of the patient's own path in the next one: falls evenly with the score, within the limits.

    Args:
        score: 0 to 100.
        limits: the therapist's.
        easier: by how much more of it than the score alone says (:func:`physio_core.trajectories.progress.more_own`).
    """
    limits = limits or WeightLimits()
    share = min(max(score, 0.0), 100.0) / 100.0
    return min(max(AT_NOTHING + (AT_FULL - AT_NOTHING) * share + easier, limits.low), limits.high)
