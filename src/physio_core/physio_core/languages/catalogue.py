"""The one door to Babel: gettext catalogues (``.po``) are read as they are, without a compiled copy beside them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from physio_core.errors import ConfigError
from physio_core.files import write_bytes

_HEADER = "# {name} texts of the coach; docs/languages.md says how to change one."
_PLACEHOLDERS = "python-brace-format"


@dataclass(frozen=True)
class Message:
    """One text of a catalogue.

    Attributes:
        key: which text it is (``msgctxt``).
        source: the English sentence (``msgid``).
        text: the sentence in the catalogue's language (``msgstr``); empty: none yet, or one that is no longer sure (``fuzzy``).
        line: where it stands in the file.
    """

    key: str
    source: str
    text: str
    line: int = 0


def read_catalogue(path: Path) -> list[Message]:
    """The messages of a file, in its order.

    Raises:
        ConfigError: it cannot be read, or a message has no key.
    """
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
    except (OSError, UnicodeDecodeError, PoFileError, UnknownLocaleError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read as a gettext catalogue in UTF-8: {error}") from error
    found = []
    for message in catalogue:
        if not message.id:
            continue
        source, text = _one(message.id), _one(message.string)
        if not message.context:
            raise ConfigError(f"{path}:{message.lineno}: {source!r} has no key (msgctxt); copy the whole block of the text")
        found.append(Message(message.context, source, "" if message.fuzzy else text, message.lineno or 0))
    return found


def write_catalogue(path: Path, language: str, messages: Iterable[Message]) -> None:
    """Write a file that other tools for gettext catalogues can edit; errors as :func:`physio_core.files.writing`."""
    catalogue = Catalog(locale=language if _known(language) else None, header_comment=_HEADER.format(name=name_of(language)))
    for message in messages:
        flags = {_PLACEHOLDERS} if "{" in message.source else set()
        catalogue.add(message.source, message.text, context=message.key, flags=flags)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, omit_header=True)
    head = f'{catalogue.header_comment}\nmsgid ""\nmsgstr ""\n"Language: {language}\\n"\n'
    head += '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    write_bytes(path, head.encode() + buffer.getvalue().rstrip(b"\n") + b"\n")


def name_of(language: str) -> str:
    """What a language is called in English; its code where it is not known."""
    return (Locale.parse(language).english_name or language) if _known(language) else language


def _known(language: str) -> bool:
    try:
        Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        return False
    return True


def _one(text: object) -> str:
    """A text without plural forms, which no message here has."""
    return str(text[0] if isinstance(text, list | tuple) else text or "")
