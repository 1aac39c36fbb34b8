"""Paths for other programs, by a real coach: what is asked for and drawn goes out, the next one comes in or is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray
from nav_msgs.msg import Path
from std_msgs.msg import String

from physio_core.errors import InputError
from physio_core.trajectories.types import ideal
from physio_lab.synthetic.simulated_sets import PERFECT, simulate_set
from physio_msgs.msg import CoachStatus, Skeleton
from physio_nodes.convert import skeleton_to_msg
from physio_nodes.convert_drawings import path_from_msg, path_to_msg
from physio_nodes.qos import DIAGNOSTICS, LATCHED, RELIABLE
from physio_nodes.stamps import to_seconds, to_stamp
from physio_sim.patient.sets import SetPlan

BEFORE_S = 2.0
"""So long the simulated patient only stands there [s]."""


def test_a_path_keeps_its_frame_its_time_and_its_places():
    path = ideal("v_90", 0.6, "right")
    msg = path_to_msg(path, 1000.0)
    assert {msg.header.frame_id, *(pose.header.frame_id for pose in msg.poses)} == {"right_shoulder"}
    back = path_from_msg(msg)
    assert back.side == "right" and np.allclose(back.positions_m, path.positions_m)
    assert np.allclose(back.stamps_s, path.stamps_s - path.stamps_s[0], atol=1e-6)


def spoilt(how: str) -> Path:
    msg = path_to_msg(ideal("v_90", 0.6), 10.0)
    if how == "two":
        msg.poses = msg.poses[:2]
    elif how == "none":
        msg.poses = []
    elif how == "frame":
        msg.header.frame_id = "map"
    elif how == "nan":
        msg.poses[3].pose.position.y = math.nan
    elif how == "time":
        msg.poses[5].header.stamp = msg.poses[4].header.stamp
    elif how == "many":
        msg.poses = msg.poses * 20
    return msg


@pytest.mark.parametrize(
    ("how", "why"),
    [("two", "2 points"), ("none", "0 points"), ("frame", "left_shoulder or right_shoulder"), ("nan", "nan.* at point 3"),
     ("time", "does not rise at point 5"), ("many", "at most 1000")],
)  # fmt: skip
def test_what_is_no_path_is_refused_with_its_reason(how, why):
    with pytest.raises(InputError, match=why):
        path_from_msg(spoilt(how))


def counted(reports: list[DiagnosticArray]) -> str:
    return next((pair.value for pair in reports[-1].status[0].values if pair.key == "rejected"), "") if reports else ""


def test_a_program_takes_part_with_the_next_path_and_gets_what_was_drawn(start, listener):
    start("coach_node", parameters={"mode": "request", "show_s": 0.1, "ready_s": 0.0, "watch_s": 60.0})
    asked, ideals = listener.collect(Path, "path/next", LATCHED), listener.collect(Path, "path/ideal", LATCHED)
    drawn, status = listener.collect(Path, "path/drawn", RELIABLE), listener.collect(CoachStatus, "coach/status", RELIABLE)
    reports = listener.collect(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
    refused = listener.collect(String, "path/refused", RELIABLE)
    skeleton, wanted = listener.publisher(Skeleton, "pose/skeleton"), listener.publisher(Path, "path/wanted")
    wanted.publish(path_to_msg(ideal("v_90", 0.5), 10.0))
    listener.wait_for(lambda: refused and "no path is asked for" in refused[0].data, what="a refusal")
    listener.publisher(String, "exercise_request").publish(String(data="draw_circle_clockwise 1 left"))
    listener.wait_for(lambda: status and status[-1].state == "watch", what="the patient's turn")
    seen = simulate_set(
        SetPlan("draw_circle_clockwise", side="left", repetitions=1, view="front", seed=2, fps=15.0), PERFECT
    ).skeletons

    def show(up_to_s: float) -> None:
        for one in seen:
            if before_s < one.stamp_s <= up_to_s:
                skeleton.publish(skeleton_to_msg(one, to_stamp(one.stamp_s + 100.0), "camera"))
                listener.spin(0.004)

    before_s = -1.0
    show(BEFORE_S)
    listener.wait_for(lambda: asked and ideals, what="the path that is asked for")
    first = path_from_msg(asked[-1])
    assert first.side == "left" and np.allclose(first.positions_m, path_from_msg(ideals[-1]).positions_m)
    for bad in (first.scaled(1.9), first.mirrored()):
        wanted.publish(path_to_msg(bad, 10.0))
    listener.wait_for(lambda: len(refused) == 3, what="refusals")
    assert "the left hand stays" in refused[1].data and "a path of the right arm" in refused[2].data and len(asked) == 1
    listener.wait_for(lambda: counted(reports) == "3", what="three refusals in the diagnostics")
    wanted.publish(path_to_msg(first.scaled(0.95), 10.0))
    listener.wait_for(lambda: len(asked) == 2, what="the path of the program")
    assert np.allclose(path_from_msg(asked[-1]).positions_m, first.positions_m * 0.95, atol=0.01)
    before_s = BEFORE_S
    show(60.0)
    listener.wait_for(lambda: drawn, what="what was drawn")
    own = path_from_msg(drawn[0])
    assert own.side == "left" and own.length_m > 0.7 * first.length_m
    assert BEFORE_S + 100.0 < to_seconds(drawn[0].header.stamp) < seen[-1].stamp_s + 100.0
    listener.wait_for(lambda: not asked[-1].poses, what="the end of the exercise")
