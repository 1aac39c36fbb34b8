"""What a set holds, class by class: how much of it, and in how much of it someone is seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from physio_lab.datasets.sequence import SkeletonSequence


@dataclass
class Tally:
    """Sums over sequences.

    Attributes:
        sequences: how many.
        frames: of all of them.
        seconds: of all of them [s].
        non_empty: frames with at least one person.
        people: persons over all frames.
        subjects: who.
        sources: recordings.
        non_empty_shares: share of non-empty frames, of each sequence.
        annotated: sequences of which something is known besides the label, by what.
        repetitions: of the sequences in which they are counted.
    """

    sequences: int = 0
    frames: int = 0
    seconds: float = 0.0
    non_empty: int = 0
    people: int = 0
    subjects: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    non_empty_shares: list[float] = field(default_factory=list)
    annotated: Counter[str] = field(default_factory=Counter)
    repetitions: int = 0

    def add(self, sequence: SkeletonSequence) -> None:
        """Count one sequence."""
        there = (sequence.confidence > 0).any(axis=2)  # (M, T)
        frames = there.shape[1]
        non_empty = int(there.any(axis=0).sum())
        stamps_s = sequence.stamps_s
        self.sequences += 1
        self.frames += frames
        # The last frame lasts as long as those before it.
        self.seconds += float(stamps_s[-1] - stamps_s[0]) * frames / (frames - 1) if frames > 1 else 0.0
        self.non_empty += non_empty
        self.people += int(there.sum())
        self.subjects |= {sequence.subject} - {""}
        self.sources |= {sequence.source} - {""}
        self.non_empty_shares.append(non_empty / frames if frames else 0.0)
        known = sequence.annotations
        self.repetitions += known.count or 0
        told = {
            "counted": known.count is not None, "correct": known.correct is True, "incorrect": known.correct is False,
            "scored": known.score is not None, "side": known.side is not None, "view": bool(known.view),
        }  # fmt: skip
        self.annotated.update(name for name, is_told in told.items() if is_told)

    def figures(self) -> dict[str, Any]:
        """For a table or a JSON file."""
        return {
            "sequences": self.sequences,
            "frames": self.frames,
            "seconds": round(self.seconds, 3),
            "non_empty": self.non_empty / self.frames if self.frames else 0.0,
            "people_per_frame": self.people / self.frames if self.frames else 0.0,
            "subjects": len(self.subjects),
            "sources": len(self.sources),
            "annotated": dict(self.annotated),
            "repetitions": self.repetitions,
        }


@dataclass(frozen=True)
class Stats:
    """A set's figures.

    Attributes:
        all: of the whole set.
        by_label: of each class; the empty label is "not known".
        layouts: joint orders that occur.
    """

    all: Tally
    by_label: dict[str, Tally]
    layouts: tuple[str, ...]


def stats(source: Iterable[SkeletonSequence]) -> Stats:
    """Go through a set once."""
    total, by_label, layouts = Tally(), dict[str, Tally](), set()
    for one in source:
        total.add(one)
        by_label.setdefault(one.label, Tally()).add(one)
        layouts.add(one.layout)
    return Stats(total, dict(sorted(by_label.items())), tuple(sorted(layouts)))
