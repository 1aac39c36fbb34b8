"""What the patient is told, from the coach's status and one table of phrases per language (``config/wording.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from physio_core.coach.exercises import Catalogue
from physio_core.coach.session import NOT_SEEN, State, Status
from physio_core.errors import ConfigError
from physio_core.share import shared_path
from physio_core.types import Abstain, Verdict

Phrases = Mapping[str, str]

REASONS = (*(reason.value for reason in Abstain if reason not in (Abstain.NONE, Abstain.TOO_FEW_FRAMES)), "no_camera")
"""Reasons that the patient can do something about; each has a phrase."""

KEYS = (
    "show",
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
    *REASONS,
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
    return phrases[_key(status)].format(title=title(status.asked), seen=title(status.seen), instruction=instruction)


def _key(status: Status) -> str:
    if status.state is State.VERDICT:
        return status.verdict.value
    if status.state is not State.WATCH:
        return str(status.state.value)
    if status.verdict in (Verdict.RIGHT, Verdict.WRONG):
        return f"live_{status.verdict.value}"
    return status.reason if status.reason in REASONS and status.reason != NOT_SEEN else "watch"
