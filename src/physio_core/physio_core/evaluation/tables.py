"""What an evaluation says, as tables: on the terminal, as a Markdown page, as CSV."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from physio_core.errors import ConfigError
from physio_core.evaluation.evaluate import Outcome

FAILED = "failed"
CLIP_COLUMNS = ("file", "grade", "view", "detail", "label", "truth", "named", "right", "first_s", "coverage", "wrong_share")


def print_result(console: Console, outcomes: Sequence[Outcome], result: dict[str, Any], labels: Sequence[str]) -> None:
    """Confusion, wrong clips, and the figures in one line."""
    table = Table("true \\ named", *labels, FAILED, "recall")
    for truth in labels:
        table.add_row(truth, *(str(count or "·") for count in result["confusion"][truth].values()), _recall(result, truth))
    console.print(table)
    wrong = [one for one in outcomes if not one.right]
    for one in wrong[:100]:
        named = one.named or f"nothing: {one.error}"
        console.print(f"[yellow]{one.clip.path.name} {one.clip.grade}: {one.truth}, named {named}")
    if len(wrong) > 100:
        console.print(f"[yellow]... and {len(wrong) - 100} more; --csv FILE lists them all")
    console.print(summary_line(result))


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


def markdown(outcomes: Sequence[Outcome], result: dict[str, Any], labels: Sequence[str], command: str) -> str:
    """The tables as a page; ``command`` is what wrote it."""
    lines = [
        "# Recognition, clip by clip", "",
        f"Written by `{command}`. No model was trained on these clips;",
        "thresholds were tuned on them. A clip counts as the exercise that was named for longest, if long enough.", "",
        summary_line(result), "",
        "| true \\ named | " + " | ".join([*labels, FAILED]) + " | recall |", "|---" * (len(labels) + 3) + "|",
    ]  # fmt: skip
    for truth in labels:
        counts = [str(count or "·") for count in result["confusion"][truth].values()]
        lines.append(f"| {truth} | " + " | ".join(counts) + f" | {_recall(result, truth)} |")
    lines += ["", "| clip | grade | label | named | right | time named [s] | silent [s] |", "|---|---|---|---|---|---|---|"]
    for one in outcomes:
        named = times(one.summary.named_s) if one.summary else one.error
        silent = times(one.summary.abstained_s) if one.summary else ""
        right = "yes" if one.right else "**no**"
        lines.append(
            f"| {one.clip.path.name} | {one.clip.grade} | {one.clip.label} | {one.named} | {right} | {named} | {silent} |"
        )
    return "\n".join(lines) + "\n"


def write_csv(path: Path, outcomes: Sequence[Outcome], result: dict[str, Any], labels: Sequence[str]) -> Path:
    """Write each clip's scores, and beside it the confusion; returns the path of the confusion."""
    seconds = [f"named_{label}_s" for label in labels]
    means = [f"score_{label}" for label in labels]
    confusion = path.with_name(f"{path.stem}_confusion{path.suffix or '.csv'}")
    rows = [[*CLIP_COLUMNS, *seconds, *means, "error"]] + [_clip_row(one, labels) for one in outcomes]
    _write(path, rows)
    _write(confusion, [["true", *labels, FAILED], *([truth, *result["confusion"][truth].values()] for truth in labels)])
    return confusion


def write_text(path: Path, text: str) -> None:
    """Write a file.

    Raises:
        ConfigError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror or error}") from error


def write_bytes(path: Path, data: bytes) -> None:
    """Write a picture.

    Raises:
        ConfigError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror or error}") from error


def write_block(path: Path, name: str, text: str) -> None:
    """Put text between the marks ``<!-- physio: NAME -->`` and ``<!-- /physio: NAME -->`` of a page; a new page gets marks.

    Raises:
        ConfigError: the page has no such marks, or cannot be read or written.
    """
    before, after = around_block(path, name)
    write_text(path, f"{before}<!-- physio: {name} -->\n{text.strip()}\n<!-- /physio: {name} -->{after}")


def around_block(path: Path, name: str) -> tuple[str, str]:
    """What stands before and after the marks of a page.

    Raises:
        ConfigError: the page has no such marks, or cannot be read.
    """
    start, end = f"<!-- physio: {name} -->", f"<!-- /physio: {name} -->"
    if not path.exists():
        return "", "\n"
    try:
        before, found, rest = path.read_text(encoding="utf-8").partition(start)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ConfigError(f"{path} has no place for this: put the lines {start} and {end} where the tables belong")
    return before, after


def times(seconds: dict[str, float]) -> str:
    """Seconds by name, the longest first."""
    return ", ".join(f"{name} {value:.1f}" for name, value in sorted(seconds.items(), key=lambda item: -item[1]))


def _clip_row(one: Outcome, labels: Sequence[str]) -> list[object]:
    row: list[object] = [
        one.clip.path.name,
        one.clip.grade,
        one.clip.view,
        one.clip.detail,
        one.clip.label,
        one.truth,
        one.named,
        int(one.right),
    ]
    if one.summary is None:
        return [*row, *[""] * (3 + 2 * len(labels)), one.error]
    first = "" if one.summary.first_s is None else f"{one.summary.first_s:.2f}"
    row += [first, f"{one.summary.coverage:.3f}", f"{one.summary.wrong_share(one.truth):.3f}"]
    row += [f"{one.summary.named_s.get(label, 0.0):.2f}" for label in labels]
    mean = one.run.mean_scores if one.run else None
    return [*row, *([""] * len(labels) if mean is None else [f"{score:.4f}" for score in mean]), ""]


def _write(path: Path, rows: Sequence[Sequence[object]]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror or error}") from error


def _recall(result: dict[str, Any], truth: str) -> str:
    recall = result["recall"].get(truth)
    return "-" if recall is None else f"{recall:.2f}"
