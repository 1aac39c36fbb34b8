"""Landmarks as a task: a student that starts as MediaPipe and learns, what ships of it, a ResNet-50, bad weights and sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from physio_core.camera.image import write_image
from physio_core.errors import InputError, ModelError
from physio_core.pose.blaze.hands import LANDMARKS as MARKS
from physio_core.pose.blaze.hands import PRESENCE, SIDE, SPACE
from physio_core.pose.network import Network
from physio_core.runners.runner import RunnerConfig
from physio_lab.datasets.hand_sets import write_freihand
from physio_lab.engine.state import read_state
from physio_lab.engine.trainer import train
from physio_lab.tasks.hand_landmarks.task import LANDMARKS

pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")

TINY = {"steps": 4, "batch": 4, "lr": 0.03, "precision": "32-true", "keep_every": 4, "workers": 0}


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two people, four images each: no hands, but a set in FreiHAND's form."""
    folder = tmp_path_factory.mktemp("sets")
    (folder / "1/training/rgb").mkdir(parents=True)
    rng = np.random.default_rng(0)
    points = [rng.normal(0.0, 0.04, (21, 3)) + [0.0, 0.0, 0.5] for _ in range(8)]
    for number in range(8):
        write_image(folder / f"1/training/rgb/{number:08d}.jpg", rng.integers(0, 255, (224, 224, 3), dtype=np.uint8))
    camera = np.array([[300.0, 0.0, 112.0], [0.0, 300.0, 112.0], [0.0, 0.0, 1.0]])
    write_freihand(folder / "1", points, [camera] * 8, ["a"] * 4 + ["b"] * 4)
    return folder


def recipe(folder: Path, **network: object):
    data = {"name": "tiny", "samples": {"folder": str(folder), "crops": 1, "held": 0.5}, "network": network, "optimiser": TINY}
    return LANDMARKS.recipe(data, "test")


def test_the_student_starts_as_mediapipe_learns_and_ships_as_it_was_taught(sets: Path, tmp_path: Path) -> None:
    """The file says what the module says, and of presence and side what MediaPipe says."""
    import torch

    from physio_lab.tasks.hand_landmarks.head import LandmarkHead, mediapipe

    image = np.random.default_rng(1).integers(0, 255, (224, 224, 3), dtype=np.uint8)
    outputs = (MARKS, PRESENCE, SIDE, SPACE)
    theirs = Network("hand_landmark_full", RunnerConfig(), outputs).run(image)
    known = torch.from_numpy(mediapipe().known(image))[None]
    plan = recipe(sets, kind="head", width=16, channels=8)
    with torch.no_grad():
        plain = LandmarkHead(plan.network).eval()(known).numpy()[0]
    np.testing.assert_allclose(plain[0, :, :2] * 224.0, theirs[MARKS].reshape(21, 3)[:, :2], atol=1e-3)
    measured = train(LANDMARKS, plan, tmp_path / "work", tmp_path / "out")
    learnt = LANDMARKS.model(plan)
    learnt.load_state_dict(read_state(tmp_path / "work/checkpoint.pt"))
    with torch.no_grad():
        wanted = learnt.eval()(known).numpy()[0]
    ships = Network("hand_landmark", RunnerConfig(), outputs, folder=tmp_path / "out").run(image)
    assert measured["regions"] == 4 and np.abs(wanted - plain).max() > 0.01
    np.testing.assert_allclose(ships[MARKS].reshape(21, 3)[:, :2] / 224.0, wanted[0, :, :2], atol=2e-3)
    np.testing.assert_allclose(ships[SPACE].reshape(21, 3), wanted[1], atol=1e-2)
    for output in (PRESENCE, SIDE):
        np.testing.assert_allclose(ships[output], theirs[output], atol=1e-5)


def test_a_resnet_takes_a_file_of_weights_and_refuses_another(tmp_path: Path) -> None:
    import torch

    from physio_lab.tasks.hand_landmarks.config import NetworkConfig
    from physio_lab.tasks.hand_landmarks.resnet import ResNetLandmarks

    torch.manual_seed(0)
    one = ResNetLandmarks(NetworkConfig(kind="resnet50", width=8))
    names = set(one.body.state_dict())
    assert {"conv1.weight", "layer1.0.downsample.0.weight", "layer4.2.bn3.running_var"} <= names and len(names) == 318
    torch.save({**one.body.state_dict(), "fc.weight": torch.zeros(1)}, tmp_path / "imagenet.pth")
    other = ResNetLandmarks(NetworkConfig(kind="resnet50", width=8, file=str(tmp_path / "imagenet.pth")))
    assert torch.equal(other.body["conv1"].weight, one.body["conv1"].weight)
    torch.save({"conv1.weight": torch.zeros(1)}, tmp_path / "imagenet.pth")
    with pytest.raises(ModelError, match="no ResNet-50"):
        ResNetLandmarks(NetworkConfig(kind="resnet50", width=8, file=str(tmp_path / "imagenet.pth")))


def test_a_resnet_learns_from_a_set(sets: Path, tmp_path: Path) -> None:
    plan = recipe(sets, kind="resnet50", width=8)
    data = LANDMARKS.data(plan)
    inputs, targets = data.learn[0]
    assert inputs.shape == (4, 3, 224, 224) and targets.shape == (4, 2, 21, 3)
    import torch

    model = LANDMARKS.model(plan)
    given, wanted = torch.from_numpy(inputs[:2, :, ::4, ::4].copy()), torch.from_numpy(targets[:2])
    found = LANDMARKS.loss(model, given, wanted, plan)
    found.loss.backward()
    assert torch.isfinite(found.loss) and float(model.body["conv1"].weight.grad.abs().sum()) > 0.0


def test_a_folder_without_sets_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="physio hand render"):
        LANDMARKS.data(recipe(tmp_path, kind="resnet50"))
