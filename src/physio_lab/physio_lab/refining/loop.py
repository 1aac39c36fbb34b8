"""The loop: see, filter, teach, and again, as long as it helps; every step is a file, so that what is killed goes on.

A folder holds ``run.json`` (what was asked for), ``iteration_N`` with what was seen in each video (``seen``), what each teaches
(``taught``), the estimator (``heads.npz``) and ``report.json``, and at the end ``model.npz`` and ``report.json`` of the whole.
Nothing is annotated: whether an iteration helped is told by videos that are kept apart, by the share of their images with a
hand that the filters believe; once that is all of them, by the same share of all videos.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.camera.video import read_video
from physio_core.errors import ConfigError, OutputError, SourceError
from physio_core.files import check_folder, write_json
from physio_core.params import Parameters, param
from physio_core.types import FloatArray, Frame
from physio_lab.refining.estimators import (
    Teachable,
    load_candidates,
    load_labelled,
    save_candidates,
    save_labelled,
)
from physio_lab.refining.filters import RULES, Candidates, FilterConfig, Filtered, filter_hands, hand_length
from physio_lab.refining.heads import Rows

VERSION = 1
RUN, REPORT, MODEL, HEADS = "run.json", "report.json", "model.npz", "heads.npz"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class LoopConfig(Parameters):
    """How often, and when to stop."""

    iterations: int = param(3, "The most that are taught.", low=0, high=20)
    held_out: float = param(0.2, "Share of the videos that only tell whether an iteration helped.", low=0.0, high=0.9)
    least_rise: float = param(0.01, "By how much that share of images must rise for an iteration to be kept.", low=0.0, high=1.0)
    least_hands: int = param(20, "Believed hands below which nothing is taught.", low=1, high=1000000)


@dataclass(frozen=True)
class Told:
    """One iteration, as its report has it. Shares are of images.

    Attributes:
        iteration: 0 is the estimator as it came.
        images: of all videos.
        detected: with any hand.
        kept: with a hand that is believed.
        filled: with one that was filled in, and no other.
        dropped: hands by the rule that dropped them.
        validation: ``kept`` or filled, of the videos that are kept apart.
        agreement: mean distance to the iteration before where both believe a hand [hand lengths]; None: there is none.
        hands: that were taught after it.
        unsure: hands that were not, since looks at them differ.
        kept_iteration: whether it is better than what was before.
    """

    iteration: int
    images: int
    detected: float
    kept: float
    filled: float
    dropped: dict[str, int]
    validation: float
    agreement: float | None = None
    hands: int = 0
    unsure: int = 0
    kept_iteration: bool = True


@dataclass(frozen=True)
class Outcome:
    """A run.

    Attributes:
        iterations: each of them.
        best: the one whose estimator is the result; 0: nothing was better.
        why: it ended.
        refused: videos that could not be used, by why.
    """

    iterations: list[Told]
    best: int
    why: str
    refused: dict[str, str] = field(default_factory=dict)


def refine(
    videos: Sequence[Path], folder: Path, first: Teachable, loop: LoopConfig, filters: FilterConfig, others: dict[str, Any],
    tell: Tell = lambda _: None,
) -> Outcome:  # fmt: skip
    """Run, or go on with, a refinement.

    Args:
        videos: files.
        folder: of the run; one that was begun with the same videos and settings goes on.
        first: the estimator as it is.
        loop: how often.
        filters: what is believed.
        others: settings of the estimator, which must be the same when a run goes on.
        tell: is told each step.

    Raises:
        SourceError: no video can be read.
        ConfigError: the folder is of another run.
        OutputError: it cannot be written.
    """
    good, refused = _readable(videos)
    asked = {
        "version": VERSION, "videos": {str(path): path.stat().st_size for path in good},
        "settings": {"loop": asdict(loop), "filters": asdict(filters), **others},
    }  # fmt: skip
    _begin(folder, asked)
    run = _Run(good, folder, loop, filters, tell)
    outcome = run.go(first, refused)
    write_json(folder / REPORT, asdict(outcome))
    return outcome


def _readable(videos: Sequence[Path]) -> tuple[list[Path], dict[str, str]]:
    good, refused = [], {}
    for path in videos:
        try:
            next(read_video(path), None)
            good.append(path)
        except SourceError as error:
            refused[str(path)] = str(error)
    if not good:
        raise SourceError(
            f"none of {len(videos)} videos can be read; the first: {next(iter(refused.values()), 'none was given')}"
        )
    return good, refused


def _begin(folder: Path, asked: dict[str, Any]) -> None:
    check_folder(folder)
    if not (folder / RUN).exists():
        if folder.exists() and any(folder.iterdir()):
            raise OutputError(f"{folder} holds something that is no refinement; choose another folder")
        write_json(folder / RUN, asked)
        return
    try:
        was = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{folder / RUN} cannot be read: {error}; delete the folder, or choose another") from error
    if not isinstance(was, dict) or was.get("version") != VERSION:
        raise ConfigError(f"{folder} is a refinement of another version; delete it, or choose another folder")
    other = [name for name in ("videos", "settings") if was.get(name) != json.loads(json.dumps(asked[name]))]
    if other:
        raise ConfigError(f"{folder} was begun with other {' and '.join(other)}; give the same again, or choose another folder")


class _Run:
    """One run, step by step."""

    def __init__(self, videos: Sequence[Path], folder: Path, loop: LoopConfig, filters: FilterConfig, tell: Tell) -> None:
        self._videos, self._folder, self._loop, self._filters, self._tell = videos, folder, loop, filters, tell
        # Every so manieth video, so that they are spread over people and scenes that come in order.
        apart = min(round(loop.held_out * len(videos)), len(videos) - 1)
        self._apart = {round((n + 0.5) * len(videos) / apart - 0.5) for n in range(apart)}

    def go(self, estimator: Teachable, refused: dict[str, str]) -> Outcome:
        told: list[Told] = []
        best, why, before = 0, "all iterations were made", None
        for number in range(self._loop.iterations + 1):
            place = self._folder / f"iteration_{number}"
            if number:
                estimator = self._taught(estimator, place)
            seen = [self._seen(estimator, place, n) for n in range(len(self._videos))]
            believed = [filter_hands(one, self._filters) for one in seen]
            now = self._report(number, seen, believed, before)
            better = not told or self._better(now, told[best])
            told.append(replace(now, kept_iteration=better))
            if not better:
                why = f"iteration {number} was not better on what is kept apart"
                break
            best, before = number, believed
            if number == self._loop.iterations:
                break
            labelled = [
                self._labelled(estimator, place, n, believed[n]) for n in range(len(self._videos)) if n not in self._apart
            ]
            hands, unsure = (sum(getattr(one, name) for one in labelled) for name in ("hands", "unsure"))
            told[-1] = replace(told[-1], hands=hands - unsure, unsure=unsure)
            write_json(place / REPORT, asdict(told[-1]))
            if hands - unsure < self._loop.least_hands:
                why = f"{hands - unsure} believed hands are too few to teach anything; {self._loop.least_hands} are needed"
                break
            self._next_rows = Rows.joined([one.rows for one in labelled])
        write_json(self._folder / f"iteration_{len(told) - 1}" / REPORT, asdict(told[-1]))
        if best:
            shutil.copyfile(self._folder / f"iteration_{best}" / HEADS, self._folder / (MODEL + ".part"))
            (self._folder / (MODEL + ".part")).replace(self._folder / MODEL)
        return Outcome(told, best, why, refused)

    def _better(self, now: Told, best: Told) -> bool:
        """By what is kept apart; where that can rise no more, by all videos."""
        rise = self._loop.least_rise
        if best.validation + rise <= 1.0:
            return now.validation >= best.validation + rise
        return now.validation >= best.validation and now.kept + now.filled >= best.kept + best.filled + rise

    def _taught(self, estimator: Teachable, place: Path) -> Teachable:
        if not (place / HEADS).exists():
            self._tell(f"{place.name}: teaching")
            estimator.taught(self._next_rows).save(place / HEADS)
        return estimator.load(place / HEADS)

    def _seen(self, estimator: Teachable, place: Path, number: int) -> Candidates:
        path = place / "seen" / f"{number:05d}.npz"
        if not path.exists():
            self._tell(f"{place.name}: looking at {self._videos[number].name}")
            save_candidates(path, estimator.see(self._frames(number)))
        return load_candidates(path)

    def _labelled(self, estimator: Teachable, place: Path, number: int, believed: Filtered) -> Any:
        path = place / "taught" / f"{number:05d}.npz"
        if not path.exists():
            self._tell(f"{place.name}: what {self._videos[number].name} teaches")
            save_labelled(path, estimator.label(self._frames(number), believed, number))
        return load_labelled(path)

    def _frames(self, number: int) -> Iterator[Frame]:
        return read_video(self._videos[number])

    def _report(
        self, number: int, seen: Sequence[Candidates], believed: Sequence[Filtered], before: Sequence[Filtered] | None
    ) -> Told:
        images = sum(len(one.stamps_s) for one in seen)
        detected = sum(int(one.found.any(1).sum()) for one in seen)
        kept = [one.kept.any(1) for one in believed]
        filled = [one.filled.any(1) & ~mine for one, mine in zip(believed, kept, strict=True)]
        apart = sorted(self._apart) or range(len(seen))
        good = sum(int((kept[n] | filled[n]).sum()) for n in apart)
        return Told(
            number, images, detected / max(images, 1), sum(int(one.sum()) for one in kept) / max(images, 1),
            sum(int(one.sum()) for one in filled) / max(images, 1),
            {rule: sum(one.dropped[rule] for one in believed) for rule in RULES},
            good / max(sum(len(seen[n].stamps_s) for n in apart), 1),
            None if before is None else _agreement(before, believed),
        )  # fmt: skip


def _agreement(before: Sequence[Filtered], now: Sequence[Filtered]) -> float | None:
    """Mean distance of hands that both believe, each to the nearest of the other; in hand lengths."""
    apart: list[FloatArray] = []
    for one, other in zip(before, now, strict=True):
        far = np.linalg.norm((one.points[:, :, None] - other.points[:, None])[..., :2], axis=-1).mean(-1)
        near = np.where(np.isfinite(far), far, np.inf).min(2) / hand_length(one.points)
        apart.append(near[np.isfinite(near)])
    every = np.concatenate(apart)
    return float(every.mean()) if len(every) else None
