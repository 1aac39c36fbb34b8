"""Hours of ordinary life, simulated without drawing: nobody exercises, and a recogniser should name nothing.

One person after the other for a minute each, before a camera that stands somewhere: walking, standing about, sitting, getting up,
picking things up, now and then down on the floor; the estimator is the noise that training adds. The movements are those of the
library that training draws from too, in other people, orders and places, so real life is harder.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from physio_core.motion.kinematics import BodyShape, positions
from physio_core.motion.projection import project, to_openpose_18
from physio_core.motion.style import Movement
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import UNKNOWN
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.synthetic.joined import joined, placed
from physio_lab.synthetic.negatives import UNKNOWN as UNKNOWN_MOVEMENTS
from physio_lab.synthetic.negatives_hard import hard_negatives
from physio_lab.synthetic.noise import estimator_like
from physio_lab.synthetic.shots import SIZES_PX, draw_camera, phase_of
from physio_lab.synthetic.simulated_sets import ESTIMATOR

PERSON_S, RATE_HZ = 60.0, 15.0
BOUT_S = (3.0, 15.0)
"""How long one thing is done."""
CUT_OFF = 0.15
TIMES = {
    "stand_still": 5, "talk": 5, "turn_head": 2, "walk_about": 8, "turn_round": 3, "sit": 10, "rise_from_chair": 4,
    "rise_quickly": 2, "stand_up": 2, "pick_up": 4, "bow": 1, "touch_toes": 1, "step_in_place": 1, "side_step": 2,
    "step_forward": 2, "wave_hand": 2, "raise_arms": 2, "clap": 1, "twist": 1, "bend_sideways": 1, "dip": 1, "kneel": 2,
    "on_all_fours": 1, "change_posture": 3, "get_down": 1, "sit_on_floor": 2, "lie": 3, "restless": 4, "dance": 1, "strum": 1,
    "press": 1, "lift_leg": 1, "calf_raise": 1, "bounce": 1, "leap": 1, "hold_bar": 1, "curl": 1, "pull_down": 1,
}  # fmt: skip
"""What people do, and how often one of it against the others."""


def daily_life(minutes: int, seed: int) -> Iterator[SkeletonSequence]:
    """So many people, a minute of each, as the estimator would give them; label ``unknown``, the same for the same seed."""
    movements = UNKNOWN_MOVEMENTS | {one.name: one for one in hard_negatives() if one.name in TIMES}
    for number in range(minutes):
        yield _person(number, seed, movements)


def _person(number: int, seed: int, movements: dict[str, Movement]) -> SkeletonSequence:
    rng = np.random.default_rng((seed, 4211, number))
    shape, motions, left = BodyShape.random(rng), [], round(PERSON_S * RATE_HZ)
    names = [name for name, times in TIMES.items() for _ in range(times)]
    while left > 0:
        movement = movements[str(rng.choice(names))]
        count = min(round(rng.uniform(*BOUT_S) * RATE_HZ), left)
        phase = phase_of(movement, np.arange(count) / RATE_HZ, rng)
        motions.append(placed(movement.motion(phase, movement.random_style(rng), shape), rng))
        left -= count
    body = positions(shape, joined(motions, rng, RATE_HZ))
    camera = draw_camera(body, CUT_OFF, rng)
    points, depth_m = project(to_openpose_18(body), camera)
    scale = np.array([camera.aspect, 1.0])
    seen, confidence = estimator_like(points * scale, depth_m, camera.aspect, rng, ESTIMATOR)
    name = f"daily_{number:04d}"
    return SkeletonSequence(
        (seen / scale)[None].astype(np.float32), confidence[None], np.arange(len(seen)) / RATE_HZ, OPENPOSE_18.name,
        UNKNOWN, name, name, name, *SIZES_PX[camera.aspect],
    )  # fmt: skip
