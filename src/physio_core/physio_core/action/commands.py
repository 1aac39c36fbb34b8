"""`physio action list`; what else can be done with a model is added from other folders, see :mod:`physio_core.cli`."""

from __future__ import annotations

import argparse
from typing import Any

from rich.console import Console
from rich.table import Table

from physio_core.action.card import read_card, recognisers
from physio_core.share import shared_folder
from physio_core.whole_table import print_whole


def add_commands(subparsers: Any, name: str) -> Any:
    """Add the commands; returns their group."""
    commands = subparsers.add_parser(name, help="list models, evaluate and calibrate them").add_subparsers(required=True)
    listing = commands.add_parser("list", help="models in the folder models")
    listing.set_defaults(run=list_models)
    return commands


def list_models(_options: argparse.Namespace) -> int:
    """Print the models that ship, and what was taught beside them."""
    table = Table("model", "labels", "joints", r"rate \[Hz]")
    for folder in recognisers(shared_folder("models")):
        card = read_card(folder)
        table.add_row(folder.name, " ".join(card.labels), card.layout.name, f"{card.normaliser.rate_hz:g}")
    print_whole(Console(), table)
    return 0
