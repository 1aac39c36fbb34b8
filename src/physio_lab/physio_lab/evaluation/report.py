"""The sections of an evaluation as one HTML page, as Markdown tables, and as one small picture."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError
from physio_lab.evaluation.sections import Material, Section, figure_library
from physio_lab.evaluation.worst import worst_clips
from physio_lab.reports.markdown import markdown_table

TEMPLATE = "report.html.jinja"


def check_libraries() -> None:
    """Fail before minutes are spent.

    Raises:
        ConfigError: what pages and pictures need is not installed.
    """
    figure_library()
    _jinja()


def html(material: Material, parts: Sequence[Section], title: str) -> str:
    """One page that needs no other file: sections, then the worst clips as moving skeletons.

    Raises:
        ConfigError: Jinja is not installed.
    """
    note = f"{material.note} A window is one prediction of the stream, one for each image."
    return page(title, material.command, note, parts, worst_clips(material.cases, material.outcomes))


def page(title: str, command: str, note: str, parts: Sequence[Section], worst: Sequence[tuple[str, bytes]] = ()) -> str:
    """Sections as a page that needs no other file; ``worst`` are captions and GIFs that come before them.

    Raises:
        ConfigError: Jinja is not installed.
    """
    jinja2 = _jinja()
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters["base64"] = lambda data: base64.b64encode(data).decode()
    template = environment.get_template(TEMPLATE)
    return str(template.render(title=title, command=command, note=note, parts=parts, worst=worst))


def markdown_tables(parts: Sequence[Section], command: str, note: str = "", short: bool = False) -> str:
    """The tables for a page of the documentation, under the command that prints them; ``short``: only the few for a card."""
    lines = [f"Written by `{command}`. {note}".strip(), ""]
    for part in parts:
        if not part.listing and (part.short or not short):
            rows = ([cell or "-" for cell in row] for row in part.rows)
            lines += [f"**{part.title}.** {part.note}", "", *markdown_table(part.header, rows), ""]
    return "\n".join(lines)


def telling_picture(parts: Sequence[Section]) -> bytes:
    """Confusion, reliability, and the curves, small and side by side."""
    return bytes(figure_library().tiled([part.picture for part in parts if part.picture], width_px=1600))


def _jinja() -> Any:
    try:
        import jinja2
    except ModuleNotFoundError as error:
        raise ConfigError("the page needs Jinja, which comes with the laboratory: scripts/setup --training") from error
    return jinja2
