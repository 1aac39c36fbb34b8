"""Settings of a training of hand landmarks; no torch here, so that the command line starts at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from physio_core.params import Parameters, param
from physio_lab.engine.config import Recipe

HEAD, RESNET = "head", "resnet50"


@dataclass(frozen=True)
class HandSetConfig(Parameters):
    """What is learnt from."""

    folder: str = param("build/hand_sets", "A set in FreiHAND's or HanCo's form, or a folder of them; variables are filled in.")
    crops: int = param(2, "Regions that each image is looked at in, each a little astray.", low=1, high=100)
    held: float = param(0.1, "Share of the people, or sequences, on whom the loss is followed.", low=0.0, high=0.5)


@dataclass(frozen=True)
class NetworkConfig(Parameters):
    """The network."""

    kind: str = param(HEAD, "A head on MediaPipe's network, or a ResNet-50 with one.", choices=(HEAD, RESNET))
    file: str = param("", "Weights of ImageNet for the ResNet-50, a state_dict of torchvision's; empty: none.")
    width: int = param(384, "Units of hidden layers.", low=8, high=8192)
    channels: int = param(96, "Numbers kept of each cell of MediaPipe's map.", low=4, high=192)
    dropout: float = param(0.3, "Share of features dropped in training of a head on MediaPipe's network.", low=0.0, high=0.9)
    solved: bool = param(True, "Whether a straight way past the hidden layer is solved for first, and then kept.")
    places: float = param(1.0, "Weight of places in the region beside joints in space.", low=0.0, high=100.0)


@dataclass(frozen=True, kw_only=True)
class LandmarkRecipe(Recipe):
    """A recipe for landmarks."""

    samples: HandSetConfig = field(default_factory=HandSetConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
