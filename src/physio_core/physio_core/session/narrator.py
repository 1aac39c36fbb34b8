"""What the coach says aloud: the sentence of each new state, and advice on how the exercise is done.

The screen changes its sentence as often as what is seen changes; a voice that did so would never be silent. So while the patient
moves, a sentence is said once it has stood for a moment, and not again before some time has passed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from physio_core.coaching.advice import Advice, AdviceKind
from physio_core.coaching.adviser import AdviceConfig, Adviser
from physio_core.coaching.phrasing import Phrasing
from physio_core.exercises.catalogue import Catalogue
from physio_core.judging.judgement import Judgement
from physio_core.languages.texts import Texts
from physio_core.session.messages import headline
from physio_core.session.status import State, Status
from physio_core.types import Side

STANDS_S = 1.0
"""So long a sentence must stand while the patient moves, until it is said [s]."""
AGAIN_S = 8.0
"""Not sooner is the same sentence said again while the patient moves [s]."""
QUIET = ("live_right", "live_wrong", "live_held", "live_close", "live_release")
"""Headlines whose sentences the screen alone shows: advice says more."""


@dataclass(frozen=True)
class Saying:
    """Something to say aloud; the fields of Speech.msg, without the wire.

    Attributes:
        text: words; empty: the sound alone.
        kind: ``sentence``, ``cue``, ``count`` or ``safety``.
        sound: before the words: ``count``, ``right``, ``end``; empty: none.
        fault: what the words are about; empty: no fault.
        side: whose; none: both, or neither.
    """

    text: str
    kind: str = "sentence"
    sound: str = ""
    fault: str = ""
    side: Side = Side.NONE


class Narrator:
    """Puts a session into spoken words.

    Attributes:
        adviser: what is said about how an exercise is done.
    """

    def __init__(self, catalogue: Catalogue, texts: Texts, config: AdviceConfig, session: int = 0) -> None:
        """Begin.

        Args:
            catalogue: the exercises, with their faults.
            texts: of one language.
            config: how much is said.
            session: which session of this patient it is, so that none sounds like the one before.
        """
        self.adviser = Adviser(Phrasing(texts, session), config)
        self._catalogue = catalogue
        self._turn = (0, 0)
        self._state = State.IDLE
        self._sentence, self._since_s = "", -math.inf
        self._said: dict[str, float] = {}

    def tell(self, status: Status, sentence: str, judgement: Judgement, now_s: float) -> list[Saying]:
        """What to say now; nothing, most of the time.

        Args:
            status: the session.
            sentence: what the screen tells the patient.
            judgement: the attempt so far.
            now_s: time on a steady clock [s].
        """
        turn = (status.turn, status.current_set.set)
        if turn != self._turn:
            self._turn = turn
            exercise = self._catalogue.get(status.asked)
            self.adviser.begin(exercise.told if exercise else {}, status.current_set.goal)
        advice = self.adviser.update(judgement, now_s) if status.state in (State.WATCH, State.VERDICT) else ()
        if status.state is State.WATCH and not advice:
            advice = self.adviser.correct_now(status.now, status.current_set.repetitions, now_s)
        counts = [_saying(one) for one in advice if one.kind is AdviceKind.COUNT]
        # How to do it better only while there is a repetition to come.
        cues = [_saying(one) for one in advice if one.kind is not AdviceKind.COUNT and status.state is State.WATCH]
        return counts + self._sentences(status, sentence, now_s) + cues

    def _sentences(self, status: Status, sentence: str, now_s: float) -> list[Saying]:
        if sentence != self._sentence:
            self._sentence, self._since_s = sentence, now_s
        entered = status.state is not self._state
        if entered:
            self._state = status.state
            self._said.clear()
        elif status.state is not State.WATCH or now_s - self._since_s < STANDS_S:
            return []
        key = headline(status)
        if status.state is State.IDLE or key in QUIET or (key == "watch" and not entered):
            return []
        if now_s - self._said.get(sentence, -math.inf) < AGAIN_S:
            return []
        self._said[sentence] = now_s
        return [Saying(sentence, sound="right" if key == "right" else "end" if status.state is State.FINISHED else "")]


def _saying(advice: Advice) -> Saying:
    if advice.kind is AdviceKind.COUNT:
        return Saying(advice.text, "count", "count")
    kind = "safety" if advice.kind is AdviceKind.SAFETY else "cue"
    return Saying(advice.text, kind, fault=advice.fault, side=advice.side)
