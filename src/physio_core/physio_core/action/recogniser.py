"""Says which exercise a person is doing, at each image, without knowing where the exercise starts or ends.

The same code serves the robot and `physio action evaluate`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from physio_core.action.model import Model
from physio_core.action.posture import BodyPosture
from physio_core.errors import RunnerError
from physio_core.params import Parameters, param
from physio_core.skeleton.confidence import VISIBLE
from physio_core.skeleton.normalise import Normaliser
from physio_core.skeleton.stream import JointFrame, JointStream, Track
from physio_core.types import UNKNOWN, Abstain, BoolArray, FloatArray, Prediction, Skeleton, Tracking

_ABSTAIN = {
    Tracking.NOBODY: Abstain.NOBODY,
    Tracking.DETECTOR_FAILED: Abstain.DETECTOR_FAILED,
    Tracking.SOMEBODY_ELSE: Abstain.SOMEBODY_ELSE,
}


@dataclass(frozen=True)
class RecogniserConfig(Parameters):
    """When an exercise is named, kept and not named."""

    min_time_s: float = param(
        0.8, "Time a person must be seen before anything is named.", unit="s", low=0.1, high=10.0, live=True
    )
    lost_s: float = param(1.0, "A person unseen for longer starts over.", unit="s", low=0.1, high=10.0, live=True)
    min_fps: float = param(5.0, "Below this image rate nothing is named.", unit="Hz", low=1.0, high=60.0, live=True)
    smooth_s: float = param(
        0.5, "Time constant of the mean of the scores; more: steadier and later.", unit="s", low=0.0, high=10.0, live=True
    )
    name_above: float = param(0.7, "Mean score from which an exercise is named.", low=0.0, high=1.0, live=True)
    lasting_s: float = param(
        3.0, "Time constant of a longer mean of the scores, for who repeats a movement.", unit="s", low=0.1, high=60.0, live=True
    )
    name_lasting_above: float = param(
        0.5, "Longer mean from which an exercise is named too; 1: never.", low=0.0, high=1.0, live=True
    )
    keep_above: float = param(0.3, "Mean score down to which a named exercise is kept.", low=0.0, high=1.0, live=True)
    visible_above: float = param(VISIBLE, "Confidence from which a joint counts as seen.", low=0.0, high=1.0, live=True)
    refuse: bool = param(True, "Whether movements that are like nothing learnt are refused, as the model's card says.", live=True)
    posture: bool = param(
        True, "Whether arms and hips must agree before an exercise is named: no deadlift with one arm, no squat out of a chair.",
        live=True,
    )  # fmt: skip
    both_arms: tuple[str, ...] = param(("deadlift",), "Exercises that are done with straight arms, both alike.")
    from_standing: tuple[str, ...] = param(("squat", "lunge"), "Exercises that begin upright.")
    needs: tuple[str, ...] = param(("shoulder", "hip"), "Joints that must be seen, at least on one side.")


@dataclass(frozen=True)
class Step:
    """What one step at the model's rate brought. C channels, V joints, K labels.

    Attributes:
        frame: (C, V) joints as the network takes them.
        logits: (K,) scores before softmax.
        energy: smoothed, as it is compared with the card's ``energy_below``.
        all_seen: whether all joints that are needed were seen.
        against: (K,) whether the posture speaks against each label.
        first: whether it is the first of the person in view.
    """

    frame: FloatArray
    logits: FloatArray
    energy: float
    all_seen: bool
    against: BoolArray
    first: bool


@dataclass
class Evidence:
    """What the network has said of the person in view; knows neither network nor joints. K labels.

    Attributes:
        labels: in the order of the scores.
        steps: how many were weighed.
        mean: (K,) smoothed probabilities.
        lasting: (K,) smoothed over a longer time, from nothing.
        label: what is named, after hysteresis.
        visible: smoothed share of steps at which all needed joints were seen [0..1].
        energy: smoothed.
    """

    labels: tuple[str, ...]
    steps: int = 0
    mean: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32))
    lasting: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32))
    label: str = UNKNOWN
    visible: float = 1.0
    energy: float = 0.0

    def weigh(
        self, scores: FloatArray, energy: float, all_seen: bool, against: BoolArray, rate_hz: float, config: RecogniserConfig
    ) -> None:
        """Smooth scores and energy of one more step; a label is named above one score and kept down to another.

        Args:
            scores: (K,) probabilities.
            energy: of the step alone.
            all_seen: whether all joints that are needed were seen.
            against: (K,) whether the posture speaks against naming a label; what is named already is kept.
            rate_hz: of the steps [Hz].
            config: how much is smoothed, and when an exercise is named.
        """
        first, self.steps = self.steps == 0, self.steps + 1
        weight = _weight(config.smooth_s, rate_hz)
        self.visible += weight * (float(all_seen) - self.visible)
        self.energy = energy if first else self.energy + weight * (energy - self.energy)
        self.mean = scores if first else (1.0 - weight) * self.mean + weight * scores
        lasting = _weight(config.lasting_s, rate_hz)
        # Begun at nothing, so that the first scores alone do not count as what lasts.
        self.lasting = lasting * scores if first else (1.0 - lasting) * self.lasting + lasting * scores
        best = int(np.argmax([-1.0 if label == UNKNOWN else score for label, score in zip(self.labels, self.mean, strict=True)]))
        lasts = self.lasting[best] >= config.name_lasting_above and self.mean[best] >= config.keep_above
        if (self.mean[best] >= config.name_above or lasts) and not (config.posture and against[best]):
            self.label = self.labels[best]
        elif self.score(self.label) < config.keep_above:
            self.label = UNKNOWN

    def score(self, label: str) -> float:
        """The smoothed probability of a label."""
        return float(self.mean[self.labels.index(label)])

    def held_back(self, energy_below: float | None) -> Abstain:
        """Why nothing is named although enough was heard: needed joints out of sight, or like nothing learnt (None: never)."""
        if self.visible < 0.5:
            return Abstain.OUT_OF_FRAME
        return Abstain.NONE if energy_below is None or self.energy >= energy_below else Abstain.UNFAMILIAR


def _weight(time_constant_s: float, rate_hz: float) -> float:
    """Share of the newest of an exponential mean."""
    return float(1.0 - np.exp(-1.0 / (rate_hz * max(time_constant_s, 1e-3))))


class Recogniser:
    """Feeds a stream of skeletons through a model; one :class:`~physio_core.types.Prediction` for each.

    Attributes:
        config: read at every skeleton, so it may be replaced at any time, but for the names in it.
        failures: how often the network failed; the person is then begun again.
        steps: what the last skeleton brought; none, one or several, as its camera is faster or slower than the model.

    Raises:
        ConfigError: ``needs`` names a joint that the model does not have.
    """

    def __init__(self, model: Model, config: RecogniserConfig | None = None) -> None:
        self.model = model
        self.steps: list[Step] = []
        self.failures = 0
        self.config = config or RecogniserConfig()
        layout, normaliser = model.card.layout, model.card.normaliser
        self._joints = JointStream(layout, normaliser.rate_hz, normaliser.missing_below)
        self._normaliser = Normaliser(layout, normaliser)
        self._posture = BodyPosture(layout, model.labels, normaliser.rate_hz, self.config.both_arms, self.config.from_standing)
        self._network = model.stream()
        self._needs = [[layout.index(f"{side}_{joint}") for side in ("left", "right")] for joint in self.config.needs]
        self._track: Track | None = None
        self._evidence: Evidence | None = None

    def reset(self) -> None:
        """Forget everybody."""
        self._joints.reset()
        self._follow()

    def update(self, skeleton: Skeleton) -> Prediction:
        """Take the skeleton of one image.

        Args:
            skeleton: of the next image; one that is not newer than the last is not used again. A stamp that jumps back
                by more than ``lost_s`` is taken as a new clock.

        Raises:
            SkeletonError: a stamp that is not finite, or a tracked skeleton without a joint of the model's layout.
        """
        self.steps = []
        self._joints.lost_s = self.config.lost_s
        frames = self._joints.update(skeleton)
        evidence = self._follow()
        try:
            if evidence:
                self.steps = [self._step(evidence, frame) for frame in frames]
        except RunnerError:
            self.failures += 1
            self.reset()
            return Prediction(
                skeleton.stamp_s, labels=self.model.labels, abstain=Abstain.DETECTOR_FAILED, body_id=skeleton.body_id,
                window_start_s=skeleton.stamp_s, effective_fps=self.effective_fps,
            )  # fmt: skip
        return self._predict(skeleton)

    @property
    def effective_fps(self) -> float:
        """Images per second over the last two seconds [Hz]; 0 before the second image."""
        return self._joints.effective_fps

    def _follow(self) -> Evidence | None:
        """The evidence of whoever is in view, begun again when that is another track."""
        track = self._joints.track
        if self._track is not track:
            self._track, self._evidence = track, Evidence(self.model.labels) if track else None
            self._normaliser.reset()
            self._posture.reset()
            self._network.reset()
        return self._evidence

    def _step(self, evidence: Evidence, joints: JointFrame) -> Step:
        frame = self._normaliser.step(joints.points, joints.confidence)
        logits = self._network.step(frame)
        all_seen = all(joints.confidence[sides].max() >= self.config.visible_above for sides in self._needs)
        first = evidence.steps == 0
        scores, energy = self.model.probabilities(logits), float(self.model.energy(logits))
        against = self._posture.step(joints.points, joints.confidence)
        evidence.weigh(scores, energy, all_seen, against, self._joints.rate_hz, self.config)
        return Step(frame, logits, evidence.energy, all_seen, against, first)

    def _predict(self, skeleton: Skeleton) -> Prediction:
        evidence, track = self._evidence, self._track
        abstain = self._abstain(skeleton, evidence)
        receptive_field_s = self.model.card.reach / self._joints.rate_hz
        start_s = max(track.first_s, skeleton.stamp_s - receptive_field_s) if track else skeleton.stamp_s
        if abstain is not Abstain.NONE or evidence is None or track is None:
            return Prediction(
                skeleton.stamp_s, labels=self.model.labels, abstain=abstain, body_id=skeleton.body_id,
                window_start_s=start_s, effective_fps=self.effective_fps,
            )  # fmt: skip
        scores = (evidence.mean / evidence.mean.sum()).astype(np.float32)
        return Prediction(
            skeleton.stamp_s, evidence.label, float(scores[self.model.labels.index(evidence.label)]), self.model.labels, scores,
            Abstain.NONE, track.body_id, start_s, self.effective_fps,
        )  # fmt: skip

    def _abstain(self, skeleton: Skeleton, evidence: Evidence | None) -> Abstain:
        """Why nothing is named."""
        if not skeleton.tracked or evidence is None:
            return _ABSTAIN.get(skeleton.status, Abstain.NOBODY)
        if self._joints.images > 2 and self.effective_fps < self.config.min_fps:
            return Abstain.LOW_FPS
        if evidence.steps < self.config.min_time_s * self._joints.rate_hz:
            return Abstain.TOO_FEW_FRAMES
        return evidence.held_back(self.model.card.energy_below if self.config.refuse else None)
