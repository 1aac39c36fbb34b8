"""Cuts and cleans recordings: any format in, pictures of one size and rate out, each picked by the recording's own stamps.

A picture stands until the next. Where a recording has none, before a late first picture or in a pause, there is none here
either: a still picture that is repeated would be a person who holds still.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

from physio_core.camera.image import letterbox, stretch
from physio_core.camera.sources import MAX_PAUSE_S, FolderReader, Reader
from physio_core.camera.video import VideoReader
from physio_core.params import Parameters, param
from physio_core.types import ByteImage, Frame

HOLD_S = 0.5
"""A longer time without a picture, and longer than two of the usual periods, is a pause."""


@dataclass(frozen=True)
class CleanConfig(Parameters):
    """What every picture is made into."""

    width: int = param(340, "Width of the pictures.", unit="px", low=16, high=4096)
    height: int = param(256, "Height of the pictures.", unit="px", low=16, high=4096)
    fps: float = param(30.0, "Pictures per second; the recording's own are copied or left out.", unit="Hz", low=1.0, high=240.0)
    fit: str = param(
        "pad", "pad: black bars keep the person's shape; stretch: filled, as in the thesis.", choices=("pad", "stretch")
    )


def clean_pictures(
    source: Path, start_s: float, end_s: float, config: CleanConfig, notes: list[str] | None = None
) -> Iterator[Frame | None]:
    """The pictures of a stretch of a video, or of a folder of images, ``1 / config.fps`` apart from the stretch's beginning.

    Args:
        source: a video, or a folder of images, which are taken to be ``config.fps`` apart.
        start_s: beginning [s].
        end_s: end [s]; infinite: to the end.
        config: size, rate and fit.
        notes: takes what is odd about the recording.

    Yields:
        (height, width, 3) RGB with its time from the beginning [s]; None where the recording has no picture.

    Raises:
        SourceError: it cannot be decoded, or is no recording.
    """
    notes = [] if notes is None else notes
    # What is shown at the beginning may have been taken before.
    from_s = max(0.0, start_s - HOLD_S)
    reader = FolderReader(source, config.fps) if source.is_dir() else VideoReader(source, from_s)
    pictures = _cleaned(_picked(_frames(reader), reader.period_s, (start_s, end_s), config.fps, notes), config)
    try:
        yield from _ahead(pictures)
    finally:
        reader.close()
        notes += reader.notes


def _frames(reader: Reader) -> Iterator[Frame]:
    while (frame := reader.read()) is not None:
        yield frame


def _picked(
    frames: Iterable[Frame], period_s: float, stretch_s: tuple[float, float], fps: float, notes: list[str]
) -> Iterator[Frame | None]:
    """For each step of the rate the latest picture until half a step later."""
    start_s, end_s = stretch_s
    steps = max(1, round((end_s - start_s) * fps)) if math.isfinite(end_s) else math.inf
    most, hold_s = round(MAX_PAUSE_S * fps), max(HOLD_S, 2.0 * period_s)

    def step_of(stamp_s: float) -> int:
        return int(min(math.floor((stamp_s - start_s) * fps + 0.5 + 1e-6), steps))

    done, shown = 0, None
    for frame in chain(frames, (None,)):
        if shown is not None:
            goes_on = frame is not None and frame.stamp_s - shown.stamp_s <= hold_s
            until = step_of(frame.stamp_s if goes_on and frame else shown.stamp_s + period_s)
            until = int(min(steps, max(until, step_of(shown.stamp_s) + (not goes_on))))
            yield from repeat(shown, max(0, until - done))
            done = max(done, until)
        if frame is None or done >= steps:
            break
        missing = step_of(frame.stamp_s) - done
        if missing > most:
            from_s = start_s + done / fps
            notes.append(f"{missing / fps:.1f} s without pictures from {from_s:.2f} s on, shortened to {MAX_PAUSE_S:g} s")
        yield from repeat(None, min(max(0, missing), most))
        done, shown = max(done, done + missing), frame
        if done >= steps:
            break
    if 0 < done < steps - 2 and math.isfinite(end_s):
        notes.append(f"the recording ends at {start_s + done / fps:.2f} s, before end_s = {end_s:g}")


def _cleaned(picked: Iterable[Frame | None], config: CleanConfig) -> Iterator[Frame | None]:
    sized = letterbox if config.fit == "pad" else stretch
    before: Frame | None = None
    rgb: ByteImage | None = None
    for index, frame in enumerate(picked):
        if frame is None:
            yield None
            continue
        if frame is not before or rgb is None:  # one that is repeated is cleaned once
            before, rgb = frame, sized(frame.rgb, config.width, config.height)
        yield Frame(index / config.fps, rgb)


def _ahead(pictures: Iterator[Frame | None]) -> Iterator[Frame | None]:
    """Each picture is made in a thread while the one before is used."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(lambda: next(pictures, False))
        while (one := coming.result()) is not False:
            coming = pool.submit(lambda: next(pictures, False))
            yield one  # type: ignore[misc]
