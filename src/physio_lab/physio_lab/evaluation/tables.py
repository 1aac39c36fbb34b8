"""What an evaluation says, as tables: on the terminal, as a Markdown page, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from physio_core.errors import ConfigError
from physio_core.files import write_text
from physio_lab.evaluation.evaluate import Outcome
from physio_lab.evaluation.grouped import told
from physio_lab.reports.confusion import FAILED
from physio_lab.reports.markdown import markdown_heading, markdown_row, markdown_table

CLIP_COLUMNS = (
    "file", "grade", "view", "detail", "subject", "reps", "label", "truth", "named", "right", "first_s", "coverage",
    "wrong_share",
)  # fmt: skip


def print_result(console: Console, outcomes: Sequence[Outcome], result: dict[str, Any], labels: Sequence[str]) -> None:
    """Confusion, wrong clips, and the figures in one line."""
    table = Table("true \\ named", *map(escape, labels), FAILED, "recall")
    for truth in labels:
        table.add_row(
            escape(truth), *(str(count or "·") for count in result["confusion"][truth].values()), _recall(result, truth)
        )
    console.print(table)
    wrong = [one for one in outcomes if not one.right]
    for one in wrong[:100]:
        named = one.named or f"nothing: {one.error}"
        console.print(Text(f"{one.clip.path.name} {one.clip.grade}: {one.truth}, named {named}", "yellow"))
    if len(wrong) > 100:
        console.print(f"[yellow]... and {len(wrong) - 100} more; --csv FILE lists them all")
    for name, note in result["notes"].items():
        console.print(Text(f"{name}: {note}", "yellow"))
    console.print(summary_line(result))
    drawn = result["intervals"]
    shares = ", ".join(f"{name.replace('_', ' ')} {told(drawn, name)}" for name in ("accuracy", "balanced_accuracy"))
    console.print(f"95 % intervals over {drawn['groups']} {drawn['over']}s: {shares}")


def print_rates(console: Console, rows: Sequence[dict[str, float | str | None]]) -> None:
    """Accuracy at each frame rate, beside the thesis's."""
    table = Table("images a second", "on time stamps", "every image 1/30 s later", "thesis (other clips)", title="accuracy")
    for row in rows:
        values = (row["with_stamps"], row["without_stamps"], row["thesis"])
        table.add_row(str(row["rate"]), *("-" if value is None else f"{value:.3f}" for value in values))
    console.print(table)


def summary_line(result: dict[str, Any]) -> str:
    """The figures in one line."""
    seconds = result["seconds_to_label_median"]
    return (
        f"{result['n']} clips: accuracy {result['accuracy']:.3f}, balanced {result['balanced_accuracy']:.3f}; "
        f"coverage {result['coverage']:.3f} of the time, a wrong exercise named in {result['wrong_name_windows']:.3f} of it; "
        + ("no exercise named" if seconds is None else f"first named after {seconds:.1f} s (median)")
    )


def negatives_line(found: dict[str, Any]) -> str:
    """Wrong names an hour, in one line."""
    parts = {"all": found, "clips of other movements": found["clips"], "the set": found["set"]}
    told_of = ", ".join(
        f"{name} {one['wrong_names']} in {one['hours']:.2f} h ({one['lasting']} for a second or more)"
        for name, one in parts.items()
        if one
    )
    rate = found["wrong_names_per_hour"]
    return f"wrong names of people who do not exercise: {'-' if rate is None else f'{rate:.1f}'} an hour; {told_of}"


def source_wise_line(found: dict[str, Any]) -> str:
    """The figures of a cross-validation of the tuning, in one line."""
    shares = ", ".join(
        f"{name.replace('_', ' ')} {found[name]:.3f} ({told(found['intervals'], name)})"
        for name in ("accuracy", "balanced_accuracy")
    )
    wrong = ", ".join(f"{file} ({named or FAILED})" for file, named in found["wrong"].items())
    return (
        f"tuned on the others, by {found['by']} ({found['sources']} in {found['folds']} parts): {shares}; coverage "
        f"{found['coverage']:.3f}, a wrong exercise named in {found['wrong_name_windows']:.3f} of it"
        + (f"; wrong: {wrong}" if wrong else "")
    )


def markdown(outcomes: Sequence[Outcome], result: dict[str, Any], labels: Sequence[str], command: str, note: str = "") -> str:
    """The tables for a page; ``command`` is what wrote it, ``note`` a sentence about the clips."""
    lines = [
        f"Written by `{command}`. {note}".strip(),
        "A clip counts as the exercise that was named for longest, if long enough.", "", summary_line(result), "",
    ]  # fmt: skip
    if "source_wise" in result:
        lines += [f"{source_wise_line(result['source_wise'])}.".capitalize(), ""]
    counts = {truth: [str(count or "·") for count in row.values()] for truth, row in result["confusion"].items()}
    rows = ([truth, *row, _recall(result, truth)] for truth, row in counts.items())
    lines += markdown_table(["true \\ named", *labels, FAILED, "recall"], rows)
    lines += ["", *markdown_heading(["clip", "grade", "label", "named", "right", "time named [s]", "silent [s]"])]
    lines += map(_markdown_clip, outcomes)
    if result["notes"]:
        lines += ["", *markdown_table(["clip", "odd about its file"], result["notes"].items())]
    return "\n".join(lines) + "\n"


