"""Messages to core types and back; the only place that knows both.

Every number is cast with ``float()`` or ``int()``: these message classes write an int in a float field as garbage.
"""

from __future__ import annotations

import array
from typing import TYPE_CHECKING

import numpy as np
from builtin_interfaces.msg import Time
from sensor_msgs.msg import LaserScan

from physio_core.errors import InputError
from physio_core.judging.judgement import Judgement
from physio_core.robot.guard import Request
from physio_core.robot.limits import Velocity
from physio_core.robot.stop_zone import Scan
from physio_core.session.events import Answer, Correction, Event, EventKind
from physio_core.session.rival import NOBODY, Identity
from physio_core.session.status import State, Status
from physio_core.types import (
    Abstain,
    FloatArray,
    GuardState,
    Hand,
    HoldReason,
    Prediction,
    Reason,
    Skeleton,
    Tracking,
    Verdict,
)
from physio_msgs.msg import ActionPrediction, CoachStatus, GuardStatus, MotionRequest, SessionEvent, Speech
from physio_msgs.msg import Hand as HandMsg
from physio_msgs.msg import Skeleton as SkeletonMsg
from physio_msgs.srv import SessionCommand
from physio_nodes.convert_drawings import drawing_from_msg, drawing_to_msg
from physio_nodes.convert_sets import (
    add_set,
    change_from_msg,
    fault_from_msg,
    fault_to_msg,
    repetition_from_msg,
    set_from_msg,
    set_to_msg,
    term_from_msg,
    word,
)
from physio_nodes.stamps import to_seconds, to_stamp

if TYPE_CHECKING:  # it brings the exercise files' reader, 15 MB, to nodes that need none
    from physio_core.session.narrator import Saying


def skeleton_to_msg(skeleton: Skeleton, stamp: Time, frame_id: str) -> SkeletonMsg:
    """Skeleton for the wire; the stamp is passed through untouched rather than rebuilt from seconds."""
    msg = SkeletonMsg(status=skeleton.status.value, layout=skeleton.layout, body_id=skeleton.body_id)
    msg.header.stamp, msg.header.frame_id = stamp, frame_id
    msg.image_width, msg.image_height = int(skeleton.width_px), int(skeleton.height_px)
    msg.x, msg.y, msg.z = (_floats(skeleton.points[:, axis]) for axis in range(3))
    msg.confidence = _floats(skeleton.confidence)
    msg.world_x, msg.world_y, msg.world_z = (_floats(skeleton.world_m[:, axis]) for axis in range(3))
    return msg


def skeleton_from_msg(msg: SkeletonMsg) -> Skeleton:
    """Skeleton from the wire.

    Raises:
        InputError: status unknown, arrays of different lengths, coordinates not finite.
    """
    lengths = {len(msg.x), len(msg.y), len(msg.z), len(msg.confidence)}
    if len(lengths) != 1:
        raise InputError(f"skeleton arrays of different lengths {sorted(lengths)}")
    world = (msg.world_x, msg.world_y, msg.world_z)
    if len(set(map(len, world))) != 1:
        raise InputError(f"skeleton in space with arrays of different lengths {sorted(set(map(len, world)))}")
    if msg.status not in [status.value for status in Tracking]:
        raise InputError(f"skeleton status {msg.status} is not one of 0 .. {len(Tracking) - 1}")
    return Skeleton(
        stamp_s=to_seconds(msg.header.stamp),
        status=Tracking(msg.status),
        layout=msg.layout,
        points=np.stack([msg.x, msg.y, msg.z], axis=1).astype(np.float32),
        confidence=np.asarray(msg.confidence, np.float32),
        body_id=msg.body_id,
        width_px=msg.image_width,
        height_px=msg.image_height,
        world_m=np.stack(world, axis=1).astype(np.float32),
    )


def hand_to_msg(hand: Hand, stamp: Time, frame_id: str) -> HandMsg:
    """Hand for the wire, with the stamp of its image untouched."""
    skeleton = skeleton_to_msg(hand.skeleton, stamp, frame_id)
    return HandMsg(skeleton=skeleton, side=hand.side, presence=float(hand.presence), objection=hand.objection.value)


def hand_from_msg(msg: HandMsg) -> Hand:
    """Hand from the wire.

    Raises:
        InputError: its skeleton cannot be used, side or objection unknown, presence outside 0..1.
    """
    if msg.side not in ("", HandMsg.LEFT, HandMsg.RIGHT):
        raise InputError(f"side of a hand {msg.side!r} is not one of: {HandMsg.LEFT}, {HandMsg.RIGHT}, or empty")
    if not 0.0 <= msg.presence <= 1.0:
        raise InputError(f"presence of a hand {msg.presence:g}; need 0 .. 1")
    if msg.objection not in [reason.value for reason in Reason]:
        raise InputError(f"objection to a hand {msg.objection!r} is not one of: {', '.join(filter(None, Reason))}")
    return Hand(skeleton_from_msg(msg.skeleton), msg.side, float(msg.presence), Reason(msg.objection))


