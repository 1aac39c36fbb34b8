"""A graph model of TensorFlow.js as ONNX: its nodes one by one, its 16-bit weights as they are.

Only the operations of MoveNet are known. What TensorFlow computes channels last is computed channels first; what is asked for in
the other order is turned, once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.errors import ModelError
from physio_core.files import write_text, writing
from physio_core.runners.model_file import SUMS
from physio_lab.estimators.onnx_graph import TO_CHANNELS_FIRST, TO_CHANNELS_LAST, OnnxGraph

Numbers = npt.NDArray[Any]
_FLOAT, _INT32, _INT64 = 1, 6, 7
"""As ONNX numbers its types."""
_TYPES = {"DT_FLOAT": _FLOAT, "DT_INT32": _INT32}
_STORED = {"float16": np.float16, "float32": np.float32, "int32": np.int32}


class GraphModel:
    """What lies in the file and its weights.

    Attributes:
        nodes: in an order in which each comes after what it reads.
        weights: numbers of constants, by name.
        shapes: of inputs and outputs, by name.
    """

    def __init__(self, path: Path) -> None:
        """Read it.

        Raises:
            ModelError: a file is missing, truncated or of another kind.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            self.nodes: list[dict[str, Any]] = content["modelTopology"]["node"]
            groups, signature = content["weightsManifest"], content["signature"]
            ends = {**signature["inputs"], **signature["outputs"]}
            self.shapes = {
                name.partition(":")[0]: [int(size["size"]) for size in end["tensorShape"]["dim"]] for name, end in ends.items()
            }
            self.weights: dict[str, Numbers] = {}
            for group in groups:
                stored = b"".join((path.parent / part).read_bytes() for part in group["paths"])
                self.weights.update(_weights(stored, group["weights"]))
        except OSError as error:
            raise ModelError(f"{error.filename} cannot be read: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path} is no whole graph model of TensorFlow.js: {error!r}") from error


def _weights(stored: bytes, described: list[dict[str, Any]]) -> dict[str, Numbers]:
    found, begin = {}, 0
    for one in described:
        kind = np.dtype(_STORED[one.get("quantization", one)["dtype"]])
        count = math.prod(one["shape"])
        values = np.frombuffer(stored, kind, count, begin).reshape(one["shape"])  # a ValueError where it ends early
        found[one["name"]] = values.astype(_STORED[one["dtype"]])
        begin += count * kind.itemsize
    if begin != len(stored):
        raise ValueError(f"{len(stored)} bytes of weights, {begin} described")
    return found


class Converter(OnnxGraph):
    """One model on its way.

    Attributes:
        weights: numbers that are known now, by name.
        given: names of what goes in.
    """

    def __init__(self, model: GraphModel) -> None:
        super().__init__()
        self.weights = model.weights
        self.given: set[str] = set()
        self._called: dict[str, str] = {}
        self._first: dict[str, str] = {}

    def convert(self, node: Mapping[str, Any]) -> None:
        """Add a node of TensorFlow.

        Raises:
            ModelError: an operation that MoveNet does not have.
        """
        kind, name = node["op"], node["name"]
        if kind == "Placeholder":
            self.given.add(name)
        if kind in ("Const", "Placeholder"):
            return
        if kind not in _WAYS:
            raise ModelError(f"{name} is a {kind}, not one of: {', '.join(sorted(_WAYS))}")
        _WAYS[kind](self, name, [one.removesuffix(":0") for one in node["input"]], node.get("attr", {}))

    def value(self, name: str) -> str:
        """What carries a value of TensorFlow, in its own order."""
        if name in self._called:
            return self._called[name]
        if name in self.weights:
            numbers = self.weights[name]
            self._called[name] = self.constant(name, numbers) if numbers.ndim else self.scalar(name, numbers)
        elif name in self._first:
            self._called[name] = self.node("Transpose", [self._first[name]], name, perm=TO_CHANNELS_LAST)
        else:
            self._called[name] = name
        return self._called[name]

    def is_first(self, name: str) -> bool:
        """Whether a value was computed channels first."""
        return name in self._first

    def channels_first(self, name: str) -> str:
        """What carries it channels first."""
        if name not in self._first:
            self._first[name] = self.node("Transpose", [self.value(name)], f"{name}/first", perm=TO_CHANNELS_FIRST)
        return self._first[name]

    def made_first(self, name: str, carrier: str) -> None:
        """A value was computed channels first."""
        self._first[name] = carrier

    def alias(self, name: str, other: str) -> None:
        """A value is another one."""
        self._called[name] = self.value(other)

    def fixed(self, name: str) -> Numbers:
        """Numbers that are known now."""
        if name not in self.weights:
            raise ModelError(f"{name} is not constant, and must be known to convert")
        return self.weights[name]

    def longs(self, name: str, values: Any) -> str:
        """64-bit whole numbers, which ONNX takes as shapes and axes."""
        return self.constant(name, np.asarray(values, np.int64).reshape(-1))


