"""What refinement is worth, on simulated workers whose truth is known; each part is kept in a folder and never made twice.

Taught are workers in thin, thick, textured and work gloves; measured is on other people, in those gloves (*own*), in striped ones
(*other*, a kind that no one taught wore) and bare (*bare*).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.camera.video import read_video
from physio_lab.refining.activities import recognise
from physio_lab.refining.estimators import (
    LastLayers,
    load_candidates,
    load_labelled,
    save_candidates,
    save_labelled,
)
from physio_lab.refining.filters import NO_FILTER, Candidates, FilterConfig, filter_hands
from physio_lab.refining.heads import Heads, Rows, fit
from physio_lab.refining.labels import LabelConfig
from physio_lab.refining.loop import HEADS, LoopConfig, Outcome, refine
from physio_lab.refining.networks import HandNetworks
from physio_lab.refining.seeing import FORWARD, SeeConfig
from physio_lab.refining.truth import Measured, errors, measure, surest
from physio_lab.reports.confusion import Confusion
from physio_lab.reports.intervals import accuracy, interval
from physio_lab.synthetic.assembly import INDEX, Clip, Worker, read_clips, workers, write_clips

OWN, OTHER = ("thin", "thick", "textured", "work"), "coloured"
KINDS = (*OWN, OTHER)
THINGS = ("tool", "tool", "ball", "ball", "bar", "bar")
SETS: dict[str, tuple[Sequence[Worker], int]] = {
    "refine": (workers(15, KINDS, 0), 0),
    "test": (workers(20, KINDS, 100), 0),
    "occluded": (workers(6, ("textured", "work"), 200, THINGS), 0),
    "bare": (workers(4, ("none",), 300), 0),
    "annotated": (workers(6, ("none", *KINDS), 400), 1),
}
"""Who is in each set, and the seed."""
RATES = (0.2, 0.1, 0.05, 0.02, 0.0)
STRETCH = 9
"""Images that are kept together where fewer detections are allowed."""
FILTERS = FilterConfig(most_hands=1)
SEE, LIVE = SeeConfig(most_hands=1), SeeConfig(most_hands=1, follow=FORWARD)
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        what: is measured, e.g. the iteration.
        on: which hands.
        measured: how well they are seen.
        note: anything else.
    """

    what: str
    on: str
    measured: Measured
    note: str = ""


