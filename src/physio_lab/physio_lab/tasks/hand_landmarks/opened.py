"""MediaPipe's hand landmark network as a graph: what it knows of a region, and itself again with a head that corrects it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from physio_core.errors import ConfigError
from physio_core.pose.blaze.hands import LANDMARKS, SPACE
from physio_core.pose.hand_estimator import PALM_M
from physio_core.runners.model_file import ModelFile
from physio_core.runners.runner import Runner, RunnerConfig, open_runner
from physio_core.types import ByteImage, FloatArray

MAP, MEAN = "Add_415", "ReduceMean_548"
"""The first map of 7 x 7 cells, which the last blocks begin with, and the mean of the last one."""
CELLS, CHANNELS, MEANS, OUTPUTS = 7, 192, 1152, 126
CLIPPED = 5.0
INPUT = "input_1"


@dataclass(frozen=True)
class Head:
    """Weights of what corrects. C channels, W units.

    Attributes:
        fewer: (C, 192) from each cell of the map.
        fewer_bias: (C,).
        mean_scale: (1152,) of the mean, before it is clipped to :data:`CLIPPED`.
        mean_bias: (1152,).
        hidden: (W, 49 C + 1152) from all cells and the mean.
        hidden_bias: (W,).
        last: (126, W) to what is added to MediaPipe's outputs, in their units.
        straight: (126, 1152) from the mean, likewise.
        last_bias: (126,).
    """

    fewer: FloatArray
    fewer_bias: FloatArray
    mean_scale: FloatArray
    mean_bias: FloatArray
    hidden: FloatArray
    hidden_bias: FloatArray
    last: FloatArray
    straight: FloatArray
    last_bias: FloatArray


@dataclass(frozen=True)
class Opened:
    """The network.

    Attributes:
        model: its graph.
        runner: gives what it knows.
    """

    model: Any
    runner: Runner

    def known(self, rgb: ByteImage) -> FloatArray:
        """The map, the means, landmarks and hand in space as MediaPipe says them (10686,), of a region (224, 224, 3)."""
        made = self.runner.run({INPUT: rgb[None].astype(np.float32) / np.float32(255.0)})
        return np.concatenate([made[name].ravel() for name in (MAP, MEAN, LANDMARKS, SPACE)])

    def with_head(self, head: Head) -> bytes:
        """The network with a head that corrects landmarks, and hand in space, which is then in lengths of the palm.

        Presence and side stay as they are.
        """
        import onnx

        model = onnx.ModelProto()
        model.CopyFrom(self.model)
        for node in model.graph.node:
            node.output[:] = [f"{name}_mediapipe" if name in (LANDMARKS, SPACE) else name for name in node.output]
        nodes, values = _nodes(onnx, head)
        model.graph.node.extend(nodes)
        model.graph.initializer.extend(values)
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())


def opened(file: ModelFile) -> Opened:
    """Open it.

    Raises:
        ConfigError: ONNX is not installed.
    """
    try:
        import onnx
    except ModuleNotFoundError:
        raise ConfigError("landmarks need onnx, which comes with the laboratory: scripts/setup --training") from None
    model, more = onnx.load_model_from_string(file.content), onnx.load_model_from_string(file.content)
    more.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in (MAP, MEAN))
    content = ModelFile(file.path, more.SerializeToString())
    return Opened(model, open_runner(content, RunnerConfig(), outputs=(MAP, MEAN, LANDMARKS, SPACE)))


def _nodes(onnx: Any, head: Head) -> tuple[list[Any], list[Any]]:
    """Nodes and initial values of a head; its matrices are kept with 16 bits."""
    nodes, values = [], []

    def add(kind: str, given: list[str], made: str, **settings: Any) -> str:
        nodes.append(onnx.helper.make_node(kind, given, [made], **settings))
        return made

    def number(name: str, value: FloatArray, bits: int = 32) -> str:
        kind = np.float16 if bits == 16 else np.float32
        values.append(onnx.numpy_helper.from_array(np.ascontiguousarray(value.astype(kind)), f"own_{name}"))
        return add("Cast", [f"own_{name}"], f"own_{name}_32", to=onnx.TensorProto.FLOAT) if bits == 16 else f"own_{name}"

    fewer = [MAP, number("fewer", head.fewer[:, :, None, None], 16), number("fewer_bias", head.fewer_bias)]
    cells = add("Flatten", [add("Relu", [add("Conv", fewer, "own_cells")], "own_cells_bent")], "own_cells_flat")
    mean = add("Mul", [MEAN, number("mean_scale", head.mean_scale[None])], "own_mean_scaled")
    mean = add("Add", [mean, number("mean_bias", head.mean_bias[None])], "own_mean_moved")
    low, high = number("low", np.array(-CLIPPED)), number("high", np.array(CLIPPED))
    both = add("Concat", [cells, add("Clip", [mean, low, high], "own_mean_clipped")], "own_both", axis=1)
    hidden = [both, number("hidden", head.hidden, 16), number("hidden_bias", head.hidden_bias)]
    bent = add("Relu", [add("Gemm", hidden, "own_hidden_made", transB=1)], "own_hidden_bent")
    scaled = add("Mul", [f"{SPACE}_mediapipe", number("palm", np.array(1.0 / PALM_M))], "own_space")
    half = OUTPUTS // 2
    for output, said, rows, unit in (
        (LANDMARKS, f"{LANDMARKS}_mediapipe", slice(half), 1.0), (SPACE, scaled, slice(half, None), 1.0 / PALM_M),
    ):  # fmt: skip
        given = [number(f"last_{output}", unit * head.last[rows], 16), number(f"last_bias_{output}", unit * head.last_bias[rows])]
        more = add("Gemm", [bent, *given], f"own_more_{output}", transB=1)
        straight = number(f"straight_{output}", unit * head.straight[rows], 16)
        more = add("Add", [more, add("Gemm", [MEAN, straight], f"own_by_means_{output}", transB=1)], f"own_both_{output}")
        add("Add", [said, more], output)
    return nodes, values
