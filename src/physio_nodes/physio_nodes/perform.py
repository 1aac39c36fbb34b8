"""The action `coach/perform`: a program lets the patient do one exercise, follows it and gets every repetition as the result.

It is a way in like the therapist's words: the session decides. One goal at a time; cancelling stops the session.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.node import Node
from rclpy.task import Future

from physio_core.assessment.repetition import Repetition
from physio_core.errors import PhysioError
from physio_core.session.events import Answer, Event, EventKind
from physio_core.session.prescription import Prescription
from physio_core.session.status import Status
from physio_core.types import Side, Verdict
from physio_msgs.action import PerformExercise
from physio_nodes.convert_sets import fault_to_msg, repetition_to_msg, set_to_msg, word

_OVER = {EventKind.FINISHED: PerformExercise.Result.OVER, EventKind.STOPPED: PerformExercise.Result.STOPPED}


class PerformServer:
    """Serves the action for the node that runs the session."""

    def __init__(self, node: Node, ask: Callable[[Prescription], Answer], stop: Callable[[], None]) -> None:
        """Offer the action.

        Args:
            node: its node; everything runs in its executor.
            ask: asks the session for an exercise.
            stop: stops the session.
        """
        self._node, self._ask, self._stop = node, ask, stop
        self._goal: Any = None
        self._done: Future = Future()
        self._repetitions: list[Repetition] = []
        self._begun = False
        self._verdict = Verdict.NONE
        self._server = ActionServer(
            node, PerformExercise, "coach/perform", self._execute,
            goal_callback=self._admit, cancel_callback=self._cancel,
        )  # fmt: skip

    def take(self, event: Event) -> None:
        """Follow what happens in the session."""
        if self._goal is None or self._done.done():
            return
        if event.kind is EventKind.REPETITION and event.judgement.newest is not None:
            self._repetitions.append(event.judgement.newest)
        if event.kind is EventKind.VERDICT:
            self._verdict = event.status.verdict
        if event.kind in _OVER:
            self._end(_OVER[event.kind], event)
        elif event.kind is EventKind.ASKED and event.status.attempt == 1:
            if self._begun:
                result = PerformExercise.Result
                self._end(result.REPLACED if event.status.round == 1 else result.OVER, event)
            self._begun = True

    def tell(self, status: Status) -> None:
        """Send how it goes to whoever asked."""
        if self._goal is None or self._done.done():
            return
        feedback = PerformExercise.Feedback(state=status.state.value, current_set=set_to_msg(status.current_set))
        feedback.faults = [fault_to_msg(fault) for fault in status.faults]
        self._goal.publish_feedback(feedback)

    def _admit(self, goal: PerformExercise.Goal) -> GoalResponse:
        if self._goal is not None:
            self._node.get_logger().warning(f"perform {goal.exercise}: refused, another goal runs; cancel it first")
            return GoalResponse.REJECT
        return GoalResponse.ACCEPT

    def _cancel(self, _handle: Any) -> CancelResponse:
        self._stop()
        return CancelResponse.ACCEPT

    async def _execute(self, handle: Any) -> PerformExercise.Result:
        self._goal, self._done, self._repetitions, self._begun = handle, Future(), [], False
        self._verdict = Verdict.NONE
        try:
            refusal = self._refusal(handle.request)
            if refusal:
                handle.abort()
                return PerformExercise.Result(outcome=PerformExercise.Result.REFUSED, reason=refusal, score=math.nan)
            result: PerformExercise.Result = await self._done
            if handle.is_cancel_requested:
                handle.canceled()
            elif result.outcome == PerformExercise.Result.OVER:
                handle.succeed()
            else:
                handle.abort()
            return result
        finally:
            self._goal = None

    def _refusal(self, goal: PerformExercise.Goal) -> str:
        try:
            wanted = Prescription(
                goal.exercise, max(int(goal.sets), 1), int(goal.repetitions), float(goal.seconds), word(Side, goal.side, "side")
            )
        except PhysioError as error:
            return str(error)
        return self._ask(wanted).reason

    def _end(self, outcome: str, event: Event) -> None:
        scores = [one.score for one in self._repetitions if not math.isnan(one.score)]
        result = PerformExercise.Result(outcome=outcome, reason=event.detail, verdict=self._verdict.value)
        result.score = float(sum(scores) / len(scores)) if scores else math.nan
        result.repetitions = [repetition_to_msg(one) for one in self._repetitions]
        self._done.set_result(result)
