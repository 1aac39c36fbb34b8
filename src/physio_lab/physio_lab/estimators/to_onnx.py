"""A TensorFlow Lite file as ONNX, for runners that do not read the former: what OpenVINO makes of it, written down node by node.

Only the operations of MediaPipe's files are known. Weights stay the 16-bit numbers of the file, so the result is as small.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import ConfigError, ModelError
from physio_core.files import write_text, writing
from physio_core.runners.model_file import SUMS, ModelFile
from physio_core.runners.runner import ONNXRUNTIME, OPENVINO, RunnerConfig, open_runner
from physio_lab.estimators.onnx_graph import TO_CHANNELS_FIRST, TO_CHANNELS_LAST, Described, OnnxGraph

sys.modules["openvino_telemetry"] = None  # type: ignore[assignment] # it reports each import to its maker
try:
    import openvino
    from onnx import TensorProto
except ImportError as error:
    raise ConfigError(f"{error.name} is needed to write ONNX; install it with: scripts/setup --training") from error

SAME = 5e-3
"""Largest difference, relative to the largest value, that is rounding."""
TYPES = {"f32": TensorProto.FLOAT, "f16": TensorProto.FLOAT16, "i64": TensorProto.INT64, "i32": TensorProto.INT32}


class Converter(OnnxGraph):
    """One file on its way."""

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[str, str] = {}

    def convert(self, op: Any) -> str:
        """Add an operation of OpenVINO's graph.

        Raises:
            ModelError: an operation that MediaPipe's files do not have.
        """
        kind = op.get_type_name()
        if kind not in _WAYS:
            raise ModelError(f"{op.get_friendly_name()} is a {kind}, not one of: {', '.join(sorted(_WAYS))}")
        return _WAYS[kind](
            self, op, self.name_of(op), [self.name_of(item.get_source_output().get_node()) for item in op.inputs()]
        )

    def name_of(self, op: Any) -> str:
        """A name that is the same each time; OpenVINO's count on from file to file."""
        if op.get_type_name() == "Parameter":
            return str(op.get_friendly_name())
        return self._names.setdefault(op.get_friendly_name(), f"{op.get_type_name()}_{len(self._names)}")


def convert(source: Path, target: Path) -> None:
    """Write a TensorFlow Lite file as ONNX, with the same names of inputs and outputs.

    Raises:
        ModelError: it cannot be read, or holds what is not known here.
    """
    try:
        model = openvino.Core().read_model(str(source))
    except RuntimeError as error:
        raise ModelError(f"OpenVINO cannot read {source}: {error}") from error
    made, results = Converter(), []
    for op in model.get_ordered_ops():
        kind = op.get_type_name()
        if kind not in ("Parameter", "Result"):
            made.convert(op)
    inputs = [_described(item.get_node(), item.get_node().get_friendly_name()) for item in model.inputs]
    for item in model.outputs:
        results.append(_described(item.get_node(), item.any_name))
        made.node("Identity", [made.name_of(item.get_node().input(0).get_source_output().get_node())], item.any_name)
    made.save(target, source.stem, inputs, results)


def convert_folder(folder: Path, names: Sequence[str]) -> list[str]:
    """Write each file of a folder as ONNX, see that both give the same, and write what all of them must be.

    Returns:
        One line for each: the largest difference of an output, relative to its largest value.

    Raises:
        ModelError: a file is missing or cannot be converted, or the converted one gives something else.
        OutputError: the folder cannot be written.
    """
    lines, numbers = [], np.random.default_rng(0)
    for name in names:
        source, target = folder / f"{name}.tflite", folder / f"{name}.onnx"
        with writing(target) as part:
            convert(source, part)
            runners = (
                open_runner(ModelFile(source, b""), RunnerConfig(runner=OPENVINO)),
                open_runner(ModelFile(target, part.read_bytes()), RunnerConfig(runner=ONNXRUNTIME)),
            )
            ((given, shape),) = runners[0].inputs.items()
            image = numbers.random(shape).astype(np.float32)
            wanted, made = (runner.run({given: image}) for runner in runners)
            worst = max(float(np.abs(made[key] - wanted[key]).max() / max(np.abs(wanted[key]).max(), 1.0)) for key in wanted)
            if worst > SAME:
                raise ModelError(f"{source} as ONNX differs by {worst:.1e} of the largest value; at most {SAME:g} is rounding")
        lines.append(f"{target}: {target.stat().st_size / 1e6:.1f} MB, differs by at most {worst:.1e}")
    files = [folder / f"{name}{ending}" for name in sorted(names) for ending in (".onnx", ".tflite")]
    sums = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in files)
    write_text(folder / SUMS, "\n".join(sums) + "\n")
    return lines


def _described(node: Any, name: str) -> Described:
    return name, [size.get_length() for size in node.get_output_partial_shape(0)]


def _ints(op: Any, index: int) -> list[int]:
    return [int(value) for value in op.input_value(index).get_node().get_data().reshape(-1)]


def _constant(made: Converter, op: Any, name: str, _: list[str]) -> str:
    return made.constant(name, op.get_data())


