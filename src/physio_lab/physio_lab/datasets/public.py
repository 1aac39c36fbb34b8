"""Public sets as the laboratory's sequences, with the traps of each one undone here, once.

Points of depth cameras are turned into the camera's optical frame (REP-103): x right, y down, z away from the camera [m], so that
they lie the way pictures do. Joints that a set marks as not visible, or lacks, have confidence 0.
"""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.errors import ConfigError, InputError, SkeletonError
from physio_core.skeleton.layouts import KINECT_25
from physio_lab.datasets.annotations import NOTHING_KNOWN, Annotations, Score, Sides
from physio_lab.datasets.files import RATE_HZ, read_npz, stamps
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.datasets.ui_prmd import Repetition, read_repetitions

Array = npt.NDArray[Any]

FROM_KINECT = np.array([-1, -1, 1], np.float32)
"""Kinect's frame (x to the sensor's left, y up, z away) into the optical one."""
FROM_UI_PRMD = np.array([1, -1, -1], np.float32)
"""UI-PRMD's (x right in the picture, y up, z towards the sensor) into the optical one."""

UI_PRMD_MOVEMENTS = (
    "deep_squat", "hurdle_step", "inline_lunge", "side_lunge", "sit_to_stand", "active_straight_leg_raise",
    "shoulder_abduction", "shoulder_extension", "shoulder_rotation", "shoulder_scaption",
)  # fmt: skip
IRDS_GESTURES = (
    "elbow_flexion_left", "elbow_flexion_right", "shoulder_flexion_left", "shoulder_flexion_right", "shoulder_abduction_left",
    "shoulder_abduction_right", "shoulder_forward_elevation", "side_tap_left", "side_tap_right",
)  # fmt: skip
WMFT_TASKS = (
    "forearm_to_table", "forearm_to_box", "extend_elbow_1", "extend_elbow_2", "hand_to_table", "hand_to_box",
    "reach_and_retrieve", "lift_can", "lift_pencil", "lift_paper_clip", "stack_checkers", "flip_cards", "turn_key",
    "fold_towel", "lift_basket",
)  # fmt: skip
KIMORE_EXERCISES = ("arm_lifting", "lateral_trunk_tilt", "trunk_rotation", "pelvis_rotation", "squat")
KIMORE_RATE_HZ = 15.0
KIMORE_BEST = 50.0
"""Of the clinicians' total; 0 is the worst."""
WMFT_PACKED, WMFT_INDEX = "wmft_upper_int16.npz", "index.csv"
WMFT_RATE_HZ = 15.0
"""Of the packed recordings: every second image of a camera of 30 Hz."""
WMFT_CONDITIONS = ("healthy", "mild", "moderate")
"""How impaired the arm was played to be; the place in this list is the score, 0 the best."""
UTD_MHAD_ACTIONS = (
    "swipe_left", "swipe_right", "wave", "clap", "throw", "arm_cross", "basketball_shoot", "draw_x", "draw_circle_clockwise",
    "draw_circle_counter_clockwise", "draw_triangle", "bowling", "boxing", "baseball_swing", "tennis_swing", "arm_curl",
    "tennis_serve", "push", "knock", "catch", "pickup_and_throw", "jog", "walk", "sit_to_stand", "stand_to_sit", "lunge", "squat",
)  # fmt: skip


def read_penn(folder: Path, split: str = "") -> Iterator[SkeletonSequence]:
    """Penn Action (Zhang, Zhu, Derpanis, From Actemes to Action, ICCV 2013): people's own marks in videos, ``penn_13``.

    The label is the action; the view is the authors' (front, back, left, right).
    Frames are taken as 30 a second (the rate is not stored). Left and right are the person's own,
    which they are not in the set's notes; see :data:`~physio_core.skeleton.layouts.PENN_13`.

    Args:
        folder: holds the ``.mat`` files, or a folder ``labels`` with them.
        split: ``train`` or ``test`` of the authors; empty: all.

    Raises:
        ConfigError: scipy is not installed, or a split that does not exist.
        InputError: no files, or one that is damaged.
    """
    if split not in ("", "train", "test"):
        raise ConfigError(f"Penn Action has no split {split!r}; valid: train, test, or empty for both")
    for path in _files(folder, "*.mat"):
        mat = _mat(path, "action", "x", "y", "visibility", "dimensions", "train", also="pose")
        if split and (int(mat["train"][0, 0]) == 1) != (split == "train"):
            continue
        if not mat["x"].shape == mat["y"].shape == mat["visibility"].shape:
            raise InputError(f"{path}: x {mat['x'].shape}, y {mat['y'].shape}, visibility {mat['visibility'].shape} differ")
        height, width = (int(size) for size in mat["dimensions"][0, :2])
        seen = mat["visibility"][None] > 0
        # Pixels are counted from 1, so the middle of the first is half a pixel from the edge; a hidden joint holds a placeholder.
        pixels = np.stack([mat["x"], mat["y"]], axis=-1)[None] - 0.5
        points = np.where(seen[..., None], pixels / (width, height), 0).astype(np.float32)
        yield SkeletonSequence(
            points, seen.astype(np.float32), stamps(points.shape[1]), "penn_13", str(mat["action"][0]),
            path.stem, source=path.stem, width_px=width, height_px=height,
            annotations=Annotations(view=str(mat["pose"][0]) if "pose" in mat else ""),
        )  # fmt: skip


