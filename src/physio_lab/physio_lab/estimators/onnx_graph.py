"""An ONNX file on its way: nodes and numbers, written down as they come."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import ConfigError

try:
    import onnx
    from onnx import TensorProto, helper, numpy_helper
except ImportError as error:
    raise ConfigError(f"{error.name} is needed to write ONNX; install it with: scripts/setup --training") from error

OPSET = 17
SMALL = 64
"""Fewer numbers are not worth a node."""
TO_CHANNELS_FIRST, TO_CHANNELS_LAST = [0, 3, 1, 2], [0, 2, 3, 1]
"""TensorFlow keeps height, width, channels; ONNX channels, height, width."""
Described = tuple[str, Sequence[int]]
"""Name and shape of an input or an output, of 32-bit numbers."""


class OnnxGraph:
    """One file on its way."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def node(self, kind: str, inputs: list[str], name: str, **settings: Any) -> str:
        """Add a node; its output is called like it."""
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **settings))
        return name

    def constant(self, name: str, values: Any) -> str:
        """Add numbers; in 16 bits where that loses nothing."""
        values = np.ascontiguousarray(values)
        if values.dtype == np.float32 and values.size >= SMALL and (values == values.astype(np.float16)).all():
            self.constants.append(numpy_helper.from_array(values.astype(np.float16), f"{name}/half"))
            return self.node("Cast", [f"{name}/half"], name, to=TensorProto.FLOAT)
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def scalar(self, name: str, value: Any) -> str:
        """Add one number, which has no dimension."""
        self.constants.append(numpy_helper.from_array(np.asarray(value).reshape(()), name))
        return name

    def save(self, target: Path, name: str, inputs: Sequence[Described], outputs: Sequence[Described]) -> None:
        """Write the file, the same each time; it is a valid one."""
        given, made = (
            [helper.make_tensor_value_info(called, TensorProto.FLOAT, list(shape)) for called, shape in ends]
            for ends in (inputs, outputs)
        )
        graph = helper.make_graph(self.nodes, name, given, made, self.constants)
        network = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="physio pose convert")
        network.ir_version = 8
        onnx.checker.check_model(network)
        onnx.save(network, str(target))
