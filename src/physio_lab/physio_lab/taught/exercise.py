"""The exercise file and the figure of a movement that a model is taught, written into the model's folder."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from physio_core.errors import ConfigError
from physio_core.exercises.figure import FOLDER as FIGURES
from physio_core.exercises.figure import Points
from physio_core.judging.library import TAUGHT
from physio_core.languages.texts import SOURCE, languages, load_texts
from physio_core.skeleton.confidence import RELIABLE
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import FloatArray
from physio_lab.taught.figure import learnt

_PARTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
COMMAND = "physio action learn"
Clips = Sequence[tuple[FloatArray, FloatArray]]
Words = Mapping[str, Mapping[str, str]]

_HEAD = """# One exercise is one file: the coach has no code for it. Made by `{command}`; edit it here.
# view: how the patient stands to the camera; needs: joints that must be seen on at least one side
"""
_FIGURE_HEAD = """# One repetition as a camera saw it, evenly spaced up to the start of the next; made by `{command}`.
# yamllint disable rule:line-length
"""


@dataclass(frozen=True)
class OwnExercise:
    """What goes into a model's folder beside the model.

    Attributes:
        name: of the exercise.
        text: content of its file; empty: the existing file stays.
        figure: what shows it; None: the clips are too short to show it.
        out: the model's folder.
        base: folder of the model that is taught, whose own exercises are copied.
    """

    name: str
    text: str
    figure: Points | None
    out: Path
    base: Path

    def write(self, folder: Path) -> None:
        """Write into another folder what replaces the model's exercises: the existing ones, and this one."""
        home = folder / TAUGHT
        (home / FIGURES).mkdir(parents=True)
        for known in (self.base, self.out):
            if (known / TAUGHT).is_dir():
                shutil.copytree(known / TAUGHT, home, dirs_exist_ok=True)
        if self.text:
            (home / f"{self.name}.yaml").write_text(self.text, encoding="utf-8")
        if self.figure is not None:
            (home / FIGURES / f"{self.name}.yaml").write_text(figure_text(self.figure, COMMAND), encoding="utf-8")


def own_exercise(
    name: str, clips: Clips, rate_hz: float, words: Words, places: tuple[Path, Path], one_sided: bool = False
) -> OwnExercise:
    """Make an exercise of clips of a movement.

    Args:
        name: of the movement.
        clips: points (T, 18, 2 or 3) and confidence (T, 18) of each, as of :func:`~physio_lab.taught.figure.learnt`.
        rate_hz: frames per second of the clips.
        words: given ``title`` and ``instruction`` by language; what is not given is made from the name.
        places: the model's folder, and that of the model which is taught.
        one_sided: left and right are different movements.
    """
    figure, view = learnt(clips, rate_hz, one_sided) or (None, "front")
    out, base = places
    keep = (out / TAUGHT / f"{name}.yaml").is_file() and not any(words.values())
    text = "" if keep else exercise_text(name, view, clips, words, {}, COMMAND)
    return OwnExercise(name, text, figure, out, base)


def said_in(texts: Sequence[str], default: str = "en") -> dict[str, str]:
    """Texts by language: `Heel raise`, `de=Fersenheben`.

    Raises:
        ConfigError: a text that is empty.
    """
    found = {}
    for text in texts:
        code, equals, rest = text.partition("=")
        given = bool(equals) and len(code) in (2, 3) and code.islower()
        language, said = (code, rest.strip()) if given else (default, text.strip())
        if not said:
            raise ConfigError(f"{text!r} is an empty text; give one, or LANGUAGE=TEXT such as de=Fersenheben")
        found[language] = said
    return found


def figure_text(figure: Points, command: str) -> str:
    """Content of the file of a figure that a command made."""
    return _FIGURE_HEAD.format(command=command) + figure.text()


def exercise_text(name: str, view: str, clips: Clips, words: Words, more: Mapping[str, Any], command: str) -> str:
    """Content of an exercise's file that a command made.

    Args:
        name: of the exercise.
        view: from where it was seen.
        clips: as of :func:`own_exercise`; what they show is what the exercise needs.
        words: given ``title`` and ``instruction`` by language.
        more: further sections.
        command: that made it.
    """
    titles, instructions = words.get("title", {}), words.get("instruction", {})
    title = titles.get("en", name.replace("_", " ").capitalize())
    told = {language: load_texts(language).phrases["exercise.as_shown"] for language in languages()}
    wording = {
        language: {
            "title": titles.get(language, title),
            "instruction": instructions.get(language, told.get(language, told[SOURCE])),
        }
        for language in dict.fromkeys([*told, *titles, *instructions])
    }
    content = {"kind": "body", "view": view, "needs": _needs(clips), **more, "wording": wording}
    return _HEAD.format(command=command) + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def _needs(clips: Clips) -> list[str]:
    """Joints that the clips show on at least one side."""
    if not clips:
        return []
    seen = np.mean([confidence.mean(axis=0) for _, confidence in clips], axis=0)
    sides = ("left", "right")
    return [part for part in _PARTS if max(seen[OPENPOSE_18.index(f"{side}_{part}")] for side in sides) > RELIABLE]
