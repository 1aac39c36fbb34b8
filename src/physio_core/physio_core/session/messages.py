"""What the patient is told, from the coach's status and the phrases of a language (``coach.`` in ``config/locale``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from physio_core.assessment.repetition import OTHER_PATH
from physio_core.exercises.catalogue import Catalogue, Wording
from physio_core.exercises.kinds import sensed_by_hand
from physio_core.languages.texts import Phrases
from physio_core.session.status import State, Status
from physio_core.skeleton.layouts import HAND_21
from physio_core.trajectories.onlooker import OTHER_WAYS
from physio_core.types import Reason, Verdict

REASONS = tuple(reason for reason in Reason if reason not in (Reason.NONE, Reason.TOO_FEW_FRAMES, Reason.NOT_SEEN))
"""Reasons that the patient can do something about; each has a phrase."""

KEYS = (
    *(state.value for state in State if state is not State.VERDICT),
    *("right", "right_short", "wrong", "wrong_last", "unsure", "live_right", "live_wrong", "live_held", "live_close"),
    "live_release",
    *(reason.value for reason in REASONS),
)
"""Every situation, each with a sentence and a headline of the screen; see :func:`headline`."""

PARTS: Mapping[str, frozenset[str]] = {
    **{joint: frozenset({joint}) for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")},
    "arms": frozenset({"elbow", "wrist"}),
    "legs": frozenset({"hip", "knee", "ankle"}),
    "hand": frozenset(HAND_21.joints),
}
"""How missing joints are called: by the first that holds them all; more than that is the whole body."""

UNNAMED = {"wrong": "wrong_unnamed", "wrong_last": "wrong_unnamed", "live_wrong": "live_wrong_unnamed"}
"""Sentences for what was wrong where nobody can say what it was instead, by those that name it."""

OTHER_PATHS = tuple(f"{OTHER_PATH}.{way}" for way in OTHER_WAYS)
"""What was drawn in place of the path that was asked for, as a sentence, where that is known."""

PHRASES = (
    *KEYS,
    "missing",
    *dict.fromkeys(UNNAMED.values()),
    *OTHER_PATHS,
    *(f"part_{part}" for part in PARTS),
    "side_left",
    "side_right",
)
"""Every key of the coach's phrases."""


def message(status: Status, catalogue: Catalogue, phrases: Phrases, language: str) -> str:
    """One short sentence for the patient."""

    def words(name: str) -> Wording:
        plain = name.replace("_", " ")
        return catalogue[name].words(language) if name in catalogue else Wording(plain.capitalize(), "", plain)

    asked, seen = words(status.asked), words(status.seen)
    key = headline(status)
    side = status.current_set.side.value
    part = part_of(status.missing) if key == Reason.OUT_OF_FRAME else ""
    if key == State.WATCH.value and status.current_set.repetitions + status.current_set.partial:
        key = "live_right"  # between two repetitions nobody begins
    made = f"{status.now.name}.{status.now.direction}" if status.now and key in UNNAMED else ""
    said = "missing" if part else made if made in OTHER_PATHS else key if status.seen else UNNAMED.get(key, key)
    sentence = phrases[said].format(
        part=phrases[f"part_{part}"] if part else "",
        title=asked.title + (f", {phrases[f'side_{side}']}" if side and status.state is State.SHOW else ""),
        called=asked.called or asked.title,
        seen=seen.called or seen.title,
        seen_title=seen.title,
        instruction=asked.instruction,
    )
    return sentence[:1].upper() + sentence[1:]


def part_of(missing: Sequence[str]) -> str:
    """Which one of :data:`PARTS` holds all joints that are missing; empty: none does."""
    return next((part for part, joints in PARTS.items() if missing and joints.issuperset(missing)), "")


def headline(status: Status) -> str:
    """Which phrase and which headline go with a status: one of :data:`KEYS`."""
    if status.state is State.VERDICT:
        work = status.current_set
        if status.verdict is Verdict.RIGHT and (work.goal or work.partial) and not work.repetitions:
            return "right_short"
        last = status.verdict is Verdict.WRONG and status.next != status.asked
        return "wrong_last" if last else status.verdict.value or Verdict.UNSURE.value
    if status.state is not State.WATCH:
        return str(status.state.value)
    held = sensed_by_hand(status.kind)
    if held and status.verdict is Verdict.RIGHT:
        return "live_release" if status.current_set.phase >= 1.0 else "live_held"
    if status.verdict in (Verdict.RIGHT, Verdict.WRONG):
        return f"live_{status.verdict.value}"
    if held and status.verdict is Verdict.UNSURE and status.reason is Reason.NONE:
        return "live_close"
    return str(status.reason.value) if status.reason in REASONS else "watch"
