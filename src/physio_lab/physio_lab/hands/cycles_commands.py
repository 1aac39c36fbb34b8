"""`physio hand cycles`: how often hands open and close in real clips, and what hand exercises make of clips without hands.

Clips are played through the coach's own estimator and lock on one hand, as they would be live.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from physio_core.errors import InputError, PhysioError
from physio_core.exercises.catalogue import load_exercises
from physio_core.files import check_writable, write_json
from physio_core.judging.judge import Goal, JudgingConfig
from physio_core.judging.panel import Panel
from physio_core.types import Verdict
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.evaluation.hand_cycles import count_cycles, hands_of
from physio_lab.evaluation.index import INDEX, Clip, plain, read_index, read_of
from physio_lab.reports.intervals import wilson

KIND = "hand"


@dataclass(frozen=True)
class Counted:
    """What was counted in a clip.

    Attributes:
        clip: the clip.
        count: openings or closings; see :class:`~physio_core.hands.cycles.CycleCounter`.
        seen: share of the images with the hand.
        failed: why it could not be played; empty: it could.
    """

    clip: Clip
    count: int = 0
    seen: float = 0.0
    failed: str = ""

    @property
    def wanted(self) -> int | None:
        """Repetitions by eye; None: nobody counted."""
        return self.clip.annotations.repetitions

    @property
    def exact(self) -> bool:
        """Whether the count is what was counted by eye."""
        return not self.failed and self.count == self.wanted


def add_commands(group: Any, name: str) -> None:
    """Add the command to the group `hand`."""
    parser = group.add_parser(name, help="count how often hands open and close, in a folder of clips", description=__doc__)
    parser.add_argument("folder", type=Path, help=f"clips with an {INDEX}: file, label, reps, grade")
    parser.add_argument("--grades", default="AB", help="which clips count (default: %(default)s); all are shown")
    parser.add_argument("--label", default=KIND, help="label of the clips of hands (default: %(default)s)")
    parser.add_argument("--no-hands", action="store_true", help="also ask for every hand exercise on the clips of other labels")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Count, compare, write, print.

    Raises:
        InputError: no index, or no clip of hands.
    """
    clips, label = read_index(options.folder), plain(options.label)
    known = {clip.grade for clip in clips if clip.grade}
    if strange := sorted(set(options.grades.upper()) - known):
        raise InputError(
            f"--grades {options.grades}: no clip has grade {strange[0]}; there are: {', '.join(sorted(known)) or 'none'}"
        )
    own = [clip for clip in clips if clip.label == label]
    if not own:
        raise InputError(
            f"{options.folder} holds no clip of label {label!r}; it has {', '.join(sorted({c.label for c in clips}))}"
        )
    check_writable(options.json, reads=read_of(options.folder))
    console = wide_console()
    with progress(console, "counting", len(own)) as tell:
        found = [_told(_counted(clip), tell) for clip in own]
    graded = [
        one
        for one in found
        if one.wanted is not None and (not options.grades or (one.clip.grade and one.clip.grade in options.grades.upper()))
    ]
    exact = sum(one.exact for one in graded)
    low, high = wilson(exact, len(graded))
    each = {one.clip.path.name: {"counted": one.count, "by_eye": one.wanted, "followed": one.seen} for one in found}
    share = exact / len(graded) if graded else None
    figures: dict[str, Any] = {"n": len(graded), "exact_fraction": share, "interval": [low, high], "clips": each}
    _print(console, found, figures)
    if options.no_hands:
        figures["no_hands"] = _no_hands([clip for clip in clips if clip.label != label], console)
    if options.json:
        write_json(options.json, figures)
    return 0


def _counted(clip: Clip) -> Counted:
    try:
        found = count_cycles(clip.path)
    except PhysioError as error:
        return Counted(clip, failed=str(error))
    return Counted(clip, found.count, found.followed)


def _no_hands(clips: Sequence[Clip], console: Console) -> dict[str, Any]:
    """Ask for every hand exercise on clips that show none: whoever is judged right there was judged wrongly."""
    exercises = [one for one in load_exercises().values() if one.kind == KIND]
    right: dict[str, list[str]] = {}
    seen, images, failed = 0, 0, 0
    with progress(console, "clips without hands", len(clips)) as tell:
        for clip in clips:
            judges = {one.name: Panel().judge(one, JudgingConfig(), -1.0, Goal(1)) for one in exercises}
            try:
                for hand in hands_of(clip.path):
                    images += 1
                    seen += hand.tracked
                    for judge in judges.values():
                        judge.update(hand, hand.stamp_s)
            except PhysioError:
                failed += 1
            called = [name for name, judge in judges.items() if any(one.verdict is Verdict.RIGHT for one in judge.close())]
            if called:
                right[clip.path.name] = called
            tell()
    low, high = wilson(len(right), len(clips))
    console.print(
        f"clips without a hand exercise: {len(clips)}, of {len(exercises)} hand exercises asked for on each, judged right on "
        f"{len(right)} clips ({low:.3f} to {high:.3f}); a hand was followed in {seen / max(images, 1):.3f} of the images",
        highlight=False,
    )
    for name, called in right.items():
        console.print(f"[yellow]{name}: {', '.join(called)}", highlight=False)
    return {
        "n": len(clips), "exercises": len(exercises), "judged_right": len(right), "clips": right, "interval": [low, high],
        "hand_followed": seen / max(images, 1), "failed": failed,
    }  # fmt: skip


def _told(counted: Counted, tell: Any) -> Counted:
    tell()
    return counted


def _print(console: Console, found: Sequence[Counted], figures: dict[str, Any]) -> None:
    table = Table("clip", "grade", "by eye", "counted", "hand followed", "exact")
    for one in found:
        by_eye = "-" if one.wanted is None else str(one.wanted)
        exact = "-" if one.wanted is None else "yes" if one.exact else "NO"
        table.add_row(one.clip.path.name, one.clip.grade, by_eye, one.failed or str(one.count), f"{one.seen:.2f}", exact)
    console.print(table)
    share = figures["exact_fraction"]
    low, high = figures["interval"]
    told = "-" if share is None else f"{share:.3f} ({low:.3f} to {high:.3f})"
    console.print(f"{figures['n']} clips of these grades with a count; exact {told}", highlight=False)
