"""The words of a piece of advice: by the name of a fault, its direction and side, and varied from session to session.

A text is looked for in the exercise's file, then by the fault's name (``cue.knees_in.1``), then made of the name of its angle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from physio_core.assessment.repetition import Fault
from physio_core.exercises.catalogue import FALLBACK_LANGUAGE
from physio_core.exercises.definition import FaultDefinition
from physio_core.languages.texts import Phrases, Texts
from physio_core.types import Side

PARTS = ("knee", "elbow", "arm", "leg", "heel", "shoulder")
"""Parts of the body that a text may name in braces; each is put in with its side, as the object of the sentence."""
FINGERS = ("thumb", "index", "middle", "ring", "pinky")
"""What ``{finger}`` in a text may stand for, likewise; of a fault of none of them, all fingers."""


class Phrasing:
    """Finds words, and remembers which variants were said.

    A text with a number at the end of its key is one of several; they take turns, and each session begins with another.
    """

    def __init__(self, texts: Texts, session: int = 0) -> None:
        """Begin.

        Args:
            texts: of one language.
            session: which session of this patient it is.
        """
        self._session = session
        self._said: Counter[str] = Counter()
        self.use(texts)

    def begin(self, session: int) -> None:
        """Speak as in that session of a patient: each group of texts begins with another."""
        self._session = session
        self._said.clear()

    def use(self, texts: Texts) -> None:
        """Speak another language from now on."""
        self.language, self._phrases = texts.language, texts.phrases
        self._variants = variants(texts.phrases)

    def correction(self, fault: Fault, side: Side, definition: FaultDefinition | None) -> tuple[str, str]:
        """What to do instead of a fault: key and text; the key is empty where the text is the exercise's own.

        Args:
            fault: what was seen.
            side: whose; none: both, or neither.
            definition: of the fault in the exercise's file; None: not there.
        """
        own = definition.cue if definition else {}
        text = own.get(self.language) or own.get(FALLBACK_LANGUAGE)
        if text:
            return "", text
        for group in (f"cue.{fault.name}.{fault.direction}", f"cue.{fault.name}", f"cue.{fault.name}.low"):
            if group in self._variants:
                return self._say(group, **_named(self._phrases, side.value or "both", fault.joint))
        for key in (f"path.{fault.name}.{fault.direction}", f"path.{fault.name}", f"coach.{fault.name}.{fault.direction}"):
            if key in self._phrases:
                return key, self._phrases[key]
        group = f"cue.other.{fault.direction}"
        return self._say(group if group in self._variants else "cue.other", what=self._what(fault, side, definition))

    def improvement(self, fault: str) -> tuple[str, str]:
        """What is better than before: key and text."""
        key = f"better.{fault}"
        return (key, self._phrases[key]) if key in self._phrases else self._say("better.other")

    def one_of(self, group: str) -> tuple[str, str]:
        """One of the texts of a group, such as ``praise``: key and text."""
        return self._say(group)

    def number(self, count: int) -> tuple[str, str]:
        """A repetition's number as one counts aloud: key and text."""
        key = f"count.{count}"
        return (key, self._phrases[key]) if key in self._phrases else ("", str(count))

    def _say(self, group: str, **named: str) -> tuple[str, str]:
        keys = self._variants[group]
        key = keys[(self._session + self._said[group]) % len(keys)]
        self._said[group] += 1
        text = self._phrases[key].format(**named)
        return key, text[:1].upper() + text[1:]

    def _what(self, fault: Fault, side: Side, definition: FaultDefinition | None) -> str:
        angle = definition.angle if definition else ""
        what = self._phrases.get(f"angle.{angle}") or (angle or fault.name).replace("_", " ")
        return self._phrases[f"what.{side.value}"].format(what=what) if side else what


def variants(phrases: Phrases) -> dict[str, Sequence[str]]:
    """Keys that say the same in other words, by what they have in common: ``praise`` has ``praise.1``, ``praise.2`` ..."""
    found: dict[str, list[str]] = {}
    for key in phrases:
        group, dot, number = key.rpartition(".")
        if dot and number.isdigit():
            found.setdefault(group, []).append(key)
    return {group: sorted(keys, key=lambda key: int(key.rpartition(".")[2])) for group, keys in found.items()}


def fixed_texts(texts: Texts) -> list[str]:
    """What is said during an exercise and can be rendered ahead, the numbers first."""
    said = [text for key, text in texts.phrases.items() if key.startswith(("count.", "praise.", "nearly.", "last.", "better."))]
    return list(dict.fromkeys([*said, *every_correction(texts)]))


def every_correction(texts: Texts) -> list[str]:
    """Every text of a correction with each side put in, to see whether all fit and to render them ahead."""
    found: list[str] = []
    for group, keys in variants(texts.phrases).items():
        if group.startswith("cue.") and not group.startswith("cue.other"):
            for key in keys:
                named = [_named(texts.phrases, side) for side in ("both", "left", "right")]
                named += [_named(texts.phrases, "both", finger) for finger in FINGERS]
                found += dict.fromkeys(texts.phrases[key].format(**parts) for parts in named)
    return [text[:1].upper() + text[1:] for text in found]


def _named(phrases: Phrases, side: str, joint: str = "") -> dict[str, str]:
    """Everything that a text may name in braces, of a side and for a finger."""
    finger = joint if joint in FINGERS else "all"
    return {part: phrases[f"part.{part}.{side}"] for part in PARTS} | {"finger": phrases[f"finger.{finger}"]}
