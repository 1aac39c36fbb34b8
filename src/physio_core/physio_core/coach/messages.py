"""What the patient is told, from the coach's status and one table of phrases per language (``config/wording.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from physio_core.coach.exercises import Catalogue
from physio_core.coach.session import State, Status
from physio_core.errors import ConfigError
from physio_core.share import shared_path
from physio_core.types import Reason, Verdict

Phrases = Mapping[str, str]

REASONS = tuple(reason for reason in Reason if reason not in (Reason.NONE, Reason.TOO_FEW_FRAMES, Reason.NOT_SEEN))
"""Reasons that the patient can do something about; each has a phrase."""

KEYS = (
    "show",
    "ready",
    "watch",
    "right",
    "wrong",
    "unsure",
    "live_right",
    "live_wrong",
    "paused",
    "stopped",
    "finished",
    "idle",
    *(reason.value for reason in REASONS),
)


def load_phrases(language: str, path: Path | None = None, keys: Sequence[str] = KEYS) -> Phrases:
    """The phrases of one language.

    Raises:
        ConfigError: the file is not readable, or lacks the language or one of ``keys``.
    """
    path = path or shared_path("config", "wording.yaml")
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    if not isinstance(table, dict) or language not in table:
        raise ConfigError(f"no wording in language {language!r}; {path} has: {', '.join(table or ())}")
    missing = [key for key in keys if not isinstance(table[language].get(key), str)]
    if missing:
        raise ConfigError(f"{path}: language {language!r} lacks: {', '.join(missing)}")
    return table[language]  # type: ignore[no-any-return]


def message(status: Status, catalogue: Catalogue, phrases: Phrases, language: str) -> str:
    """One short sentence for the patient."""

    def title(name: str) -> str:
        return catalogue[name].words(language).title if name in catalogue else name

    instruction = catalogue[status.asked].words(language).instruction if status.asked in catalogue else ""
    return phrases[key_of(status)].format(title=title(status.asked), seen=title(status.seen), instruction=instruction)


def key_of(status: Status) -> str:
    """Which phrase and which key word go with a status: one of :data:`KEYS`."""
    if status.state is State.VERDICT:
        return status.verdict.value or Verdict.UNSURE.value
    if status.state is not State.WATCH:
        return str(status.state.value)
    if status.verdict in (Verdict.RIGHT, Verdict.WRONG):
        return f"live_{status.verdict.value}"
    return str(status.reason.value) if status.reason in REASONS else "watch"
