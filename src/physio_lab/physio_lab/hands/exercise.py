"""A hand exercise made of hands in its good and its wrong positions: bands of what was measured, states, words and a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from physio_core.exercises.hand import HandDefinition
from physio_core.hands.readings import READINGS, readings_of
from physio_core.hands.states import GOOD
from physio_core.languages.texts import SOURCE, languages, load_texts
from physio_core.motion.hand import HAND_ANGLES
from physio_core.motion.hand_postures import POSTURES_DEG
from physio_core.types import FloatArray
from physio_lab.hands.fitting import fit_angles_deg
from physio_lab.hands.learning import Learnt

_HEAD = """# One exercise is one file: the coach has no code for it. Made by `{command}`; edit it here.
"""
_FIGURE_HEAD = """# Relaxed, then in the position, and back; made by `{command}`.
"""
TELLS_APART = 0.25
"""A reading counts that at most this share of the hands in some wrong position have as the good ones have it."""
MOST_BANDS = 8
WIDER_DEG, WIDER_HANDS = 5.0, 0.08
"""By how much bands are wider than 90 % of the good hands: other people's differ."""
_SPREAD, _BENT = 5.0, 95.0
NEEDS = ("wrist", "thumb_tip", "index_mcp", "index_tip", "middle_tip", "ring_tip", "pinky_mcp", "pinky_tip")
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Asked:
    """What a therapist says of the exercise.

    Attributes:
        name: of the exercise.
        words: ``title`` and ``instruction`` by language; what is not given is made from the name.
        cues: what to say of each wrong position, by language.
        hold_s: how long it is held [s].
    """

    name: str
    words: Words
    cues: Words
    hold_s: float


def exercise_text(asked: Asked, points: FloatArray, states: Sequence[str], command: str) -> str:
    """Content of the exercise's file, of hands (N, 21, 3) in these states; the file of its states is called as it is."""
    readings = _readings(points)
    of = np.array(states)
    good = _bands(readings, of)
    wrong = {
        state: {"bands": _inside(readings[of == state], list(good)), "cue": dict(asked.cues.get(state) or _said(asked))}
        for state in dict.fromkeys(states)
        if state != GOOD
    }
    hand: dict[str, Any] = {"hold_s": asked.hold_s, "states": f"{asked.name}.yaml", "good": good}
    hand |= {"wrong": wrong} if wrong else {}
    HandDefinition.model_validate(hand)
    titles, instructions = asked.words.get("title", {}), asked.words.get("instruction", {})
    title = titles.get(SOURCE, asked.name.replace("_", " ").capitalize())
    told = {language: load_texts(language).phrases["exercise.as_shown"] for language in languages()}
    wording = {
        language: {
            "title": titles.get(language, title),
            "instruction": instructions.get(language, told.get(language, told[SOURCE])),
        }
        for language in dict.fromkeys([*told, *titles, *instructions])
    }
    content = {"kind": "hand", "view": "front", "needs": list(NEEDS), "hand": hand, "wording": wording}
    return _HEAD.format(command=command) + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def figure_text(learnt: Learnt, command: str) -> str:
    """Content of the file of its figure: a hand that goes to the good position and back."""
    angles = fit_angles_deg(learnt.model.landmarks(GOOD))
    rest = POSTURES_DEG["relaxed"]
    rows = {name: [round(rest.get(name, 0.0)), round(angles[name])] for name in HAND_ANGLES if not name.startswith("wrist")}
    lines = [f"  {name}: {low if low == high else [low, high]}" for name, (low, high) in rows.items()]
    return _FIGURE_HEAD.format(command=command) + "\n".join(["period_s: 4", "hand_deg:", *lines]) + "\n"


def _readings(points: FloatArray) -> FloatArray:
    return np.array([list(readings_of(hand).values()) for hand in points])


def _bands(readings: FloatArray, of: npt.NDArray[np.str_]) -> dict[str, dict[str, float]]:
    """Bands of the good hands in the readings that tell them from the others, the most telling first."""
    good = readings[of == GOOD]
    others = [readings[of == state] for state in dict.fromkeys(of.tolist()) if state != GOOD]
    found: list[tuple[float, str, dict[str, float]]] = []
    for column, name in enumerate(READINGS):
        wide = _wider(name)
        low, high = np.nanpercentile(good[:, column], [_SPREAD, _BENT])
        low, high = low - wide, high + wide
        for other in others:
            values = other[:, column]
            alike = float(np.mean((values >= low) & (values <= high)))
            if alike <= TELLS_APART:
                below = float(np.nanmedian(values)) < low
                edge = low if below else high
                margin = max(abs(float(np.nanmedian(values)) - edge), 2.0 * wide)
                band = {"low" if below else "high": round(float(edge), 2), "margin": round(float(margin), 2)}
                found.append((margin / wide - 10.0 * alike, name, band))
    found.sort(key=lambda one: -one[0])
    chosen: dict[str, dict[str, float]] = {}
    for _, name, band in found:
        if len(chosen) < MOST_BANDS and name not in chosen:
            chosen[name] = band
    return chosen or _inside(good, [name for name in READINGS if name.endswith("pip_flexion")])


def _inside(readings: FloatArray, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Bands in which nine tenths of some hands lie."""
    bands = {}
    for name in names:
        low, high = np.nanpercentile(readings[:, READINGS.index(name)], [_SPREAD, _BENT])
        bands[name] = {"low": round(float(low), 2), "high": round(float(high), 2), "margin": round(4.0 * _wider(name), 2)}
    return bands


def _wider(name: str) -> float:
    return WIDER_HANDS if name.startswith("thumb_to_") else WIDER_DEG


def _said(asked: Asked) -> Mapping[str, str]:
    """What is said of a wrong position where the therapist says nothing: as shown."""
    return {language: load_texts(language).phrases["exercise.as_shown"] for language in languages()}
