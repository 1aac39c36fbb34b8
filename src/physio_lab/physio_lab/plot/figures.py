"""Figures for reports as PNG bytes: confusion matrices, reliability diagrams, curves, bars.

Drawn without a screen, and read by colour-blind people too: one hue from light to dark, or Okabe and Ito's colours (2008) with
a marker for each line.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from physio_core.types import FloatArray

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
GRID = "#DDDDDD"
DPI = 110
PLACE_LETTERS = 14
"""Longer names of bars continue on another line."""
Series = Mapping[str, tuple[Sequence[float], Sequence[float]]]
"""Lines by name, each as x and y."""


def confusion_figure(counts: FloatArray, rows: Sequence[str], columns: Sequence[str], title: str = "") -> bytes:
    """A confusion matrix: colour is the share of the row, numbers are counts.

    Args:
        counts: (R, C); row: the truth, column: what was named.
        rows: names of the rows.
        columns: names of the columns.
        title: written above.
    """
    totals = np.maximum(counts.sum(1, keepdims=True), 1)
    figure, axes = _new(1.6 + 0.72 * len(columns), 1.5 + 0.5 * len(rows), title)
    axes.imshow(counts / totals, cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
    axes.set_xticks(range(len(columns)), columns, rotation=40, ha="right")
    axes.set_yticks(range(len(rows)), rows)
    axes.set_xlabel("named")
    axes.set_ylabel("true")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    for (row, column), count in np.ndenumerate(counts):
        if count:
            dark = count / totals[row, 0] > 0.5
            axes.text(column, row, f"{count:g}", ha="center", va="center", color="white" if dark else "black")
    return _png(figure)


def reliability_figure(
    bins: Mapping[str, tuple[FloatArray, FloatArray, FloatArray]], title: str = "", width: float = 1.0 / 15.0
) -> bytes:
    """A reliability diagram for each of ``bins``: name to (mean confidence, share right, share of all) of each bin."""
    figure, panels = _new(4.2 * len(bins), 4.0, "", len(bins))
    for axes, (name, (confidence, accuracy, weight)) in zip(np.atleast_1d(panels), bins.items(), strict=True):
        axes.plot([0, 1], [0, 1], color="#888888", linewidth=1, linestyle="--", label="perfect calibration")
        axes.bar(confidence, accuracy, width * 0.9, color=COLOURS[5], label="share right")
        axes.plot(confidence, accuracy, color=COLOURS[0], marker="o", linewidth=1, markersize=4)
        axes.bar(confidence, weight, width * 0.35, color=COLOURS[1], label="share of all")
        axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", title=f"{title} {name}".strip())
        axes.title.set_fontsize(10)
    np.atleast_1d(panels)[0].legend(loc="upper left", frameon=False, fontsize=8)
    return _png(figure)


def curve_figure(
    series: Series,
    x_label: str,
    y_label: str,
    title: str = "",
    y_range: tuple[float, float] | None = (0.0, 1.0),
    x_range: tuple[float, float] | None = None,
) -> bytes:
    """Lines, with a marker each; a mark at every point if there are few."""
    figure, axes = _new(5.6, 3.8, title)
    for index, (name, (x, y)) in enumerate(series.items()):
        colour, marker = COLOURS[index % len(COLOURS)], MARKERS[index % len(MARKERS)]
        every = max(1, len(x) // 12)
        axes.plot(x, y, color=colour, marker=marker, markevery=every, markersize=5, linewidth=1.6, label=name)
    axes.set(xlabel=x_label, ylabel=y_label)
    if y_range:
        low, high = y_range
        axes.set_ylim(low, high + 0.02 * (high - low))
    if x_range:
        axes.set_xlim(x_range)
    axes.grid(color=GRID, linewidth=0.6)
    if len(series) > 1:
        axes.legend(frameon=False, fontsize=8)
    return _png(figure)


def bar_figure(groups: Mapping[str, Mapping[str, float | None]], y_label: str, title: str = "") -> bytes:
    """Bars side by side: ``groups`` is the name of each colour to the height at each place; None leaves a gap."""
    places = list(dict.fromkeys(place for bars in groups.values() for place in bars))
    figure, axes = _new(max(5.6, 1.2 + 0.75 * len(places)), 3.8, title)
    width = 0.8 / len(groups)
    for index, (name, bars) in enumerate(groups.items()):
        found = [(at, bars[place]) for at, place in enumerate(places) if bars.get(place) is not None]
        left = np.array([at for at, _ in found]) + (index - (len(groups) - 1) / 2) * width
        drawn = axes.bar(left, [height for _, height in found], width * 0.92, color=COLOURS[index % len(COLOURS)], label=name)
        axes.bar_label(drawn, fmt="%.2f", fontsize=7, padding=1)
    turned = {"rotation": 30, "ha": "right"} if len(places) > 5 else {}
    axes.set_xticks(range(len(places)), [textwrap.fill(place, PLACE_LETTERS) for place in places], **turned)
    axes.set(ylabel=y_label, ylim=(0.0, 1.1))
    axes.spines[["top", "right"]].set_visible(False)
    if len(groups) > 1:
        axes.legend(frameon=False, fontsize=8, ncols=len(groups), loc="lower center", bbox_to_anchor=(0.5, 1.0))
        axes.set_title(title, pad=22, fontsize=11)
    return _png(figure)


def tiled(pictures: Sequence[bytes], width_px: int, row_aspect: float = 3.4) -> bytes:
    """Pictures in rows on one white page of that width, as PNG of few colours.

    Args:
        pictures: PNG files, in their order; those of a row get one height and fill the width.
        width_px: of the page.
        row_aspect: a row is full when it is at least this many times wider than high.
    """
    rows: list[list[Image.Image]] = [[]]
    for image in (Image.open(io.BytesIO(data)).convert("RGB") for data in pictures):
        if sum(image.width / image.height for image in rows[-1]) >= row_aspect:
            rows.append([])
        rows[-1].append(image)
    heights_px = [round(width_px / sum(image.width / image.height for image in row)) for row in rows]
    page = Image.new("RGB", (width_px, sum(heights_px)), "white")
    for index, (row, height_px) in enumerate(zip(rows, heights_px, strict=True)):
        left_px = 0
        for image in row:
            image = image.resize((round(image.width * height_px / image.height), height_px), Image.Resampling.LANCZOS)
            page.paste(image, (left_px, sum(heights_px[:index])))
            left_px += image.width
    buffer = io.BytesIO()
    page.quantize(256).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def _new(width_inch: float, height_inch: float, title: str, panels: int = 1) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width_inch, height_inch), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, panels)
    if title:
        axes.set_title(title, fontsize=11)
    return figure, axes


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
