"""`physio hand body`: items of the arm that one camera can judge, 0 to 2 by rules on angles, of a try in a video; an aid."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from physio_core.assessment.body_items import SIDES, BodyItem, BodyScore, load_body_items, reading_of, score_body
from physio_core.assessment.readings import Readings
from physio_core.camera.video import read_video
from physio_core.cli import AMISS, DONE
from physio_core.files import check_writable, write_json
from physio_core.pose.choice import REFERENCE
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_core.pose.tracker import PoseTracker
from physio_core.skeleton.angle_table import load_angles
from physio_core.skeleton.heading import HeadingEstimator
from physio_core.skeleton.layouts import BODY_25, Layout
from physio_core.skeleton.stream import JointFrame, JointStream
from physio_core.types import Skeleton
from physio_lab.evaluation.commands import wide_console

RATE_HZ = 15.0
LONGEST_S = 600.0
NOTE = "An aid for the therapist who decides; what one camera cannot tell of the item is not looked at."


def add_body(group: Any, name: str) -> None:
    """Add the command."""
    parser = group.add_parser(name, help="score a try of an arm item in a video, by rules on angles", description=__doc__)
    parser.add_argument("video", type=Path, help="one try by one person")
    parser.add_argument("--item", required=True, metavar="ITEM", choices=sorted(load_body_items()), help="what was asked")
    parser.add_argument("--side", required=True, choices=SIDES, help="which arm")
    parser.add_argument("--json", type=Path, help="write the score there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Watch, score, print; :data:`AMISS` where nothing can be told, with the reason.

    Raises:
        SourceError: the video cannot be read.
        ModelError: the estimator cannot be used.
    """
    check_writable(options.json, reads=[options.video])
    item, console = load_body_items()[options.item], wide_console()
    with console.status("watching"):
        found = scored(_skeletons(options.video), BODY_25, options.item, item, options.side)
    if options.json:
        told = {"item": found.item, "side": options.side, "level": found.level, "reason": found.reason, "note": NOTE}
        write_json(options.json, told)
    words = "not scored" if found.level is None else str(found.level)
    console.print(f"{options.item.replace('_', ' ')}, {options.side} arm: [bold]{words}[/]: {found.reason}")
    console.print(NOTE)
    return AMISS if found.level is None else DONE


def scored(skeletons: Iterator[Skeleton], layout: Layout, name: str, item: BodyItem, side: str) -> BodyScore:
    """The score of one try, of the joints of one person, image by image."""
    table = load_angles()
    angles = [reading for reading in item.readings if {reading, f"{side}_{reading}"} & set(table)]
    readings = Readings(layout, angles, [one for one in item.readings if one not in angles], LONGEST_S)
    stream, heading = JointStream(layout, RATE_HZ), HeadingEstimator(layout)
    first_s = last_s = 0.0
    for frame in _frames(stream, skeletons):
        turned = heading.update(frame.stamp_s, frame.points, frame.confidence, frame.world_m)
        if turned:
            readings.add(frame, turned.view)
            first_s, last_s = first_s or frame.stamp_s, frame.stamp_s
    view = readings.view(first_s, last_s)
    return score_body(name, item, lambda reading: readings.of(reading_of(reading, side, readings.names)), view)


def _frames(stream: JointStream, skeletons: Iterator[Skeleton]) -> Iterator[JointFrame]:
    for skeleton in skeletons:
        yield from stream.update(skeleton)


def _skeletons(video: Path) -> Iterator[Skeleton]:
    tracker = PoseTracker(make_estimator(PoseConfig(estimator=REFERENCE), BODY_25))
    try:
        for frame in read_video(video):
            yield tracker.update(frame)
    finally:
        tracker.close()
