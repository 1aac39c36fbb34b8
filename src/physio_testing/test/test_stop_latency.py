"""How the time from a fault to rest is measured: what counts as rest, what as a base that moves on, and the table of both."""

from __future__ import annotations

import json
import math
import signal
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from physio_core.robot.limits import STOP, Velocity
from physio_core.session.status import State
from physio_nodes import surroundings
from physio_testing import stop_latency, stop_rig
from physio_testing.stop_latency import false_stops, main, row
from physio_testing.stop_rig import FAULTS, Fault, StopRig

SLOW = Velocity(0.05)


class Clock:
    """Time that passes only while the rig listens; what the base is sent meanwhile is played."""

    def __init__(self, *sent: tuple[float, Velocity]) -> None:
        self.now_s = 100.0
        self.coming = [(100.0 + after_s, velocity) for after_s, velocity in sent]


def rig_with(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> StopRig:
    """A rig without processes, whose base moves since a second."""
    made = StopRig.__new__(StopRig)
    made.commands = [(-math.inf, STOP), (99.0, SLOW)]

    def spin(duration_s: float) -> None:
        clock.now_s += duration_s
        made.commands += [one for one in clock.coming if one[0] <= clock.now_s]
        clock.coming = [one for one in clock.coming if one[0] > clock.now_s]

    made.listener = SimpleNamespace(spin=spin)
    monkeypatch.setattr(stop_rig.time, "monotonic", lambda: clock.now_s)
    return made


FAULT = Fault("tried", lambda rig: None, lambda rig: None)


@pytest.mark.parametrize(
    ("sent", "rest_s"),
    [
        ([(0.1, SLOW), (0.25, STOP)], 0.25),
        ([(0.1, STOP), (0.15, STOP), (0.3, STOP)], 0.1),
        ([(0.1, STOP), (0.2, SLOW), (0.3, STOP)], 0.3),
        ([(0.44, STOP)], 0.44),
    ],
)
def test_the_first_zero_after_the_last_motion_is_rest(monkeypatch, sent, rest_s):
    rig = rig_with(monkeypatch, Clock(*sent))
    assert rig.time_to_rest_s(FAULT, watch_s=0.5) == pytest.approx(rest_s)


@pytest.mark.parametrize(
    "sent",
    [
        [],  # it never stops
        [(0.46, STOP)],  # too late
        [(0.1, STOP), (0.6, SLOW)],  # it begins again, and moves at the end
        [(0.1, STOP), (0.6, SLOW), (0.7, STOP)],  # it begins again for a moment
    ],
)
def test_a_base_that_moves_after_the_limit_never_came_to_rest(monkeypatch, sent):
    rig = rig_with(monkeypatch, Clock(*sent))
    if sent == [(0.46, STOP)]:
        assert rig.time_to_rest_s(FAULT, watch_s=0.5) == pytest.approx(0.46), "said as it was; the table counts it as late"
    else:
        assert rig.time_to_rest_s(FAULT, watch_s=0.5) == math.inf


def test_a_base_that_stopped_just_before_the_fault_stood_at_once(monkeypatch):
    rig = rig_with(monkeypatch, Clock((-0.01, STOP)))
    assert rig.time_to_rest_s(FAULT, watch_s=0.5) == 0.0


def test_a_row_holds_the_middle_the_slow_ones_the_worst_and_how_many_were_late():
    times_ms = [100.0] * 17 + [200.0, 300.0, 401.0]
    assert row("pause", times_ms, 0.4) == "| pause | 20 | 100 | 300 | 401 | 1 |"
    assert row("pause", [100.0, math.inf], 0.4).endswith("| inf | 1 |")


def test_stops_for_nothing_are_counted_and_undone():
    seen = iter([(True, False), (False, False), (True, True), (True, False)])
    rig = SimpleNamespace(restored=0)

    def spin(_duration_s: float) -> None:
        armed, held = next(seen)
        rig.guard, rig.request = SimpleNamespace(armed=armed), SimpleNamespace(held=held)

    rig.listener = SimpleNamespace(spin=spin)
    rig.restore = lambda: setattr(rig, "restored", rig.restored + 1)
    assert (false_stops(rig, 4.0), rig.restored) == (2, 2)


class Rig:
    """A rig whose base comes to rest after as long as it is told."""

    def __init__(self, rest_s: float) -> None:
        self.rest_s, self.moved = rest_s, 0

    def move(self) -> None:
        self.moved += 1

    def time_to_rest_s(self, fault: Fault, _watch_s: float) -> float:
        fault.inject(self)
        return self.rest_s


@pytest.mark.parametrize(("rest_s", "code"), [(0.2, 0), (0.5, 0), (math.inf, 1)])
def test_every_fault_is_measured_as_often_as_asked_and_only_a_base_that_never_stands_is_a_failure(
    monkeypatch, tmp_path, capsys, rest_s, code
):
    rig = Rig(rest_s)
    recovered: list[Rig] = []
    tried = [Fault("pause", lambda rig: None, recovered.append), Fault("stop", lambda rig: None, recovered.append)]
    monkeypatch.setattr(stop_latency, "FAULTS", tried)
    monkeypatch.setattr(stop_latency, "StopRig", lambda: nullcontext(rig))
    monkeypatch.setattr(surroundings, "free_domain", lambda: 77)
    monkeypatch.setenv("ROS_DOMAIN_ID", "0")
    file = tmp_path / "times.json"
    assert main(["--repetitions", "3", "--only", "pau", "--json", str(file)]) == code
    assert (rig.moved, recovered) == (3, [rig] * 3)
    assert json.loads(file.read_text()) == {"pause": [pytest.approx(rest_s * 1000.0)] * 3}
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "| fault | n | p50 ms | p95 ms | max ms | over limit |" and lines[2].startswith("| pause | 3 |")
    assert len(lines) == 3


def test_each_way_to_go_wrong_is_done_to_the_process_or_the_coach_that_it_names():
    sent: list[tuple[str, int]] = []

    def process(name: str) -> SimpleNamespace:
        return SimpleNamespace(send=lambda number: sent.append((name, number)))

    processes = {name: process(name) for name in ("robot", "stop_guard")}
    rig = SimpleNamespace(processes=processes, status=stop_rig.Status(State.VERDICT, input_age_s=0.05), scanning=True)
    by_name = {fault.name: fault for fault in FAULTS}
    by_name["guard killed (SIGKILL)"].inject(rig)
    by_name["controller frozen (SIGSTOP)"].inject(rig)
    assert sent == [("stop_guard", signal.SIGKILL), ("robot", signal.SIGSTOP)]
    by_name["camera lost"].inject(rig)
    assert rig.status.input_age_s == math.inf
    by_name["pause"].inject(rig)
    assert rig.status.state is State.PAUSED
    by_name["scanner silent"].inject(rig)
    assert rig.scanning is False
    by_name["coach silent"].inject(rig)
    assert rig.status is None


def test_what_a_person_or_the_coach_does_needs_no_rearming_and_what_breaks_a_process_does():
    assert {fault.name for fault in FAULTS if not fault.latches} == {
        "Ctrl-Z in their terminal (SIGTSTP)", "coach silent", "camera lost", "pause", "stop", "scanner silent",
    }  # fmt: skip
    assert {fault.limit_s for fault in FAULTS if fault.name != "scanner silent"} == {0.4}
