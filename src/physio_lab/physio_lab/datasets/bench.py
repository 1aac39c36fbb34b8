"""What building costs beside MediaPipe alone, both measured in one run on the same pictures."""

from __future__ import annotations

import math
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from physio_core.errors import SourceError
from physio_core.pose.choice import REFERENCE
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_lab.datasets.clean import CleanConfig, clean_pictures
from physio_lab.datasets.extract import ExtractConfig, extract
from physio_lab.datasets.manifest import ManifestRow

LONGEST_S = 10.0
"""More would only fill the memory with pictures."""


@dataclass(frozen=True)
class Speed:
    """Of one process, the best of the rounds: what else runs can only slow one down.

    Attributes:
        fps: pictures per second of the clock [Hz].
        cpu_ms: processor time per picture, of all threads [ms]; other work on the machine counts little.
    """

    fps: float
    cpu_ms: float


@dataclass(frozen=True)
class BuildSpeed:
    """Building beside MediaPipe alone.

    Attributes:
        pictures: in the stretch that was timed.
        bare: calls of MediaPipe on pictures that lie in memory.
        build: a whole row: decode, cut, clean, estimate, keep to one person, smooth, make the sequence.
    """

    pictures: int
    bare: Speed
    build: Speed

    @property
    def figures(self) -> dict[str, float]:
        """For a table or a JSON file; the ratios are the share of MediaPipe's own rate that is left."""
        return {
            "pictures": self.pictures,
            "bare_fps": self.bare.fps,
            "build_fps": self.build.fps,
            "build_over_bare": self.build.fps / self.bare.fps,
            "bare_cpu_ms": self.bare.cpu_ms,
            "build_cpu_ms": self.build.cpu_ms,
            "build_over_bare_cpu": self.bare.cpu_ms / self.build.cpu_ms,
        }


def measure_build(video: Path, clean: CleanConfig, config: ExtractConfig, rounds: int = 3) -> BuildSpeed:
    """Time building and MediaPipe alone in turns, so that other work on the machine meets both alike.

    Raises:
        SourceError: the video cannot be decoded, or nobody is in it.
    """
    stream = clean_pictures(video, 0.0, LONGEST_S, clean)
    frames = [frame for frame in islice(stream, math.ceil(LONGEST_S * clean.fps)) if frame]
    if not frames:
        raise SourceError(f"{video} holds no pictures")
    row = ManifestRow(0, "bench", str(video), 0.0, len(frames) / clean.fps, path=video)
    estimator = make_estimator(PoseConfig(estimator=REFERENCE, model_complexity=config.model_complexity))
    bare, build = [], []
    for _ in range(rounds):
        bare.append(_time(lambda: [estimator.estimate(frame) for frame in frames], len(frames)))
        build.append(_time(lambda: extract(row, video, clean, config), len(frames)))
    estimator.close()
    return BuildSpeed(len(frames), _best(bare), _best(build))


def _time(work: Callable[[], object], pictures: int) -> Speed:
    start_s, start_cpu_s = time.perf_counter(), _cpu_s()
    work()
    return Speed(pictures / (time.perf_counter() - start_s), 1000.0 * (_cpu_s() - start_cpu_s) / pictures)


def _cpu_s() -> float:
    """Processor time of this process and of its children that have ended [s]."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def _best(rounds: Sequence[Speed]) -> Speed:
    return Speed(max(one.fps for one in rounds), min(one.cpu_ms for one in rounds))
