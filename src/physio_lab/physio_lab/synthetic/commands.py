"""`physio sim render`, `visibility`, `dataset`, `noise` and `pictures`: what the simulated clinic gives the laboratory."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import asdict, fields
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json
from physio_core.params import info_of
from physio_lab.synthetic.shots import ShotConfig
from physio_sim.options import add_command, config_of, exercises_in, names_in
from physio_sim.params import ClinicConfig, RenderConfig, VisibilityConfig

if TYPE_CHECKING:
    from physio_lab.synthetic.estimator_noise import JointNoise


_COLUMNS: dict[str, Callable[[JointNoise], float]] = {
    "error": lambda noise: noise.error,
    "error 90 %": lambda noise: noise.error_p90,
    "bias": lambda noise: noise.bias,
    "jitter": lambda noise: noise.jitter,
    "conf. 10 %": lambda noise: noise.confidence[0],
    "conf. 50 %": lambda noise: noise.confidence[1],
    "conf. < 0.5": lambda noise: noise.unsure,
    "missing": lambda noise: noise.missing,
    "swapped": lambda noise: noise.swapped,
}


def add_render(group: Any, name: str) -> None:
    """Add ``physio sim render``."""
    render = add_command(
        group, name, _render, RenderConfig, "labelled clips of the simulated patient, with the truth beside them"
    )
    render.add_argument("--exercise", default="squat", help="one or several, with commas between, or all (default: squat)")
    render.add_argument("--persona", default="able", help="how the patient behaves; one or several (default: able)")
    render.add_argument("--view", default="best", help="best, front, side, oblique, back or other_side; one or several")
    render.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the clips and INDEX.csv")


def add_visibility(group: Any, name: str) -> None:
    """Add ``physio sim visibility``."""
    visibility = add_command(group, name, _visibility, VisibilityConfig, "how well the pose estimator sees the simulated patient")
    visibility.add_argument("--exercise", default="all", help="one or several, with commas between (default: all)")


def add_dataset(group: Any, name: str) -> None:
    """Add ``physio sim dataset``."""
    dataset = group.add_parser(name, help="a skeleton set: rendered people through the real pose estimator")
    dataset.add_argument("folder", type=Path, metavar="OUT", help="folder of the set; an interrupted one is resumed")
    dataset.add_argument("--clips", type=int, default=100, help="clips of the whole set (default: 100)")
    dataset.add_argument("--seed", type=int, default=1, help="of the set (default: 1)")
    dataset.add_argument("--workers", type=int, default=1, help="processes (default: 1)")
    dataset.add_argument(
        "--daily-life", type=int, default=0, metavar="MINUTES",
        help="instead: so many minutes of people who do not exercise, made-up skeletons without drawing, one file OUT (.parquet)",
    )  # fmt: skip
    for item in fields(ShotConfig):
        info = info_of(ShotConfig, item.name)
        text = f"{info.description} {info.range_text} (default: {item.default:g})"
        dataset.add_argument("--" + item.name.replace("_", "-"), type=float, default=item.default, metavar="N", help=text)
    dataset.set_defaults(run=_dataset)


def add_noise(group: Any, name: str) -> None:
    """Add ``physio sim noise``."""
    noise = group.add_parser(name, help="the noise that training adds beside that of the real estimator")
    noise.add_argument("folder", type=Path, metavar="SET", help="made by physio sim dataset")
    noise.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    noise.add_argument("--beside", metavar="SET", help="skeletons of real recordings, to print their confidence too")
    noise.set_defaults(run=_noise)


def add_pictures(group: Any, name: str) -> None:
    """Add ``physio sim pictures``."""
    pictures = group.add_parser(name, help="draw the documentation's pictures of the synthetic motion again")
    pictures.add_argument("folder", type=Path, metavar="DIR", help="such as docs/images")
    pictures.set_defaults(run=_pictures)


def _render(options: argparse.Namespace) -> int:
    from physio_lab.synthetic.clips import render_clips

    clinic, config = config_of(options, ClinicConfig), config_of(options, RenderConfig)
    kinds = list(product(exercises_in(options.exercise), names_in(options.persona), names_in(options.view))) * config.count
    for number, clip in enumerate(render_clips(options.out, kinds, clinic, config.seconds, config.fps), start=1):
        print(f"{number}/{len(kinds)}  {clip.file}  label {clip.label}, {clip.reps} repetitions")
    return 0


def _visibility(options: argparse.Namespace) -> int:
    from physio_lab.synthetic.visibility import measure

    config, exercises = config_of(options, VisibilityConfig), exercises_in(options.exercise)
    print(f"{'exercise':<16}{'images':>9}{'detected':>10}{'confidence':>12}{'error [px]':>12}{'p90 [px]':>10}")
    for result in measure(exercises, config_of(options, ClinicConfig), config.count, config.seconds):
        figures = f"{result.detected:>10.3f}{result.confidence:>12.2f}{result.error_px:>12.1f}{result.worst_px:>10.1f}"
        print(f"{result.exercise:<16}{result.images:>9}{figures}", flush=True)
    return 0


def _dataset(options: argparse.Namespace) -> int:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from physio_lab.synthetic.rendered_set import make_set

    for name, low in (("clips", 1), ("seed", 0), ("workers", 1), ("daily_life", 0)):
        if getattr(options, name) < low:
            raise ConfigError(f"--{name.replace('_', '-')} {getattr(options, name)}; need at least {low}")
    if options.daily_life:
        return _daily_life(options)
    config = ShotConfig(**{item.name: getattr(options, item.name) for item in fields(ShotConfig)})
    started_s, used_s, held, now = time.monotonic(), _processor_s(), -1, 0
    with Progress(TextColumn("clips"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as bar:
        task = bar.add_task("clips", total=options.clips)
        for now in make_set(options.folder, options.clips, options.seed, config, options.workers):
            held = now if held < 0 else held
            bar.update(task, completed=now)
    made, seconds = now - held, time.monotonic() - started_s
    frames = made * max(1, round(config.seconds * config.fps))
    print(f"{options.folder}: {now} clips, {made} of them new")
    if made:
        print(f"{60 * made / seconds:.1f} clips per minute, {frames / seconds:.1f} images per second")
        print(f"{frames / (_processor_s() - used_s):.1f} images per second of processor time; {options.workers} processes")
    return 0


def _daily_life(options: argparse.Namespace) -> int:
    from physio_lab.datasets.parquet import write_parquet
    from physio_lab.synthetic.daily_life import daily_life

    check_writable(options.folder, endings=(".parquet",))
    write_parquet(options.folder, daily_life(options.daily_life, options.seed))
    print(f"{options.folder}: {options.daily_life} minutes, a person each")
    return 0


def _processor_s() -> float:
    """Processor time used by this process and those it has ended [s]; unlike the clock, other work does not change it."""
    return sum(os.times()[:4])


def _noise(options: argparse.Namespace) -> int:
    from physio_lab.synthetic.estimator_noise import BANDS, compare
    from physio_lab.synthetic.noise import NoiseConfig
    from physio_lab.synthetic.rendered_set import read_recordings, takes_of

    check_writable(options.json, reads=[*takes_of(options.folder), *([Path(options.beside)] if options.beside else [])])
    comparison = compare(read_recordings(options.folder), NoiseConfig())
    figures: dict[str, Any] = asdict(comparison)
    if options.beside:
        figures["beside"] = _confidence(options.beside)
    if options.json:
        write_json(options.json, figures)
    print("Lengths in trunk lengths. In each column: the real estimator on rendered images, then the noise of training.")
    print(f"{'joint':<9}" + "".join(f"{title:>15}" for title in _COLUMNS))
    for noise, other in zip(comparison.real, comparison.made, strict=True):
        pairs = (f"{value(noise):.3f} {value(other):.3f}" for value in _COLUMNS.values())
        print(f"{noise.joint:<9}" + "".join(f"{pair:>15}" for pair in pairs))
    print("error along an axis, 68 %, by confidence:")
    for (low, high), both in zip(BANDS, comparison.spread, strict=True):
        print(f"{low:>9.3f} .. {high:.1f}" + "".join("        -" if value is None else f"{value:>9.3f}" for value in both))
    print(f"nobody found in {comparison.nobody:.3f} of the images")
    front, behind = comparison.swapped_front, comparison.swapped_behind
    print(f"sides exchanged: {front:.3f} of the joints seen from the front, {behind:.3f} from behind")
    if options.beside:
        _print_beside(options.beside, figures["beside"])
    return 0


def _confidence(path: str) -> list[tuple[float, float, float]]:
    from physio_core.skeleton.layouts import OPENPOSE_18
    from physio_lab.datasets.formats import open_set
    from physio_lab.synthetic.estimator_noise import confidence_of

    return confidence_of(open_set(path, OPENPOSE_18.name))


def _print_beside(path: str, confidences: list[tuple[float, float, float]]) -> None:
    from physio_lab.synthetic.estimator_noise import JOINTS

    print(f"\nConfidence in {path}, where the truth is not known.")
    print(f"{'joint':<9}" + "".join(f"{title:>15}" for title in ("conf. 10 %", "conf. 50 %", "conf. < 0.5")))
    for joint, values in zip(JOINTS, confidences, strict=True):
        print(f"{joint:<9}" + "".join(f"{value:>15.3f}" for value in values))


def _pictures(options: argparse.Namespace) -> int:
    from physio_lab.synthetic.pictures import draw_pictures

    for path in draw_pictures(options.folder):
        print(path)
    return 0