def read_ui_prmd(folder: Path, correct: bool | None = None) -> Iterator[SkeletonSequence]:
    """UI-PRMD (Vakanski et al., Data 2018, 3(1):2), ``kinect_22``, 30 Hz: single repetitions; the label is the movement.

    Args:
        folder: holds the authors' text files (see :mod:`physio_lab.datasets.ui_prmd`), or ``kinect_int16.npz`` and
            ``kinect_index.csv`` with the same as packed positions.
        correct: only movements done right, or only those done wrong on purpose; None: all. The names of the latter end in
            ``_incorrect``, because the authors number both alike; what counts is the annotation.

    Raises:
        InputError: files are missing or do not fit together.
    """
    packed = (folder / "kinect_int16.npz").exists()
    for one in _packed_repetitions(folder) if packed else read_repetitions(folder):
        if correct in (None, one.correct):
            name = one.name + ("" if one.correct else "_incorrect")
            label = _named(UI_PRMD_MOVEMENTS, one.movement - 1, folder)
            known = Annotations(repetitions=1, correct=one.correct)
            yield _metres(one.points_m * FROM_UI_PRMD, "kinect_22", label, name, f"s{one.subject:02d}", known)


def _packed_repetitions(folder: Path) -> Iterator[Repetition]:
    for row, points in _packed(folder, "kinect_int16.npz", "kinect_index.csv", "movement", "subject", "correct"):
        name = row["file"].split("_positions")[0].removesuffix("_inc")
        yield Repetition(name, int(row["movement"]), int(row["subject"]), row["correct"] == "1", points)


def read_irds(folder: Path, correct: bool | None = None) -> Iterator[SkeletonSequence]:
    """IntelliRehabDS (Miron et al., Data 2021, 6(5):46) as packed positions, ``kinect_25``, 30 Hz: single repetitions.

    The label is the gesture. The recordings show the gestures mirrored (a gesture called left moves the right arm), so they are
    mirrored back here.

    Args:
        folder: holds ``irds_int16.npz`` and ``index.csv``.
        correct: only repetitions judged right, or only those judged wrong; None: both. Those too poor to judge are left out.

    Raises:
        InputError: files are missing or do not fit together.
    """
    mirrored = FROM_KINECT * (-1, 1, 1)
    for row, points in _packed(folder, "irds_int16.npz", "index.csv", "gesture", "subject", "correct_label"):
        judged = {"1": True, "2": False}.get(row["correct_label"])
        if judged is not None and correct in (None, judged):
            label = _named(IRDS_GESTURES, int(row["gesture"]), folder)
            mirror = (points * mirrored)[:, KINECT_25.mirror]
            side = next((one for one in (Sides.LEFT, Sides.RIGHT) if label.endswith(one.value)), Sides.BOTH)
            known = Annotations(repetitions=1, correct=judged, side=side)
            yield _metres(mirror, "kinect_25", label, Path(row["file"]).stem, row["subject"], known)


def read_kimore(folder: Path) -> Iterator[SkeletonSequence]:
    """KIMORE (Capecci et al., IEEE TNSRE 2019) as packed positions, ``kinect_25``, 15 Hz: some repetitions in one recording.

    The label is the exercise, the score the clinicians' total. Recordings that nobody scored are left out.

    Args:
        folder: holds pairs ``kimore_PART.npz`` and ``index_PART.csv``; all are read. A single index may be called otherwise.

    Raises:
        InputError: files are missing or do not fit together, or a score that is no number from 0 to 50.
    """
    for path in _files(folder, "kimore*.npz"):
        index = f"index_{path.stem.removeprefix('kimore_')}.csv"
        others = sorted(path.parent.glob("index*.csv"))
        if not (path.parent / index).exists() and len(others) == 1:
            index = others[0].name
        for row, points in _packed(path.parent, path.name, index, "subject", "exercise", "score_total"):
            if not row["score_total"].strip():
                continue
            try:
                label = _named(KIMORE_EXERCISES, int(row["exercise"]) - 1, path)
                known = Annotations(score=Score(float(row["score_total"]), worst=0.0, best=KIMORE_BEST))
            except (ValueError, SkeletonError) as error:
                raise InputError(f"{path.parent / index}: exercise or score_total of {row['file']}: {error}") from error
            name = Path(row["file"]).stem
            yield _metres(points * FROM_KINECT, "kinect_25", label, name, row["subject"], known, rate_hz=KIMORE_RATE_HZ)


