"""Everything that an evaluation tells, in sections of a table and a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from physio_core.errors import ConfigError
from physio_lab.evaluation.baseline_tables import HEADER, cells_of
from physio_lab.evaluation.evaluate import Case, Outcome
from physio_lab.evaluation.grouped import told
from physio_lab.evaluation.tables import summary_line, times
from physio_lab.reports.confusion import FAILED, Confusion

COVERAGE_ROWS = 8
POINT = {
    "threshold": "confidence at least", "coverage": "coverage", "accuracy": "label right", "wrong_name": "wrong exercise named",
}  # fmt: skip


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
        short: belongs to the few that a model's own page shows.
    """

    title: str
    note: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    picture: bytes = b""
    listing: bool = False
    short: bool = False


@dataclass(frozen=True)
class Material:
    """What a report is made of.

    Attributes:
        cases: the clips' joints.
        outcomes: what came of them.
        result: as :func:`~physio_lab.evaluation.measures.measures` gives it, with what else was measured.
        labels: of the model.
        command: that gives the same again.
        note: a sentence about the clips.
    """

    cases: Sequence[Case]
    outcomes: Sequence[Outcome]
    result: dict[str, Any]
    labels: tuple[str, ...]
    command: str
    note: str = ""


def sections(material: Material) -> list[Section]:
    """All sections; frame rates if they were measured.

    Raises:
        ConfigError: matplotlib is not installed.
    """
    found = [_summary(material.result)]
    if "source_wise" in material.result:
        found.append(_source_wise(material.result))
    if "negatives" in material.result:
        found.append(_negatives(material.result["negatives"]))
    found += [_confusion(material), _classes(material), *_groups(material.result)]
    found += [_calibration(material.result["calibration"]), _coverage(material.result["coverage_curve"])]
    found.append(_seconds(material.result["seconds_curve"]))
    if "baselines" in material.result:
        rows = tuple(cells_of(material.result["baselines"]))
        note = "They see each movement whole, cut out by a person; the recogniser sees a stream. Nobody measured was learnt from."
        found.append(Section("Classical baselines", note, HEADER, rows))
    if "rates" in material.result:
        found.append(_rates(material.result["rates"]))
    if material.result["notes"]:
        rows = tuple(material.result["notes"].items())
        found.append(Section("Odd files", "Judged by what could be decoded of them.", ("file", "note"), rows))
    return [*found, _files(material)]


def figure_library() -> Any:
    """What draws the pictures.

    Raises:
        ConfigError: matplotlib is not installed.
    """
    try:
        from physio_lab.plot import figures
    except ModuleNotFoundError as error:
        raise ConfigError("pictures need matplotlib, which comes with the laboratory: scripts/setup --training") from error
    return figures


def _summary(result: dict[str, Any]) -> Section:
    seconds = result["seconds_to_label_median"]
    silent = ", ".join(f"{reason} {share:.3f}" for reason, share in result["silent_because"].items())
    rows = [
        ("clips", str(result["n"])),
        *((name.replace("_", " "), _with_interval(result, name)) for name in ("accuracy", "balanced_accuracy")),
        ("coverage (share of the windows in which something was said)", _share(result["coverage"])),
        ("of those, a wrong exercise named", _share(result["wrong_name_windows"])),
        ("silent because (share of all windows)", silent),
        ("first named after, median", "-" if seconds is None else f"{seconds:.1f} s"),
        ("top-1 of the mean scores", _share(result["top_1"])),
        ("top-5 of the mean scores", _share(result["top_5"])),
    ]
    if "folded" in result:
        for name, value in result["folded"].items():
            rows.append((f"{name.replace('_', ' ')}, exercises that the set lacks as unknown", _share(value)))
    drawn = result["intervals"]
    note = f"{summary_line(result)}. Intervals hold with 95 %, over {drawn['groups']} {drawn['over']}s."
    return Section("Score summary", note, ("figure", "value"), tuple(rows), short=True)


def _source_wise(result: dict[str, Any]) -> Section:
    found = result["source_wise"]
    note = (
        f"Thresholds, temperature, refusal, and which training where there are several, chosen on the clips of some "
        f"({found['by']}) and measured on those of the others: {found['sources']} of them in {found['folds']} parts. "
        "Beside it what is tuned on all of these clips. Intervals hold with 95 %, over the sources."
    )
    rows = [
        (name.replace("_", " "), _with_interval(found, name), _with_interval(result, name))
        for name in ("accuracy", "balanced_accuracy")
    ]
    rows += [
        ("coverage", _share(found["coverage"]), _share(result["coverage"])),
        ("of that, a wrong exercise named", _share(found["wrong_name_windows"]), _share(result["wrong_name_windows"])),
    ]
    wrong = ", ".join(f"{file} ({named or FAILED})" for file, named in found["wrong"].items())
    rows.append(("wrong clips", wrong or "none", ""))
    return Section("Tuned on others", note, ("figure", "tuned on other sources", "tuned on all"), tuple(rows), short=True)


def _negatives(found: dict[str, Any]) -> Section:
    parts = {"clips of other movements": found["clips"], "the set": found["set"], "together": found}
    rows = tuple(
        (name, f"{one['hours']:.2f}", str(one["wrong_names"]), str(one["lasting"]), *_an_hour(one))
        for name, one in parts.items()
        if one
    )
    note = (
        "How often an exercise was named of people who do none, and how often of that for a second or more. The set is given by "
        "`--negatives`: simulated daily life, `physio sim dataset FILE.parquet --daily-life MINUTES`."
    )
    header = ("people who do not exercise", "hours", "named", "for a second", "an hour", "for a second, an hour")
    return Section("Wrong names an hour", note, header, rows, short=True)


