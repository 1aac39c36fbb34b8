"""What a judge says of an attempt, as plain data: the session decides by it, the screen shows it and records keep it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from physio_core.assessment.repetition import Fault, Repetition, ScoreTerm
from physio_core.trajectories.drawing import Drawing, Paths
from physio_core.types import Reason, Verdict


@dataclass(frozen=True)
class Judgement:
    """An attempt as a judge sees it now; what its kind does not measure stays at its default.

    Attributes:
        stamp_s: acquisition time of what it is based on [s].
        ready: the set-up gate is open: every joint that the exercise needs was seen for a moment.
        missing: joints (without side) that the patient is to bring into view, as it is said.
        judging: what is seen counts; not yet while the patient gets into place.
        seen: the movement seen.
        confidence: of ``seen`` [0..1].
        verdict: what to tell now; in the closing judgement, the verdict.
        reason: why it is unsure.
        progress: share of what praise takes [0..1].
        decided: there is enough for a verdict.
        repetitions: complete ones.
        partial: those that did not go far enough or not back.
        phase: of the present repetition [0..1]; NaN where it has none.
        terms: parts of the score of the complete repetitions so far.
        faults: of the newest repetition, what was not as it should be.
        not_measured: faults that nothing can be said of as the patient stands to the camera.
        newest: the newest repetition, however it counts; None: none yet.
        expected: score of the next one, by those so far [0..100]; NaN: too few, or this kind does not tell.
        now: what is off at this moment, of a posture that is held, or another path than asked for; None: nothing, or it is no
            such exercise.
        drawing: what is being drawn, of a path; None: no path is.
        paths: the same with its time, and what was drawn, where an attempt is over with this; None likewise.
    """

    stamp_s: float = 0.0
    ready: bool = False
    missing: tuple[str, ...] = ()
    judging: bool = False
    seen: str = ""
    confidence: float = 0.0
    verdict: Verdict = Verdict.NONE
    reason: Reason = Reason.NONE
    progress: float = 0.0
    decided: bool = False
    repetitions: int = 0
    partial: int = 0
    phase: float = math.nan
    terms: tuple[ScoreTerm, ...] = ()
    faults: tuple[Fault, ...] = ()
    not_measured: tuple[str, ...] = ()
    newest: Repetition | None = None
    expected: float = math.nan
    now: Fault | None = None
    drawing: Drawing | None = None
    paths: Paths | None = field(default=None, compare=False, repr=False)