def convert(source: Path, target: Path) -> None:
    """Write a graph model as ONNX, with the same names of inputs and outputs; whole numbers that go in are 32-bit real ones.

    Raises:
        ModelError: it cannot be read, or holds what is not known here.
    """
    model = GraphModel(source)
    made = Converter(model)
    for node in model.nodes:
        made.convert(node)
    ends = {kind: [(one["name"], model.shapes[one["name"]]) for one in model.nodes if one["op"] == kind] for kind in _ENDS}
    made.save(target, source.stem, *ends.values())


def convert_into(source: Path, folder: Path) -> str:
    """Write a graph model into a folder, and what the file there must be; the name in Python's spelling.

    Returns:
        A line about both files.

    Raises:
        ModelError: it cannot be converted.
        OutputError: the folder cannot be written.
    """
    target = folder / f"{source.stem.replace('-', '_')}.onnx"
    with writing(target) as part:
        convert(source, part)
    made = hashlib.sha256(target.read_bytes()).hexdigest()
    write_text(folder / SUMS, f"{made}  {target.name}\n")
    return f"{target}: {target.stat().st_size / 1e6:.1f} MB, sha256 {made}"


_ENDS = ("Placeholder", "Identity")
Settings = Mapping[str, Any]
Way = Callable[[Converter, str, list[str], Settings], None]


def _plain(kind: str) -> Way:
    """An operation that has the same meaning in both, element by element."""

    def way(made: Converter, name: str, inputs: list[str], _: Settings) -> None:
        if all(map(made.is_first, inputs)):
            made.made_first(name, made.node(kind, list(map(made.channels_first, inputs)), f"{name}/first"))
        else:
            made.node(kind, list(map(made.value, inputs)), name)

    return way


def _identity(made: Converter, name: str, inputs: list[str], _: Settings) -> None:
    made.node("Identity", [made.value(inputs[0])], name)


def _cast(made: Converter, name: str, inputs: list[str], settings: Settings) -> None:
    if inputs[0] in made.given:  # real numbers already
        made.alias(name, inputs[0])
    else:
        made.node("Cast", [made.value(inputs[0])], name, to=_TYPES[settings["DstT"]["type"]])


def _convolution(*, depthwise: bool) -> Way:
    """With what is done to its result in the same node."""

    def way(made: Converter, name: str, inputs: list[str], settings: Settings) -> None:
        weights, groups = made.fixed(inputs[1]), 1
        if depthwise:
            height, width, groups, times = weights.shape
            weights = weights.transpose(2, 3, 0, 1).reshape(groups * times, 1, height, width)
        else:
            weights = weights.transpose(3, 2, 0, 1)
        strides, dilations = ([int(one) for one in settings[key]["list"]["i"][1:3]] for key in ("strides", "dilations"))
        read = [made.channels_first(inputs[0]), made.constant(f"{name}/weights", weights), *map(made.value, inputs[2:])]
        padding = _PADDING[_text(settings["padding"]["s"])]
        carrier = made.node("Conv", read, f"{name}/conv", group=groups, strides=strides, dilations=dilations, auto_pad=padding)
        for then in map(_text, settings.get("fused_ops", _NONE)["list"].get("s", [])):
            carrier = _then(made, name, then, carrier)
        made.made_first(name, carrier)

    return way


_PADDING = {"SAME": "SAME_UPPER", "VALID": "VALID"}
_NONE: Settings = {"list": {}}


def _text(coded: str) -> str:
    return base64.b64decode(coded).decode()


