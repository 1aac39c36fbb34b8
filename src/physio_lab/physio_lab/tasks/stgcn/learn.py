"""Teaches a model one more movement from a few clips, on a CPU in minutes.

The body of the network goes on learning slowly from where it was; its head gets one more row. What it knew is rehearsed on what
it was made from, as far as that is here, and on the clips of movements taught before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.action.card import CARD, read_card
from physio_core.errors import ConfigError, InputError
from physio_core.files import check_folder
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.datasets.split import groups_of, hold_out
from physio_lab.engine.checkpoint import recipe_in
from physio_lab.engine.config import TransferConfig
from physio_lab.engine.files import CHECKPOINT
from physio_lab.engine.journal import Progress
from physio_lab.engine.task import Batches
from physio_lab.engine.trainer import fit
from physio_lab.tasks.stgcn.clips import digest, read_clips, write_clips
from physio_lab.tasks.stgcn.config import LEAST_TO_CHECK, LearnConfig, SetConfig, StgcnRecipe
from physio_lab.tasks.stgcn.data import Mixed, Sources
from physio_lab.tasks.stgcn.export import write_model
from physio_lab.tasks.stgcn.measure import clips_right, figures, ticks_right
from physio_lab.tasks.stgcn.published import Network
from physio_lab.tasks.stgcn.recipe import stgcn_recipe
from physio_lab.tasks.stgcn.recorded import Recorded, RecordedSet, at_rate
from physio_lab.tasks.stgcn.rehearsal import Rehearsal, rehearse
from physio_lab.tasks.stgcn.task import STGCN
from physio_lab.tasks.stgcn.weights import make_network

SPLIT_SEED = 1
"""Draws who is kept apart."""
KEEP_EVERY = 50
"""Steps between checkpoints."""

AUGMENT = (
    {"tempo": {"slowest": 0.8, "fastest": 1.25}},
    {"limb_proportions": {"probability": 0.5}},
    {"rotate_view": {"probability": 0.5}},
    {"joint_noise": {"probability": 0.5}},
)


@dataclass(frozen=True)
class Learnt:
    """What came of it.

    Attributes:
        label: the new class.
        learnt_from: clips.
        held_out: clips kept apart.
        rehearsed: what the model knew was rehearsed on, in words.
        missing: see :class:`~physio_lab.tasks.stgcn.rehearsal.Rehearsal`.
        recall: share of the clips kept apart that are right; None: none were.
        before: share that is right of each class that was known: ticks of held-out synthetic motion, or else held-out clips.
        after: the same with the new model.
        taken_for_new: share of those that the new model takes for the new movement.
        seconds: time it took to train [s].
    """

    label: str
    learnt_from: int
    held_out: int
    rehearsed: str
    missing: str
    recall: float | None
    before: dict[str, float]
    after: dict[str, float]
    taken_for_new: float
    seconds: float


@dataclass(frozen=True)
class _Lesson:
    """What is taught: clips of all movements so far, of which the last are new, beside what is rehearsed."""

    recipe: StgcnRecipe
    taught: list[Recorded]
    learnt_from: int
    held_out: list[Recorded]
    rehearsal: Rehearsal
    batches: Batches


def learn(
    clips: Sequence[SkeletonSequence], label: str, model: Path, out: Path, work: Path, config: LearnConfig,
    progress: Progress | None = None, warn: Callable[[str], None] = lambda _text: None,
    beside: Callable[[Path], None] = lambda _folder: None,
) -> Learnt:  # fmt: skip
    """Teach a model a movement and write the new one.

    Args:
        clips: each with nothing but the movement; their own labels do not matter.
        label: name of the new class.
        model: folder of the model to start from, with its ``weights.pt``.
        out: folder to write.
        work: folder for checkpoint and log; a checkpoint of the same clips and settings there is continued.
        config: settings.
        progress: told after each step.
        warn: told, before the training, what cannot be rehearsed.
        beside: writes further files into the model's folder.

    Raises:
        ConfigError: an invalid or already known name, a folder that cannot be written, a checkpoint of other clips
            or settings in ``work``, or nothing to rehearse.
        InputError: too few clips, or a set to rehearse that cannot be read.
        ModelError: the model cannot be learnt on from.
    """
    base = known_by(model, label)
    if len(clips) < 2:
        raise InputError(f"{len(clips)} clip(s) of {label}: give at least 2, better 8 or more, of different people and views")
    check_folder(out)
    lesson = _lesson(clips, base, label, model, config)
    recipe, known = lesson.recipe, lesson.rehearsal.sources
    if lesson.rehearsal.missing:
        warn(lesson.rehearsal.missing)
    before = _known(make_network(replace(base, transfer=TransferConfig(init=str(model)))), recipe, known)
    network = make_network(recipe)
    spent = fit(STGCN, network, recipe, lesson.batches, work, progress, given=_given(lesson, config)) or {}
    after = _known(network, recipe, known)
    learnt = Learnt(
        label, lesson.learnt_from, len(lesson.held_out), lesson.rehearsal.data, lesson.rehearsal.missing,
        _recall_of_clips(network, lesson), _recall(before, recipe), _recall(after, recipe), _taken(after),
        spent.get("seconds", 0.0),
    )  # fmt: skip

    def more(folder: Path) -> None:
        write_clips(folder, lesson.taught, recipe.labels)
        beside(folder)

    measured = {name: figures(confusion, recipe.labels) for name, confusion in after.items()}
    write_model(
        network, recipe, out, {**measured, "taught": _said(learnt), "training": spent}, _calibrated(model),
        more,
    )  # fmt: skip
    (work / CHECKPOINT).unlink(missing_ok=True)  # other clips or settings may follow
    return learnt


def _lesson(clips: Sequence[SkeletonSequence], base: StgcnRecipe, label: str, model: Path, config: LearnConfig) -> _Lesson:
    recipe = _recipe(base, label, len(clips), model, config)
    new, held_out = _sides(clips, recipe, config)
    taught = [*read_clips(model, base.labels), *new]
    count = max(1, round(config.share * recipe.optimiser.batch))
    again = {recipe.labels[one.label] for one in taught}
    rehearsal = rehearse(base, recipe, max(1, recipe.optimiser.batch - count), again)
    batches = Mixed([_clips(taught, recipe, count, config), rehearsal.sources.learn])
    return _Lesson(recipe, taught, len(new), held_out, rehearsal, batches)


def _given(lesson: _Lesson, config: LearnConfig) -> dict[str, Any]:
    """What decides the weights besides the recipe."""
    clips = digest([*lesson.taught, *lesson.held_out])
    return {"clips": clips, "settings": asdict(config), "rehearsed": lesson.rehearsal.data}


def _said(learnt: Learnt) -> dict[str, Any]:
    return {key: value for key, value in vars(learnt).items() if key not in ("before", "after", "seconds")}


def known_by(model: Path, label: str) -> StgcnRecipe:
    """The recipe of a model that can be taught a label; errors as :func:`learn`."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", label):
        raise ConfigError(f"name {label!r}: use small letters, digits and _, beginning with a letter, e.g. side_bend")
    base = recipe_in(model, stgcn_recipe)
    if label in base.labels:
        raise ConfigError(f"the model knows {label!r} already; it knows: {', '.join(base.labels)}; choose another name")
    return base


