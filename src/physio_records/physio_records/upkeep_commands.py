"""`physio records delete`, `purge`, `backup` and `restore`: what cannot be taken back asks first."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError
from physio_records.store.backup import backup, restore
from physio_records.store.naming import SURE, session_patient
from physio_records.store.place import FILE, VARIABLE, database_url, shown
from physio_records.store.retention import Chosen, age, all_of, forget, older_than
from physio_records.store.store import Store

AMISS = 1  # as physio_core.cli has it


def add(commands: Any, name: str, what: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    """One command of the group, with the option that says which record is meant."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
    usual = f"${VARIABLE}, else physio/{FILE} in the user's data folder"
    parser.add_argument("--database", default="", metavar="PLACE", help=f"file or postgresql://... (default: {usual})")
    parser.set_defaults(run=run)
    return parser


def add_commands(commands: Any) -> None:
    """Add the commands to the group."""
    one = add(commands, "delete", "forget a patient or a session, with everything", run_delete)
    one.add_argument("name", help=f"code of a patient, or id of a session, or {SURE} characters of it")
    one.add_argument("--yes", action="store_true", help="do not ask")
    one = add(commands, "purge", "forget what is older than a time, recorded skeletons too", run_purge)
    one.add_argument("--older-than", required=True, metavar="AGE", help="e.g. 90d, 12w, 6m, 2y")
    one.add_argument("--yes", action="store_true", help="do not ask")
    one = add(commands, "backup", "copy the record into one file, also while it is in use", run_backup)
    one.add_argument("out", type=Path, metavar="OUT")
    one = add(commands, "restore", "put a backup in the place of the record, which is kept beside it", run_restore)
    one.add_argument("file", type=Path)
    one.add_argument("--yes", action="store_true", help="do not ask")


def run_delete(options: argparse.Namespace) -> int:
    """Forget a patient or a session."""
    with Store(options.database) as store:
        session, patient = session_patient(store, options.name, least=SURE)
        return _forget(store, all_of(store, patient, session), options.yes)


def run_purge(options: argparse.Namespace) -> int:
    """Forget what is old."""
    span = age(options.older_than)
    with Store(options.database) as store:
        return _forget(store, older_than(store, span), options.yes)


def run_backup(options: argparse.Namespace) -> int:
    """Copy the record."""
    with Store(options.database) as store:
        backup(store, options.out)
        print(f"{store.place} is copied to {options.out}; it holds health data: keep it as such")
    return 0


def run_restore(options: argparse.Namespace) -> int:
    """Put a backup in its place."""
    place = shown(database_url(options.database))
    if not _meant(f"put {options.file} in the place of {place}", options.yes):
        return AMISS
    kept = restore(options.database, options.file)
    print(f"{place} is restored from {options.file}" + (f"; what was there is kept in {kept}" if kept else ""))
    return 0


def _forget(store: Store, chosen: Chosen, yes: bool) -> int:
    if chosen.empty:
        print("nothing to forget")
        return 0
    if not _meant(f"forget {chosen} for ever", yes):
        return AMISS
    forget(store, chosen)
    print(f"forgotten: {chosen}; backups that were made before still hold it")
    return 0


def _meant(what: str, yes: bool) -> bool:
    """Ask, unless it was said before.

    Raises:
        ConfigError: nobody is there to be asked.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise ConfigError(f"{what}? add --yes")
    if input(f"{what}? [y/N] ").strip().lower() in ("y", "yes"):
        return True
    print("nothing has changed")
    return False
