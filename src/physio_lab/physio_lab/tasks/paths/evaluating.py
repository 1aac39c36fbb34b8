"""What `physio trajectory evaluate` measures, part by part; the command itself reads, tells and writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import InputError
from physio_core.trajectories.features import DEVICE_REACH_M
from physio_core.trajectories.score import own_type_best
from physio_core.trajectories.types import load_types
from physio_core.types import UNKNOWN
from physio_lab.datasets.u30a import PathRecording, read_packed
from physio_lab.synthetic.paths import people
from physio_lab.synthetic.seen_paths import see_paths
from physio_lab.tasks.paths.config import PLAN, PathsRecipe
from physio_lab.tasks.paths.data import SEEN_PEOPLE, UNSEEN_PEOPLE, UNSEEN_SEED, mixed, simulated
from physio_lab.tasks.paths.generating import MIXTURE, NETWORK, compared, next_path_of
from physio_lab.tasks.paths.learning import BOTH, KERNEL, Learned, encoders_of, kernel_of
from physio_lab.tasks.paths.measuring import (
    METHODS,
    WARPED,
    Named,
    Simulated,
    called,
    crossed,
    crossed_neighbours,
    families,
    known_labels,
    neighbours,
    taught,
    taught_alone,
    without_direction,
)
from physio_lab.tasks.paths.pairs import WEIGHTS, pairs_of
from physio_lab.tasks.paths.rounds import trained
from physio_lab.tasks.paths.samples import Paths, of_recordings, of_seen
from physio_lab.tasks.paths.shapes import read_kinivi_circles, read_utd_shapes

UTD_FOLDER, KINIVI_FOLDER = "utd_mhad", "hand_kinivi"
RECIPE = PathsRecipe(name="evaluation", optimiser=PLAN)
SHAPES = replace(RECIPE, optimiser=replace(PLAN, steps=300, keep_every=300))
NEXT = replace(RECIPE, optimiser=replace(PLAN, steps=600, keep_every=600, batch=48, lr=1e-3))
UNSEEN_REPETITIONS = 5
TRAINED_PEOPLE, TRAINED_SEED = 16, 5
"""Simulated patients who train for some rounds."""
HELD_OUT = 3
"""Every so many participants, by name, is kept from what next paths are learnt from, where no others are given to be measured."""

MOST_PATHS = 100
"""That are measured of next paths, evenly of all; each is made at every weight by both ways."""

Bar = Callable[[str, int], AbstractContextManager[Callable[[], None]]]
"""A bar for so many steps of something; it gives what is called after each."""


@dataclass(frozen=True)
class Material:
    """What is learnt from, and what is measured: the same where ``test`` is empty.

    Attributes:
        learn: recordings.
        test: those of other participants; empty: none were given.
        left_out: why recordings are not used.
    """

    learn: list[PathRecording]
    test: list[PathRecording]
    left_out: list[str]

    @property
    def measured(self) -> list[PathRecording]:
        """Recordings that are measured."""
        return self.test or self.learn


def find(folder: Path, name: str) -> Path | None:
    """A set's folder: the given one itself where it is called so, in it, or beside it."""
    near = (folder, folder / name, folder.parent / name)
    return next((one for one in near if one.name == name and one.is_dir()), None)


def read_material(data: Path, test: Path | None) -> Material:
    """Packed recordings of a folder, or of its folder ``u30a_trajectories``.

    Raises:
        InputError: none are there, or what is to be measured was learnt from.
    """
    learn, left_out = read_packed(data)
    if test is None:
        return Material(learn, [], left_out)
    others, missing = read_packed(test)
    known = {(one.participant, one.name) for one in learn}  # other people's files may have the same names
    if both := sorted(one.name for one in others if (one.participant, one.name) in known):
        raise InputError(f"{both[0]} is in {data} and in {test} ({len(both)} recordings are); --test takes other recordings")
    return Material(learn, others, left_out + missing)


def simulated_to_learn_from() -> Simulated:
    """Drawings of the simulated patients that are learnt from."""
    plan = RECIPE.samples
    return simulated(plan.people, plan.repetitions, RECIPE.seed)


