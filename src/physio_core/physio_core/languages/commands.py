"""`physio language`: which languages there are, what each lacks, and a catalogue brought up to date."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from physio_core.errors import ConfigError
from physio_core.languages.catalogue import Message, name_of, read_catalogue, write_catalogue
from physio_core.languages.texts import SOURCE, languages, load_texts, shipped
from physio_core.whole_table import print_whole


def add_commands(subparsers: Any, name: str) -> Any:
    """Add the commands; returns the group, to which others add, see :mod:`physio_core.cli`."""
    group = subparsers.add_parser(name, help="languages of all that is said and shown").add_subparsers(required=True)
    shown = group.add_parser("list", help="list languages, and what each still lacks")
    shown.add_argument("--wording-dir", default="", help="folder with texts of your own")
    shown.set_defaults(run=run_list)
    renewed = group.add_parser("update", help="add to a catalogue the texts that it lacks; makes it where it is not there")
    renewed.add_argument("file", type=Path, help="such as mine/fr.po; the name is the language")
    renewed.set_defaults(run=run_update)
    return group


def run_list(options: argparse.Namespace) -> int:
    """Print them; 1 where a text is missing.

    Raises:
        ConfigError: a catalogue that cannot be used.
    """
    table, lacks = Table("language", "name", "texts", "missing"), []
    for language in languages(options.wording_dir):
        texts = load_texts(language, options.wording_dir)
        table.add_row(language, name_of(language), str(len(texts.phrases)), str(len(texts.untranslated)))
        lacks += [f"{language}: {key}: {texts.phrases[key]}" for key in texts.untranslated]
    console = Console()
    print_whole(console, table)
    console.print("\n".join(lacks), markup=False, highlight=False, soft_wrap=True, end="\n" if lacks else "")
    return int(bool(lacks))


def run_update(options: argparse.Namespace) -> int:
    """Write the catalogue again, with a message for each text of the English one; 1 where some have no translation yet.

    A translation of a sentence that reads differently by now is dropped.

    Raises:
        ConfigError: no catalogue, or one that cannot be written.
    """
    path: Path = options.file
    if path.suffix != ".po":
        raise ConfigError(f"{path}: a catalogue is called by its language, e.g. fr.po")
    known = {(message.key, message.source): message.text for message in (read_catalogue(path) if path.exists() else ())}
    source = read_catalogue(shipped() / f"{SOURCE}.po")
    renewed = [Message(one.key, one.source, known.get((one.key, one.source), "")) for one in source]
    write_catalogue(path, path.stem, renewed)
    missing = sum(not message.text for message in renewed) if path.stem != SOURCE else 0
    print(f"{path}: {len(renewed)} texts, {missing} of them to be translated")
    return int(missing > 0)
