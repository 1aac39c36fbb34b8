"""Negatives: movements other than the exercises, which a recogniser must not mistake for one.

Where the line runs: an exercise is a movement through at least half of its usual range. A pose of an exercise that is merely held
(squat, lunge, plank, hang) is unknown, and so are a dip of the knees below a third of a squat, a bow, sitting down on a chair and
standing up, burpees, and raising the arms with the feet planted.
"""

from __future__ import annotations

import numpy as np

from physio_core.motion import arms, legs, trunk
from physio_core.motion.movements import STAND_STILL
from physio_core.motion.style import Movement
from physio_lab.synthetic import negatives_floor as floor
from physio_lab.synthetic import negatives_moving as moving
from physio_lab.synthetic import negatives_sports as sports
from physio_lab.synthetic import negatives_standing as standing

_FREE = ("sides", "hips", "folded", "clasped", "behind", "crossed")
_TRAINED = ("hips", "clasped", "forward", "crossed", "goblet", "prisoner")
_SIDE = (np.pi / 2, np.pi / 4)
_SLOW = (4.0, 10.0)

_ON_FEET = (
    STAND_STILL,
    Movement("talk", standing.talk, period_s=(3.0, 8.0)),
    Movement("turn_head", standing.turn_head, variants=("look", "nod", "circle", "tilt"), arms=_FREE, period_s=(1.5, 5.0)),
    Movement(
        "raise_arms", arms.raise_arms, variants=arms.EACH,
        arms=("front", "side", "overhead_front", "overhead_side", "scaption"), period_s=(1.0, 5.0),
    ),
    # The nearest miss of a jumping jack, so it stands for itself: both arms sideways, feet planted, at a jack's tempo too.
    Movement(
        "raise_arms_sideways", arms.raise_arms, variants=("both",), arms=("side", "overhead_side"), period_s=(0.8, 4.0)
    ),
    Movement("circle_arms", standing.circle_arms, variants=("small", "large"), period_s=(0.8, 3.0)),
    Movement("curl", arms.curl, variants=arms.EACH, period_s=(1.5, 4.0)),
    Movement("press", standing.press, variants=arms.EACH, period_s=(1.5, 4.0)),
    Movement("pull_down", standing.pull_down, variants=arms.EACH, period_s=(1.5, 4.0)),
    Movement("row", standing.row, variants=arms.EACH, period_s=(1.5, 4.0), headings_rad=_SIDE),
    Movement("punch", standing.punch, period_s=(0.7, 2.0)),
    Movement("wave_hand", standing.wave_hand, period_s=(1.0, 3.0)),
    Movement("clap", standing.clap, period_s=(0.5, 2.0)),
    Movement("shrug", standing.shrug, period_s=(1.5, 4.0)),
    Movement(
        "bend_sideways", trunk.bend_sideways, variants=("plain", "overhead"), arms=("sides", "hips", "prisoner"),
        period_s=(2.5, 6.0),
    ),
    Movement("twist", trunk.twist, arms=("clasped", "hips", "crossed", "prisoner", "sides"), period_s=(1.2, 5.0)),
    Movement("circle_hips", standing.circle_hips, arms=("hips",), period_s=(1.5, 4.0)),
    Movement("bow", standing.bow, arms=("sides", "behind", "clasped", "hips"), period_s=(2.0, 5.0), headings_rad=_SIDE),
    Movement("touch_toes", standing.touch_toes, variants=("both", "cross"), period_s=(3.0, 8.0), headings_rad=_SIDE),
    Movement("pick_up", standing.pick_up, period_s=(3.0, 7.0), headings_rad=_SIDE),
    Movement("dip", standing.dip, arms=_FREE, period_s=(1.2, 4.0), headings_rad=_SIDE),
    Movement("hold_squat", standing.hold_squat, arms=_TRAINED, period_s=_SLOW, headings_rad=_SIDE),
    Movement("hold_lunge", standing.hold_lunge, arms=_TRAINED, period_s=_SLOW, headings_rad=_SIDE),
    Movement("warrior", standing.warrior, variants=("sideways", "overhead"), period_s=_SLOW),
    Movement("triangle", standing.triangle, period_s=(4.0, 10.0)),
    Movement(
        "step_in_place", moving.step_in_place, variants=("walk", "march", "high_knees", "butt_kicks", "run"),
        arms=("sides", "hips"), period_s=(0.5, 2.5),
    ),
    Movement("walk_about", moving.walk_about, variants=("across", "towards"), period_s=(7.0, 14.0)),
    Movement("side_step", moving.side_step, arms=_FREE, period_s=(1.8, 4.0)),
    Movement("step_forward", moving.step_forward, arms=_FREE, period_s=(1.8, 4.5), headings_rad=_SIDE),
    Movement("calf_raise", legs.calf_raise, arms=("sides", "hips"), period_s=(1.5, 4.0)),
    Movement(
        "lift_leg", legs.lift_leg, variants=("front", "side", "back", "kick", "knee", "quad"), arms=("sides", "hips"),
        period_s=(1.2, 5.0),
    ),
    Movement("jump", moving.jump, variants=("hop", "rope", "one_leg", "arms_up"), period_s=(0.4, 1.0)),
    # Skipping with a rope: the hop of a jumping jack without its legs and arms.
    Movement("skip_rope", moving.jump, variants=("rope",), period_s=(0.35, 0.8)),
    Movement("dance", moving.dance, period_s=(4.0, 9.0)),
    Movement("restless", moving.restless, period_s=(5.0, 12.0)),
    Movement("turn_round", moving.turn_round, period_s=(3.0, 8.0)),
    Movement("swing", sports.swing, variants=("golf", "bat", "racket"), period_s=(1.5, 4.5)),
    Movement("throw", sports.throw, variants=("pitch", "serve", "bowl"), period_s=(1.5, 4.5)),
    Movement("lift_overhead", sports.lift_overhead, variants=("clean", "jerk", "snatch"), period_s=(3.0, 9.0)),
    Movement("swing_kettlebell", sports.swing_kettlebell, period_s=(1.2, 2.2), headings_rad=_SIDE),
    Movement("strum", sports.strum, period_s=(0.3, 1.0)),
    Movement("bounce", sports.bounce, arms=_FREE, period_s=(0.4, 1.5)),
)  # fmt: skip

