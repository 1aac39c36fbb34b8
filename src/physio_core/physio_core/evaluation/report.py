"""Everything that an evaluation tells, in sections of a table and a picture; rendered as one HTML page or as Markdown tables."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import ConfigError, InputError
from physio_core.evaluation.calibration import BINS, calibrate, reliability, ticks_of
from physio_core.evaluation.curves import coverage_curve, seconds_curve, silence, top_k
from physio_core.evaluation.evaluate import Case, Outcome, Setup
from physio_core.evaluation.tables import FAILED, summary_line, times

TEMPLATE = "report.html.jinja"
WORST = 6
GIF_SECONDS = 6.0
COVERAGE_ROWS = 8


@dataclass(frozen=True)
class Section:
    """A part of the page.

    Attributes:
        title: heading.
        note: what is shown, in a sentence or two.
        header: of the table.
        rows: cells as text.
        picture: PNG; empty: none.
        listing: a long list that only the HTML page shows.
    """

    title: str
    note: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    picture: bytes = b""
    listing: bool = False


@dataclass(frozen=True)
class Material:
    """What a report is made of."""

    setup: Setup
    cases: Sequence[Case]
    outcomes: Sequence[Outcome]
    result: dict[str, Any]
    labels: tuple[str, ...]
    temperature: float
    command: str


def sections(material: Material) -> list[Section]:
    """All sections; frame rates if they were measured.

    Raises:
        ConfigError: matplotlib is not installed.
    """
    found = [_summary(material), _confusion(material), _classes(material), *_groups(material), _calibration(material)]
    found += [_coverage(material), _seconds(material)]
    if "rates" in material.result:
        found.append(_rates(material.result["rates"]))
    return [*found, _files(material)]


def _rates(table: Sequence[dict[str, float | str | None]]) -> Section:
    names = {"with_stamps": "on time stamps", "without_stamps": "every image 1/30 s later", "thesis": "thesis (other clips)"}
    rows = tuple((str(row["rate"]), *(_share(row[key]) for key in names)) for row in table)
    short = {"with_stamps": "time stamps", "without_stamps": "no time stamps", "thesis": "thesis"}
    bars = {name: {str(row["rate"]): _number(row[key]) for row in table} for key, name in short.items()}
    note = (
        "Share of the clips named rightly. The images are those of one pass of the pose estimator, thinned afterwards. "
        "The thesis measured other clips and classes: compare how its line falls, not where it lies."
    )
    picture = _figures().bar_figure(bars, "accuracy", "Accuracy against frame rate [Hz]")
    return Section("Frame rate", note, ("images a second", *names.values()), rows, picture)


def check_libraries() -> None:
    """Fail before minutes are spent.

    Raises:
        ConfigError: what pages and pictures need is not installed.
    """
    _figures()
    _jinja()


def html(material: Material, parts: Sequence[Section], title: str) -> str:
    """One page that needs no other file: sections, then the worst clips as moving skeletons.

    Raises:
        ConfigError: Jinja is not installed.
    """
    jinja2 = _jinja()
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters["base64"] = lambda data: base64.b64encode(data).decode()
    page = environment.get_template(TEMPLATE)
    return str(page.render(title=title, command=material.command, parts=parts, worst=worst_clips(material)))


def markdown_tables(parts: Sequence[Section], command: str) -> str:
    """The tables for a page of the documentation, under the command that prints them."""
    lines = [f"Written by `{command}`.", ""]
    for part in parts:
        if not part.listing:
            table = ["| " + " | ".join(cell or "-" for cell in row) + " |" for row in (part.header, *part.rows)]
            table.insert(1, "|---" * len(part.header) + "|")
            lines += [f"**{part.title}.** {part.note}", "", *table, ""]
    return "\n".join(lines)


def telling_picture(parts: Sequence[Section]) -> bytes:
    """Confusion, reliability, and the curves, small and side by side."""
    return bytes(_figures().tiled([part.picture for part in parts if part.picture], columns=2, width_px=1100))


def worst_clips(material: Material) -> list[tuple[str, bytes]]:
    """(what went wrong, GIF) of the clips that went most wrong: wrong names first, for longest."""
    from physio_core.plot.animation import skeleton_gif

    def badness(pair: tuple[Case, Outcome]) -> tuple[bool, float]:
        one = pair[1]
        return one.right, -one.summary.wrong_share(one.truth) if one.summary else 0.0

    pairs = [(case, one) for case, one in zip(material.cases, material.outcomes, strict=True) if case.sequence and one.summary]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for case, one in sorted(pairs, key=badness)[:WORST]:
            if one.right or case.sequence is None or one.summary is None:
                break
            path = Path(folder, "clip.gif")
            stamps_s = case.sequence.stamps_s
            keep = stamps_s <= stamps_s[0] + GIF_SECONDS
            cut = replace(
                case.sequence,
                points=case.sequence.points[:, keep], confidence=case.sequence.confidence[:, keep], stamps_s=stamps_s[keep],
            )  # fmt: skip
            skeleton_gif(path, cut, size_px=200, fps=8.0)
            caption = f"{one.clip.path.name}: {one.truth}, named {one.named} ({times(one.summary.named_s)} s)"
            found.append((caption, path.read_bytes()))
    return found


def _jinja() -> Any:
    try:
        import jinja2
    except ModuleNotFoundError as error:
        raise ConfigError("the page needs Jinja, which comes with the laboratory: scripts/setup --training") from error
    return jinja2


def _figures() -> Any:
    try:
        from physio_core.plot import figures
    except ModuleNotFoundError as error:
        raise ConfigError("pictures need matplotlib, which comes with the laboratory: scripts/setup --training") from error
    return figures


def _summary(material: Material) -> Section:
    outcomes, labels, result = material.outcomes, material.labels, material.result
    seconds = result["seconds_to_label_median"]
    silent = ", ".join(f"{reason} {share:.3f}" for reason, share in silence(outcomes).items())
    rows = [
        ("clips", str(result["n"])),
        ("accuracy", _share(result["accuracy"])),
        ("balanced accuracy", _share(result["balanced_accuracy"])),
        ("coverage (share of the windows in which something was said)", _share(result["coverage"])),
        ("of those, a wrong exercise named", _share(result["wrong_name_windows"])),
        ("silent because (share of all windows)", silent),
        ("first named after, median", "-" if seconds is None else f"{seconds:.1f} s"),
        ("top-1 of the mean scores", _share(top_k(outcomes, labels, 1))),
        ("top-5 of the mean scores", _share(top_k(outcomes, labels, 5))),
    ]
    if "folded" in result:
        for name, value in result["folded"].items():
            rows.append((f"{name.replace('_', ' ')}, exercises that the set lacks as unknown", _share(value)))
    return Section("Score summary", summary_line(result), ("figure", "value"), tuple(rows))


def _confusion(material: Material) -> Section:
    columns = [*material.labels, FAILED]
    confusion = {truth: row for truth, row in material.result["confusion"].items() if sum(row.values())}
    counts = np.array([[row[name] for name in columns] for row in confusion.values()])
    rows = tuple((truth, *(str(row[name] or "·") for name in columns)) for truth, row in confusion.items())
    picture = _figures().confusion_figure(counts, list(confusion), columns)
    return Section("Confusion", "Clips by what they show and what they were called.", ("true \\ named", *columns), rows, picture)


def _classes(material: Material) -> Section:
    confusion = material.result["confusion"]
    rows = []
    for label in material.labels:
        named = sum(row[label] for row in confusion.values())
        total = sum(confusion[label].values())
        precision = confusion[label][label] / named if named else None
        recall = material.result["recall"].get(label)
        both = None if not (precision and recall) else 2 * precision * recall / (precision + recall)
        rows.append((label, str(total), _share(recall), _share(precision), _share(both)))
    header = ("class", "clips", "recall", "precision", "F1")
    note = "Recall: share of the class's clips found; precision: share of the clips so named that are."
    return Section("Classes", note, header, tuple(rows))


def _groups(material: Material) -> list[Section]:
    found = []
    for column, note in (
        ("grade", "A: one person, one shot; B: edited or a variant; U: other movements; H: hard; S: synthetic-looking."),
        ("view", "As the index describes it."),
    ):
        groups = material.result[f"by_{column}"]
        rows = tuple((name, f"{group['n']:g}", _share(group["accuracy"])) for name, group in groups.items())
        if rows:
            found.append(Section(f"By {column}", note, (column, "clips", "accuracy"), rows))
    return found


def _calibration(material: Material) -> Section:
    header = ("expected calibration error", "value")
    try:
        ticks = ticks_of(material.outcomes, material.labels)
    except InputError as error:
        return Section("Calibration", str(error), header)
    done = calibrate(ticks)
    note = (
        f"Ticks with their clip's label ({done.ticks} ticks of {done.clips} clips, {BINS} bins; ticks of rest in a clip of an "
        "exercise are left out)."
    )
    shipped = reliability(ticks.logits, ticks.truth, material.temperature)
    rows = (
        ("at temperature 1", _share(done.before.ece)),
        (f"at the card's temperature {material.temperature:.3f}", _share(shipped.ece)),
        (f"at the temperature fitted on these clips, {done.temperature:.3f}", _share(done.after.ece)),
        ("each fifth of the clips at the temperature of the others", _share(done.held_out_ece)),
    )
    panels = {"temperature 1": done.before, f"fitted: {done.temperature:.3f}": done.after}
    bins = {name: (one.confidence, one.accuracy, one.weight) for name, one in panels.items()}
    return Section("Calibration", note, header, rows, _figures().reliability_figure(bins, width=1.0 / BINS))


def _coverage(material: Material) -> Section:
    points = coverage_curve(material.outcomes)
    shares = [point.coverage for point in points]
    note = "The surest windows first. Every window has its clip's label, also while the person rests."
    lines = {
        "label right": (shares, [point.accuracy for point in points]),
        "wrong exercise named": (shares, [point.wrong_name for point in points]),
    }
    few = points[:: max(1, len(points) // COVERAGE_ROWS)] + points[-1:]
    cells = (tuple(map(_share, (point.threshold, point.coverage, point.accuracy, point.wrong_name))) for point in few)
    rows = tuple(dict.fromkeys(cells))
    header = ("confidence at least", "coverage", "label right", "wrong exercise named")
    picture = _figures().curve_figure(lines, "share of all windows answered", "share of those", "Accuracy against coverage")
    return Section("Coverage", note, header, rows, picture)


def _seconds(material: Material) -> Section:
    curve = seconds_curve(material.outcomes, material.setup.clip)
    rows = tuple((f"{seconds:g}", _share(accuracy)) for seconds, accuracy in curve)
    lines = {"accuracy": ([seconds for seconds, _ in curve], [accuracy for _, accuracy in curve])}
    note = "Clips called by their first seconds only; `unknown` until something is named."
    picture = _figures().curve_figure(lines, "seconds seen", "accuracy", "Accuracy against seconds seen")
    return Section("Seconds seen", note, ("seconds", "accuracy"), rows, picture)


def _files(material: Material) -> Section:
    rows = []
    for one in material.outcomes:
        said = times(one.summary.named_s) if one.summary else one.error
        silent = times(one.summary.abstained_s) if one.summary else ""
        first = f"{one.summary.first_s:.1f}" if one.summary and one.summary.first_s is not None else ""
        right = "yes" if one.right else "NO"
        rows.append((one.clip.path.name, one.clip.grade, one.clip.view, one.clip.label, one.named, right, first, said, silent))
    header = ("file", "grade", "view", "label", "named", "right", "first [s]", "time named [s]", "silent [s]")
    return Section("Files", "", header, tuple(rows), listing=True)


def _share(value: Any) -> str:
    return "-" if value is None else f"{float(value):.3f}"


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
