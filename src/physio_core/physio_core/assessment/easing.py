"""An exercise made easier or harder: the same movement, with another share of its range asked for."""

from __future__ import annotations

from dataclasses import replace

from physio_core.exercises.catalogue import Exercise
from physio_core.exercises.definition import FaultDefinition


def eased(exercise: Exercise, extent: float) -> Exercise:
    """The exercise with ``extent`` of its range asked for: 1 is as its file says, less is easier.

    What counts as complete, and how far is far enough, follow in proportion; how it is done does not, nor what may hurt.
    """
    definition = exercise.repetition
    if definition is None or extent == 1.0:
        return exercise
    complete_from = min(max(definition.complete_from * extent, definition.attempt_from), 1.0)
    faults = {name: _eased(fault, extent) for name, fault in exercise.faults.items()}
    return replace(exercise, repetition=definition.model_copy(update={"complete_from": complete_from}), faults=faults)


def _eased(fault: FaultDefinition, extent: float) -> FaultDefinition:
    from_zero = fault.timing or (fault.angle and fault.relative_to == "zero")
    if fault.safety or not (fault.far_enough and from_zero) or fault.low is None or fault.low <= 0.0:
        return fault
    return fault.model_copy(update={"low": fault.low * extent})
