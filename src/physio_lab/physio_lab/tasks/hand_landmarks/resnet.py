"""ResNet-50 and a head of three layers, as the published hand training coach has it.

He, Zhang, Ren and Sun, "Deep residual learning for image recognition", CVPR 2016, with the stride in the 3 x 3 convolution as in
torchvision, whose names the weights have, so that its file of ImageNet weights can be taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from physio_core.errors import ModelError
from physio_lab.engine.state import read_state
from physio_lab.tasks.hand_landmarks.config import NetworkConfig

MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's colours."""
DEPTHS = (3, 4, 6, 3)
WIDER = 4
OUTPUTS = 63


class Bottleneck(nn.Module):
    """1 x 1, 3 x 3 and 1 x 1 convolutions, and the way past them."""

    def __init__(self, inputs: int, width: int, stride: int) -> None:
        super().__init__()
        outputs = WIDER * width
        self.conv1, self.bn1 = nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, outputs, 1, bias=False), nn.BatchNorm2d(outputs)
        self.downsample = (
            nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
            if stride != 1 or inputs != outputs
            else None
        )

    def forward(self, images: Tensor) -> Tensor:
        """(N, C, H, W) to (N, 4 width, H / stride, W / stride)."""
        past = images if self.downsample is None else self.downsample(images)
        made = torch.relu(self.bn1(self.conv1(images)))
        made = torch.relu(self.bn2(self.conv2(made)))
        return torch.relu(self.bn3(self.conv3(made)) + past)


class ResNetLandmarks(nn.Module):
    """Images (N, 3, 224, 224) of 0 .. 255 to marks and joints (N, 2, 21, 3)."""

    def __init__(self, config: NetworkConfig) -> None:
        """Random weights, or those of a file.

        Raises:
            ModelError: the file cannot be read, or is of another network.
        """
        super().__init__()
        self.register_buffer("mean", 255.0 * torch.tensor(MEAN)[:, None, None], persistent=False)
        self.register_buffer("spread", 255.0 * torch.tensor(SPREAD)[:, None, None], persistent=False)
        self.body = nn.ModuleDict({"conv1": nn.Conv2d(3, 64, 7, 2, 3, bias=False), "bn1": nn.BatchNorm2d(64)})
        inputs = 64
        for number, depth in enumerate(DEPTHS):
            width = 64 << number
            blocks = [Bottleneck(inputs if not place else WIDER * width, width, 2 if number and not place else 1)
                      for place in range(depth)]  # fmt: skip
            self.body[f"layer{number + 1}"], inputs = nn.Sequential(*blocks), WIDER * width
        self.head = nn.Sequential(
            nn.Linear(inputs, config.width), nn.ReLU(), nn.Linear(config.width, config.width), nn.ReLU(),
            nn.Linear(config.width, 2 * OUTPUTS),
        )  # fmt: skip
        if config.file:
            self._take(Path(config.file))

    def forward(self, images: Tensor) -> Tensor:
        """Marks and joints."""
        body = self.body
        made = torch.relu(body["bn1"](body["conv1"]((images - self.mean) / self.spread)))
        made = nn.functional.max_pool2d(made, 3, 2, 1)
        for number in range(len(DEPTHS)):
            made = body[f"layer{number + 1}"](made)
        told: Tensor = self.head(made.mean((2, 3)))
        return told.reshape(-1, 2, 21, 3)

    def parts(self) -> Iterator[nn.Module]:
        """From the head to the deepest."""
        yield self.head
        yield from reversed(list(self.body.values()))

    def _take(self, file: Path) -> None:
        weights = {name: value for name, value in read_state(file).items() if not name.startswith("fc.")}
        try:
            self.body.load_state_dict(weights)
        except RuntimeError as error:
            raise ModelError(f"{file} holds no ResNet-50 as torchvision has it: {str(error).splitlines()[-1].strip()}") from error
