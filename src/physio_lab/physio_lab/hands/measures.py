"""What `physio hand evaluate` tells of positions and of joint angles; other parts of the coach add their own."""

from __future__ import annotations

import argparse
from typing import Any

from physio_core.errors import InputError
from physio_lab.hands.angle_errors import angle_errors, figures_of
from physio_lab.hands.judged import figures_of as judged_figures
from physio_lab.hands.judged import judge_by, judge_folds
from physio_lab.hands.pictures import read_pictures, see_pictures
from physio_lab.hands.simulated import EACH, POSITIONS, simulated_model, simulated_pictures

HANDS = 10
FOLDER = "hand_states"
CALLED = {"half_open": "wrong_bent", "closed": "wrong_fist"}
EXERCISE = "hand_stretch"


def states(options: argparse.Namespace) -> dict[str, Any]:
    """Positions told: of real pictures where there are some, and of simulated people that taught nothing, by exercise."""
    simulated = {}
    for name in POSITIONS:
        test = simulated_pictures(name, EACH // 4, 1)
        simulated[name] = judged_figures(judge_by(simulated_model(name).model, test, "simulated"))["accuracy"]
    mean = sum(simulated.values()) / len(simulated)
    if options.data is None:
        return {"accuracy": mean, "of": "simulated people", "simulated": simulated}
    pictures = read_pictures(options.data / FOLDER)
    hands = see_pictures(pictures)
    real = judged_figures(judge_folds(pictures, hands))
    alone = judged_figures(judge_by(simulated_model(EXERCISE).model, (pictures, hands), "learnt from simulated hands", CALLED))
    return real | {"learnt_from_simulated": alone["accuracy"], "simulated_accuracy": mean, "simulated": simulated}


def angle_error_deg(_: argparse.Namespace) -> float:
    """Mean absolute error of finger and thumb flexion on rendered hands [deg].

    Raises:
        InputError: no hand was seen.
    """
    errors = angle_errors(HANDS)
    if not any(len(one.plain) for one in errors):
        raise InputError("no rendered hand was seen")
    value = figures_of(errors)["plain"]["flexion"]["mean"]
    assert isinstance(value, float)
    return value
