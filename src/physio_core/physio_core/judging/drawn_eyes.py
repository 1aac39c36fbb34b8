"""What is seen of the hands that may draw: how far each comes, what it draws, and whether that is surely another path."""

from __future__ import annotations

import math

from physio_core.assessment.repetition import OTHER_PATH, Fault
from physio_core.errors import InputError
from physio_core.exercises.catalogue import Exercise
from physio_core.judging.judge import Goal
from physio_core.skeleton.layouts import Layout
from physio_core.skeleton.stream import RATE_HZ, JointFrame, JointStream, Track
from physio_core.trajectories.arm import human_arm
from physio_core.trajectories.body import ArmPlace, ArmReader
from physio_core.trajectories.classifier import PathClassifier
from physio_core.trajectories.drawing import Drawing, Paths, places
from physio_core.trajectories.onlooker import OTHER_SENSE, Onlooker
from physio_core.trajectories.reach import ReachMeter
from physio_core.trajectories.tracer import Tracer
from physio_core.trajectories.trajectory import SIDES, Trajectory
from physio_core.trajectories.trajectory import Side as Arm
from physio_core.trajectories.types import ideal
from physio_core.types import Side, Skeleton

CALIBRATED_S = 1.0
"""So long an arm is looked at before its stars are hung up [s]."""
WITHIN_M = 0.03
"""A path that another program wants may lie so far beyond where the hand comes, and is brought there [m]."""
FOLLOWED = 0.9
"""Who lit such a share of the stars in order drew what was asked for, however flat it came out; but in which sense a circle
turns, the stars of a small one do not tell."""
TRAIL = 60
"""Places of the trail that are told, at most."""


class Hand:
    """One hand that may draw: how far it comes, and what it draws."""

    def __init__(
        self, exercise: Exercise, layout: Layout, side: Arm, extent: float, namer: PathClassifier, tilt_rad: float
    ) -> None:
        assert exercise.trajectory is not None
        self._definition, self.side, self._extent = exercise.trajectory, side, extent
        self._reader, self._meter = ArmReader(layout, side, tilt_rad), ReachMeter(CALIBRATED_S)
        self._onlooker = Onlooker(exercise.trajectory.type, side, namer)
        self._tracer: Tracer | None = None
        self.reach_m = 0.0
        self.path: Trajectory
        self.ideal: Trajectory

    @property
    def tracer(self) -> Tracer:
        """What it draws; only once its reach is known."""
        assert self._tracer is not None
        return self._tracer

    @property
    def size_m(self) -> float:
        """Reach for which the path is meant, never more than there is [m]."""
        return self.reach_m * min(self._definition.size * self._extent, 1.0)

    @property
    def calibrated(self) -> bool:
        """Whether its reach is known."""
        return self._tracer is not None

    def reset(self) -> None:
        """Someone else is there."""
        self._reader.reset()
        self._meter.reset()
        self._onlooker.reset()
        self._tracer = None

    def ask_for(self, path: Trajectory) -> None:
        """Another path is asked for from now on."""
        self.path = path
        self.tracer.ask_for(path)
        self._onlooker.compare(path, self.reach_m)

    @property
    def other(self) -> Fault | None:
        """What is said of the newest path, where it is surely another one than asked for; None: nothing."""
        told = self._onlooker.other
        if told != OTHER_SENSE and self.calibrated and self.tracer.stars.share >= FOLLOWED:
            return None
        return Fault(OTHER_PATH, 0.0, side=Side(self.side), joint="wrist", direction=told) if told else None

    def ended(self, path: Trajectory) -> Fault | None:
        """The same of a path that is over."""
        self._onlooker.end(float(path.stamps_s[0]), float(path.stamps_s[-1]))
        other = self.other
        if other is None:
            self._onlooker.other = ""  # the next path has other stars, which are not lit yet
        return other

    def push(self, place: ArmPlace, frame: JointFrame, aspect: float) -> Trajectory | None:
        """The hand is there; gives the attempt that is over with it."""
        path = self.tracer.push(place.stamp_s, place.hand_m)
        if (unaided := self._reader.read_unaided(frame, aspect)) is not None:
            self._onlooker.push(unaided, self.tracer.since_s)
        return path

    def place(self, frame: JointFrame, aspect: float) -> ArmPlace | None:
        """Where it is; measures its reach until that is known."""
        found = self._reader.read(frame, aspect, self._tracer.ahead_m if self._tracer else 0.0)
        if found is None or self._tracer is not None:
            return found
        self._meter.push(found.stamp_s, found.arm_m, found.hand_m)
        if self._meter.done:
            self._hang_up()
        return found

    def _hang_up(self) -> None:
        try:
            self.reach_m = round(self._meter.reach.reach_m, 2)
            self.ideal = ideal(self._definition.type, self.size_m, self.side)
            self.path = human_arm(self.reach_m, self.side).follow(self.ideal)
            tolerance_m = self._definition.tolerance * self.reach_m
            self._onlooker.compare(self.path, self.reach_m)
            self._tracer = Tracer(self.path, self._definition.stars, tolerance_m, self._definition.attempt_from, self.reach_m)
        except InputError:
            self._meter.reset()