def recordings(material: Material, made: Simulated, bar: Bar) -> tuple[dict[str, Any], dict[str, Named], Learned | None]:
    """Figures of the recordings, what each method said, and what was learnt from all where others were measured."""
    paths = of_recordings(material.measured)
    allowed, learned = known_labels(paths), None
    left_allowed = known_labels(paths.where(_left(material.measured)))
    if material.test:
        known = of_recordings(material.learn)
        learned = _taught_with_bar(known, made, bar)
        allowed = sorted({*allowed, *known_labels(known)})
        left_allowed = sorted({*left_allowed, *known_labels(known.where(_left(material.learn)))})
        scores = learned.scores(paths)
        near = [neighbours(known, paths, labels) for labels in (allowed, left_allowed)]
    else:
        with bar("each participant by the others", len(np.unique(paths.groups))) as tell:
            scores = crossed(paths, lambda learn: taught(learn, made, RECIPE), tell)
        near = [crossed_neighbours(paths, labels) for labels in (allowed, left_allowed)]
    left = _left(material.measured)
    said = called(paths, scores, near[0], allowed)
    on_left = {name: one.where(left) for name, one in called(paths, scores, near[1], left_allowed).items()}
    free = without_direction(paths.names)
    figures = {
        name: {"left": on_left[name].figures(), "all": said[name].figures(), "direction_free": said[name].figures(free)}
        for name in METHODS
    }
    ships = figures[BOTH]
    named_unknown = float((scores[BOTH].argmax(1) == paths.names.index(UNKNOWN)).mean())
    whole = {
        "left_accuracy": ships["left"]["accuracy"],
        "accuracy": ships["all"]["accuracy"],
        "direction_free_accuracy": ships["direction_free"]["accuracy"],
        "left_direction_free_accuracy": on_left[BOTH].figures(free)["accuracy"],
        "family_accuracy": said[BOTH].figures(families(paths.names))["accuracy"],
        "called_unknown": named_unknown,
        "n": len(paths), "left_n": int(left.sum()), "methods": figures,
        "people": {str(one): said[BOTH].where(paths.groups == one).figures()["accuracy"] for one in np.unique(paths.groups)},
        "recall": said[BOTH].by({name: name for name in paths.names}).recall,
        "confusion": said[BOTH].by({name: name for name in paths.names}).as_dict(),
        "families": said[BOTH].by(families(paths.names)).as_dict(),
    }  # fmt: skip
    return whole, said, learned


def _left(recorded: Sequence[PathRecording]) -> Any:
    return np.array([one.path.side == "left" for one in recorded])


def _taught_with_bar(known: Paths, made: Simulated, bar: Bar) -> Learned:
    with bar("learning to name paths", RECIPE.optimiser.steps) as tell:
        encoders = encoders_of(mixed(known, made, RECIPE), RECIPE, len(known.names), lambda _step: tell())
    return Learned(encoders, kernel_of(known, made))


def simulated_people(
    material: Material, made: Simulated, learned: Learned | None, folder: Path, bar: Bar
) -> dict[str, dict[str, Any]]:
    """Figures on simulated patients who were not learnt from; ``unknown`` is wrong, and so is what was not seen.

    Args:
        material: what is learnt from where ``learned`` is not given.
        made: likewise.
        learned: what names paths; None: it is learnt here.
        folder: where joints are kept that were seen in rendered images.
        bar: of what takes long.

    Returns:
        By the robot, by a rendered camera and MediaPipe, and by the model of a camera's noise.
    """
    learned = learned or _taught_with_bar(of_recordings(material.learn), made, bar)
    robot, noise = simulated(UNSEEN_PEOPLE, UNSEEN_REPETITIONS, UNSEEN_SEED)
    seen = []
    with bar("simulated patients draw in front of a rendered camera", SEEN_PEOPLE * len(load_types())) as tell:
        for one in see_paths(folder, SEEN_PEOPLE, UNSEEN_SEED):
            seen.append(one)
            tell()
    found = {}
    for name, paths in (("robot", robot), ("camera", of_seen(seen)), ("camera_noise", noise)):
        said = Named(paths.labels, learned.scores(paths)[BOTH].argmax(1), paths.groups, paths.names)
        found[name] = said.figures()
    return found


