"""What the loop asks of an estimator that can be taught, and the one that ships: MediaPipe's networks with other last layers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Protocol

import numpy as np

from physio_core.errors import InputError
from physio_core.files import writing
from physio_core.types import Frame
from physio_lab.refining.filters import Candidates, Filtered
from physio_lab.refining.heads import Heads, Rows, fit
from physio_lab.refining.labels import LabelConfig, Labelled, label
from physio_lab.refining.networks import HandNetworks
from physio_lab.refining.seeing import HandSeer, SeeConfig


class Teachable(Protocol):
    """An estimator of hands that believed hands make another one of."""

    def see(self, frames: Iterable[Frame]) -> Candidates:
        """All hands of a video; raises EstimatorError."""
        ...

    def label(self, frames: Iterable[Frame], believed: Filtered, seed: int) -> Labelled:
        """What a video teaches; the same seed gives the same."""
        ...

    def taught(self, rows: Rows) -> Teachable:
        """The estimator that a pseudo-set makes of this one; raises ConfigError where it teaches nothing."""
        ...

    def save(self, path: Path) -> None:
        """Write what is taught, whole or not at all."""
        ...

    def load(self, path: Path) -> Teachable:
        """An estimator as :meth:`save` wrote it; raises ModelError."""
        ...


@dataclass(frozen=True)
class LastLayers:
    """The one that ships.

    Attributes:
        networks: MediaPipe's.
        heads: last layers; empty: MediaPipe's own.
        seen: how hands are looked for.
        labelled: how a pseudo-set is made.
    """

    networks: HandNetworks
    heads: Heads = field(default_factory=Heads)
    seen: SeeConfig = field(default_factory=SeeConfig)
    labelled: LabelConfig = field(default_factory=LabelConfig)

    def see(self, frames: Iterable[Frame]) -> Candidates:
        """See :class:`Teachable`."""
        return self._seer.see(frames)

    def label(self, frames: Iterable[Frame], believed: Filtered, seed: int) -> Labelled:
        """See :class:`Teachable`."""
        return label(frames, believed, self._seer, self.labelled, seed)

    def taught(self, rows: Rows) -> LastLayers:
        """See :class:`Teachable`."""
        return LastLayers(self.networks, fit(rows), self.seen, self.labelled)

    def save(self, path: Path) -> None:
        """See :class:`Teachable`."""
        self.heads.save(path)

    def load(self, path: Path) -> LastLayers:
        """See :class:`Teachable`."""
        return LastLayers(self.networks, Heads.load(path), self.seen, self.labelled)

    @property
    def _seer(self) -> HandSeer:
        return HandSeer(self.networks, self.heads, self.seen)


def save_candidates(path: Path, found: Candidates) -> None:
    """Write them, whole or not at all; raises OutputError."""
    with writing(path) as part, part.open("wb") as file:
        np.savez(file, **{one.name: getattr(found, one.name) for one in fields(Candidates)})


def load_candidates(path: Path) -> Candidates:
    """What :func:`save_candidates` wrote.

    Raises:
        InputError: the file is damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            made = {one.name: file[one.name] for one in fields(Candidates)}
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path} cannot be read: {error}; delete it, and it is made again") from error
    return Candidates(**{**made, "height_px": int(made["height_px"])})


def save_labelled(path: Path, made: Labelled) -> None:
    """Write what a video teaches, whole or not at all; raises OutputError."""
    with writing(path) as part, part.open("wb") as file:
        arrays = {one.name: getattr(made.rows, one.name).astype(np.float16) for one in fields(Rows)}
        np.savez(file, spread=made.spread, counts=np.array([made.hands, made.unsure]), **arrays)


def load_labelled(path: Path) -> Labelled:
    """What :func:`save_labelled` wrote.

    Raises:
        InputError: the file is damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            hands, unsure = file["counts"].tolist()
            return Labelled(Rows(**{one.name: file[one.name] for one in fields(Rows)}), hands, unsure, file["spread"])
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path} cannot be read: {error}; delete it, and it is made again") from error