class Eyes:
    """Watches one person's hands, in one joint order."""

    def __init__(self, exercise: Exercise, layout: Layout, goal: Goal, namer: PathClassifier, tilt_rad: float) -> None:
        assert exercise.trajectory is not None
        self._type = exercise.trajectory.type
        self._stream, self._tilt_rad = JointStream(layout, RATE_HZ), tilt_rad
        wanted = goal.side.value or exercise.trajectory.side
        self._hands = [Hand(exercise, layout, side, goal.extent, namer, tilt_rad) for side in SIDES if wanted in ("", side)]
        self._drawing_hand: Hand | None = self._hands[0] if len(self._hands) == 1 else None
        self._track: Track | None = None

    def want(self, path: Trajectory) -> None:
        """Another program wants this path to be drawn next.

        Raises:
            InputError: of an arm that does not draw, or whose reach is not known yet, or a path that it does not reach.
        """
        hand = next((hand for hand in self._hands if hand.side == path.side), None)
        if hand is None:
            raise InputError(f"a path of the {path.side} arm; the {self._hands[0].side} one is to draw")
        if not hand.calibrated:
            raise InputError(f"how far the {path.side} hand comes is not known yet; send it once `path/next` was published")
        hand.ask_for(human_arm(hand.reach_m, path.side).follow(path, WITHIN_M))

    def see(self, skeleton: Skeleton, counts: bool) -> list[tuple[Trajectory, Hand]]:
        """Take the skeleton of the next image; gives the attempts that are over with it."""
        found = []
        frames = self._stream.update(skeleton)
        if self._stream.track is not self._track:
            self._track = self._stream.track
            for hand in self._hands:
                hand.reset()
        aspect = skeleton.width_px / max(skeleton.height_px, 1) or 4.0 / 3.0
        for frame in frames:
            for hand in self._hands:
                place = hand.place(frame, aspect)
                if place is None or not counts or not hand.calibrated:
                    continue
                path = hand.push(place, frame, aspect)
                self._drawing_hand = hand if hand.tracer.stars.lit or self._drawing_hand is None else self._drawing_hand
                if path is not None and hand is self._drawing_hand:
                    found.append((path, hand))
        return found

    def close(self) -> list[tuple[Trajectory, Hand]]:
        """The images end; gives what was drawn so far."""
        hand = self._drawing_hand
        path = hand.tracer.close() if hand and hand.calibrated else None
        return [(path, hand)] if hand and path else []

    @property
    def drawing(self) -> Drawing | None:
        """What is being drawn; None: the reach is not known yet."""
        hand = self._drawing_hand
        if hand is None or not hand.calibrated:
            return None
        trail, stars = hand.tracer.trail, hand.tracer.stars
        step = max(math.ceil(len(trail) / TRAIL), 1)
        return Drawing(
            self._type, hand.side, hand.reach_m, places(stars.places_m), stars.lit, places(trail[::step]), tilt_rad=self._tilt_rad
        )

    @property
    def other(self) -> Fault | None:
        """What is said of the newest path, where it is surely another one than asked for; None: nothing."""
        return self._drawing_hand.other if self._drawing_hand else None

    @property
    def paths(self) -> Paths | None:
        """The same with its time; None: likewise."""
        hand = self._drawing_hand
        return Paths(hand.ideal, hand.path) if hand and hand.calibrated else None