class Bench:
    """The experiments, in one folder."""

    def __init__(self, work: Path, tell: Tell = lambda _: None) -> None:
        """Errors as :class:`HandNetworks`; each method besides raises OutputError where the folder cannot be written."""
        self._work, self._tell = work, tell
        self._networks, self._eager = HandNetworks(), HandNetworks(least_score=0.2)
        self._first = LastLayers(self._networks, seen=SEE, labelled=LabelConfig())

    def clips(self, name: str, gloves: Sequence[str] = (), every: int = 1) -> list[Clip]:
        """Some clips of a set, activities in turn over workers; rendered where they are not there."""
        folder = self._work / "sets" / name
        if not (folder / INDEX).exists():
            self._tell(f"rendering {name}")
            write_clips(folder, *SETS[name])
        chosen = [(n, clip) for n, clip in enumerate(read_clips(folder)) if not gloves or clip.glove in gloves]
        return [clip for n, clip in chosen if (n % 6 + n // 6) % every == 0]

    def tests(self) -> dict[str, list[Clip]]:
        """What is measured on, by name."""
        return {
            "other": self.clips("test", (OTHER,)), "own": self.clips("test", OWN, 6), "bare": self.clips("bare", every=4),
        }  # fmt: skip

    def see(
        self, model: str, heads: Heads | None, name: str, clips: Sequence[Clip], config: SeeConfig = LIVE
    ) -> list[Candidates]:
        """What an estimator sees of clips of a set."""
        networks = self._networks if config.min_score >= SEE.min_score else self._eager
        estimator, seen = LastLayers(networks, heads or Heads(), config), []
        for clip in clips:
            path = self._work / "seen" / f"{model}_{config.follow}" / name / f"{clip.file}.npz"
            if not path.exists():
                self._tell(f"{model}: looking at {clip.file}")
                save_candidates(path, estimator.see(read_video(self._work / "sets" / name / clip.file)))
            seen.append(load_candidates(path))
        return seen

    def run(self) -> Outcome:
        """The refinement itself, as `physio hand refine` does it."""
        videos = [self._work / "sets" / "refine" / clip.file for clip in self.clips("refine", OWN, 2)]
        others = {"see": asdict(SEE), "label": asdict(LabelConfig())}
        return refine(videos, self._work / "run", self._first, LoopConfig(), FILTERS, others, self._tell)

    def heads(self, iteration: int) -> Heads | None:
        """Of one iteration of the run."""
        return Heads.load(self._work / "run" / f"iteration_{iteration}" / HEADS) if iteration else None

    def first_seen(self) -> tuple[list[Candidates], list[Clip]]:
        """What the estimator as it came sees of all workers that teach, striped gloves too."""
        clips = self.clips("refine", OWN, 2) + self.clips("refine", (OTHER,), 2)
        run = sorted((self._work / "run" / "iteration_0" / "seen").glob("*.npz"))
        seen = [load_candidates(path) for path in run]
        return seen + self.see("first", None, "refine", clips[len(seen) :], SEE), clips

    def taught(
        self, name: str, seen: Sequence[Candidates], clips: Sequence[Clip], filters: FilterConfig, **which: bool
    ) -> list[Rows]:
        """What clips teach under some filter."""
        found = []
        for number, (one, clip) in enumerate(zip(seen, clips, strict=True)):
            path = self._work / "taught" / name / f"{clip.file}.npz"
            if not path.exists():
                self._tell(f"{name}: what {clip.file} teaches")
                believed = filter_hands(one, filters, **which)
                save_labelled(path, self._first.label(read_video(self._work / "sets" / "refine" / clip.file), believed, number))
            found.append(load_labelled(path).rows)
        return found

    def fitted(self, name: str, rows: Sequence[Rows]) -> Heads | None:
        """The last layers that these rows teach; None: too few to teach anything."""
        path = self._work / "heads" / f"{name}.npz"
        if not path.exists():
            every = Rows.joined(list(rows))
            if len(every.hands) < LoopConfig().least_hands or not len(every.nothing):
                return None
            self._tell(f"{name}: teaching")
            fit(every).save(path)
        return Heads.load(path)

    def measured(self, model: str, heads: Heads | None, name: str, clips: Sequence[Clip]) -> Measured:
        """How well an estimator sees clips."""
        return measure(self.see(model, heads, name, clips), clips)


def iterations(bench: Bench) -> list[Row]:
    """Every iteration of the run, on other people: in the own gloves, in a kind that nobody taught, and bare."""
    told, found = bench.run().iterations, []
    for on, clips in bench.tests().items():
        name = "bare" if on == "bare" else "test"
        seen = [bench.see(f"iteration_{one.iteration}", bench.heads(one.iteration), name, clips) for one in told]
        off = [np.concatenate([errors(surest(one), clip)[:, 0] for one, clip in zip(some, clips, strict=True)]) for some in seen]
        common = np.isfinite(off).all(0)
        for one, some, mine in zip(told, seen, off, strict=True):
            note = "kept" if one.kept_iteration else "not kept"
            if common.any():
                note += f"; mean error {mine[common].mean():.3f} on the {common.sum()} images that every iteration sees"
            found.append(Row(str(one.iteration), on, measure(some, clips), note))
    return found


def filters_apart(bench: Bench) -> list[Row]:
    """The filters apart and together: what one iteration teaches from what each lets through."""
    seen, clips = bench.first_seen()
    own = len(bench.clips("refine", OWN, 2))
    ways: dict[str, tuple[FilterConfig, dict[str, bool]]] = {
        "none": (NO_FILTER, {}), "spatial": (FILTERS, {"temporal": False}), "temporal": (FILTERS, {"spatial": False}),
        "both": (FILTERS, {}),
    }  # fmt: skip
    found = []
    for name, (config, which) in ways.items():
        heads = bench.fitted(f"filter_{name}", bench.taught(f"filter_{name}", seen[:own], clips[:own], config, **which))
        believed = [filter_hands(one, config, **which) for one in seen[:own]]
        off = np.concatenate([errors(one.points, clip).ravel() for one, clip in zip(believed, clips, strict=False)])
        off = off[np.isfinite(off)]
        note = f"{len(off)} hands, {(off <= 0.1).mean():.2f} of them right"
        found.append(Row(name, "other", bench.measured(f"filter_{name}", heads, "test", bench.clips("test", (OTHER,), 2)), note))
    return found


def rates(bench: Bench) -> list[Row]:
    """One iteration from fewer and fewer images with a hand at the start."""
    seen, clips = bench.first_seen()
    own = len(bench.clips("refine", OWN, 2))
    found = []
    for rate in RATES:
        name = f"rate_{round(100 * rate)}"
        thin = thinned(seen[:own], rate)
        rows = bench.taught(name, thin, clips[:own], FILTERS)
        heads = bench.fitted(name, rows)
        note = "taught" if heads else "nothing taught"
        made = bench.measured(name if heads else "iteration_0", heads, "test", bench.clips("test", (OTHER,), 2))
        found.append(Row(f"{rate:.0%}", "other", made, f"{sum(len(one.hands) for one in rows)} looks, {note}"))
    return found


def thinned(seen: Sequence[Candidates], rate: float) -> list[Candidates]:
    """Hands left in so many of all images only, in stretches of :data:`STRETCH`."""
    rng, count = np.random.default_rng(7), sum(len(one.stamps_s) for one in seen)
    parts = [(clip, start) for clip, one in enumerate(seen) for start in range(0, len(one.stamps_s), STRETCH)]
    allowed = [np.zeros(len(one.stamps_s), bool) for one in seen]
    left = round(rate * count)
    for number in rng.permutation(len(parts)):
        clip, start = parts[int(number)]
        there = np.flatnonzero(seen[clip].found.any(1)[start : start + STRETCH])[:left] + start
        allowed[clip][there] = True
        left -= len(there)
    return [
        replace(one, points=np.where(which[:, None, None, None], one.points, np.nan))
        for one, which in zip(seen, allowed, strict=True)
    ]


def gloves(bench: Bench) -> list[Row]:
    """Each kind of glove, before, and after workers in all the others have taught."""
    seen, clips = bench.first_seen()
    rows = bench.taught("filter_both", seen, clips, FILTERS)
    found = []
    for kind in KINDS:
        heads = bench.fitted(f"without_{kind}", [one for one, clip in zip(rows, clips, strict=True) if clip.glove != kind])
        test = bench.clips("test", (kind,), 3)
        found.append(Row("before", kind, bench.measured("iteration_0", None, "test", test)))
        found.append(Row("after", kind, bench.measured(f"without_{kind}", heads, "test", test), "taught by the four other kinds"))
    return found


def occlusion(bench: Bench) -> list[Row]:
    """With things in the hand, none of which were there when it was taught."""
    best, found = bench.run().best, []
    for what, number in (("before", 0), ("after", best)):
        for thing in dict.fromkeys(THINGS):
            clips = [clip for clip in bench.clips("occluded", every=2) if clip.occluder == thing]
            found.append(Row(what, thing, bench.measured(f"iteration_{number}", bench.heads(number), "occluded", clips)))
    return found


def activities(bench: Bench) -> dict[str, dict[str, Any]]:
    """Activities told from the poses, before and after: taught by the workers that were refined on, told of others."""
    found: dict[str, dict[str, Any]] = {}
    taught = bench.clips("refine", OWN)
    for what, number in (("before", 0), ("after", bench.run().best)):
        model, heads = f"iteration_{number}", bench.heads(number)
        known = bench.see(model, heads, "refine", taught), taught
        for on in ("other", "own"):
            clips = bench.tests()[on]
            people: list[Confusion] = list(recognise(known, (bench.see(model, heads, "test", clips), clips), FILTERS).values())
            total = Confusion(people[0].labels, np.sum([one.counts for one in people], axis=0), people[0].others)
            low, high = interval(people, accuracy)
            found[f"{what} {on}"] = {
                "clips": total.total, "top1": total.accuracy, "low": low, "high": high, "balanced": total.balanced_accuracy,
                "nothing_told": int(total.counts[:, -1].sum()), "confusion": total.as_dict(),
            }  # fmt: skip
    return found


def annotated(bench: Bench) -> tuple[list[Candidates], list[Clip]]:
    """Candidates to try filters on: people of their own, bare and gloved, seen by an estimator that takes much for a hand."""
    eager = SeeConfig(most_hands=1, min_score=0.2, min_presence=0.2)
    clips = bench.clips("annotated", every=2)
    return bench.see("eager", None, "annotated", clips, eager), clips
