"""What a model knows already, learnt again while it is taught more: the sets it was made from and synthetic motion."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from physio_core.errors import ConfigError, PhysioError
from physio_core.types import UNKNOWN
from physio_lab.tasks.stgcn.config import SetConfig, StgcnRecipe
from physio_lab.tasks.stgcn.data import SYNTHETIC, Sources, load_set, mixed, opened


@dataclass(frozen=True)
class Rehearsal:
    """What a model was made from, as far as it is here.

    Attributes:
        sources: batches to rehearse from, and what was never learnt from: synthetic motion, and of sets what that cannot show.
        data: what they are, in words.
        missing: what is not here and what may be forgotten for it, in one line; empty: nothing.
    """

    sources: Sources
    data: str
    missing: str


def rehearse(base: StgcnRecipe, recipe: StgcnRecipe, room: int, again: Collection[str]) -> Rehearsal:
    """Find what a model was made from; what sets that are not here leave of a batch is synthetic motion.

    Args:
        base: recipe of the model.
        recipe: of the model to make; it has the labels of ``base`` and a new one.
        room: sequences in a batch.
        again: labels of which there are clips.

    Raises:
        ConfigError: none of it is here, or a set that is here does not fit.
        InputError: a set that cannot be read.
    """
    sets = [one for one in base.sets if one.share > 0]  # without a share: clips that were taught, which lie beside the model
    here = [one for one in sets if _is_here(one)]
    gone = [one.path for one in sets if one not in here]
    if not SYNTHETIC & (set(base.labels) - {UNKNOWN}):
        here = _filling(here, gone)
    config = replace(
        recipe, sets=tuple(here), seed=recipe.seed + 1,  # not what the model was made from in the same order
        optimiser=replace(recipe.optimiser, batch=room),
    )  # fmt: skip
    sources = mixed(config, [load_set(one, config) for one in here])
    if sources.check is not None:
        held_out = tuple(one for one in sources.held_out if recipe.labels[one.label] not in SYNTHETIC)
        sources = replace(sources, held_out=held_out)
    forgotten = [label for label in base.labels if label not in sources.labels and label not in again]
    return Rehearsal(sources, config.data, _missing(gone, forgotten))


def _is_here(one: SetConfig) -> bool:
    try:
        return opened(one).path.exists()
    except PhysioError:
        return False


def _filling(here: list[SetConfig], gone: list[str]) -> list[SetConfig]:
    """Sets with the shares of those that are gone, where synthetic motion shows none of the model's movements."""
    total = sum(one.share for one in here)
    if not here:
        raise ConfigError(f"nothing that the model knows can be rehearsed: {', '.join(gone)} not found; put a set there")
    return [replace(one, share=one.share / total) for one in here]


def _missing(gone: list[str], forgotten: list[str]) -> str:
    parts = [f"not found, so not rehearsed: {', '.join(gone)}"] if gone else []
    parts += [f"nothing here shows {', '.join(forgotten)}, which may be forgotten"] if forgotten else []
    return "; ".join(parts)