def _markdown_clip(one: Outcome) -> str:
    named = times(one.summary.named_s) if one.summary else one.error
    silent = times(one.summary.abstained_s) if one.summary else ""
    before = markdown_row([one.clip.path.name, one.clip.grade, one.clip.label, one.named])
    return f"{before} {'yes' if one.right else '**no**'} {markdown_row([named, silent])}"


def write_csv(path: Path, outcomes: Sequence[Outcome], result: dict[str, Any], labels: Sequence[str]) -> Path:
    """Write each clip's scores, and beside it the confusion; returns the path of the confusion."""
    seconds = [f"named_{label}_s" for label in labels]
    means = [f"score_{label}" for label in labels]
    confusion = confusion_path(path)
    rows = [[*CLIP_COLUMNS, *seconds, *means, "error", "note"]] + [_clip_row(one, labels) for one in outcomes]
    _write(path, rows)
    _write(confusion, [["true", *labels, FAILED], *([truth, *result["confusion"][truth].values()] for truth in labels)])
    return confusion


def confusion_path(path: Path) -> Path:
    """Where :func:`write_csv` puts the confusion."""
    return path.with_name(f"{path.stem}_confusion{path.suffix or '.csv'}")


def write_block(path: Path, name: str, text: str) -> None:
    """Put text between the marks ``<!-- physio: NAME -->`` and ``<!-- /physio: NAME -->`` of a page; a new page gets marks.

    Raises:
        ConfigError: the page has no such marks, or cannot be read or written.
    """
    before, after = around_block(path, name)
    write_text(path, f"{before}{_block(name, text)}{after}")


def write_blocks(path: Path, texts: Mapping[str, str]) -> None:
    """The same between several marks, by their names; a new page gets all of them.

    Raises:
        ConfigError: the page lacks one of the marks, or cannot be read or written.
    """
    if not path.exists():
        write_text(path, "\n\n".join(_block(name, text) for name, text in texts.items()) + "\n")
        return
    for name in texts:
        around_block(path, name)
    for name, text in texts.items():
        write_block(path, name, text)


def _block(name: str, text: str) -> str:
    return f"<!-- physio: {name} -->\n{text.strip()}\n<!-- /physio: {name} -->"


def blocks_in(path: Path, *names: str) -> list[str]:
    """Which of these marks a page has; a new page will get the first.

    Raises:
        ConfigError: it has none of them, one without its end, or cannot be read.
    """
    if not path.exists():
        return [names[0]]
    text = _read(path)
    found = [name for name in names if f"<!-- physio: {name} -->" in text] or [names[0]]
    for name in found:
        around_block(path, name)
    return found


def around_block(path: Path, name: str) -> tuple[str, str]:
    """What stands before and after the marks of a page.

    Raises:
        ConfigError: the page has no such marks, or cannot be read.
    """
    start, end = f"<!-- physio: {name} -->", f"<!-- /physio: {name} -->"
    if not path.exists():
        return "", "\n"
    before, found, rest = _read(path).partition(start)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ConfigError(f"{path} has no place for this: put the lines {start} and {end} where the tables belong")
    return before, after


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error


def times(seconds: dict[str, float]) -> str:
    """Seconds by name, the longest first."""
    return ", ".join(f"{name} {value:.1f}" for name, value in sorted(seconds.items(), key=lambda item: -item[1]))


def _clip_row(one: Outcome, labels: Sequence[str]) -> list[object]:
    row: list[object] = [
        one.clip.path.name,
        one.clip.grade,
        one.clip.view,
        one.clip.detail,
        one.clip.subject,
        "" if one.clip.annotations.count is None else one.clip.annotations.count,
        one.clip.label,
        one.truth,
        one.named,
        int(one.right),
    ]
    if one.summary is None:
        return [*row, *[""] * (3 + 2 * len(labels)), one.error, one.note]
    first = "" if one.summary.first_s is None else f"{one.summary.first_s:.2f}"
    row += [first, f"{one.summary.coverage:.3f}", f"{one.summary.wrong_share(one.truth):.3f}"]
    row += [f"{one.summary.named_s.get(label, 0.0):.2f}" for label in labels]
    mean = one.run.mean_scores if one.run else None
    return [*row, *([""] * len(labels) if mean is None else [f"{score:.4f}" for score in mean]), "", one.note]


def _write(path: Path, rows: Sequence[Sequence[object]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    write_text(path, text.getvalue())


def _recall(result: dict[str, Any], truth: str) -> str:
    recall = result["recall"].get(truth)
    return "-" if recall is None else f"{recall:.2f}"
