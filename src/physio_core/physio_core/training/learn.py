"""Teaches a model one more movement from a few clips, on a CPU in minutes.

The body of the network goes on learning slowly from where it was; its head gets one more row. What it knew is rehearsed on
synthetic motion and on the clips of movements taught before, whose skeletons (never pictures) stay in the model folder.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.datasets.sequence import SkeletonSequence
from physio_core.errors import ConfigError, InputError, ModelError
from physio_core.training.config import LearnConfig, SetConfig, TrainingConfig, TransferConfig
from physio_core.training.data import CHECK_SEED, Batches, Mixed, Sources
from physio_core.training.journal import Progress
from physio_core.training.measure import clips_right, figures, ticks_right
from physio_core.training.recorded import Recorded, RecordedSet, at_rate, group_of, split
from physio_core.training.synthetic import SyntheticSet
from physio_core.training.train import fit, make_network, write_model
from physio_core.training.weights import recipe_in

CLIPS = "clips.npz"
"""Skeletons of the movements that a model was taught, in its folder."""

LEAST_TO_CHECK = 4
"""Clips from which on some are kept apart to be measured on."""

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
        recall: share of the clips kept apart that are right; None: none were.
        before: share of right ticks of each class that was known, on held-out synthetic motion.
        after: the same with the new model.
        taken_for_new: share of those ticks that the new model takes for the new movement.
        seconds: time it took to train [s].
    """

    label: str
    learnt_from: int
    held_out: int
    recall: float | None
    before: dict[str, float]
    after: dict[str, float]
    taken_for_new: float
    seconds: float


def learn(
    clips: Sequence[SkeletonSequence], label: str, model: Path, out: Path, config: LearnConfig,
    progress: Progress | None = None,
) -> Learnt:  # fmt: skip
    """Teach a model a movement and write the new one.

    Args:
        clips: each with nothing but the movement; their own labels do not matter.
        label: name of the new class.
        model: folder of the model to start from, with its ``weights.pt``.
        out: folder to write.
        config: settings.
        progress: told after each step.

    Raises:
        ConfigError: a name that is none or that the model knows, or a folder that cannot be written.
        InputError: too few clips.
        ModelError: the model cannot be learnt on from.
    """
    base = known_by(model, label)
    if len(clips) < 2:
        raise InputError(f"{len(clips)} clip(s) of {label}: give at least 2, better 8 or more, of different people and views")
    recipe = _recipe(base, label, len(clips), model, config)
    new, held_out = _sides(clips, recipe, config)
    earlier = read_clips(model, base.labels)
    sources = _sources(new, held_out, earlier, recipe, config)
    known = make_network(replace(base, transfer=TransferConfig(init=str(model))))
    checks = base.optimiser.check_batches
    assert sources.check is not None
    before = figures(ticks_right(known, sources.check, checks, len(recipe.labels)), recipe.labels)
    network = make_network(recipe)
    with tempfile.TemporaryDirectory(prefix="physio_learn_") as work:
        spent = fit(network, recipe, sources.learn, Path(work), progress)
    confusion = ticks_right(network.eval(), sources.check, checks, len(recipe.labels))
    after = figures(confusion, recipe.labels)
    recall = figures(clips_right(network, recipe, sources), recipe.labels)["accuracy"] if held_out else None
    taken = float(confusion[:, recipe.labels.index(label)].sum() / max(confusion.sum(), 1))
    learnt = Learnt(
        label,
        len(new),
        len(held_out),
        recall,
        before["recall"],
        after["recall"],
        round(taken, 4),
        (spent or {}).get("seconds", 0.0),
    )
    write_model(network, recipe, out, {**after, "taught": _said(learnt)})
    write_clips(out, [*earlier, *new], recipe.labels)
    return learnt


def _said(learnt: Learnt) -> dict[str, Any]:
    return {key: value for key, value in vars(learnt).items() if key not in ("before", "after")}


