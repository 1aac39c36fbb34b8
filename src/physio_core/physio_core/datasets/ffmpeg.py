"""Cuts and cleans videos with FFmpeg, the only file that runs it: any format in, pictures of one size and rate out.

The pictures come through a pipe, without a file in between, and are read ahead in a thread, so that FFmpeg decodes while
the pose estimator works.
"""

from __future__ import annotations

import contextlib
import math
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from physio_core.datasets.rows import IMAGES
from physio_core.errors import ConfigError, SourceError
from physio_core.params import Parameters, param
from physio_core.types import Frame

AHEAD = 8
"""Pictures decoded before they are needed."""
THREADS = 2
"""Decoding threads of one FFmpeg; several run side by side."""


@dataclass(frozen=True)
class CleanConfig(Parameters):
    """What every picture is made into."""

    width: int = param(340, "Width of the pictures.", unit="px", low=16, high=4096)
    height: int = param(256, "Height of the pictures.", unit="px", low=16, high=4096)
    fps: float = param(30.0, "Pictures per second; the recording's own are copied or left out.", unit="Hz", low=1.0, high=240.0)
    fit: str = param(
        "pad", "pad: black bars keep the person's shape; stretch: filled, as in the thesis.", choices=("pad", "stretch")
    )


def find_ffmpeg(path: str = "") -> str:
    """The FFmpeg to use: the one given, else imageio-ffmpeg's, else the one on PATH.

    Raises:
        ConfigError: there is none.
    """
    if path:
        found = shutil.which(path)
        if not found:
            raise ConfigError(f"no program at --ffmpeg {path}")
        return found
    with contextlib.suppress(ImportError, RuntimeError):
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    found = shutil.which("ffmpeg")
    if not found:
        raise ConfigError("no FFmpeg: run scripts/setup --training, install ffmpeg, or name one by --ffmpeg FILE")
    return found


def clean_pictures(
    source: Path, start_s: float, end_s: float, config: CleanConfig, ffmpeg: str, notes: list[str] | None = None
) -> Iterator[Frame]:
    """The pictures of a stretch of a video, or of a folder of images, stamped from the stretch's beginning.

    Args:
        source: a video, or a folder of images, which are taken to be ``config.fps`` apart.
        start_s: beginning [s].
        end_s: end [s]; infinite: to the end.
        config: size and rate.
        ffmpeg: the program.
        notes: takes what FFmpeg complained about although it went on, such as a file that is cut off.

    Raises:
        SourceError: images of several kinds; or FFmpeg cannot decode it, the message holds its reason. Also after some pictures,
            where it breaks off.
    """
    with tempfile.TemporaryFile() as complaints, contextlib.ExitStack() as held:
        listing = held.enter_context(tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8"))
        command = _command(source, start_s, end_s, config, ffmpeg, listing)
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints)
        except OSError as error:
            raise ConfigError(f"cannot start FFmpeg {ffmpeg}: {error.strerror}") from error
        try:
            shape = (config.height, config.width, 3)
            for index, data in enumerate(_read_ahead(process, math.prod(shape))):
                yield Frame(index / config.fps, np.frombuffer(data, np.uint8).reshape(shape))
            complaints.seek(0)
            said = complaints.read().decode(errors="replace").strip().splitlines()
            if process.returncode != 0:
                raise SourceError(f"FFmpeg cannot decode {source}: {said[-1] if said else f'exit code {process.returncode}'}")
            if said and notes is not None:
                notes.append(f"FFmpeg: {said[0]}")
        finally:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


def _command(source: Path, start_s: float, end_s: float, config: CleanConfig, ffmpeg: str, listing: IO[str]) -> list[str]:
    width, height = config.width, config.height
    if config.fit == "pad":
        # dar is the shape as it is meant to be seen, also where the file's pixels are not square.
        size = (
            f"scale=w='max(2,trunc(min({width},{height}*dar)/2)*2)':h='max(2,trunc(min({height},{width}/dar)/2)*2)':flags=area,"
            f"setsar=1,pad={width}:{height}:(ow-iw)/2:(oh-ih)/2"
        )
    else:
        size = f"scale={width}:{height}:flags=area,setsar=1"
    entry: list[str] = []
    if source.is_dir():
        _list_images(source, config, listing)
        entry = ["-f", "concat", "-safe", "0"]
        source = Path(listing.name)
    stretch = ["-ss", f"{start_s:.6f}"] * (start_s > 0.0) + ["-t", f"{end_s - start_s:.6f}"] * math.isfinite(end_s)
    return [
        ffmpeg, "-nostdin", "-v", "error", "-threads", str(THREADS), *stretch, *entry, "-i", f"file:{source}",
        "-map", "0:v:0", "-vf", f"fps={config.fps:.6f},{size}", "-an", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1",
    ]  # fmt: skip


def _list_images(folder: Path, config: CleanConfig, listing: IO[str]) -> None:
    """For FFmpeg's concat, whose one decoder makes wrong pictures of images of another kind."""
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in IMAGES)
    kinds = sorted({file.suffix.lower().replace(".jpeg", ".jpg") for file in files})
    if len(kinds) > 1:
        raise SourceError(f"{folder} holds images of several kinds ({', '.join(kinds)}); need one kind, convert the others")
    for file in files:
        quoted = str(file.resolve()).replace("'", "'\\''")
        listing.write(f"file '{quoted}'\nduration {1.0 / config.fps:.9f}\n")
    listing.flush()


def _read_ahead(process: subprocess.Popen[bytes], size: int) -> Iterator[bytes]:
    """The pictures of FFmpeg's pipe, ``size`` bytes each; a thread stays a few of them ahead."""
    ready: queue.Queue[bytes] = queue.Queue(AHEAD)
    stop = threading.Event()
    pipe = process.stdout
    assert pipe is not None

    def read() -> None:
        data = b"first"
        while data and not stop.is_set():
            data = pipe.read(size)
            data = data if len(data) == size else b""
            while not stop.is_set():
                with contextlib.suppress(queue.Full):
                    ready.put(data, timeout=0.2)
                    break

    thread = threading.Thread(target=read, name="ffmpeg", daemon=True)
    thread.start()
    try:
        while data := ready.get():
            yield data
        process.wait()
    finally:
        stop.set()
        process.kill()  # ends a read that waits, when nobody wants the rest
        thread.join()
