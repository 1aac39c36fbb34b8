"""What a task must be for the engine to train it: a network, data, a loss, figures and a model folder.

A batch has a number, and batch *i* is the same each time it is asked for; that is what lets an interrupted training go on as if
it had not been interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from physio_lab.engine.config import R

Array = npt.NDArray[Any]
Batch = tuple[Array, Array]
"""Inputs and targets, the first axis of each counts the sequences."""

D = TypeVar("D", bound="Data")

Validated = Callable[[int, Mapping[str, float]], None]
"""Told after each validation: step, the loss and the task's other figures."""


class Batches(Protocol):
    """Batches by number; batch ``i`` is the same each time it is asked for."""

    def __getitem__(self, index: int) -> Batch:
        """Batch ``index``."""


class Data(Protocol):
    """What a recipe learns from and is measured on."""

    @property
    def learn(self) -> Batches:
        """Batches to learn from."""

    @property
    def val(self) -> Sequence[Batch]:
        """Batches never learnt from, always the same, on which loss and figures are followed; asked for once, may be none."""


@dataclass(frozen=True)
class Loss:
    """What one batch says of a network.

    Attributes:
        loss: a scalar tensor to be made small, the mean over what was counted.
        figures: further means, by name, as scalar tensors; each becomes a column of the log.
        counted: targets that the means are over; 0: nothing could be learnt from this batch.
    """

    loss: Any
    figures: Mapping[str, Any] = field(default_factory=dict)
    counted: int = 1


class Task(Protocol[R, D]):
    """A task; torch is imported by its methods, so that the command line starts at once.

    Attributes:
        name: the ``task`` of its recipes.
        columns: the figures of :meth:`headline` in the order of a table, each with the format of its numbers, e.g. ``.1%``.
    """

    name: str
    columns: Mapping[str, str]

    def recipe(self, data: Any, where: str) -> R:
        """A recipe from nested dictionaries; ``where`` is what to call it in an error.

        Raises:
            ConfigError: something that the task does not know, or out of range.
        """

    def model(self, recipe: R) -> Any:
        """A :class:`torch.nn.Module`: random by the seed, or with the weights that the recipe starts from."""

    def blocks(self, model: Any) -> Sequence[Any]:
        """Modules of a model from the head, which alone learns at first, to the deepest that has a learning rate of its own."""

    def data(self, recipe: R) -> D:
        """Everything that is learnt from and measured on."""

    def loss(self, model: Any, inputs: Any, targets: Any, recipe: R) -> Loss:
        """What a batch, as tensors on the model's device, says of the model."""

    def metrics(self, model: Any, recipe: R, data: D) -> dict[str, Any]:
        """Figures on what was never learnt from, as JSON can hold them; the model is on the processor."""

    def export(self, model: Any, recipe: R, out: Path, measured: dict[str, Any]) -> None:
        """Write a model folder, whole or not at all.

        Raises:
            OutputError: it cannot be written.
            ModelError: weights that are not finite.
        """

    def headline(self, measured: Mapping[str, Any]) -> dict[str, float]:
        """The few figures of a table, by the names of ``columns``; inherited, those that were measured by these names."""
        return {name: float(measured[name]) for name in self.columns}

    def summary(self, measured: Mapping[str, Any]) -> str:
        """What was measured, in a few words; empty: nothing."""


def as_tensors(batch: Batch) -> tuple[Any, Any]:
    """The same batch for torch, without a copy."""
    import torch

    inputs, targets = batch
    return torch.from_numpy(np.ascontiguousarray(inputs)), torch.from_numpy(np.ascontiguousarray(targets))
