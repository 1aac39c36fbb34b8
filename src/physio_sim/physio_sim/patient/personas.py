"""Patients as data: who behaves how, and has which faults."""

from __future__ import annotations

from dataclasses import dataclass

from physio_core.errors import ConfigError
from physio_sim.patient.faults import FAULTS, Given, fault, faults_in


@dataclass(frozen=True)
class Persona:
    """One kind of patient.

    Attributes:
        name: as in :data:`PERSONAS`, or the faults as they were written.
        says: what this patient does, in a few words.
        faults: how the exercise is done otherwise than it should be.
        favours_side: shifts the weight to one side, leads with it, and spares the other arm.
        wrong: does another exercise than asked.
        stops: stops in the middle of a repetition, then stands.
        leaves: walks out of view after some repetitions.
        company: a second person passes.
    """

    name: str
    says: str
    faults: tuple[Given, ...] = ()
    favours_side: bool = False
    wrong: bool = False
    stops: bool = False
    leaves: bool = False
    company: bool = False

    def size_of(self, name: str) -> float:
        """Size of one fault, 0 without it."""
        return sum(one.size for one in self.faults if one.kind.name == name)


_HALF_PERCENT, _TREMOR_DEG = 42.0, 2.291831180523293
_DECLINE = (fault("fatigue"), fault("unsteady", 1.0))

PERSONAS: dict[str, Persona] = {
    persona.name: persona
    for persona in (
        Persona("able", "does what is asked"),
        Persona("slow", "does it at half the speed", (fault("too_slow", 100.0),)),
        Persona("half_range", "goes only half the way", (fault("range", _HALF_PERCENT),)),
        Persona("one_sided", "favours one side", favours_side=True),
        Persona("trembling", "trembles", (fault("unsteady", _TREMOR_DEG),)),
        Persona("wrong_exercise", "does another exercise than asked", wrong=True),
        Persona("stops_half_way", "stops in the middle of a repetition", stops=True),
        Persona("walks_out", "walks out of view, and comes back when asked again", leaves=True),
        Persona("passer_by", "does what is asked while a person passes", company=True),
        Persona("hurried", "does it in half the time and not all the way", (fault("too_fast"), fault("range", 25.0))),
        Persona("tiring", "loses range and speed, and begins to tremble", _DECLINE),
    )
}


def persona_named(name: str) -> Persona:
    """The persona of that name, or one with faults: ``knees_in=10+trunk_lean``, ``uneven_arms=40@left``.

    Raises:
        ConfigError: there is no such persona, and no such fault either.
    """
    if name in PERSONAS:
        return PERSONAS[name]
    if not any(kind in name for kind in FAULTS):
        raise ConfigError(f"unknown persona {name!r}; known: {', '.join(PERSONAS)}; or faults: {', '.join(FAULTS)}")
    given = faults_in(name)
    return Persona(name, "; ".join(one.kind.says for one in given), given)
