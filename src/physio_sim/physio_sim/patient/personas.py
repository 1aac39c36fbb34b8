"""Patients as data: who behaves how, has which faults, and what a coach's words make of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from physio_core.errors import ConfigError
from physio_core.types import Side
from physio_sim.patient.faults import FAULTS, Given, fault, faults_in, is_about
from physio_sim.patient.hand_personas import hand_persona_named

HEEDED = 0.8
"""Share of a fault that a patient who heeds leaves off once it is told."""
HURTS_AFTER = 2

Heard = tuple[str, Side]
"""A fault that the coach spoke of, and whose side; none: both, or neither."""


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
        heeds: how far the patient follows the coach [0..1]. 0: not at all; above: it moves only in its turn, as often as it is
            asked, and leaves off :data:`HEEDED` of a fault, times this, once that is told.
        hurts: pain that it tells of (1-10); 0: none.
        hurts_after: repetitions of an exercise after which it does.
        hand: what is the matter with its hand, of ``HAND_PERSONAS``; empty: what the faults mean for one.
    """

    name: str
    says: str
    faults: tuple[Given, ...] = ()
    favours_side: bool = False
    wrong: bool = False
    stops: bool = False
    leaves: bool = False
    company: bool = False
    heeds: float = 0.0
    hurts: int = 0
    hurts_after: int = HURTS_AFTER
    hand: str = ""

    def __post_init__(self) -> None:
        """Refuse what no patient is."""
        for name, low, high in (("heeds", 0.0, 1.0), ("hurts", 0, 10), ("hurts_after", 1, 100)):
            if not low <= getattr(self, name) <= high:
                raise ConfigError(f"persona {self.name}: {name} = {getattr(self, name):g} is outside {low:g} .. {high:g}")
        if self.hand:
            hand_persona_named(self.hand)

    def told(self, heard: Collection[Heard]) -> Persona:
        """The same patient after words about faults: those that are meant are smaller, as far as the patient heeds."""
        left = 1.0 - HEEDED * self.heeds
        faults = (
            replace(one, size=one.size * left) if any(is_about(one, *words) for words in heard) else one for one in self.faults
        )
        return replace(self, faults=tuple(faults))

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
        Persona("attentive", "does what is asked in its turn, as often as it is asked", heeds=1.0),
        Persona("hurts", "the same, and tells of pain after two repetitions", heeds=1.0, hurts=5),
    )
}


_TRAITS: dict[str, type] = {"heeds": float, "hurts": int, "hurts_after": int, "hand": str}


def persona_named(name: str) -> Persona:
    """The persona of that name, or one with faults: ``knees_in=10+trunk_lean``, ``uneven_arms=40@left+heeds=0.5+hurts=5``.

    One with faults heeds the coach unless it is told otherwise (``heeds=0``). What is the matter with a hand is ``hand=NAME``,
    one of ``HAND_PERSONAS``: ``hand=clenched``.

    Raises:
        ConfigError: there is no such persona, and no such fault either; or a number makes no sense.
    """
    if name in PERSONAS:
        return PERSONAS[name]
    parts = [part.strip() for part in name.split("+")]
    traits = [part for part in parts if part.partition("=")[0] in _TRAITS]
    wrong = "+".join(part for part in parts if part not in traits)
    if not traits and not any(kind in name for kind in FAULTS):
        known = f"known: {', '.join(PERSONAS)}; or faults: {', '.join(FAULTS)}; and {', '.join(_TRAITS)}"
        raise ConfigError(f"unknown persona {name!r}; {known}")
    given = faults_in(wrong) if wrong else ()
    says = "; ".join(one.kind.says for one in given) or PERSONAS["attentive"].says
    return Persona(name, says, given, **{"heeds": 1.0, **dict(map(_trait, traits))})


def _trait(text: str) -> tuple[str, Any]:
    name, _, number = text.partition("=")
    try:
        return name, _TRAITS[name](number)
    except ValueError:
        raise ConfigError(f"{text!r}: {number!r} is not a number; write it as in {name}=1") from None
