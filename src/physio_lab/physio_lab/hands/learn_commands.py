"""`physio hand learn NAME`: a hand exercise of a good and a few wrong positions, from pictures, videos or a camera; no code.

Of a camera only landmarks are kept, for as long as the command runs; pictures go into a page only where that is asked for.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from physio_core.camera.config import CameraConfig
from physio_core.camera.sources import open_source
from physio_core.errors import ConfigError, InputError
from physio_core.exercises.catalogue import check_name, load_exercises
from physio_core.exercises.figure import FOLDER as FIGURES
from physio_core.exercises.hand import FOLDER as STATES
from physio_core.files import check_writable, write_text
from physio_core.hands.states import GOOD
from physio_core.types import FloatArray, Frame
from physio_lab.hands.exercise import Asked, exercise_text, figure_text
from physio_lab.hands.learning import How, learn_states, states_text
from physio_lab.hands.page import states_page
from physio_lab.hands.pictures import INDEX, read_pictures, see_all, see_pictures, seen_in
from physio_lab.taught.exercise import said_in

COMMAND = "physio hand learn"
LIVE = "live"


def add_commands(group: Any, name: str) -> None:
    """Add the command to the group `hand`."""
    parser = group.add_parser(name, help="make a hand exercise of its good and wrong positions", description=__doc__)
    parser.add_argument("name", help="of the exercise, e.g. finger_stretch")
    sources = "a video, a folder of pictures, or live"
    parser.add_argument("--good", action="append", default=[], metavar="FROM", help=f"the good position: {sources}")
    parser.add_argument(
        "--wrong", action="append", default=[], metavar="STATE=FROM", help="a wrong position, e.g. bent=bent.mp4; more than once"
    )
    parser.add_argument(
        "--pictures", type=Path, metavar="DIR", help=f"instead: pictures with an {INDEX}, of the state good and others"
    )
    parser.add_argument(
        "--cue", action="append", default=[], metavar="STATE=[LANGUAGE=]TEXT", help="what to say of a wrong position"
    )
    for text, example in (("title", "Stretch"), ("instruction", "Stretch your fingers.")):
        parser.add_argument(
            f"--{text}", action="append", default=[], metavar="[LANGUAGE=]TEXT",
            help=f"what the patient is shown, e.g. '{example}'; again for another language: 'de=...'",
        )  # fmt: skip
    parser.add_argument("--hold", type=float, default=5.0, metavar="S", help="how long it is held (default: %(default)s)")
    parser.add_argument("--camera", type=int, default=0, metavar="N", help="of what is live (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=10.0, metavar="S", help="of a live position (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("exercises"), help="folder of exercise files (default: %(default)s)")
    parser.add_argument("--page", type=Path, metavar="FILE", help="a page of what was found, as HTML")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """See, learn, and write exercise, states and figure.

    Raises:
        ConfigError: a name that cannot be used, an exercise that is there, words of a position that there is not.
        InputError: no good position, or too few hands in one.
        SourceError: a video or camera that gives no images.
    """
    check_name(options.name, "the name")
    if not 0.0 < options.hold <= 120.0:
        raise ConfigError(f"--hold {options.hold:g}; need more than 0 and at most 120 s")
    files = [options.out / folder / f"{options.name}.yaml" for folder in (".", STATES, FIGURES)]
    for path in files:
        if path.exists():
            raise ConfigError(f"{path} exists already; remove it, or choose another name or --out")
    check_writable(*files, options.page)
    console = Console()
    points, states = _hands(options, console)
    cues = _cues(options.cue, states)
    found = learn_states(points, states, How(learnt_from=f"{len(points)} hands shown to `{COMMAND}`"))
    seen = np.isfinite(points).all(axis=(1, 2))
    words = {"title": said_in(options.title), "instruction": said_in(options.instruction)}
    asked = Asked(options.name, words, cues, options.hold)
    shown = [state for state, there in zip(states, seen, strict=True) if there]
    texts = (exercise_text(asked, points[seen], shown, COMMAND), states_text(found.file, COMMAND), figure_text(found, COMMAND))
    for path, text in zip(files, texts, strict=True):
        write_text(path, text)
    if options.page:
        write_text(options.page, states_page(found, COMMAND))
    load_exercises(options.out)
    console.print(
        f"wrote {files[0]} with its states and its figure: {len(found.file.clusters)} clusters of {int(seen.sum())} hands, "
        f"{found.purity:.3f} of them in one of their own state\nlook at its bands and its words, then: "
        f"physio launch coach.launch.yaml exercise_dir:={options.out}",
        markup=False, highlight=False, soft_wrap=True,
    )  # fmt: skip
    return 0


def _hands(options: argparse.Namespace, console: Console) -> tuple[FloatArray, list[str]]:
    """Landmarks (N, 21, 3) and the state of each, from whatever was given."""
    if options.pictures:
        if options.good or options.wrong:
            raise ConfigError("--pictures names all positions in its index; leave out --good and --wrong, or --pictures")
        pictures = read_pictures(options.pictures)
        states = [picture.state for picture in pictures]
        if GOOD not in states:
            raise InputError(f"{options.pictures / INDEX} has no state {GOOD!r}; it has {', '.join(dict.fromkeys(states))}")
        return see_pictures(pictures).points, states
    if not options.good:
        raise InputError("no good position; give --good FROM (a video, a folder of pictures, or live), or --pictures DIR")
    sources = [(GOOD, source) for source in options.good] + [_named(text) for text in options.wrong]
    points: list[FloatArray] = []
    states = []
    for state, source in sources:
        seen = seen_in(_live(options, state, console)) if source == LIVE else see_all(Path(source))
        points.append(seen.points)
        states += [state] * len(seen.points)
    return np.concatenate(points), states


def _live(options: argparse.Namespace, state: str, console: Console) -> Iterator[Frame]:
    console.input(f"show the position [bold]{state}[/] to the camera and move the hand about a little; press Enter to begin ")
    source = open_source(CameraConfig(source="device", device=options.camera))
    try:
        first = source.read()
        frames = iter(source.read, None)
        if first is None:
            raise InputError(f"camera {options.camera} gave no image; give --camera N, or a video instead of {LIVE}")
        yield from takewhile(lambda frame: frame.stamp_s < first.stamp_s + options.seconds, frames)
    finally:
        source.close()


def _named(text: str) -> tuple[str, str]:
    state, equals, source = text.partition("=")
    if not (state and equals and source):
        raise ConfigError(f"--wrong {text!r}: give STATE=FROM, such as bent=bent.mp4")
    if state == GOOD:
        raise ConfigError(f"--wrong {text!r}: {GOOD!r} is the position that is asked for; give this one another name")
    check_name(state, "--wrong")
    return state, source


def _cues(texts: list[str], states: list[str]) -> dict[str, dict[str, str]]:
    found: dict[str, list[str]] = {}
    for text in texts:
        state, equals, said = text.partition("=")
        if not equals or state == GOOD or state not in states:
            wrong = ", ".join(one for one in dict.fromkeys(states) if one != GOOD) or "none"
            raise ConfigError(f"--cue {text!r}: give STATE=TEXT; wrong positions are: {wrong}")
        found.setdefault(state, []).append(said)
    return {state: said_in(said) for state, said in found.items()}
