"""The texts of one language by key, with those that a clinic replaces.

A key such as ``screen.paused`` is the context of a message, the English sentence is its id: editors of gettext catalogues show
both. English is the source: its catalogue holds every message that there is.
"""

from __future__ import annotations

import difflib
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from physio_core.errors import ConfigError
from physio_core.languages.catalogue import Message, read_catalogue
from physio_core.params import Parameters, param
from physio_core.share import shared_folder

SOURCE = "en"
"""The language that has every text; it stands in for one that another language lacks."""

Phrases = Mapping[str, str]
"""Texts by key."""


@dataclass(frozen=True)
class LanguageConfig(Parameters):
    """In which words the coach addresses people."""

    language: str = param(SOURCE, "Language of every text; `physio language list` says which there are.", live=True)
    wording_dir: str = param(
        "", "Folder with texts of your own, e.g. de.po, which replace those that ship; empty: none.", live=True
    )


@dataclass(frozen=True)
class Texts:
    """All texts of one language.

    Attributes:
        language: its code, e.g. ``en``.
        phrases: by key, every key of the English catalogue.
        untranslated: keys whose text is the English one for want of another.
    """

    language: str
    phrases: Phrases
    untranslated: tuple[str, ...] = ()

    def part(self, name: str) -> Phrases:
        """The texts whose key begins with ``name`` and a dot, by the rest of the key."""
        return {key.removeprefix(f"{name}."): text for key, text in self.phrases.items() if key.startswith(f"{name}.")}


def languages(folder: str = "") -> tuple[str, ...]:
    """Codes of the languages that ship or have a file in ``folder``; English first."""
    codes = {path.stem for place in _places(folder) for path in place.glob("*.po")}
    return (SOURCE, *sorted(codes - {SOURCE}))


def load_texts(language: str, folder: str = "") -> Texts:
    """The texts of one language: those that ship, replaced by those of a folder of one's own.

    Raises:
        ConfigError: no such language, a catalogue or folder that cannot be read, a key that does not exist, or a placeholder
            that the English sentence does not have.
    """
    if folder and not Path(folder).is_dir():
        raise ConfigError(f"wording_dir = {folder!r} is not a folder; give one that holds e.g. {language}.po")
    if language not in languages(folder):
        raise ConfigError(f"no wording in language {language!r}; there is: {', '.join(languages(folder))}")
    source = {message.key: message.source for message in read_catalogue(shipped() / f"{SOURCE}.po")}
    found: dict[str, str] = {}
    for place in _places(folder):
        path = place / f"{language}.po"
        for message in read_catalogue(path) if path.is_file() else ():
            problem = _problem(message, source)
            if problem:
                raise ConfigError(f"{path}:{message.line}: {problem}")
            if message.text:
                found[message.key] = message.text
    missing = () if language == SOURCE else tuple(key for key in source if key not in found)
    return Texts(language, source | found, missing)


def shipped() -> Path:
    """The folder of the catalogues that ship."""
    return shared_folder("config", "locale")


def placeholders(text: str) -> frozenset[str]:
    """What stands between braces, e.g. ``title``.

    Raises:
        ValueError: a brace without its other half.
    """
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _places(folder: str) -> tuple[Path, ...]:
    return (shipped(), Path(folder)) if folder else (shipped(),)


def _problem(message: Message, source: Phrases) -> str:
    """What makes a message unusable, in words; empty: nothing does."""
    if message.key not in source:
        close = difflib.get_close_matches(message.key, source, 1)
        hint = f"; did you mean {close[0]!r}?" if close else f"; {shipped() / f'{SOURCE}.po'} has all"
        return f"no text has the key (msgctxt) {message.key!r}{hint}"
    allowed = placeholders(source[message.key])
    try:
        unknown = placeholders(message.text) - allowed
    except ValueError as error:
        return f"{message.key}: {message.text!r}: {error}; write {{{{ for a brace"
    if unknown:
        valid = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "none"
        return f"{message.key}: no placeholder {{{min(unknown)}}}; this text may have: {valid}"
    return ""