def _then(made: Converter, name: str, what: str, carrier: str) -> str:
    if what == "BiasAdd":  # the convolution's own
        return carrier
    if what == "Relu":
        return made.node("Relu", [carrier], f"{name}/relu")
    if what == "Relu6":
        bounds = [made.scalar(f"{name}/{end}", np.float32(value)) for end, value in (("low", 0.0), ("high", 6.0))]
        return made.node("Clip", [carrier, *bounds], f"{name}/clip")
    raise ModelError(f"{name} ends with {what}, not one of: BiasAdd, Relu, Relu6")


def _resize(made: Converter, name: str, inputs: list[str], settings: Settings) -> None:
    if not settings["half_pixel_centers"]["b"] or settings["align_corners"]["b"]:
        raise ModelError(f"{name} resizes otherwise than by the middles of pixels")
    source = made.channels_first(inputs[0])
    shape = made.node("Shape", [source], f"{name}/shape", end=2)
    sizes = made.node("Concat", [shape, made.longs(f"{name}/size", made.fixed(inputs[1]))], f"{name}/sizes", axis=0)
    settings = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
    made.made_first(name, made.node("Resize", [source, "", "", sizes], f"{name}/first", **settings))


def _squared_difference(made: Converter, name: str, inputs: list[str], _: Settings) -> None:
    apart = made.node("Sub", list(map(made.value, inputs)), f"{name}/apart")
    made.node("Mul", [apart, apart], name)


def _largest(made: Converter, name: str, inputs: list[str], _: Settings) -> None:
    where = made.node("ArgMax", [made.value(inputs[0])], f"{name}/where", axis=int(made.fixed(inputs[1])), keepdims=0)
    made.node("Cast", [where], name, to=_INT32)


def _axes(kind: str) -> Way:
    """A dimension more or less."""

    def way(made: Converter, name: str, inputs: list[str], settings: Settings) -> None:
        axes = made.fixed(inputs[1]) if len(inputs) > 1 else [int(one) for one in settings["squeeze_dims"]["list"]["i"]]
        made.node(kind, [made.value(inputs[0]), made.longs(f"{name}/axes", axes)], name)

    return way


def _reshape(made: Converter, name: str, inputs: list[str], _: Settings) -> None:
    made.node("Reshape", [made.value(inputs[0]), made.longs(f"{name}/shape", made.fixed(inputs[1]))], name)


def _pack(made: Converter, name: str, inputs: list[str], settings: Settings) -> None:
    axis = int(settings["axis"]["i"])
    axes = made.longs(f"{name}/axis", axis)
    parts = [made.node("Unsqueeze", [made.value(one), axes], f"{name}/{index}") for index, one in enumerate(inputs)]
    made.node("Concat", parts, name, axis=axis)


def _unpack(made: Converter, name: str, inputs: list[str], settings: Settings) -> None:
    axis, source = int(settings["axis"]["i"]), made.value(inputs[0])
    for index in range(int(settings["num"]["i"])):
        place = made.scalar(f"{name}/{index}/place", np.int64(index))
        made.node("Gather", [source, place], f"{name}:{index}" if index else name, axis=axis)


def _concatenated(made: Converter, name: str, inputs: list[str], _: Settings) -> None:
    *parts, axis = inputs
    made.node("Concat", list(map(made.value, parts)), name, axis=int(made.fixed(axis)))


def _gathered(made: Converter, name: str, inputs: list[str], _: Settings) -> None:
    places = made.node("Cast", [made.value(inputs[1])], f"{name}/places", to=_INT64)
    made.node("GatherND", [made.value(inputs[0]), places], name)


_WAYS: dict[str, Way] = {
    "AddV2": _plain("Add"),
    "ArgMax": _largest,
    "Cast": _cast,
    "ConcatV2": _concatenated,
    "DepthwiseConv2dNative": _convolution(depthwise=True),
    "ExpandDims": _axes("Unsqueeze"),
    "FloorDiv": _plain("Div"),  # of whole numbers that are not negative
    "FusedDepthwiseConv2dNative": _convolution(depthwise=True),
    "GatherNd": _gathered,
    "Identity": _identity,
    "Mul": _plain("Mul"),
    "Pack": _pack,
    "RealDiv": _plain("Div"),
    "Reshape": _reshape,
    "ResizeBilinear": _resize,
    "Sigmoid": _plain("Sigmoid"),
    "Sqrt": _plain("Sqrt"),
    "SquaredDifference": _squared_difference,
    "Squeeze": _axes("Squeeze"),
    "Sub": _plain("Sub"),
    "Unpack": _unpack,
    "_FusedConv2D": _convolution(depthwise=False),
}