def prediction_to_msg(prediction: Prediction, stamp: Time, frame_id: str) -> ActionPrediction:
    """Prediction for the wire, with the stamp of the newest image untouched."""
    msg = ActionPrediction(label=prediction.label, body_id=prediction.body_id, abstain_reason=prediction.abstain.value)
    msg.header.stamp, msg.header.frame_id = stamp, frame_id
    msg.confidence, msg.effective_fps = float(prediction.confidence), float(prediction.effective_fps)
    msg.labels, msg.scores = list(prediction.labels), _floats(prediction.scores)
    msg.window_start, msg.window_end = to_stamp(prediction.window_start_s), stamp
    return msg


def prediction_from_msg(msg: ActionPrediction) -> Prediction:
    """Prediction from the wire.

    Raises:
        InputError: abstain reason unknown, confidence not finite.
    """
    if not np.isfinite(msg.confidence):
        raise InputError("prediction confidence is not finite")
    if msg.abstain_reason not in [reason.value for reason in Abstain]:
        raise InputError(f"abstain reason {msg.abstain_reason!r} is not one of: {', '.join(Abstain)}")
    return Prediction(
        stamp_s=to_seconds(msg.header.stamp),
        label=msg.label,
        confidence=float(msg.confidence),
        labels=tuple(msg.labels),
        scores=np.asarray(msg.scores, np.float32),
        abstain=Abstain(msg.abstain_reason),
        body_id=msg.body_id,
        window_start_s=to_seconds(msg.window_start),
        effective_fps=float(msg.effective_fps),
    )


def status_to_msg(status: Status, sender: Identity = NOBODY) -> CoachStatus:
    """The coach's status for the wire."""
    msg = CoachStatus(
        state=status.state.value, round=status.round, rounds=status.rounds, attempt=status.attempt, turn=status.turn
    )
    msg.header.stamp = to_stamp(status.stamp_s)
    msg.asked, msg.kind, msg.next, msg.seen = status.asked, status.kind, status.next, status.seen
    msg.judging = status.judging
    msg.verdict, msg.reason, msg.missing = status.verdict.value, status.reason.value, list(status.missing)
    msg.confidence, msg.progress, msg.refused = float(status.confidence), float(status.progress), status.refused
    msg.patient, msg.session = status.patient, status.session
    msg.current_set, msg.faults = set_to_msg(status.current_set), [fault_to_msg(fault) for fault in status.faults]
    msg.not_measured, msg.drawing = list(status.not_measured), drawing_to_msg(status.drawing)
    msg.time_left_s, msg.input_age_s = float(status.time_left_s), float(status.input_age_s)
    msg.started_ns, msg.host, msg.pid = sender.started_ns, sender.host, sender.pid
    return msg


def sender_of(msg: CoachStatus) -> Identity:
    """Which coach sent a status."""
    return Identity(msg.started_ns, msg.host, msg.pid)


def event_to_msg(event: Event, stamp: Time, latency_ms: float, sender: Identity = NOBODY) -> SessionEvent:
    """An event of the session, for the wire; the latency belongs to verdicts only."""
    status = event.status
    msg = SessionEvent(kind=event.kind.value, round=status.round, rounds=status.rounds, attempt=status.attempt, turn=status.turn)
    msg.header.stamp = stamp
    msg.started_ns, msg.number, msg.session = sender.started_ns, event.number, status.session
    msg.exercise, msg.detail = event.exercise, event.detail
    add_set(event, msg)
    if event.kind is EventKind.VERDICT:
        msg.seen, msg.verdict, msg.reason = status.seen, status.verdict.value, status.reason.value
        msg.confidence, msg.wait_s, msg.latency_ms = float(status.confidence), float(status.wait_s), float(latency_ms)
    return msg


def event_from_msg(msg: SessionEvent) -> Event:
    """An event of the session from the wire, with what is written down of it.

    Raises:
        InputError: a word that is none of its kind.
    """
    kind = word(EventKind, msg.kind, "kind of event")
    newest = repetition_from_msg(msg.repetition) if kind is EventKind.REPETITION else None
    status = Status(
        round=msg.round, rounds=msg.rounds, attempt=msg.attempt, turn=msg.turn, asked=msg.exercise, seen=msg.seen,
        verdict=word(Verdict, msg.verdict, "verdict"), patient=msg.patient, session=msg.session,
        current_set=set_from_msg(msg.current_set),
    )  # fmt: skip
    judgement = Judgement(newest=newest, terms=tuple(map(term_from_msg, msg.terms)))
    correction = Correction(msg.fault, msg.accepted) if msg.fault else None
    return Event(kind, status, msg.exercise, msg.detail, judgement, msg.number, msg.value, change_from_msg(msg), correction)