def _recipe(base: StgcnRecipe, label: str, clips: int, model: Path, config: LearnConfig) -> StgcnRecipe:
    plan = base.optimiser
    return replace(
        base,
        name=f"{base.name}_{label}",
        description=f"{base.description}; taught {label} with {clips} clips",
        licence="",  # whose clips they are is not known here
        labels=(*base.labels, label),
        optimiser=replace(
            plan, steps=config.steps, lr=config.lr, schedule="cosine", cycles=1, keep_every=min(KEEP_EVERY, config.steps),
            workers=min(1, plan.workers),
        ),
        transfer=TransferConfig(str(model), config.freeze, 0.5, config.layer_decay),
        sets=(*base.sets, SetConfig(path=f"{clips} clips of {label}", share=0.0)),
    )  # fmt: skip


def _sides(clips: Sequence[SkeletonSequence], recipe: StgcnRecipe, config: LearnConfig) -> tuple[list[Recorded], list[Recorded]]:
    """Clips to learn from and clips to be measured on, never of one person or recording on both sides."""
    share = config.val_fraction if len(groups_of(clips)) >= LEAST_TO_CHECK else 0.0
    learn, held, _ = hold_out(clips, share=share, seed=SPLIT_SEED, what="the clips")
    index = len(recipe.labels) - 1
    learn_from, held_out = ([at_rate(clips[i], index, recipe.normaliser) for i in side] for side in (learn, held))
    return learn_from, held_out


def _clips(taught: Sequence[Recorded], recipe: StgcnRecipe, count: int, config: LearnConfig) -> RecordedSet:
    """Batches of the clips, in which all movements taught so far share one place."""
    changed = replace(recipe, augment=(*AUGMENT, *(["mirror"] if config.mirror else [])))
    return RecordedSet(taught, changed, count, recipe.seed)


def _known(network: Network, recipe: StgcnRecipe, sources: Sources) -> dict[str, npt.NDArray[np.int64]]:
    """Confusions (truth, named) over what the model knew and never learnt from."""
    classes, checks = len(recipe.labels), recipe.optimiser.val_batches
    found = {} if sources.check is None else {"synthetic": ticks_right(network, sources.check, checks, classes)}
    return {**found, "sets": clips_right(network, recipe, sources)} if sources.held_out else found


def _recall_of_clips(network: Network, lesson: _Lesson) -> float | None:
    if not lesson.held_out:
        return None
    right = clips_right(network, lesson.recipe, Sources(lesson.batches, None, tuple(lesson.held_out), lesson.recipe))
    return float(figures(right, lesson.recipe.labels)["accuracy"])


def _recall(known: dict[str, npt.NDArray[np.int64]], recipe: StgcnRecipe) -> dict[str, float]:
    return {label: share for one in known.values() for label, share in figures(one, recipe.labels)["recall"].items()}


def _taken(known: dict[str, npt.NDArray[np.int64]]) -> float:
    """Share that is taken for the new movement, the last label."""
    named = sum(int(one.sum()) for one in known.values())
    return round(sum(int(one[:-1, -1].sum()) for one in known.values()) / max(named, 1), 4)


def _calibrated(model: Path) -> dict[str, float]:
    """Temperature and energy of the model that was started from, for the card of one that differs little."""
    if not (model / CARD).is_file():
        return {}
    card = read_card(model)
    return {"temperature": card.temperature} | ({} if card.energy_below is None else {"energy_below": card.energy_below})
