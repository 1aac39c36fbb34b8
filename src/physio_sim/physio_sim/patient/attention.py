"""How the patient follows the coach: moves in its turn, with the side that is asked, as often as asked, and tells of pain."""

from __future__ import annotations

from physio_core.session.status import State, Status
from physio_core.types import Side
from physio_sim.patient.people import People
from physio_sim.truth import Truth

HESITATES_S = 2.0
"""So long a patient who has done all it was asked for stands [s], until it sees that the coach still waits, and does the rest."""


class Attention:
    """Listens for the patient; one who does not heed the coach starts at once and goes on, with the side that is asked."""

    def __init__(self, people: People) -> None:
        """Nothing was heard yet."""
        self._people = people
        self._turn = 0
        self._complained = 0

    def follow(self, status: Status, now_s: float) -> None:
        """Act on what the coach shows.

        Args:
            status: of the session.
            now_s: time of the patient [s].

        Raises:
            ConfigError: the patient cannot do it with that side.
        """
        people, work = self._people, status.current_set
        if not status.asked or status.asked != people.asked:
            return
        if not people.persona.heeds:
            if work.side.value and status.turn != self._turn:
                self._turn = status.turn
                people.go_on(now_s, work.side.value)
            return
        if status.state is not State.WATCH:
            self._turn = 0
            people.stand(now_s)
            return
        left = max(work.goal - work.repetitions, 0)
        if work.goal and not left:
            return
        if status.turn != self._turn or (left and people.stands_s(now_s) > HESITATES_S):
            self._turn = status.turn
            people.go_on(now_s, work.side.value, left)

    def hear(self, fault: str, side: Side, now_s: float) -> None:
        """Take in what the coach says about a fault; empty: about none."""
        if fault:
            self._people.hear(fault, side, now_s)

    def words(self, truth: Truth) -> str:
        """What the patient says now, as a request to the coach; empty, nearly always."""
        persona = self._people.persona
        hurts = persona.hurts and self._people.asked and truth.repetition >= persona.hurts_after
        if not hurts or self._complained == self._people.asks:
            return ""
        self._complained = self._people.asks
        return f"pain {persona.hurts}"