def read_wmft(folder: Path) -> Iterator[SkeletonSequence]:
    """Wolf Motor Function tasks (Barachant et al., IEEE JBHI) as packed positions: ``kinect_25`` without legs, 15 Hz.

    The label is the task; the score is how impaired the arm was played to be, a place in :data:`WMFT_CONDITIONS`.

    Args:
        folder: holds :data:`WMFT_PACKED` and :data:`WMFT_INDEX`.

    Raises:
        InputError: files are missing or do not fit together.
    """
    joints = _load(folder / WMFT_PACKED)["joints"]
    for row, upper in _packed(folder, WMFT_PACKED, WMFT_INDEX, "task", "subject", "condition"):
        points = np.zeros((len(upper), len(KINECT_25.joints), 3), np.float32)
        points[:, joints] = upper * FROM_KINECT
        label = _named(WMFT_TASKS, int(row["task"]) - 1, folder)
        if row["condition"] not in WMFT_CONDITIONS:
            raise InputError(f"{folder}: condition {row['condition']!r}; the set has {', '.join(WMFT_CONDITIONS)}")
        score = Score(WMFT_CONDITIONS.index(row["condition"]), worst=len(WMFT_CONDITIONS) - 1, best=0)
        yield _metres(
            points, "kinect_25", label, Path(row["file"]).stem, row["subject"], Annotations(score=score), joints, WMFT_RATE_HZ
        )


def read_utd_mhad(folder: Path) -> Iterator[SkeletonSequence]:
    """UTD-MHAD (Chen, Jafari, Kehtarnavaz, ICIP 2015): ``kinect_20``, 30 Hz; the label is the action.

    Args:
        folder: holds ``aA_sS_tT_skeleton.mat``, or a folder ``Skeleton`` with them.

    Raises:
        ConfigError: scipy is not installed.
        InputError: no files, or one that is damaged.
    """
    for path in _files(folder, "a*_s*_t*_skeleton.mat"):
        points = _mat(path, "d_skel")["d_skel"].transpose(2, 0, 1).astype(np.float32) * FROM_KINECT
        action, subject, _ = path.stem.split("_", 2)
        label = _named(UTD_MHAD_ACTIONS, int(action[1:]) - 1, path)
        yield _metres(points, "kinect_20", label, path.stem.removesuffix("_skeleton"), subject)


def _metres(
    points: Array, layout: str, label: str, name: str, subject: str, known: Annotations = NOTHING_KNOWN,
    joints: Any = slice(None), rate_hz: float = RATE_HZ,
) -> SkeletonSequence:  # fmt: skip
    confidence = np.zeros((1, *points.shape[:2]), np.float32)
    confidence[..., joints] = 1
    times = stamps(len(points), rate_hz)
    return SkeletonSequence(
        points[None].astype(np.float32), confidence, times, layout, label, name, subject, name, annotations=known
    )


def _named(names: tuple[str, ...], index: int, what: Path) -> str:
    if not 0 <= index < len(names):
        raise InputError(f"{what}: class {index + 1}, but the set has {len(names)}: {', '.join(names)}")
    return names[index]


def _files(folder: Path, pattern: str) -> list[Path]:
    paths = sorted(folder.glob(pattern)) or sorted(folder.glob(f"*/{pattern}"))
    if not paths:
        raise InputError(f"{folder} holds no {pattern}, nor does a folder in it")
    return paths


def _mat(path: Path, *keys: str, also: str = "") -> Mapping[str, Array]:
    try:
        from scipy.io import loadmat
        from scipy.io.matlab import MatReadError
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"{path}: reading .mat needs scipy, which comes with the laboratory: scripts/setup --training"
        ) from error
    try:
        found: Mapping[str, Array] = loadmat(str(path), variable_names=[*keys, also])
    # scipy does not say what a damaged file raises; these are what its reader and the libraries below it use.
    except (OSError, ValueError, TypeError, LookupError, EOFError, NotImplementedError, zlib.error, MatReadError) as error:
        raise InputError(f"{path} cannot be read as a MATLAB file: {error}") from error
    if missing := set(keys) - set(found):
        raise InputError(f"{path} lacks {', '.join(sorted(missing))}; is it of another set?")
    return found


def _load(path: Path) -> Mapping[str, Array]:
    found = read_npz(path)
    if missing := {"frames", "offsets", "scale_m"} - set(found):
        raise InputError(f"{path} lacks {', '.join(sorted(missing))}; is it of another set?")
    return found


def _packed(folder: Path, arrays: str, index: str, *columns: str) -> Iterator[tuple[dict[str, str], npt.NDArray[np.float32]]]:
    packed = _load(folder / arrays)
    try:
        with (folder / index).open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise InputError(f"{folder / index} cannot be read: {error.strerror}") from error
    if rows and (missing := {"file", *columns} - set(rows[0])):
        raise InputError(f"{folder / index} lacks the columns {', '.join(sorted(missing))}")
    offsets, scale_m = packed["offsets"], np.float32(packed["scale_m"])
    if len(rows) != len(offsets) - 1:
        raise InputError(f"{folder / index} has {len(rows)} rows, but {arrays} {len(offsets) - 1} sequences")
    for row, start, end in zip(rows, offsets, offsets[1:], strict=False):
        yield row, packed["frames"][start:end].astype(np.float32) * scale_m
