"""One turn of a patient in the coach's own session, on the time of a clip; nothing else here knows how a session is led."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import Catalogue
from physio_core.judging.judge import Observation
from physio_core.session.machine import Session, SessionConfig
from physio_core.session.status import State
from physio_core.types import Reason, Verdict

TICK_S = 0.1
"""The session is told the time as often as its node tells it [s]."""


@dataclass(frozen=True)
class Attempt:
    """How one turn ended.

    Attributes:
        asked: the exercise that was asked for.
        verdict: right, wrong or unsure.
        seen: the exercise that the verdict speaks of; empty: none.
        reason: why it is unsure.
        wait_s: from the beginning of the turn to the verdict [s].
    """

    asked: str
    verdict: Verdict
    seen: str = ""
    reason: Reason = Reason.NONE
    wait_s: float = 0.0


def attempt(observations: Sequence[Observation], asked: str, catalogue: Catalogue, config: SessionConfig) -> Attempt:
    """Ask a session for an exercise and let it watch a clip whose first image is the first of the patient's turn.

    The movement need only be seen, however often.

    Args:
        observations: of each image what the coach is told of it; after the last, the camera is silent until the turn is over.
        asked: the exercise.
        catalogue: every exercise.
        config: of the session.

    Raises:
        ConfigError: the exercise cannot be asked for.
    """
    session = Session(catalogue, replace(config, mode="request", repetitions=0))
    answer = session.command(asked, 0.0)
    if not answer.accepted:
        raise ConfigError(answer.reason)
    begin_s = config.show_s + config.ready_s
    session.tick(config.show_s)
    session.tick(begin_s)
    moments = _moments(observations, begin_s, config.watch_s)
    statuses = (session.update(one, now_s) if one else session.tick(now_s) for now_s, one in moments)
    end = next(status for status in statuses if status.state is State.VERDICT)
    return Attempt(asked, end.verdict, end.seen, end.reason, end.wait_s)


def _moments(observations: Sequence[Observation], begin_s: float, watch_s: float) -> Iterator[tuple[float, Observation | None]]:
    """When the session is told something, in the order of its clock [s]: an observation, or only the time."""
    ticks = math.ceil(watch_s / TICK_S) + 1
    times: list[tuple[float, Observation | None]] = [(begin_s + count * TICK_S, None) for count in range(1, ticks + 1)]
    late_s = begin_s - observations[0].stamp_s if observations else 0.0
    seen: list[tuple[float, Observation | None]] = [(one.stamp_s + late_s, one) for one in observations]
    yield from heapq.merge(times, seen, key=lambda moment: moment[0])
