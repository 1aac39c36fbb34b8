"""Everything that the screen shows, in one value, so that a picture of it depends on nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from physio_core.coach.session import Status
from physio_core.params import Parameters, param
from physio_core.types import ByteImage, Skeleton


@dataclass(frozen=True)
class ScreenConfig(Parameters):
    """What the screen shows of the patient, in which language, and how often."""

    language: str = param("en", "Language of every text; see config/wording.yaml for those that exist.")
    picture: str = param(
        "skeleton", "The patient as a skeleton alone, or as a mirrored camera picture.", choices=["skeleton", "mirror"]
    )
    fps: float = param(15.0, "Pictures drawn per second.", unit="Hz", low=1.0, high=60.0)
    fullscreen: bool = param(False, "Fill the whole display instead of a window of 1024x600.")
    stale_s: float = param(1.5, "Without news for longer, the coach or the guard counts as lost.", unit="s", low=0.3, high=30.0)
    screenshot_dir: str = param("", "Folder for one PNG at each change of state; empty: none. Shows what the screen shows.")
    end_on_close: bool = param(True, "End the node, with exit code 0, when the window is closed.")


class Guard(Enum):
    """What is known of the stop guard."""

    ABSENT = "absent"
    ARMED = "armed"
    HELD = "held"
    LOST = "lost"


@dataclass(frozen=True)
class Desk:
    """The therapist's page.

    Attributes:
        chosen: exercises of the list that is being put together, in order.
        page: which page of exercises, from 0.
    """

    chosen: tuple[str, ...] = ()
    page: int = 0


@dataclass(frozen=True)
class ScreenState:
    """One moment of the screen.

    Attributes:
        status: what the coach thinks; None while no coach is heard.
        message: what the coach says, one sentence.
        rounds: how many rounds there will be; 0: not known.
        skeleton: newest skeleton of the patient.
        picture: newest camera picture (H, W, 3) uint8, not yet mirrored; None shows the skeleton alone.
        guard: whether the robot may move.
        guard_reason: why the guard holds the robot.
        desk: the therapist's page, when it is open.
        time_s: steady time, which moves the figure [s].
    """

    status: Status | None = None
    message: str = ""
    rounds: int = 0
    skeleton: Skeleton | None = field(default=None, compare=False)
    picture: ByteImage | None = field(default=None, compare=False)
    guard: Guard = Guard.ABSENT
    guard_reason: str = ""
    desk: Desk | None = None
    time_s: float = field(default=0.0, compare=False)
