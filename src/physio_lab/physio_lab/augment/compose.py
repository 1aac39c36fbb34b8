"""Every change to skeletons by name, and how a recipe's list of them is read.

::

    augment:
      - mirror
      - tempo: {slowest: 0.8, fastest: 1.25}
      - drop_limbs: {probability: 0.3}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np

from physio_core.errors import ConfigError
from physio_core.params import Parameters
from physio_core.skeleton.layouts import Layout
from physio_core.types import FloatArray
from physio_lab.augment.noise import DropFrames, DropJoints, DropLimbs, JointNoise
from physio_lab.augment.space import CameraMotion, CropPicture, LimbProportions, Mirror, RandomMove, RotateView
from physio_lab.augment.time import CropTime, RandomChoose, Tempo
from physio_lab.augment.transform import Changed, Pair, Transform

TRANSFORMS: dict[str, type[Transform]] = {
    "mirror": Mirror,
    "random_move": RandomMove,
    "random_choose": RandomChoose,
    "tempo": Tempo,
    "crop_time": CropTime,
    "crop_picture": CropPicture,
    "rotate_view": RotateView,
    "joint_noise": JointNoise,
    "drop_joints": DropJoints,
    "drop_limbs": DropLimbs,
    "drop_frames": DropFrames,
    "camera_motion": CameraMotion,
    "limb_proportions": LimbProportions,
}
"""Class of each transform by the name that recipes and commands use."""


@dataclass(frozen=True)
class Compose:
    """Transforms one after the other; called like one of them."""

    transforms: tuple[Transform, ...] = ()

    def __call__(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Pair:
        """See :meth:`physio_lab.augment.transform.Transform.__call__`."""
        changed = self.traced(points, confidence, layout, rng)
        return changed.points, changed.confidence

    def traced(self, points: FloatArray, confidence: FloatArray, layout: Layout, rng: np.random.Generator) -> Changed:
        """See :meth:`physio_lab.augment.transform.Transform.traced`."""
        made = Changed(points, confidence, np.arange(points.shape[-3], dtype=float))
        for transform in self.transforms:
            last = transform.traced(made.points, made.confidence, layout, rng)
            frames = np.arange(len(made.showing))
            showing = np.interp(last.showing, frames, made.showing) if len(frames) else made.showing
            made = last._replace(showing=showing, mirrored=last.mirrored != made.mirrored)
        return made

    @staticmethod
    def from_recipe(recipe: Any) -> Compose:
        """Read a list from a recipe: names, or names with settings.

        Args:
            recipe: e.g. ``["mirror", {"tempo": {"slowest": 0.8}}]``, as YAML gives it; None: nothing is done.

        Raises:
            ConfigError: not such a list, an unknown name or setting, a value out of range.
        """
        if not isinstance(recipe, (list, tuple, type(None))):
            raise ConfigError(f"augment: {recipe!r} is not a list; write e.g. [mirror, {{tempo: {{slowest: 0.8}}}}]")
        return Compose(tuple(transform_of(entry) for entry in recipe or ()))


Kind = TypeVar("Kind", bound=Parameters)


def transform_of(entry: Any) -> Transform:
    """One transform from a name or ``{name: settings}``; errors as :meth:`Compose.from_recipe`."""
    return chosen(entry, TRANSFORMS)


def chosen(entry: Any, known: Mapping[str, type[Kind]]) -> Kind:
    """One of the ``known`` classes with its settings, from a name or ``{name: settings}`` as YAML gives it.

    Raises:
        ConfigError: an unknown name or setting, or a value out of range.
    """
    if isinstance(entry, str):
        entry = {entry: None}
    if not isinstance(entry, Mapping) or len(entry) != 1:
        raise ConfigError(f"transform {entry!r}; write one name, or one name with settings: {{NAME: {{probability: 0.5}}}}")
    ((name, settings),) = entry.items()
    if name not in known:
        raise ConfigError(f"unknown transform {name!r}; known: {', '.join(known)}")
    names = [item.name for item in fields(known[name])]
    settings = {} if settings is None else settings
    if not isinstance(settings, Mapping) or set(settings) - set(names):
        raise ConfigError(f"transform {name}: {settings!r}; known settings: {', '.join(names)}")
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in settings.items()}
    try:
        return known[name](**values)
    except ConfigError as error:
        raise ConfigError(f"transform {name}: {error}") from error
