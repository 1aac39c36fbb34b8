"""A run goes on where it was killed, stops when it does not help, and refuses what is not its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from physio_core.camera.writer import VideoWriter
from physio_core.errors import ConfigError, EstimatorError, OutputError, SourceError
from physio_core.files import write_text
from physio_core.types import Frame
from physio_lab.refining.filters import NO_FILTER, Candidates, FilterConfig, Filtered
from physio_lab.refining.heads import Rows
from physio_lab.refining.labels import Labelled
from physio_lab.refining.loop import MODEL, LoopConfig, Outcome, Told, _Run, refine

IMAGES = 20
LOOP = LoopConfig(held_out=0.34, least_hands=5)


@dataclass
class Fake:
    """An estimator that sees a share of the images, which what it is taught raises; it counts what it is asked for."""

    share: float
    shares: tuple[float, ...]
    asked: dict[str, int]
    dies_after: int = 10**9

    def see(self, frames: Iterable[Frame]) -> Candidates:
        """As many images from the start as the share says."""
        self.asked["see"] = self.asked.get("see", 0) + 1
        if self.asked["see"] > self.dies_after:
            raise EstimatorError("killed")
        stamps = np.array([frame.stamp_s for frame in frames])
        points = np.random.default_rng(0).normal(size=(1, 1, 21, 3)).repeat(len(stamps), 0) * 20.0 + 50.0
        points[round(self.share * len(stamps)) :] = np.nan
        sure = np.ones((len(stamps), 1))
        return Candidates(stamps, points, sure, sure, 100)

    def label(self, frames: Iterable[Frame], believed: Filtered, seed: int) -> Labelled:
        """Every believed hand."""
        return Labelled(Rows(), int(believed.kept.sum()), 0, np.zeros(0))

    def taught(self, rows: Rows) -> Fake:
        """The next share."""
        return replace(self, share=self.shares[0], shares=self.shares[1:])

    def save(self, path: Path) -> None:
        """Its share."""
        write_text(path, f"{self.share}")

    def load(self, path: Path) -> Fake:
        """From its share."""
        return replace(self, share=float(path.read_text()))


@pytest.fixture
def videos(tmp_path: Path) -> list[Path]:
    """Three that can be read."""
    paths = [tmp_path / f"{name}.mp4" for name in "abc"]
    for path in paths:
        with VideoWriter(path, 10.0, 64, 48) as video:
            for _ in range(IMAGES):
                video.add(np.zeros((48, 64, 3), np.uint8))
    return paths


def run(videos: list[Path], folder: Path, fake: Fake, loop: LoopConfig = LOOP, filters: FilterConfig = NO_FILTER) -> Outcome:
    """A run of the fake."""
    return refine(videos, folder, fake, loop, filters, {})


def test_it_goes_on_while_what_is_kept_apart_gets_better_and_keeps_the_best(videos: list[Path], tmp_path: Path) -> None:
    made = run(videos, tmp_path / "run", Fake(0.25, (0.5,), {}))
    assert made.best == 1 and [told.validation for told in made.iterations] == [0.25, 0.5, 0.5]
    assert (tmp_path / "run" / MODEL).read_text() == "0.5" and made.iterations[0].hands == 10


def test_it_stops_when_it_does_not_get_better(videos: list[Path], tmp_path: Path) -> None:
    made = run(videos, tmp_path / "run", Fake(0.5, (0.5,), {}))
    assert made.best == 0 and len(made.iterations) == 2 and "iteration 1 was not better" in made.why
    assert not (tmp_path / "run" / MODEL).exists() and not made.iterations[1].kept_iteration


def test_a_run_that_is_killed_loses_at_most_one_step(videos: list[Path], tmp_path: Path) -> None:
    asked: dict[str, int] = {}
    with pytest.raises(EstimatorError):
        run(videos, tmp_path / "run", Fake(0.5, (0.9,), asked, dies_after=4))
    made = run(videos, tmp_path / "run", Fake(0.5, (0.9,), asked), replace(LOOP))
    assert made.best == 1 and asked["see"] == 5 + 2 + len(videos), "the three of iteration 0 and the first of iteration 1 stay"


def test_videos_without_hands_teach_nothing_and_say_so(videos: list[Path], tmp_path: Path) -> None:
    made = run(videos, tmp_path / "run", Fake(0.0, (), {}))
    assert made.best == 0 and made.iterations[0].detected == 0.0 and "0 believed hands are too few" in made.why


def test_videos_that_cannot_be_read_are_left_out_and_named(videos: list[Path], tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"nothing")
    made = run([*videos, bad], tmp_path / "run", Fake(0.0, (), {}))
    assert list(made.refused) == [str(bad)] and made.iterations[0].images == 3 * IMAGES
    with pytest.raises(SourceError, match="none of 1 videos"):
        run([bad], tmp_path / "other", Fake(0.0, (), {}))


def test_a_folder_of_another_run_is_refused(videos: list[Path], tmp_path: Path) -> None:
    run(videos, tmp_path / "run", Fake(0.0, (), {}))
    with pytest.raises(ConfigError, match="other videos"):
        run(videos[:2], tmp_path / "run", Fake(0.0, (), {}))
    with pytest.raises(ConfigError, match="other settings"):
        run(videos, tmp_path / "run", Fake(0.0, (), {}), filters=FilterConfig())
    (tmp_path / "run" / "run.json").write_text('{"version": 0}')
    with pytest.raises(ConfigError, match="another version"):
        run(videos, tmp_path / "run", Fake(0.0, (), {}))
    with pytest.raises(OutputError, match="no refinement"):
        run(videos, tmp_path, Fake(0.0, (), {}))


def test_once_all_that_is_kept_apart_is_believed_all_videos_decide(videos: list[Path], tmp_path: Path) -> None:
    run_ = _Run(videos, tmp_path, LOOP, NO_FILTER, lambda _: None)
    best = Told(1, 60, 1.0, 0.9, 0.02, {}, validation=1.0)
    assert run_._better(replace(best, kept=0.95), best)
    assert not run_._better(replace(best, kept=0.905), best) and not run_._better(
        replace(best, kept=0.99, validation=0.995), best
    )
    assert run_._better(replace(best, kept=0.2), replace(best, validation=0.9)), "else what is kept apart decides alone"