def _an_hour(one: dict[str, Any]) -> list[str]:
    rates = [one[f"{name}_per_hour"] for name in ("wrong_names", "lasting")]
    return ["-" if rate is None else f"{rate:.1f}" for rate in rates]


def _confusion(material: Material) -> Section:
    whole = Confusion.from_dict(material.result["confusion"])
    occurring = [label for label, total in whole.totals.items() if total]
    columns = [*whole.labels, *([FAILED] if whole.counts[:, -1].any() else [])]
    counts = whole.counts[[whole.labels.index(label) for label in occurring], : len(columns)]
    rows = tuple((label, *(str(count or "·") for count in row)) for label, row in zip(occurring, counts.tolist(), strict=True))
    picture = figure_library().confusion_figure(counts, occurring, columns, "Clips: what they show, what they were called")
    note = "Clips by what they show and what they were called."
    return Section("Confusion", note, ("true \\ named", *columns), rows, picture, short=True)


def _classes(material: Material) -> Section:
    whole = Confusion.from_dict(material.result["confusion"])
    rows = tuple(
        (label, str(total), *map(_share, (whole.recall.get(label), whole.precision.get(label), whole.f1(label))))
        for label, total in whole.totals.items()
    )
    header = ("class", "clips", "recall", "precision", "F1")
    note = "Recall: share of the class's clips found; precision: share of the clips so named that are."
    return Section("Classes", note, header, rows)


def _groups(result: dict[str, Any]) -> list[Section]:
    found = []
    for column in ("grade", "view"):
        rows = tuple((name, f"{group['n']:g}", _share(group["accuracy"])) for name, group in result[f"by_{column}"].items())
        if rows:
            found.append(Section(f"By {column}", "As the index gives it.", (column, "clips", "accuracy"), rows))
    return found


def _calibration(found: dict[str, Any] | None) -> Section:
    header = ("expected calibration error", "value")
    if found is None:
        return Section("Calibration", "Nothing was said of any clip, so confidences cannot be checked.", header, short=True)
    card, fitted = found["temperature_card"], found["temperature_fitted"]
    note = (
        f"Ticks with their clip's label ({found['ticks']} ticks of {found['clips']} clips, {found['bins']} bins; ticks of rest "
        "in a clip of an exercise are left out)."
    )
    rows = (
        ("at temperature 1", _share(found["ece_temperature_1"])),
        (f"at the card's temperature {card:.3f}", _share(found["ece_card"])),
        (f"at the temperature fitted on these clips, {fitted:.3f}", _share(found["ece_fitted"])),
        ("each fifth of the clips at the temperature of the others", _share(found["ece_held_out"])),
        ("class by class, at the card's", ", ".join(f"{name} {value:.3f}" for name, value in found["ece_by_class"].items())),
    )
    panels = {"temperature 1": found["reliability"]["temperature_1"], f"fitted: {fitted:.3f}": found["reliability"]["fitted"]}
    bins = {name: tuple(np.array(one[key]) for key in ("confidence", "accuracy", "weight")) for name, one in panels.items()}
    picture = figure_library().reliability_figure(bins, width=1.0 / found["bins"])
    return Section("Calibration", note, header, rows, picture, short=True)


def _coverage(curve: Sequence[dict[str, float]]) -> Section:
    shares = [point["coverage"] for point in curve]
    note = "The surest windows first, each with the time it stood. It has its clip's label, also while the person rests."
    lines = {
        "label right": (shares, [point["accuracy"] for point in curve]),
        "wrong exercise named": (shares, [point["wrong_name"] for point in curve]),
    }
    few = [*curve[:: max(1, len(curve) // COVERAGE_ROWS)], *curve[-1:]]
    rows = tuple(dict.fromkeys(tuple(_share(point[key]) for key in POINT) for point in few))
    labels = ("share of the time answered", "share of that", "Accuracy against coverage")
    picture = figure_library().curve_figure(lines, *labels, x_range=(0.0, 1.0))
    return Section("Coverage", note, tuple(POINT.values()), rows, picture)


def _seconds(curve: Sequence[dict[str, float]]) -> Section:
    rows = tuple((f"{point['seconds']:g}", _share(point["accuracy"])) for point in curve)
    lines = {"accuracy": ([point["seconds"] for point in curve], [point["accuracy"] for point in curve])}
    note = "Clips called by their first seconds only; `unknown` until something is named."
    picture = figure_library().curve_figure(lines, "seconds seen", "accuracy", "Accuracy against seconds seen")
    return Section("Seconds seen", note, ("seconds", "accuracy"), rows, picture)


def _rates(table: Sequence[dict[str, float | str | None]]) -> Section:
    names = {"with_stamps": "on time stamps", "without_stamps": "every image 1/30 s later", "thesis": "thesis (other clips)"}
    rows = tuple((str(row["rate"]), *(_share(row[key]) for key in names)) for row in table)
    short = {"with_stamps": "time stamps", "without_stamps": "no time stamps", "thesis": "thesis, on its own clips"}
    bars = {name: {str(row["rate"]): _number(row[key]) for row in table} for key, name in short.items()}
    note = (
        "Share of the clips named rightly. The images are those of one pass of the pose estimator, thinned afterwards. "
        "The thesis measured other clips and classes: compare how its line falls, not where it lies."
    )
    picture = figure_library().bar_figure(bars, "accuracy", "Accuracy against frame rate [Hz]")
    return Section("Frame rate", note, ("images a second", *names.values()), rows, picture)


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


def _with_interval(result: dict[str, Any], name: str) -> str:
    return f"{_share(result[name])} ({told(result['intervals'], name)})"


def _share(value: Any) -> str:
    return "-" if value is None else f"{float(value):.3f}"


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
