"""A set at a glance: in how many frames a person is seen, and how evenly the classes are filled."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from physio_lab.plot.figures import COLOURS, DPI, GRID


def beside_figure(non_empty: Mapping[str, Sequence[float]], title: str = "") -> bytes:
    """Two panels as PNG: how many sequences of each set have how many non-empty frames, and the same summed up from the left.

    Args:
        non_empty: name of a set to the share [0..1] of frames with a person, of each of its sequences.
        title: written above.
    """
    figure = Figure(figsize=(10.5, 3.8), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    counts, summed = figure.subplots(1, 2)
    edges = np.arange(0.0, 101.0, 5.0)
    for (name, shares), colour, style in zip(non_empty.items(), COLOURS, ("-", "--", ":", "-."), strict=False):
        of = 100.0 * np.sort(shares)
        heights = 100.0 * np.histogram(of, edges)[0] / len(of)
        label = f"{_short(name)} (n = {len(of)}, mean {of.mean():.1f} %)"
        counts.stairs(heights, edges, fill=True, color=colour, alpha=0.25)
        counts.stairs(heights, edges, color=colour, linewidth=1.8, linestyle=style, label=label)
        places, totals = np.concatenate([[0.0], of, [100.0]]), np.concatenate([[0], np.arange(1, len(of) + 1), [len(of)]])
        summed.step(places, 100.0 * totals / len(of), where="post", color=colour, linewidth=1.8, linestyle=style)
    counts.set(xlabel="non-empty frames [%]", ylabel="sequences of the set [%]", xlim=(0.0, 100.0), ylim=(0.0, None))
    summed.set(
        xlabel="non-empty frames [%]", ylabel="sequences with at most this share [%]", xlim=(0.0, 100.0), ylim=(0.0, 101.0)
    )
    for axes in (counts, summed):
        axes.grid(color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
    counts.legend(frameon=False, fontsize=8, loc="upper left")
    figure.suptitle(title, fontsize=11)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def _short(name: str) -> str:
    return name if len(name) <= 32 else f"... {name[-28:]}"


def dataset_figure(non_empty: Mapping[str, Sequence[float]], title: str = "") -> bytes:
    """Two panels as PNG: sequences by their share of non-empty frames, and each class's sequences.

    In the second, the pale part of a bar is of sequences with a person in less than half of the frames.

    Args:
        non_empty: label to the share [0..1] of frames with a person, of each sequence.
        title: written above.
    """
    figure = Figure(figsize=(10.5, max(3.4, 1.2 + 0.26 * len(non_empty))), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    seen, balance = figure.subplots(1, 2)
    shares = np.array([share for values in non_empty.values() for share in values])
    heights, _, _ = seen.hist(100.0 * shares, bins=np.arange(0.0, 101.0, 5.0), color=COLOURS[0], rwidth=0.92)
    seen.set(xlabel="non-empty frames [%]", ylabel="sequences", xlim=(0.0, 100.0))
    seen.set_yscale("symlog", linthresh=10)  # the few bad ones matter most
    ticks = [0, *(step * 10**power for power in range(7) for step in (1, 2, 5))]
    seen.set_yticks([tick for tick in ticks if tick <= max(1, heights.max())], minor=False)
    seen.set_yticks([], minor=True)
    seen.yaxis.set_major_formatter("{x:g}")
    seen.grid(axis="y", color=GRID, linewidth=0.6)
    seen.set_axisbelow(True)
    labels = sorted(non_empty, key=lambda label: len(non_empty[label]))
    counts = [len(non_empty[label]) for label in labels]
    well = [sum(share >= 0.5 for share in non_empty[label]) for label in labels]
    balance.barh(range(len(labels)), counts, color=COLOURS[5], label="of them mostly empty")
    balance.barh(range(len(labels)), well, color=COLOURS[0], label="sequences")
    for place, count in enumerate(counts):
        balance.annotate(f"{count}", (count, place), (3, 0), textcoords="offset points", va="center", fontsize=8)
    balance.set_yticks(range(len(labels)), [label or "not known" for label in labels])
    balance.set(xlabel="sequences of each class", xlim=(0.0, 1.12 * max(counts, default=1)))
    balance.tick_params(axis="y", length=0)
    balance.xaxis.get_major_locator().set_params(integer=True)
    if well != counts:
        balance.legend(frameon=False, fontsize=8, loc="lower right")
    for axes in (seen, balance):
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(title, fontsize=11)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
