"""Hands by impairment, as data: how far, how fast, how evenly and how steadily a patient's fingers do what they are asked."""

from __future__ import annotations

from dataclasses import dataclass

from physio_core.errors import ConfigError
from physio_core.params import Parameters, param


@dataclass(frozen=True)
class HandImpairment(Parameters):
    """What is the matter with one hand; the default is a hand that does what is asked.

    After the signs that the hand items of Fugl-Meyer et al. (1975) are scored by, and what Raghavan (2007) names after a stroke:
    weakness, loss of single finger movements, spasticity, abnormal synergies.
    """

    range: float = param(1.0, "Share of the asked range that the strongest finger reaches.", low=0.0, high=1.1)
    uneven: float = param(0.0, "Share of its range that the weakest finger lacks besides.", low=0.0, high=1.0)
    thumb: float = param(1.0, "Share of the fingers' range that the thumb takes part with.", low=0.0, high=1.1)
    synergy: float = param(
        0.0, "Share by which all joints go into the pattern of the whole hand instead of what is asked.", low=0.0, high=1.0
    )
    tone: float = param(0.0, "Share by which the hand is drawn into a bent posture.", low=0.0, high=1.0)
    speed: float = param(1.0, "Speed against the usual.", low=0.1, high=3.0)
    pauses: int = param(0, "Halts within one movement.", low=0, high=8)
    tremor_deg: float = param(0.3, "Amplitude of tremor of the finger joints.", unit="deg", low=0.0, high=20.0)
    tremor_hz: float = param(5.0, "Its frequency.", unit="Hz", low=2.0, high=12.0)
    delay_s: float = param(0.3, "From the request to the first movement.", unit="s", low=0.0, high=5.0)
    lag_s: float = param(0.04, "From the first finger to the last one.", unit="s", low=0.0, high=3.0)
    fatigue: float = param(0.0, "Share of range and speed that each repetition loses.", low=0.0, high=0.5)
    hold_loss: float = param(0.0, "Share of the range that is lost by the end of a hold.", low=0.0, high=1.0)
    wrist_deg: float = param(0.0, "Flexion of the wrist that comes with the movement.", unit="deg", low=-40.0, high=60.0)


HAND_PERSONAS: dict[str, HandImpairment] = {
    "able": HandImpairment(),
    "slow": HandImpairment(speed=0.4, delay_s=0.8, lag_s=0.2),
    "half_range": HandImpairment(range=0.5),
    "uneven": HandImpairment(range=0.95, uneven=0.55, lag_s=0.3),
    "synergy": HandImpairment(range=0.85, synergy=0.6, wrist_deg=30.0, speed=0.7),
    "clenched": HandImpairment(range=0.6, tone=0.6, synergy=0.3, speed=0.5, pauses=2),
    "trembling": HandImpairment(tremor_deg=6.0, tremor_hz=4.5),
    "tiring": HandImpairment(fatigue=0.13, tremor_deg=1.0),
    "lets_go": HandImpairment(hold_loss=0.7),
    "thumb_left_out": HandImpairment(thumb=0.15),
    "trace": HandImpairment(range=0.06, tone=0.4, delay_s=0.8, thumb=0.5),
}
"""Kinds of impaired hands that the simulated clinic and the demo know by name."""


def hand_persona_named(name: str) -> HandImpairment:
    """The impairment of that name.

    Raises:
        ConfigError: there is none.
    """
    if name not in HAND_PERSONAS:
        raise ConfigError(f"unknown persona of a hand {name!r}; known: {', '.join(HAND_PERSONAS)}")
    return HAND_PERSONAS[name]
