"""Windows of simulated hand motion to learn a prior from: what an estimator would see, and the true angles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from physio_core.motion.hand import HAND_ANGLES
from physio_core.motion.hand_movements import HAND_MOVEMENTS
from physio_core.types import FloatArray
from physio_lab.engine.task import Batch
from physio_lab.synthetic.hand_occlusion import hidden
from physio_lab.synthetic.hand_trials import HandTrial, trials
from physio_lab.tasks.hand_prior.config import ANGLES, WINDOW, PriorRecipe
from physio_lab.tasks.hand_prior.seen import inputs_of

_COLUMNS = [HAND_ANGLES.index(name) for name in ANGLES]
_MIRROR = np.array([-1.0, 1.0, 1.0])


@dataclass(frozen=True, eq=False)
class Motion:
    """One simulated trial. T frames.

    Attributes:
        person: who.
        angles: (T, A) [rad].
        clean: (T, I) inputs of an encoder if nothing were hidden and nobody erred.
        seen: (T, I) as an estimator sees it, parts being hidden.
    """

    person: int
    angles: FloatArray
    clean: FloatArray
    seen: FloatArray


@dataclass(frozen=True, eq=False)
class PriorData:
    """See :class:`~physio_lab.engine.task.Data`.

    Attributes:
        train: learnt from.
        held: of other people, on whom the loss is followed.
        clean: share of windows without errors.
        batch: windows in a batch.
        seed: of what is drawn.
    """

    train: tuple[Motion, ...]
    held: tuple[Motion, ...]
    clean: float
    batch: int
    seed: int

    @property
    def learn(self) -> PriorData:
        """Batches to learn from."""
        return self

    @property
    def val(self) -> list[Batch]:
        """Batches of ``held``."""
        return [self._drawn(self.held, np.random.default_rng((self.seed, 17, at))) for at in range(8)] if self.held else []

    def __getitem__(self, index: int) -> Batch:
        """Batch ``index``: windows drawn at random."""
        return self._drawn(self.train, np.random.default_rng((self.seed, index)))

    def _drawn(self, motions: tuple[Motion, ...], rng: np.random.Generator) -> Batch:
        inputs, targets = [], []
        for at in rng.integers(len(motions), size=self.batch):
            motion = motions[at]
            rows = slice(first := int(rng.integers(len(motion.angles) - WINDOW + 1)), first + WINDOW)
            inputs.append((motion.clean if rng.random() < self.clean else motion.seen)[rows])
            targets.append(motion.angles[rows])
        return np.stack(inputs).astype(np.float32), np.stack(targets).astype(np.float32)


@lru_cache(maxsize=1)
def load_data(recipe: PriorRecipe) -> PriorData:
    """Every movement of the hand by so many simulated people, split by person."""
    plan = recipe.motions
    motions = [motion_of(one, plan.draw) for one in trials(plan.people, plan.draw, tuple(HAND_MOVEMENTS))]
    long = [one for one in motions if len(one.angles) >= WINDOW]
    held = plan.people - round(plan.held * plan.people)
    return PriorData(
        tuple(one for one in long if one.person < held), tuple(one for one in long if one.person >= held), plan.clean,
        recipe.optimiser.batch, recipe.seed,
    )  # fmt: skip


def motion_of(trial: HandTrial, seed: int) -> Motion:
    """A trial as a prior learns from it; the same seed hides the same."""
    over = _MIRROR if trial.side == "left" else 1.0
    blind = hidden(trial, np.random.default_rng((seed, trial.patient.number, len(trial.stamps_s)))).trial
    always = np.ones(len(trial.stamps_s), bool)
    true = trial.true_m - trial.true_m[:, :1]
    return Motion(
        trial.patient.number, trial.performance.motion.angles_rad[:, _COLUMNS],
        inputs_of(trial.stamps_s, true * over, always), inputs_of(trial.stamps_s, blind.found_m * over, blind.present),
    )  # fmt: skip
