"""Networks to train: random by the recipe's seed, or with weights of an earlier training or of the published network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from physio_core.errors import ConfigError, ModelError
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.skeleton.normalise import CHANNELS
from physio_lab.engine import state
from physio_lab.engine.checkpoint import recipe_in
from physio_lab.engine.files import weights_file
from physio_lab.tasks.stgcn.config import StgcnRecipe
from physio_lab.tasks.stgcn.network import Stgcn
from physio_lab.tasks.stgcn.published import Network, PublishedStgcn, continual_names, widened, with_channels
from physio_lab.tasks.stgcn.recipe import stgcn_recipe

HEADS = ("head.", "fcn.")
"""Where the layers stand that turn features into classes: in our networks, in the published one."""
SETTINGS = "family, channels, partition, joints and input channels"


def make_network(recipe: StgcnRecipe) -> Network:
    """The network of a recipe: random by its seed, or with the weights that it starts from."""
    torch.manual_seed(recipe.seed)
    config, classes = recipe.network, len(recipe.labels)
    network: Network
    if config.family == "published":
        network = PublishedStgcn(OPENPOSE_18, len(CHANNELS), classes, config.partition, config.dropout, channels=config.channels)
    else:
        network = Stgcn(OPENPOSE_18, len(CHANNELS), classes, config)
    if recipe.transfer.init:
        start_from(network, recipe.labels, recipe.transfer.init)
    return network


def load_state(network: nn.Module, weights: Mapping[str, Tensor], source: str | Path, transfer: bool = False) -> tuple[str, ...]:
    """Give weights to a network; published names are translated for a continual one.

    Args:
        network: :class:`~physio_lab.tasks.stgcn.network.Stgcn` or :class:`~physio_lab.tasks.stgcn.published.PublishedStgcn`.
        weights: from :func:`~physio_lab.engine.state.read_state`.
        source: what messages call the checkpoint.
        transfer: keep the network's own head, for other classes; channels that a published checkpoint lacks, behind those it
            knows, start without effect.

    Returns:
        Names of the network's weights that were left as they are.

    Raises:
        ModelError: a weight is missing, not known, or has another shape; the network is not changed then.
    """
    given = dict(weights)
    if any(name.startswith("st_gcn_networks.") for name in given):
        if transfer and isinstance(network, PublishedStgcn):
            given = with_channels(given, network.in_channels)
        if isinstance(network, Stgcn):
            given = continual_names(given)
            if transfer:
                given = widened(given, network.in_channels)
    return state.load_state(network, given, source, transfer, HEADS, SETTINGS)


def start_from(network: nn.Module, labels: tuple[str, ...], path: str | Path) -> tuple[str, ...]:
    """Take over the body of earlier weights, and of their head the rows of labels that both networks know.

    Args:
        network: the new one.
        labels: its classes.
        path: model folder, weights or checkpoint, of this program or of the published network.

    Returns:
        Labels whose rows of the head were taken over.

    Raises:
        ModelError: no such file, or a body of another family or shape.
    """
    file = weights_file(path)
    old = state.read_state(file)
    load_state(network, old, file, transfer=True)
    own = network.state_dict()
    head = {name: value for name, value in own.items() if name.startswith(HEADS)}
    last = sorted(head)[-1].rsplit(".", 1)[0]
    if not all(name in old and old[name].shape[1:] == value.shape[1:] for name, value in head.items()):
        return ()  # published networks, or one more layer than before
    try:
        old_labels = recipe_in(file, stgcn_recipe).labels
    except (ModelError, ConfigError):
        return ()
    shared = tuple(label for label in labels if label in old_labels)
    for name, value in head.items():
        if name.startswith(last):
            rows = [labels.index(label) for label in shared]
            value[rows] = old[name][[old_labels.index(label) for label in shared]]
        elif shared:
            value.copy_(old[name])
    network.load_state_dict(own)
    return shared