def known_by(model: Path, label: str) -> TrainingConfig:
    """The recipe of a model that can be taught a label; errors as :func:`learn`."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", label):
        raise ConfigError(f"name {label!r}: use small letters, digits and _, beginning with a letter, e.g. side_bend")
    base = recipe_in(model)
    if label in base.labels:
        raise ConfigError(f"the model knows {label!r} already; it knows: {', '.join(base.labels)}; choose another name")
    return base


def _recipe(base: TrainingConfig, label: str, clips: int, model: Path, config: LearnConfig) -> TrainingConfig:
    plan = base.optimiser
    return replace(
        base,
        name=f"{base.name}_{label}",
        description=f"{base.description}; taught {label} with {clips} clips",
        labels=(*base.labels, label),
        optimiser=replace(
            plan, steps=config.steps, rate=config.rate, schedule="cosine", cycles=1, keep_every=config.steps,
            workers=min(1, plan.workers),
        ),
        transfer=TransferConfig(str(model), config.freeze, 0.5, config.unit_decay),
        sets=(*base.sets, SetConfig(path=f"{clips} clips of {label}", share=0.0)),
        augment=(*AUGMENT, *(["mirror"] if config.mirror else [])),
    )  # fmt: skip


def _sides(
    clips: Sequence[SkeletonSequence], recipe: TrainingConfig, config: LearnConfig
) -> tuple[list[Recorded], list[Recorded]]:
    """Clips to learn from and clips to be measured on, never of one person or recording on both sides."""
    groups = [group_of(one) for one in clips]
    share = config.hold_out if len(set(groups)) >= LEAST_TO_CHECK else 0.0
    sides = split(groups, SetConfig(path="the clips", hold_out=share), recipe.seed)
    index = len(recipe.labels) - 1
    learn_from, held_out = ([at_rate(clips[i], index, recipe.normaliser) for i in side] for side in sides)
    return learn_from, held_out


def _sources(
    new: list[Recorded], held_out: list[Recorded], earlier: list[Recorded], recipe: TrainingConfig, config: LearnConfig
) -> Sources:
    batch = recipe.optimiser.batch
    count = max(1, round(config.share * batch))
    parts: list[Batches] = [RecordedSet(new, recipe, count, recipe.seed)]
    if earlier:
        parts.append(RecordedSet(earlier, recipe, count, recipe.seed + 1))
    rest = max(1, batch - count * len(parts))

    def synthetic(size: int, seed: int) -> SyntheticSet:
        return SyntheticSet(recipe.labels, recipe.synthetic, recipe.noise, recipe.normaliser, size, seed)

    mixed = Mixed([*parts, synthetic(rest, recipe.seed + 2)])
    return Sources(mixed, synthetic(batch, recipe.seed + CHECK_SEED), tuple(held_out), recipe)


def write_clips(folder: Path, clips: Sequence[Recorded], labels: Sequence[str]) -> None:
    """Keep the skeletons of taught movements in a model folder.

    Raises:
        ConfigError: they cannot be written.
    """
    content: dict[str, npt.NDArray[Any]] = {"labels": np.array([labels[one.label] for one in clips])}
    for index, one in enumerate(clips):
        content[f"points_{index}"], content[f"confidence_{index}"] = one.points, one.confidence
    try:
        np.savez_compressed(folder / CLIPS, **content)
    except OSError as error:
        raise ConfigError(f"cannot write {folder / CLIPS}: {error.strerror or error}") from error


def read_clips(folder: Path, labels: Sequence[str]) -> list[Recorded]:
    """Skeletons of movements that a model was taught before; none where it has only seen synthetic motion.

    Raises:
        ModelError: the file is damaged or names a class that the model does not have.
    """
    path = folder / CLIPS
    if not path.exists():
        return []
    try:
        with np.load(path) as content:
            return [
                Recorded(content[f"points_{i}"], content[f"confidence_{i}"], list(labels).index(str(label)), f"{path.name}_{i}")
                for i, label in enumerate(content["labels"])
            ]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"{path} is damaged or not of this model: {error}; restore it, or delete it to rehearse without"
        ) from error
