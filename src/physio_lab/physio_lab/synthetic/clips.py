"""Labelled video clips of the simulated patient, with the truth beside them, in the form that `physio action evaluate` reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np

from physio_core.camera.writer import VideoWriter
from physio_core.files import check_writable, writing
from physio_core.types import UNKNOWN, FloatArray
from physio_lab.datasets.files import npz_bytes
from physio_lab.evaluation.index import INDEX, open_index
from physio_sim.clinic import Clinic
from physio_sim.params import ClinicConfig
from physio_sim.patient.people import check_persona
from physio_sim.truth import Truth

SIMULATED = "S"
"""Grade of simulated clips, beside A, B, H and U of real ones."""


@dataclass(frozen=True)
class Clip:
    """One row of ``INDEX.csv``.

    Attributes:
        file: name of the video in the folder.
        label: what is done most of the time, as a recogniser should say it.
        reps: repetitions completed inside the clip.
        grade: :data:`SIMULATED`.
        asked: what the patient was asked for.
        persona: how the patient behaves.
        view: from where the camera sees the patient.
        fps: images per second.
        frames: number of images.
        seed: of body, clothes and room.
    """

    file: str
    label: str
    reps: int
    grade: str
    asked: str
    persona: str
    view: str
    fps: float
    frames: int
    seed: int


def render_clips(
    folder: Path, asked: Sequence[tuple[str, str, str]], config: ClinicConfig, seconds: float, fps: float
) -> Iterable[Clip]:
    """Render clips one after the other and keep ``INDEX.csv`` up to date; each has a seed of its own, counting up.

    Args:
        folder: made if it is not there; clips of the same name are replaced. Of an index that is there, which may be a person's
            own, other rows and columns stay as they are, byte by byte; the columns that it has are filled in.
        asked: (exercise, persona, view) of each clip.
        config: of the first clip.
        seconds: length of a clip [s].
        fps: images per second.

    Raises:
        ConfigError: there is no such persona or view.
        OutputError: a file cannot be written; clips before it are whole and in the index.
        InputError: the index that is there cannot be read.
        UnknownExercise: nobody can do that exercise.
    """
    check_writable(folder / INDEX)
    columns = [item.name for item in fields(Clip)]
    open_index(folder, columns)
    for _, persona, view in asked:
        check_persona(persona, view)
    for number, (exercise, persona, view) in enumerate(asked):
        clip = render_clip(folder, exercise, persona, view, replace(config, seed=config.seed + number), seconds, fps)
        open_index(folder, columns).put("file", asdict(clip))
        yield clip


def render_clip(folder: Path, exercise: str, persona: str, view: str, config: ClinicConfig, seconds: float, fps: float) -> Clip:
    """Render one clip and its truth (``.npz``); it begins when the patient begins.

    The truth holds, per image: ``stamp_s`` (T,), ``exercise`` (T,), ``phase`` (T,), ``repetition`` (T,), ``joint_angles_rad``
    (T, D) in the order ``joint_names`` (D,), and ``skeleton`` (T, 18, 2), where the joints of ``openpose_18`` are in the image.
    Per repetition that is seen: ``rep_number`` (R,), ``rep_side``, ``rep_start_s``, ``rep_turn_s``, ``rep_end_s`` and
    ``rep_extent``; per fault of one: ``fault_rep`` (F,), its repetition's number, ``fault_name``, ``fault_joint``,
    ``fault_side``, ``fault_value``, ``fault_sound`` (the same without faults) and ``fault_unit``.
    """
    name = f"{exercise}_{persona}_{view}_{config.seed}"
    clinic = Clinic(config, (persona,), view)
    try:
        clinic.ask(exercise)
        clinic.wait_for_start()
        start_s, truths, skeletons = clinic.now_s, [], []
        size_px = config.width_px, config.height_px
        with writing(folder / f"{name}.npz") as truth, VideoWriter(folder / f"{name}.mp4", fps, *size_px) as video:
            for index in range(max(1, round(seconds * fps))):
                clinic.advance(start_s + index / fps)
                truths.append(clinic.pose_people())
                skeletons.append(clinic.skeleton())
                video.add(clinic.image())
            truth.write_bytes(_truth(truths, np.stack(skeletons), fps))
    finally:
        clinic.close()
    reps = max(truth.repetition for truth in truths) - truths[0].repetition  # it falls back to 0 when the patient stops
    return Clip(f"{name}.mp4", _label(truths), reps, SIMULATED, exercise, persona, view, fps, len(truths), config.seed)


def _label(truths: Sequence[Truth]) -> str:
    names, counts = np.unique([truth.exercise or UNKNOWN for truth in truths], return_counts=True)
    return str(names[np.argmax(counts)])


def _truth(truths: Sequence[Truth], skeletons: FloatArray, fps: float) -> bytes:
    return npz_bytes(
        stamp_s=np.arange(len(truths)) / fps,
        exercise=[truth.exercise for truth in truths],
        phase=np.array([truth.phase for truth in truths], np.float32),
        repetition=[truth.repetition for truth in truths],
        joint_angles_rad=np.array([truth.joint_angles_rad for truth in truths], np.float32),
        joint_names=truths[0].joint_names,
        skeleton=skeletons.astype(np.float32),
        **_repetitions(truths),
    )


def _repetitions(truths: Sequence[Truth]) -> dict[str, list[object]]:
    """Columns of what is known of each repetition, times from the first image on, and of each fault."""
    seen = {truth.under_way.start_s: truth.under_way for truth in truths if truth.under_way}
    opened_s = truths[0].stamp_s
    found = [fault for one in seen.values() for fault in one.faults]
    return {
        "rep_number": [one.number for one in seen.values()],
        "rep_side": [one.side.value for one in seen.values()],
        **{f"rep_{part}_s": [getattr(one, f"{part}_s") - opened_s for one in seen.values()] for part in ("start", "turn", "end")},
        "rep_extent": [one.extent for one in seen.values()],
        "fault_rep": [one.number for one in seen.values() for _ in one.faults],
        **{f"fault_{part}": [getattr(fault, part) for fault in found] for part in ("name", "joint", "value", "sound", "unit")},
        "fault_side": [fault.side.value for fault in found],
    }
