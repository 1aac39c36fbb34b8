"""LiteRT, which TensorFlow Lite is called now: the reference for TensorFlow Lite files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from physio_core.errors import ModelError, RunnerError
from physio_core.runners.model_file import ModelFile
from physio_core.runners.runner import Arrays, RunnerConfig, describe, numbers, wanted_outputs
from physio_core.types import FloatArray

# No list of requirements holds it: who wants the reference installs it.
Interpreter = import_module("ai_edge_litert.interpreter").Interpreter


class LitertNetwork:
    """See :class:`~physio_core.runners.runner.Runner`."""

    def __init__(self, interpreter: Any, outputs: Sequence[str], watched: Sequence[str], config: RunnerConfig) -> None:
        self.name, self.instead_of = describe(config), ""
        self._interpreter, self._watched = interpreter, tuple(watched)
        self._into = {item["name"]: item["index"] for item in interpreter.get_input_details()}
        self._from = {item["name"]: item["index"] for item in interpreter.get_output_details() if item["name"] in outputs}
        self.inputs = {item["name"]: tuple(map(int, item["shape"])) for item in interpreter.get_input_details()}
        self.outputs = {
            item["name"]: tuple(map(int, item["shape"])) for item in interpreter.get_output_details() if item["name"] in outputs
        }

    def run(self, feeds: Mapping[str, FloatArray]) -> Arrays:
        """See :class:`~physio_core.runners.runner.Runner`."""
        try:
            for name, array in feeds.items():
                self._interpreter.set_tensor(self._into[name], array)
            self._interpreter.invoke()
        except (RuntimeError, ValueError, KeyError) as error:
            raise RunnerError(f"{self.name} failed: {error}") from error
        made = {name: np.asarray(self._interpreter.get_tensor(index)) for name, index in self._from.items()}
        return numbers(made, self._watched, self.name)


def open_network(file: ModelFile, config: RunnerConfig, outputs: Sequence[str], watched: Sequence[str]) -> LitertNetwork:
    """See :func:`~physio_core.runners.runner.open_runner`."""
    try:
        interpreter = Interpreter(model_content=file.content, num_threads=config.runner_threads)
        interpreter.allocate_tensors()
    except (RuntimeError, ValueError) as error:
        raise ModelError(f"model file {file.path} cannot be loaded: {error}") from error
    there = [item["name"] for item in interpreter.get_output_details()]
    return LitertNetwork(interpreter, wanted_outputs(there, outputs, file.path), watched, config)
