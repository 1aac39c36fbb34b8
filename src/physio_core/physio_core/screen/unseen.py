"""What of an exercise cannot be judged from where it is to be seen: said, and never guessed."""

from __future__ import annotations

from functools import cache

from physio_core.exercises.catalogue import Exercise
from physio_core.exercises.definition import FaultDefinition
from physio_core.skeleton.angle_table import load_angles
from physio_core.skeleton.layouts import sideless
from physio_core.skeleton.measure_table import load_measures


def unseen(exercise: Exercise) -> tuple[str, ...]:
    """Names of its faults that its view does not show; what the repetition itself tells, such as its tempo, every view shows."""
    return tuple(name for name, fault in exercise.faults.items() if not fault.timing and exercise.view not in _views(fault))


def _views(fault: FaultDefinition) -> tuple[str, ...]:
    return fault.views or _tables()[fault.angle or fault.measure]


@cache
def _tables() -> dict[str, tuple[str, ...]]:
    """Views of each angle and each distance, by their names without a side."""
    return {sideless(name): one.views for table in (load_measures(), load_angles()) for name, one in table.items()}