def _cast(made: Converter, op: Any, name: str, inputs: list[str]) -> str:
    return made.node("Cast", inputs, name, to=TYPES[op.get_attributes()["destination_type"]])


def _convolution(made: Converter, op: Any, name: str, inputs: list[str]) -> str:
    settings, shape = op.get_attributes(), [size.get_length() for size in op.get_input_partial_shape(1)]
    groups = 1
    if op.get_type_name() == "GroupConvolution":
        groups, per_group, *rest = shape
        flat = made.constant(f"{name}/shape", np.array([groups * per_group, *rest]))
        inputs = [inputs[0], made.node("Reshape", [inputs[1], flat], f"{name}/weights")]
    pads = [*settings["pads_begin"], *settings["pads_end"]]
    return made.node(
        "Conv", inputs, name, group=groups, strides=list(settings["strides"]), dilations=list(settings["dilations"]), pads=pads
    )


def _max_pool(made: Converter, op: Any, name: str, inputs: list[str]) -> str:
    settings = op.get_attributes()
    pads = [*settings["pads_begin"], *settings["pads_end"]]
    return made.node("MaxPool", inputs, name, kernel_shape=list(settings["kernel"]), strides=list(settings["strides"]), pads=pads)


def _pad(made: Converter, op: Any, name: str, inputs: list[str]) -> str:
    return made.node("Pad", [inputs[0], made.constant(f"{name}/pads", np.array(_ints(op, 1) + _ints(op, 2))), inputs[3]], name)


def _clamp(made: Converter, op: Any, name: str, inputs: list[str]) -> str:
    bounds = [made.constant(f"{name}/{end}", np.float32(op.get_attributes()[end])) for end in ("min", "max")]
    return made.node("Clip", [*inputs, *bounds], name)


def _reshape(made: Converter, op: Any, name: str, inputs: list[str]) -> str:
    return made.node("Reshape", [inputs[0], made.constant(f"{name}/shape", np.array(_ints(op, 1)))], name)


def _unsqueeze(made: Converter, op: Any, name: str, inputs: list[str]) -> str:
    return made.node("Unsqueeze", [inputs[0], made.constant(f"{name}/axes", np.array(_ints(op, 1)))], name)


def _transpose(made: Converter, op: Any, name: str, inputs: list[str]) -> str:
    return made.node("Transpose", inputs[:1], name, perm=_ints(op, 1))


def _resize(made: Converter, op: Any, name: str, inputs: list[str]) -> str:
    """Height and width of (1, H, W, C); ONNX Runtime resizes (1, C, H, W)."""
    if _ints(op, 2) != [1, 2]:
        raise ModelError(f"{name} resizes other axes than height and width")
    batch, *_, channels = (size.get_length() for size in op.get_input_partial_shape(0))
    sizes = made.constant(f"{name}/sizes", np.array([batch, channels, *_ints(op, 1)]))
    first = made.node("Transpose", inputs[:1], f"{name}/first", perm=TO_CHANNELS_FIRST)
    larger = made.node(
        "Resize", [first, "", "", sizes], f"{name}/larger", mode="linear", coordinate_transformation_mode="half_pixel"
    )
    return made.node("Transpose", [larger], name, perm=TO_CHANNELS_LAST)


def _depth_to_space(made: Converter, op: Any, name: str, inputs: list[str]) -> str:
    return made.node("DepthToSpace", inputs, name, blocksize=op.get_attributes()["block_size"], mode="DCR")


def _mean(made: Converter, op: Any, name: str, inputs: list[str]) -> str:
    return made.node("ReduceMean", inputs[:1], name, axes=_ints(op, 1), keepdims=int(op.get_attributes()["keep_dims"]))


def _product(made: Converter, op: Any, name: str, inputs: list[str]) -> str:
    settings = op.get_attributes()
    return made.node("Gemm", inputs, name, transA=int(settings["transpose_a"]), transB=int(settings["transpose_b"]))


def _plain(kind: str, **settings: str) -> Callable[[Converter, Any, str, list[str]], str]:
    """An operation that has the same meaning in both; ``settings``: ONNX's name of each of OpenVINO's."""

    def way(made: Converter, op: Any, name: str, inputs: list[str]) -> str:
        return made.node(kind, inputs, name, **{ours: op.get_attributes()[theirs] for ours, theirs in settings.items()})

    return way


_WAYS: dict[str, Callable[[Converter, Any, str, list[str]], str]] = {
    "Add": _plain("Add"),
    "Clamp": _clamp,
    "Concat": _plain("Concat", axis="axis"),
    "Constant": _constant,
    "Convert": _cast,
    "Convolution": _convolution,
    "DepthToSpace": _depth_to_space,
    "GroupConvolution": _convolution,
    "Interpolate": _resize,
    "MatMul": _product,
    "MaxPool": _max_pool,
    "PRelu": _plain("PRelu"),
    "Pad": _pad,
    "ReduceMean": _mean,
    "Reshape": _reshape,
    "Sigmoid": _plain("Sigmoid"),
    "Transpose": _transpose,
    "Unsqueeze": _unsqueeze,
}
