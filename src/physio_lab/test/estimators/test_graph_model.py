"""Graph models of TensorFlow.js become ONNX that computes the same, or are refused."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is installed for training only: scripts/setup --training")

from physio_core.errors import ModelError
from physio_core.runners.model_file import read_model_file
from physio_core.runners.runner import open_runner
from physio_lab.estimators.graph_model import convert_into

RNG = np.random.default_rng(0)
WEIGHTS = {
    "wide": RNG.normal(size=(3, 3, 3, 4)).astype(np.float16),
    "deep": RNG.normal(size=(3, 3, 4, 1)).astype(np.float16),
    "bias": RNG.normal(size=(4,)).astype(np.float16),
    "half": np.float16(0.5),
    "row": np.array([1, 36], np.int32),
    "axis": np.int32(1),
    "size": np.array([6, 6], np.int32),
}


def text(words: str) -> dict[str, str]:
    return {"s": base64.b64encode(words.encode()).decode()}


def convolved(op: str, name: str, inputs: list[str], stride: int, *then: str) -> dict[str, Any]:
    strides, ones = ({"list": {"i": ["1", str(one), str(one), "1"]}} for one in (stride, 1))
    fused = {"list": {"s": [text(one)["s"] for one in then]}} if then else {"list": {}}
    return {
        "name": name, "op": op, "input": inputs,
        "attr": {"strides": strides, "dilations": ones, "padding": text("SAME"), "fused_ops": fused},
    }  # fmt: skip


NODES = [
    *({"name": name, "op": "Const", "attr": {}} for name in WEIGHTS),
    {"name": "input", "op": "Placeholder", "attr": {}},
    {"name": "real", "op": "Cast", "input": ["input"], "attr": {"DstT": {"type": "DT_FLOAT"}}},
    convolved("_FusedConv2D", "first", ["real", "wide", "bias"], 2, "BiasAdd", "Relu6"),
    convolved("DepthwiseConv2dNative", "second", ["first", "deep"], 1),
    {"name": "both", "op": "AddV2", "input": ["first", "second"], "attr": {}},
    {"name": "scaled", "op": "Mul", "input": ["both", "half"], "attr": {}},
    {"name": "flat", "op": "Reshape", "input": ["scaled", "row"], "attr": {}},
    {"name": "where", "op": "ArgMax", "input": ["flat", "axis"], "attr": {}},
    {"name": "place", "op": "Cast", "input": ["where"], "attr": {"DstT": {"type": "DT_FLOAT"}}},
    {"name": "joined", "op": "AddV2", "input": ["flat", "place"], "attr": {}},
    {"name": "Identity", "op": "Identity", "input": ["joined"], "attr": {}},
]


def written(folder: Path, nodes: list[dict[str, Any]], cut: int = 0) -> Path:
    described = [
        {"name": name, "shape": list(values.shape), "dtype": "float32", "quantization": {"dtype": "float16"}}
        if values.dtype == np.float16
        else {"name": name, "shape": list(values.shape), "dtype": "int32"}
        for name, values in WEIGHTS.items()
    ]
    stored = b"".join(np.asarray(values).tobytes() for values in WEIGHTS.values())
    (folder / "a.bin").write_bytes(stored[: len(stored) - cut])
    ends = {
        name: {f"{end}:0": {"tensorShape": {"dim": [{"size": str(size)} for size in shape]}}}
        for name, end, shape in (("inputs", "input", (1, 6, 6, 3)), ("outputs", "Identity", (1, 36)))
    }
    model = {"modelTopology": {"node": nodes}, "signature": ends, "weightsManifest": [{"paths": ["a.bin"], "weights": described}]}
    path = folder / "tiny-net.json"
    path.write_text(json.dumps(model))
    return path


def computed(image: np.ndarray) -> np.ndarray:
    """The same network written down plainly; of 6 px, steps of 2 and a kernel of 3, TensorFlow pads one at the end only."""
    wide, deep, bias = (WEIGHTS[name].astype(np.float32) for name in ("wide", "deep", "bias"))
    padded = np.pad(image, ((0, 1), (0, 1), (0, 0)))
    first = np.array(
        [[np.einsum("hwc,hwco->o", padded[y : y + 3, x : x + 3], wide) + bias for x in (0, 2, 4)] for y in (0, 2, 4)]
    ).clip(0.0, 6.0)
    around = np.pad(first, ((1, 1), (1, 1), (0, 0)))
    second = np.array(
        [[(around[y : y + 3, x : x + 3] * deep[..., 0]).sum((0, 1)) for x in range(3)] for y in range(3)]
    )  # fmt: skip
    flat = ((first + second) * 0.5).reshape(1, 36)
    return flat + flat.argmax(1)


def test_the_converted_network_computes_the_same_and_its_sum_stands_beside_it(tmp_path: Path) -> None:
    line = convert_into(written(tmp_path, NODES), tmp_path)
    made = tmp_path / "tiny_net.onnx"
    assert line.startswith(f"{made}: 0.0 MB, sha256 ")
    image = RNG.uniform(0.0, 1.0, (6, 6, 3)).astype(np.float32)
    given = open_runner(read_model_file(made)).run({"input": image[None]})["Identity"]
    np.testing.assert_allclose(given, computed(image), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("nodes", "cut", "reason"),
    [
        (NODES, 4, r"tiny-net\.json is no whole graph model of TensorFlow\.js"),
        ([*NODES, {"name": "odd", "op": "Einsum", "input": ["flat"], "attr": {}}], 0, "odd is a Einsum, not one of: AddV2"),
        ([*NODES, convolved("_FusedConv2D", "odd", ["real", "wide"], 1, "Elu")], 0, "odd ends with Elu, not one of"),
    ],
)
def test_what_is_not_known_whole_is_refused_and_nothing_is_left(tmp_path: Path, nodes, cut: int, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        convert_into(written(tmp_path, nodes, cut), tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.bin", "tiny-net.json"]


def test_weights_that_are_missing_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, NODES)
    (tmp_path / "a.bin").unlink()
    with pytest.raises(ModelError, match=r"a\.bin cannot be read: No such file"):
        convert_into(path, tmp_path)