def air_shapes(folder: Path | None, bar: Bar) -> dict[str, Any]:
    """UTD-MHAD: each subject by the others."""
    if folder is None:
        return {"accuracy": None, "dtw_accuracy": None}
    paths = read_utd_shapes(folder)
    with bar("UTD-MHAD: each subject by the others", len(np.unique(paths.groups))) as tell:
        scores = crossed(paths, lambda learn: taught_alone(learn, SHAPES), tell)
    said = called(paths, scores, crossed_neighbours(paths, known_labels(paths)), known_labels(paths))
    methods = {name: one.figures() for name, one in said.items()}
    return {**methods[BOTH], "dtw_accuracy": methods[WARPED]["accuracy"], "methods": methods}


def fingertip_circles(folder: Path | None, bar: Bar) -> dict[str, Any]:
    """kinivi: each run of rows by the others, by the kernel machine alone, since a network for five runs takes long."""
    if folder is None:
        return {"accuracy": None, "dtw_accuracy": None}
    paths = read_kinivi_circles(folder)
    values = np.zeros((len(paths), len(paths.names)))
    runs = np.unique(paths.groups)
    with bar("kinivi: each run of tracks by the others", len(runs)) as tell:
        for run in runs:
            asked = paths.groups == run
            values[asked, :-1] = _kernel_values(paths.where(~asked), paths.where(asked))
            tell()
    said = called(paths, {KERNEL: values}, crossed_neighbours(paths, known_labels(paths)), known_labels(paths))
    methods = {name: one.figures() for name, one in said.items()}
    return {**methods[KERNEL], "dtw_accuracy": methods[WARPED]["accuracy"], "methods": methods}


def _kernel_values(learnt: Paths, asked: Paths) -> Any:
    import torch

    with torch.no_grad():
        return kernel_of(learnt)(torch.from_numpy(asked.geometry)).numpy()


def scored(material: Material) -> dict[str, Any]:
    """Share of the left arm's recordings that score higher as their own type than as any that differs in more than place."""
    rows = [one for one in material.measured if one.path.side == "left"]
    best = [own_type_best(one.path, one.kind, DEVICE_REACH_M) for one in rows]
    return {"own_type_best": float(np.mean(best)) if rows else None, "n": len(rows)}


def rounds(bar: Bar) -> dict[str, Any]:
    """Simulated patients who train with next paths, and with the ideal alone; see :mod:`physio_lab.tasks.paths.rounds`."""
    with bar("simulated patients train", TRAINED_PEOPLE) as tell:
        return trained(people(TRAINED_PEOPLE, TRAINED_SEED), TRAINED_SEED, tell)


def generated(material: Material, bar: Bar) -> dict[str, Any]:
    """Both ways to make the next path, on participants who were not learnt from; the figures are those of the default."""
    if material.test:
        learn, test = material.learn, material.test
    else:
        apart = set(sorted({one.group for one in material.learn})[::HELD_OUT])
        learn = [one for one in material.learn if one.group not in apart]
        test = [one for one in material.learn if one.group in apart]
    known, asked = pairs_of(learn), pairs_of(test[:: -(-len(test) // MOST_PATHS)])
    with bar("learning to make the next path", NEXT.optimiser.steps) as tell:
        model = next_path_of(known, NEXT, lambda _step: tell())
    with bar("making next paths", 2 * len(WEIGHTS)) as tell:
        found = compared(model, asked, tell)
    return {
        "between_fraction": found[MIXTURE]["between"], "in_limits_fraction": found[MIXTURE]["in_limits"],
        "monotone_fraction": found[MIXTURE]["monotone"], "mse": found[NETWORK]["mse"], "interpolation_mse": found[MIXTURE]["mse"],
        "default": MIXTURE, "n": len(asked) * len(WEIGHTS), "methods": found,
    }  # fmt: skip