_ELSEWHERE = (
    Movement("sit", floor.sit, variants=("still", "talk", "reach", "march", "extend"), period_s=(2.0, 7.0), place="chair"),
    Movement(
        "rise_from_chair", floor.rise_from_chair, arms=("lap", "crossed", "forward", "sides"), period_s=(2.5, 7.0),
        place="chair",
    ),
    Movement(
        "sit_up", floor.sit_up, variants=("full", "crunch", "bicycle"), arms=("prisoner", "crossed", "sides"),
        period_s=(1.5, 4.0), headings_rad=_SIDE, place="floor",
    ),
    Movement(
        "lie", floor.lie, variants=("supine", "prone", "side", "leg_raise", "bridge", "superman", "press"),
        period_s=(1.5, 6.0),
        headings_rad=_SIDE, place="floor",
    ),
    Movement(
        "sit_on_floor", floor.sit_on_floor, variants=("still", "twist", "reach"), period_s=(2.0, 6.0), headings_rad=_SIDE,
        place="floor",
    ),
    Movement(
        "hold_plank", floor.hold_plank, variants=("hands", "forearms", "low", "side", "tap"), period_s=(2.0, 8.0),
        headings_rad=_SIDE, place="floor",
    ),
    Movement("climb", floor.climb, period_s=(0.7, 2.0), headings_rad=_SIDE, place="floor"),
    Movement("burpee", floor.burpee, variants=("plain", "chest"), period_s=(2.5, 6.0), headings_rad=_SIDE),
    Movement(
        "on_all_fours", floor.on_all_fours, variants=("cat_cow", "bird_dog", "still"), period_s=(2.5, 6.0), headings_rad=_SIDE,
        place="floor",
    ),
    Movement(
        "change_posture", floor.change_posture,
        variants=tuple(floor.WAYS),
        period_s=(4.0, 10.0), headings_rad=_SIDE,
    ),
    Movement("kneel", floor.kneel, arms=("sides", "hips", "folded", "clasped"), period_s=_SLOW, place="floor"),
    Movement("down_dog", floor.down_dog, period_s=_SLOW, headings_rad=_SIDE, place="floor"),
    Movement(
        "hang", floor.hang, variants=("still", "knees", "shrug"), arms=("straight", "crossed", "bent"), period_s=(2.0, 6.0),
        place="bar",
    ),
)  # fmt: skip

UNKNOWN: dict[str, Movement] = {movement.name: movement for movement in _ON_FEET + _ELSEWHERE}
"""Every movement other than the exercises, by name."""
