"""Writes a trained network as a model folder: clip.onnx, step.onnx, weights.pt and the card that describes them, or nothing."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from torch import nn

from physio_core.action.card import CARD
from physio_core.action.model import CLIP, STEP
from physio_core.files import writing_into
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.skeleton.normalise import CHANNELS
from physio_lab.engine.checkpoint import save_weights
from physio_lab.engine.files import WEIGHTS
from physio_lab.tasks.stgcn.config import StgcnRecipe
from physio_lab.tasks.stgcn.network import Stepper, Stgcn
from physio_lab.tasks.stgcn.published import Network, PublishedStgcn, continual_form

OPSET = 17
STRIDED = "strided.onnx"
"""The published network as it was trained; what the coach runs frame by frame is its continual form."""


def write_model(
    network: Network, config: StgcnRecipe, out: Path, measured: dict[str, Any], kept: Mapping[str, Any] = MappingProxyType({}),
    beside: Callable[[Path], None] = lambda _folder: None,
) -> None:  # fmt: skip
    """Write a model folder, whole or not at all: to run it, and to learn on from it.

    Args:
        network: trained.
        config: its recipe.
        out: the folder.
        measured: figures for the card.
        kept: entries of the card that are those of an earlier model.
        beside: writes further files into a folder.

    Raises:
        OutputError: it cannot be written.
        ModelError: weights that are not finite.
    """
    with writing_into(out, last=CARD) as folder:
        beside(folder)
        export(network, config, folder, measured, kept)


def export(
    network: Network, config: StgcnRecipe, folder: Path, measured: dict[str, Any], kept: Mapping[str, Any] = MappingProxyType({})
) -> None:
    """Write what is needed to run a network, and to learn on from it.

    Args:
        network: trained; switched to evaluation.
        config: the recipe it was made with.
        folder: where to.
        measured: figures for the card; ``taught``, where a movement was added to a model.
        kept: entries of the card that are those of an earlier model.

    Raises:
        ConfigError: the weights cannot be written.
        ModelError: they are not finite.
    """
    files = [STEP, CLIP, WEIGHTS]
    continual = network
    if isinstance(network, PublishedStgcn):
        continual = continual_form(network, config.network.pool)
        write_clip(network, folder / STRIDED)
        files.append(STRIDED)
    write_step(continual, folder / STEP)
    write_clip(continual, folder / CLIP)
    save_weights(network, config, folder / WEIGHTS)  # before the card, which tells their sum
    card = {
        "name": config.name,
        "description": config.description,
        **({"licence": config.licence} if config.licence else {}),
        "data": config.data,
        **({"started_from": config.transfer.init} if config.transfer.init else {}),
        "command": command_of(config, measured),
        "layout": OPENPOSE_18.name,
        "channels": list(CHANNELS),
        "labels": list(config.labels),
        "reach": continual.receptive_field,
        "temperature": 1.0,
        "normaliser": config.normaliser.as_dict(),
        "parameters": sum(weight.numel() for weight in network.parameters()),
        "seed": config.seed,
        "measured": measured,
        "sha256": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files},
        **kept,
    }
    (folder / CARD).write_text(json.dumps(card, indent=2) + "\n")


def command_of(config: StgcnRecipe, measured: dict[str, Any]) -> str:
    """What remakes the model."""
    taught = measured.get("taught")
    return f"physio action learn CLIPS --name {taught['label']} --out FOLDER" if taught else f"physio train {config.name}"


def write_step(network: Stgcn, path: Path) -> None:
    """Write the continual form for one person, frame by frame; the network is switched to evaluation, on the CPU."""
    network = network.cpu().eval()
    states = network.empty_states()
    names = [f"state_{i}" for i in range(len(states))]
    _write(
        Stepper(network).eval(), (torch.zeros(1, network.in_channels, network.joints), torch.ones(1), *states), path,
        ["frame", "fresh", *names], ["scores", *(f"new_{name}" for name in names)], {},
    )  # fmt: skip


def write_clip(network: Network, path: Path) -> None:
    """Write the form for whole clips, any number of any length; the network is switched to evaluation, on the CPU."""
    network = network.cpu().eval()
    free = {"clip": {0: "sequences", 2: "frames"}, "scores": {0: "sequences", 2: "predictions"}}
    if isinstance(network, PublishedStgcn):
        shape: tuple[int, ...] = (1, network.in_channels, 64, len(network.layout.joints), 1)
        free = {"clip": {0: "sequences", 2: "frames", 4: "people"}, "scores": {0: "sequences"}}
    else:
        shape = (1, network.in_channels, network.receptive_field + 8, network.joints)
    _write(network, (torch.zeros(shape),), path, ["clip"], ["scores"], free)


def _write(
    module: nn.Module,
    inputs: tuple[torch.Tensor, ...],
    path: Path,
    given: list[str],
    made: list[str],
    free: dict[str, dict[int, str]],
) -> None:
    with warnings.catch_warnings():
        # The newer exporter needs onnxscript, which needs a newer numpy than MediaPipe has.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, inputs, str(path), input_names=given, output_names=made, dynamic_axes=free, opset_version=OPSET, dynamo=False
        )
