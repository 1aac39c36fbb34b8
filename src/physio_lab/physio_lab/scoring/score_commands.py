"""`physio hand score` and `physio hand features`: a try in a video scored 0 to 2, and what is looked at; an aid, no diagnosis."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from physio_core.camera.video import read_video
from physio_core.cli import AMISS, DONE
from physio_core.csv_table import new_table, read_table
from physio_core.errors import ConfigError, SourceError
from physio_core.files import check_writable, write_json
from physio_core.hands.features import FEATURES, GROUPS
from physio_core.hands.scoring import ITEMS, LEVELS, NOTE, FmaScorer, Score
from physio_core.hands.trial import Trial
from physio_core.patient_code import checked_code
from physio_core.pose.choice import REFERENCE
from physio_core.pose.hand_estimator import HandConfig, make_hand_estimator
from physio_core.pose.hand_tracker import HandTracker
from physio_core.types import Hand
from physio_lab.evaluation.commands import wide_console

COLUMNS = ("try", "patient", "item", "side", "told", "why_not", "p0", "p1", "p2", "level", "therapist", "reason")
"""Of a table of scores: what was told, and what a therapist says instead; the latter is what a scorer may learn from."""


@dataclass(frozen=True)
class _Seen:
    """A video: who was seen in it."""

    trial: Trial
    side: str


def add_score(group: Any, name: str) -> None:
    """Add the command."""
    parser = group.add_parser(name, help="score a try of a hand item in a video, 0 to 2", description=__doc__)
    parser.add_argument("video", type=Path, help="one try: rest, movement, rest")
    parser.add_argument("--item", required=True, choices=ITEMS, metavar="ITEM", help=f"what was asked: {', '.join(ITEMS)}")
    parser.add_argument("--side", default="", choices=("", "left", "right"), help="which hand (default: the one that is seen)")
    parser.add_argument("--model", default="", metavar="FOLDER", help="of the scorer (default: the one that ships)")
    parser.add_argument("--json", type=Path, help="write the score there")
    parser.add_argument("--scores", type=Path, metavar="CSV", help="put the score into this table, one row a video")
    parser.add_argument("--patient", default="", metavar="CODE", help="whose, for the table")
    parser.add_argument(
        "--level", type=int, choices=range(LEVELS), help="what a therapist says instead; kept in the table beside what was told"
    )
    parser.add_argument("--therapist", default="", metavar="CODE", help="who says so")
    parser.add_argument("--reason", default="", help="why, in words")
    parser.set_defaults(run=run_score)


def add_features(group: Any, name: str) -> None:
    """Add the command."""
    parser = group.add_parser(name, help="what scorers look at in each image of a hand, by name")
    parser.set_defaults(run=run_features)


def run_features(_options: argparse.Namespace) -> int:
    """Print the list, by group."""
    console = wide_console()
    table = Table("group", "features", "names", title=f"{len(FEATURES)} features an image")
    for group, names in GROUPS.items():
        table.add_row(group, str(len(names)), ", ".join(names))
    console.print(table)
    return 0


def run_score(options: argparse.Namespace) -> int:
    """Watch, score, keep, print; :data:`AMISS` where nothing is told, with the reason.

    Raises:
        ConfigError: a level without a table to keep it in, a table of other columns, no code of a patient.
        SourceError: the video cannot be read.
        ModelError: the scorer or the estimator cannot be used.
    """
    if (options.level is not None or options.patient) and options.scores is None:
        raise ConfigError("--level and --patient are kept in a table: name one with --scores CSV")
    if options.patient:
        checked_code(options.patient)
    check_writable(options.json, options.scores, reads=[options.video])
    if not options.video.is_file():
        raise SourceError(f"no such video: {options.video}")
    scorer, console = FmaScorer(options.model), wide_console()
    with console.status("watching"):
        seen = watched(options.video, options.side)
    found = scorer.score(seen.trial, options.item)
    if options.json:
        write_json(options.json, as_dict(found, seen.side))
    if options.scores:
        _keep(options, found, seen.side)
    console.print(f"{options.item.replace('_', ' ')}, {seen.side or 'no'} hand: [bold]{found.words}[/]")
    if found.probabilities:
        console.print("probabilities: " + ", ".join(f"{level}: {share:.2f}" for level, share in enumerate(found.probabilities)))
    if options.level is not None:
        console.print(f"kept: {options.level}, as a therapist says")
    console.print(NOTE)
    return AMISS if found.level is None else DONE


def watched(video: Path, side: str = "") -> _Seen:
    """One hand of a video over time.

    Args:
        video: the file.
        side: which hand; empty: the one that is seen first.

    Raises:
        SourceError: it cannot be read.
    """
    hands = list(_hands(video, side))
    tracked = [hand.side for hand in hands if hand.tracked]
    seen = side or (max(set(tracked), key=tracked.count) if tracked else "")
    return _Seen(Trial.of((hand.skeleton for hand in hands), seen == "left"), seen)


def _hands(video: Path, side: str) -> Iterator[Hand]:
    tracker = HandTracker(make_hand_estimator(HandConfig(hand_estimator=REFERENCE)))
    tracker.lock.ask(side)
    try:
        for frame in read_video(video):
            yield tracker.update(frame)
    finally:
        tracker.close()


def as_dict(found: Score, side: str) -> dict[str, Any]:
    """A score as JSON can hold it."""
    points = found.points
    looked = {} if points is None else {
        "start_s": points.start_s, "end_s": points.end_s, "moved": points.moved, "seen": points.seen,
        "longest_gap_s": points.gap_s,
    }  # fmt: skip
    told = {"item": found.item, "side": side, "level": found.level, "reason": found.reason}
    return {**told, "probabilities": list(found.probabilities), **looked, "note": NOTE}


def _keep(options: argparse.Namespace, found: Score, side: str) -> None:
    there = options.scores.exists()
    table = read_table(options.scores, COLUMNS, "a table of scores") if there else new_table(options.scores, COLUMNS)
    shares = dict(zip(("p0", "p1", "p2"), (f"{share:.3f}" for share in found.probabilities), strict=False))
    cells = {
        "try": options.video.name, "patient": options.patient, "item": options.item, "side": side,
        "told": "" if found.level is None else found.level, "why_not": found.reason, **shares,
    }  # fmt: skip
    if options.level is not None:
        cells |= {"level": options.level, "therapist": options.therapist, "reason": options.reason}
    table.put("try", cells)