def fill_answer(answer: Answer, response: SessionCommand.Response) -> SessionCommand.Response:
    """The answer to a request, for the wire."""
    status = answer.status
    response.accepted, response.reason, response.state = answer.accepted, answer.reason, status.state.value
    response.asked, response.round, response.rounds = status.asked, status.round, status.rounds
    return response


def status_from_msg(msg: CoachStatus) -> Status:
    """The coach's status from the wire.

    Raises:
        InputError: state, verdict, reason or side unknown, age not a number.
    """
    if msg.state not in [state.value for state in State]:
        raise InputError(f"coach state {msg.state!r} is not one of: {', '.join(State)}")
    if msg.verdict not in [verdict.value for verdict in Verdict]:
        raise InputError(f"verdict {msg.verdict!r} is not one of: {', '.join(filter(None, Verdict))}")
    if msg.reason not in [reason.value for reason in Reason]:
        raise InputError(f"reason {msg.reason!r} is not one of: {', '.join(filter(None, Reason))}")
    if np.isnan(msg.input_age_s):
        raise InputError("coach status with an input age that is not a number")
    return Status(
        state=State(msg.state),
        round=msg.round,
        rounds=msg.rounds,
        attempt=msg.attempt,
        turn=msg.turn,
        next=msg.next,
        time_left_s=float(msg.time_left_s),
        judging=msg.judging,
        asked=msg.asked,
        kind=msg.kind,
        seen=msg.seen,
        confidence=float(msg.confidence),
        verdict=Verdict(msg.verdict),
        reason=Reason(msg.reason),
        missing=tuple(msg.missing),
        refused=msg.refused,
        progress=float(msg.progress),
        patient=msg.patient,
        session=msg.session,
        drawing=drawing_from_msg(msg.drawing),
        current_set=set_from_msg(msg.current_set),
        faults=tuple(map(fault_from_msg, msg.faults)),
        not_measured=tuple(msg.not_measured),
        input_age_s=float(msg.input_age_s),
        stamp_s=to_seconds(msg.header.stamp),
    )


def request_to_msg(request: Request, stamp: Time | None = None) -> MotionRequest:
    """A motion request for the wire; ``stamp`` is for recordings, the guard reads the steady clock alone."""
    msg = MotionRequest(sequence=request.sequence, sent_monotonic_ns=int(request.sent_s * 1e9), held=request.latched)
    msg.linear_m_s, msg.angular_rad_s = float(request.velocity.linear_m_s), float(request.velocity.angular_rad_s)
    msg.header.stamp, msg.header.frame_id = stamp or Time(), "base_link"
    return msg


def request_from_msg(msg: MotionRequest) -> Request:
    """A motion request from the wire; speeds that are not numbers are left to the guard."""
    return Request(msg.sequence, msg.sent_monotonic_ns * 1e-9, Velocity(msg.linear_m_s, msg.angular_rad_s), msg.held)


def saying_to_msg(saying: Saying, language: str, stamp: Time) -> Speech:
    """Something to say aloud, for the wire."""
    msg = Speech(kind=saying.kind, text=saying.text, language=language, sound=saying.sound)
    msg.fault, msg.side = saying.fault, saying.side.value
    msg.header.stamp = stamp
    return msg


def guard_to_msg(guard: GuardState, stamp: Time | None = None) -> GuardStatus:
    """The guard's heartbeat for the wire; ``stamp`` is for recordings, ages are taken from the steady clock."""
    msg = GuardStatus(sent_monotonic_ns=int(guard.sent_s * 1e9), armed=guard.armed, reason=guard.reason.value)
    msg.header.stamp, msg.header.frame_id = stamp or Time(), "base_link"
    return msg


def guard_from_msg(msg: GuardStatus) -> GuardState:
    """The guard's heartbeat from the wire.

    Raises:
        InputError: reason unknown.
    """
    if msg.reason not in [reason.value for reason in HoldReason]:
        raise InputError(f"guard's reason {msg.reason!r} is not one of: {', '.join(filter(None, HoldReason))}")
    return GuardState(msg.sent_monotonic_ns * 1e-9, msg.armed, HoldReason(msg.reason))


def scan_from_msg(msg: LaserScan) -> Scan:
    """A laser scan from the wire.

    Raises:
        InputError: no rays, or angles or bounds that are not finite.
    """
    ranges = np.asarray(msg.ranges, np.float32)
    return Scan(ranges, msg.angle_min, msg.angle_increment, msg.range_min, msg.range_max)


def _floats(values: FloatArray) -> array.array[float]:
    return array.array("f", np.ascontiguousarray(values, np.float32).tobytes())
