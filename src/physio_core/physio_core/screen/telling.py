"""What the patient tells of pain and effort: a number is shown as chosen for a moment, in which it can be undone, and then told.

Effort is asked for after a set, pain after that; pain can be told at any time besides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from physio_core.screen.layout import Action
from physio_core.session.requests import RATED, Command
from physio_core.session.status import State, Status
from physio_core.types import Verdict

UNDO_S = 3.0
"""Time in which a chosen number can be undone [s]."""
CLOSING_S = 0.5
"""A number is told this long before the page that asked for it goes by itself [s]."""

TELLS = {Command.PAIN: Action.TELL_PAIN, Command.EFFORT: Action.TELL_EFFORT}
"""What the buttons with numbers ask for."""


@dataclass(frozen=True)
class Chosen:
    """A number that is about to be told.

    Attributes:
        about: pain or effort.
        value: from 0 to 10.
        since_s: when it was chosen, steady [s].
    """

    about: Command
    value: int
    since_s: float

    @property
    def request(self) -> str:
        """As the coach is told."""
        return f"{self.about.value} {self.value}"


class Telling:
    """Keeps the number that was chosen, and what was told already; every time is steady [s].

    Attributes:
        chosen: the number that is not told yet.
    """

    def __init__(self) -> None:
        """Start with nothing told."""
        self.chosen: Chosen | None = None
        self._told: set[Command] = set()
        self._turn = 0
        self._ends_s = math.inf

    def update(self, status: Status, now_s: float) -> None:
        """Take a status of the coach: each set is asked about once."""
        if status.turn != self._turn:
            self._turn, self._told = status.turn, set()
        self._ends_s = now_s + status.time_left_s if status.state in (State.VERDICT, State.REST) else math.inf

    def choose(self, about: Command, value: int, now_s: float) -> str:
        """Choose a number; gives the request of another one that is told at once: it is about something else."""
        told = self.take() if self.chosen and self.chosen.about is not about else ""
        self.chosen = Chosen(about, value, now_s)
        return told

    def undo(self) -> None:
        """Nothing was chosen."""
        self.chosen = None

    def due(self, now_s: float) -> str:
        """The request of what is to be told now; empty: nothing."""
        if self.chosen is None:
            return ""
        over = now_s - self.chosen.since_s >= UNDO_S or now_s >= self._ends_s - CLOSING_S
        return self.take() if over else ""

    def take(self) -> str:
        """The request of the number that was chosen, which is told by that; empty: none was."""
        chosen, self.chosen = self.chosen, None
        if chosen is None:
            return ""
        self._told.add(chosen.about)
        return chosen.request

    def question(self, status: Status) -> Command | None:
        """What the page asks for; None: nothing, or it was told."""
        work = status.current_set
        if status.state is State.REST:
            return next((about for about in reversed(RATED) if about not in self._told), None)
        last = status.state is State.VERDICT and status.verdict is not Verdict.WRONG and work.set >= work.sets
        return Command.EFFORT if last and work.repetitions and Command.EFFORT not in self._told else None

    def thanks(self, status: Status) -> bool:
        """Whether what the page asked for was told."""
        return status.state in (State.VERDICT, State.REST) and bool(self._told) and self.question(status) is None
