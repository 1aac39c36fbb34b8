"""Everything that the screen shows, in one value, so that what is drawn depends on nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby

from physio_core.assessment.repetition import Fault, ScoreTerm
from physio_core.judging.library import LibraryConfig
from physio_core.languages.texts import LanguageConfig
from physio_core.params import param
from physio_core.screen.aim import Aim, Sighting
from physio_core.screen.layout import Crop
from physio_core.screen.telling import Chosen
from physio_core.session.requests import Command
from physio_core.session.status import Status
from physio_core.session.summary import Done
from physio_core.types import ByteImage, Hand, HoldReason, Skeleton


@dataclass(frozen=True)
class ScreenConfig(LibraryConfig, LanguageConfig):
    """What the screen shows of the patient, in which language, and how often."""

    picture: str = param(
        "skeleton",
        "The patient as a skeleton alone, or as a mirrored camera image.",
        choices=["skeleton", "mirror"],
        live=True,
    )
    fps: float = param(30.0, "Frames drawn per second.", unit="Hz", low=1.0, high=60.0)
    font: str = param("", "Font file with letters that the two fonts which ship lack; empty: none.")
    fullscreen: bool = param(False, "Fill the whole display instead of a window; F11 changes it.")
    width_px: int = param(1024, "Width of the window when it opens.", unit="px", low=480, high=7680)
    height_px: int = param(600, "Height of the window when it opens.", unit="px", low=288, high=4320)
    stale_s: float = param(1.5, "Without news for longer, the coach or the guard counts as lost.", unit="s", low=0.3, high=30.0)
    screenshot_dir: str = param("", "Folder for one PNG at each change of state; empty: none. Shows what the screen shows.")
    end_on_close: bool = param(True, "End the node, with exit code 0, when the window is closed.")


class Guard(Enum):
    """What is known of the stop guard."""

    ABSENT = "absent"
    ARMED = "armed"
    HELD = "held"
    LOST = "lost"


class Overlay(Enum):
    """What lies over the pages."""

    HELP = "help"
    CLOSE = "close"
    PAIN = "pain"


@dataclass(frozen=True)
class TherapistPage:
    """The therapist's page: the list of exercises being put together.

    Attributes:
        chosen: exercises, in order.
        sets: how often the list is repeated.
        page_index: which page of exercises is shown, from 0.
    """

    chosen: tuple[str, ...] = ()
    sets: int = 1
    page_index: int = 0

    @property
    def runs(self) -> tuple[tuple[str, int], ...]:
        """Exercises in order, and how often each is done before the next."""
        return tuple((name, len(list(same))) for name, same in groupby(self.chosen))

    @property
    def request(self) -> str:
        """The whole list as it is asked for."""
        return ",".join(self.chosen * self.sets)

    def times(self, exercise: str) -> int:
        """How often an exercise stands in the list."""
        return self.chosen.count(exercise)


@dataclass(frozen=True)
class ScreenState:
    """One moment of the screen.

    Attributes:
        status: what the coach thinks; None while no coach is heard.
        message: what the coach says, one sentence.
        cue: how to do the exercise better, for some seconds after it was said; empty: nothing.
        warns: whether the cue is about what may hurt.
        terms: parts of the score of the present set, or of the last one.
        missed: what to do better in the next path: of the newest, what the coach spoke of last or what cost most; None: nothing.
        misses: by fault, the largest that was measured in a complete repetition of the set that the terms are of.
        ignored: faults of this exercise that the therapist had ignored.
        done: what was done in this session.
        question: what the patient is asked, effort or pain; None: nothing.
        chosen: her answer while it can be undone.
        thanks: she answered.
        aim: where the movement is to go; None: that is not shown.
        seen: her joints, at which that is drawn.
        skeleton: newest skeleton of the patient.
        hand: the patient's hand, while an exercise of the hand is on.
        hand_crop: the part of the camera image that it fills.
        streak: complete repetitions in a row.
        crop: the part of the camera image that the patient fills.
        turned: the example faces left instead of right, as the patient's mirror image does.
        image: newest camera image (H, W, 3) uint8, not yet mirrored; None shows the skeleton alone.
        guard: whether the robot may move.
        guard_reason: why the guard holds the robot.
        therapist_page: the therapist's page, when it is open.
        overlay: what lies over the pages.
        time_s: steady time, which moves the figure [s].
    """

    status: Status | None = None
    message: str = ""
    cue: str = ""
    warns: bool = False
    terms: tuple[ScoreTerm, ...] = ()
    missed: Fault | None = None
    misses: Mapping[str, Fault] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    done: tuple[Done, ...] = ()
    question: Command | None = None
    chosen: Chosen | None = None
    thanks: bool = False
    aim: Aim | None = None
    seen: Sighting = field(default_factory=Sighting, compare=False)
    skeleton: Skeleton | None = field(default=None, compare=False)
    crop: Crop | None = field(default=None, compare=False)
    hand: Hand | None = field(default=None, compare=False)
    hand_crop: Crop | None = field(default=None, compare=False)
    streak: int = 0
    turned: bool = False
    image: ByteImage | None = field(default=None, compare=False)
    guard: Guard = Guard.ABSENT
    guard_reason: HoldReason = HoldReason.NONE
    therapist_page: TherapistPage | None = None
    overlay: Overlay | None = None
    time_s: float = field(default=0.0, compare=False)

    @property
    def asks(self) -> Command | None:
        """What a number that is typed or tapped now is about; None: nothing."""
        if self.overlay is Overlay.PAIN:
            return Command.PAIN
        return None if self.overlay or self.therapist_page else self.question

    @property
    def held(self) -> bool:
        """Whether the robot is kept from moving by more than its start-up."""
        starting = (HoldReason.WAITING_FOR_CONTROLLER, HoldReason.WAITING_FOR_GUARD)
        return self.guard is Guard.LOST or (self.guard is Guard.HELD and self.guard_reason not in starting)
