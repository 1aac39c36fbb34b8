"""What a pose estimator is, so that MediaPipe can be replaced without touching anything else."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Protocol, TypeVar

from physio_core.errors import ModelError, RunnerUnavailable
from physio_core.params import Parameters, param
from physio_core.pose.choice import AUTO, BLAZE, INSTALL_MEDIAPIPE, MEDIAPIPE, MOVENET, Choice, chosen, installed
from physio_core.runners.runner import BFLOAT16, FLOAT32, RunnerConfig
from physio_core.skeleton.layouts import BLAZEPOSE_33, BODY_25, OPENPOSE_18, Layout
from physio_core.types import Frame, Skeleton

ESTIMATORS = (AUTO, MEDIAPIPE, BLAZE, MOVENET)
ESTIMATOR_TEXT = (
    "auto: as `physio pose choose` measured, runner and all; mediapipe; blaze, its networks in the library that runner names; "
    "movenet, a faster network that is less exact and sees neither feet nor depth."
)


@dataclass(frozen=True)
class PoseConfig(RunnerConfig):
    """How the body is detected."""

    estimator: str = param(AUTO, ESTIMATOR_TEXT, choices=ESTIMATORS)
    runner_precision: str = param(
        FLOAT32,
        "Arithmetic of blaze and movenet; bfloat16 (openvino) moves blaze's joints in space by centimetres.",
        choices=(FLOAT32, BFLOAT16),
    )
    model_complexity: int = param(1, "0 light, 1 full, 2 heavy; only 1 comes with the package.", low=0, high=2)
    min_detection_confidence: float = param(0.5, "Least score at which a new body is accepted.", low=0.0, high=1.0)
    min_tracking_confidence: float = param(0.5, "Below this a tracked body is searched for again.", low=0.0, high=1.0)
    task_model_path: str = param(
        "", "A pose_landmarker .task file: MediaPipe Tasks is used instead of the model in the package; empty: the latter."
    )

    def described(self) -> str:
        """All that the joints depend on, for the names of files that keep them."""
        if self.estimator == AUTO:
            return settled(self)[0].described()
        own = [field.name for field in fields(PoseConfig) if field.name not in {field.name for field in fields(RunnerConfig)}]
        if self.estimator == MEDIAPIPE:
            own.remove("estimator")  # as it was when there was no other
        else:
            own += ["runner", "runner_precision"]
        return f"PoseConfig({', '.join(f'{name}={getattr(self, name)!r}' for name in own)})"


@dataclass(frozen=True)
class JointsConfig(Parameters):
    """Which joints are published."""

    layout: str = param(
        BODY_25.name,
        "Joint order of the skeletons; openpose_18 has no feet, without which no angle of an ankle is measured.",
        choices=(BODY_25.name, OPENPOSE_18.name, BLAZEPOSE_33.name),
    )


class PoseEstimator(Protocol):
    """Finds one body in each image of a sequence.

    Attributes:
        name: what estimates, for logs: the networks and what runs them.
        searches: how often a body was looked for anywhere in the image, having been lost or not yet seen; 0 where it is not told.
    """

    name: str
    searches: int

    def estimate(self, frame: Frame) -> Skeleton:
        """The body: TRACKED (without body_id) or NOBODY.

        Raises:
            EstimatorError: the estimator failed; the next image may be given as if nothing had happened.
        """
        ...

    def close(self) -> None:
        """Release what the estimator holds."""
        ...


def settled(config: PoseConfig) -> tuple[PoseConfig, str]:
    """The parameters with an estimator named in them, and why it is that one; empty: it was asked for.

    Raises:
        ConfigError: the file with what was measured cannot be read.
    """
    if config.estimator != AUTO:
        return config, ""
    if config.task_model_path or config.model_complexity != 1:
        return replace(config, estimator=MEDIAPIPE), "it alone has that model"
    choice = chosen()
    return replace(with_runner(config, choice), estimator=choice.estimator), choice.why


AnyRunnerConfig = TypeVar("AnyRunnerConfig", bound=RunnerConfig)


def with_runner(config: AnyRunnerConfig, choice: Choice) -> AnyRunnerConfig:
    """Parameters with the runner of a choice."""
    return replace(
        config, runner=choice.runner, runner_device=choice.runner_device, runner_precision=choice.runner_precision,
        runner_threads=choice.runner_threads,
    )  # fmt: skip


def check_mediapipe() -> None:
    """Raises RunnerUnavailable, with what to do, where MediaPipe is not installed."""
    if not installed(MEDIAPIPE):
        raise RunnerUnavailable(
            f"estimator mediapipe is not installed; install it ({INSTALL_MEDIAPIPE}), or use auto or blaze, the same networks "
            "without it"
        )


def refuse_other_models(config: PoseConfig, estimator: str) -> None:
    """Refuse what only MediaPipe has files for.

    Raises:
        ModelError: another complexity, or a task file, is asked for.
    """
    if config.model_complexity != 1 or config.task_model_path:
        raise ModelError(
            f"{estimator} has model_complexity 1 alone, and takes no task_model_path (got {config.model_complexity}, "
            f"{config.task_model_path!r}); use estimator {MEDIAPIPE} for others"
        )


def make_estimator(config: PoseConfig, layout: Layout = OPENPOSE_18) -> PoseEstimator:
    """The estimator that the parameters ask for, giving skeletons of that layout; its name says why it is that one.

    Raises:
        ModelError: its model file is missing or cannot be used.
        RunnerUnavailable: it, or what runs it, is not installed, or this machine cannot do it.
        ConfigError: the file with what was measured cannot be read.
    """
    config, why = settled(config)
    estimator = _make(config, layout)
    if why:
        estimator.name += f" ({why})"
    return estimator


def _make(config: PoseConfig, layout: Layout) -> PoseEstimator:
    if config.estimator == BLAZE:
        from physio_core.pose.blaze.body import BlazePose

        return BlazePose(config, layout)
    if config.estimator == MOVENET:
        from physio_core.pose.movenet import MoveNet

        return MoveNet(config, layout)
    check_mediapipe()
    # Loading MediaPipe takes seconds: only those who estimate pay for it.
    from physio_core.pose.mediapipe import MediaPipePose, MediaPipeTasksPose

    return MediaPipeTasksPose(config, layout) if config.task_model_path else MediaPipePose(config, layout)
