"""Charts as SVG texts, for a page that needs no other file: readable in print, and by colour-blind people.

Left and right differ by colour (Okabe and Ito 2008), by line and by mark. Sizes are in points of a page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise

from physio_core.skeleton.colours import LEFT_RGB, RIGHT_RGB
from physio_core.types import Side
from physio_records.report.summary import Line, Shown

WIDTH, HEIGHT = 300.0, 150.0
LEFT, RIGHT, TOP, BOTTOM = 30.0, 8.0, 10.0, 22.0
ACROSS = WIDTH - LEFT - RIGHT - 16.0
"""Between the first place and the last."""
INK, FAINT, BAND = "#333333", "#c9c9c9", "#e9eef2"
NEUTRAL = "#0072b2"
SMALL = 'font-family="DejaVu Sans, Noto Sans, Noto Sans CJK KR, Shipped, sans-serif" font-size="8.5" fill="#333333"'
LEAST = 20.0
"""Degrees, or per cent, that an axis spans at least."""
LETTER, SHORT, MOST_SHORT, MOST_LONG = 4.8, 3, 12, 4
"""Width of a letter of a label, how many make a short one, and how many short and long ones are written at most."""
MARKS_UP_TO = 40
"""Points beyond which marks would hide the line."""
_DARKER = 0.8


def _hex(rgb: tuple[int, int, int], share: float = 1.0) -> str:
    return "#" + "".join(f"{round(share * value):02x}" for value in rgb)


COLOURS = {Side.NONE: NEUTRAL, Side.LEFT: _hex(LEFT_RGB, _DARKER), Side.RIGHT: _hex(RIGHT_RGB, _DARKER)}
DASHES = {Side.NONE: "", Side.LEFT: "", Side.RIGHT: "5 2.5"}


@dataclass(frozen=True)
class Along:
    """The points along x.

    Attributes:
        labels: of each; those that find room are written.
        places: of each, from 0 (left) to 1.
    """

    labels: tuple[str, ...]
    places: tuple[float, ...]


def evenly(labels: Sequence[str]) -> Along:
    """Points one beside the other."""
    last = len(labels) - 1
    return Along(tuple(labels), tuple(number / last if last else 0.5 for number in range(len(labels))))


def by_day(days: Sequence[date], span: tuple[date, date], labels: Sequence[str]) -> Along:
    """Points where their days lie in a time; one beside the other where that is one day."""
    first, length_d = span[0], (span[1] - span[0]).days
    return Along(tuple(labels), tuple((day - first).days / length_d for day in days)) if length_d else evenly(labels)


@dataclass(frozen=True)
class Axes:
    """Where values lie in a chart.

    Attributes:
        places: of the points along x, from 0 to 1.
        low: lowest value shown.
        high: highest.
        ticks: values with a line and a number.
    """

    places: tuple[float, ...]
    low: float
    high: float
    ticks: tuple[float, ...]

    def x(self, number: int) -> float:
        """Place of a point."""
        return LEFT + 8.0 + ACROSS * self.places[number]

    def y(self, value: float) -> float:
        """Place of a value."""
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - self.low) / (self.high - self.low)


def axes_for(
    values: Sequence[float], places: tuple[float, ...], low: float | None = None, high: float | None = None, least: float = 0.0
) -> Axes:
    """Axes with few round numbers that hold all values; `low` and `high`: ends that are known; `least`: shortest span."""
    known = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    bottom, top = min(known) if low is None else low, max(known) if high is None else high
    if high is None and top - bottom < least:  # a small variation is to look small
        bottom = bottom - (least - top + bottom) / 2.0 if low is None else bottom
        top = bottom + least
    span = max(top - bottom, 1e-6)
    step = next(step for power in range(-3, 6) for base in (1, 2, 5) if span / (step := base * 10.0**power) <= 5.0)
    first = math.floor(bottom / step + 1e-9) * step if low is None else low
    last = math.ceil(top / step - 1e-9) * step if high is None else high
    last = max(last, first + step)
    ticks = tuple(first + step * number for number in range(round((last - first) / step) + 1))
    return Axes(places, first, last, ticks)


def line_chart(
    lines: Sequence[Line],
    along: Along,
    unit: str = "",
    noise: float = math.nan,
    high: float | None = None,
    low: float | None = None,
) -> str:
    """Measures over sessions or repetitions.

    Args:
        lines: one for each side.
        along: where the sessions or repetitions are along x.
        unit: behind the numbers of the other axis.
        noise: smallest change that is more than noise: a band around the first value; NaN: none.
        high: upper end of the axis, where it is known.
        low: lower end.
    """
    band = [first + sign * noise for line in lines if line.known for first in line.known[:1] for sign in (-1, 1)]
    shown = [value for line in lines for value in line.known] + (band if low is None else [])
    axes = axes_for(shown, along.places, low, high, LEAST)
    parts = []
    for line in lines if len(lines) == 1 and math.isfinite(noise) else ():
        if line.known:
            top, bottom = (axes.y(min(max(line.known[0] + sign * noise, axes.low), axes.high)) for sign in (1, -1))
            parts.append(
                f'<rect x="{LEFT}" y="{top:.1f}" width="{WIDTH - LEFT - RIGHT}" height="{bottom - top:.1f}" fill="{BAND}"/>'
            )
    parts += [_frame(axes, along, unit), *(_line(line, axes) for line in lines)]
    return _svg("".join(parts))


def bar_chart(
    done: Sequence[int], partial: Sequence[int], planned: Sequence[int], along: Along, missed: Sequence[bool] = ()
) -> str:
    """Counts: done as full bars, partial ones pale upon them, planned ones as a line across, what was missed as a ring below."""
    axes = axes_for([*map(sum, zip(done, partial, strict=True)), *planned], along.places, 0.0)
    ordered = sorted(set(along.places))
    gap = min((after - before for before, after in pairwise(ordered)), default=1.0)
    width = min(22.0, max(1.5, 0.7 * ACROSS * gap))
    parts = [_frame(axes, along, "")]
    for number, (full, half, wanted) in enumerate(zip(done, partial, planned, strict=True)):
        x = axes.x(number) - width / 2.0
        parts.append(_rect(x, axes.y(full), width, axes.y(0.0) - axes.y(full), NEUTRAL))
        if half:
            parts.append(_rect(x, axes.y(full + half), width, axes.y(full) - axes.y(full + half), "#9cc3dc"))
        if wanted:
            y, more = axes.y(wanted), min(2.0, width / 4.0)
            parts.append(f'<path d="M{x - more:.1f} {y:.1f}h{width + 2 * more:.1f}" stroke="{INK}" stroke-width="1.6"/>')
    parts += [_ring(axes.x(number), axes.y(0.0)) for number, gone in enumerate(missed) if gone]
    return _svg("".join(parts))


def missed_mark() -> str:
    """The mark of what was missed, for a legend."""
    return f'<svg viewBox="0 0 14 12" class="mark">{_ring(7.0, 6.0)}</svg>'


def _ring(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="white" stroke="{INK}" stroke-width="1.1"/>'


def picture(shown: Shown, caption: str) -> str:
    """A repetition: how far the signal went over time, with the target, and the angle that was reached as a goniometer has it."""
    width, height, floor = 190.0, 96.0, 82.0
    trace = shown.repetition.trace or (0.0,)
    top, bottom = max(1.15, *trace), min(0.0, *trace)  # below rest too, where the patient came back further than she began
    scale = (floor - 10.0) / (top - bottom)
    rest = floor + scale * bottom
    step = 100.0 / max(len(trace) - 1, 1)
    points = [(8.0 + step * number, rest - scale * value) for number, value in enumerate(trace)]
    path = " ".join(f"{'L' if number else 'M'}{x:.1f} {y:.1f}" for number, (x, y) in enumerate(points))
    target = rest - scale
    parts = [
        f'<path d="{path} L{points[-1][0]:.1f} {rest:.1f} L{points[0][0]:.1f} {rest:.1f}Z" fill="#d5e6f1"/>',
        f'<path d="M8 {rest:.1f}H108" stroke="{FAINT}"/>',
        f'<path d="M8 {target:.1f}H108" stroke="{INK}" stroke-dasharray="2 2"/>',
        f'<path d="{path}" fill="none" stroke="{NEUTRAL}" stroke-width="2" stroke-linejoin="round"/>',
    ]
    if shown.measured is not None:
        parts.append(_goniometer(shown.measured.high_deg, shown.angle, 150.0, 46.0))
    parts.append(f'<text x="8" y="{height - 3:.0f}" {SMALL}>{escape(caption)}</text>')
    return f'<svg viewBox="0 0 {width:g} {height:g}" class="picture" role="img">{"".join(parts)}</svg>'


def _goniometer(angle_deg: float, angle: str, x: float, y: float) -> str:
    """Two limbs and the angle between them: of knee, elbow and hip from straight, of others from hanging down."""
    hinge = angle in ("knee_flexion", "elbow_flexion", "hip_flexion")
    size, turn = 30.0, math.radians(angle_deg)
    resting = (x, y - size) if hinge else (x, y + size)
    moved = (x - size * math.sin(turn), y + size * math.cos(turn))
    arc = (x - 13.0 * math.sin(turn), y + 13.0 * math.cos(turn))
    large = int(angle_deg > 180.0)
    return (
        f'<path d="M{x:.1f} {y + 13:.1f}A13 13 0 {large} 1 {arc[0]:.1f} {arc[1]:.1f}" fill="none" stroke="{NEUTRAL}" '
        f'stroke-width="1.5"/>'
        f'<path d="M{x:.1f} {y:.1f}V{y + size:.1f}" stroke="{FAINT}" stroke-width="2" stroke-dasharray="2 2"/>'
        f'<path d="M{resting[0]:.1f} {resting[1]:.1f}L{x:.1f} {y:.1f}L{moved[0]:.1f} {moved[1]:.1f}" fill="none" stroke="{INK}" '
        f'stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" fill="white" stroke="{INK}" stroke-width="1.6"/>'
        f'<text x="{x + 9:.1f}" y="{y + 4:.1f}" {SMALL}>{angle_deg:.0f}°</text>'
    )


def _line(line: Line, axes: Axes) -> str:
    colour, parts, began = COLOURS[line.side], [], False
    path = ""
    for number, value in enumerate(line.values):
        if not math.isfinite(value):
            continue
        x, y = axes.x(number), axes.y(min(max(value, axes.low), axes.high))
        path, began = f"{path}{'L' if began else 'M'}{x:.1f} {y:.1f}", True
        if len(line.values) <= MARKS_UP_TO:
            parts.append(_mark(x, y, line.side))
    dash = f' stroke-dasharray="{DASHES[line.side]}"' if DASHES[line.side] else ""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.8" stroke-linejoin="round"{dash}/>{"".join(parts)}'


def _mark(x: float, y: float, side: Side) -> str:
    if side is Side.RIGHT:
        return _rect(x - 2.6, y - 2.6, 5.2, 5.2, COLOURS[side])
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.9" fill="{COLOURS[side]}"/>'


def mark(side: Side) -> str:
    """The mark of a side with its line, for a legend."""
    dash = f' stroke-dasharray="{DASHES[side]}"' if DASHES[side] else ""
    line = f'<path d="M0 6H26" stroke="{COLOURS[side]}" stroke-width="1.8"{dash}/>'
    return f'<svg viewBox="0 0 26 12" class="mark">{line}{_mark(13.0, 6.0, side)}</svg>'


def _frame(axes: Axes, along: Along, unit: str) -> str:
    parts = []
    for tick in axes.ticks:
        y = axes.y(tick)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{FAINT}" stroke-width="0.6"/>')
        parts.append(f'<text x="{LEFT - 4}" y="{y + 3:.1f}" text-anchor="end" {SMALL}>{tick:g}{escape(unit)}</text>')
    for number in _labelled(along):
        x, place, text = axes.x(number), along.places[number], along.labels[number]
        anchor = "middle" if len(text) <= SHORT else "start" if place < 0.1 else "end" if place > 0.9 else "middle"
        x += {"start": -8.0, "end": 8.0, "middle": 0.0}[anchor]
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - 6}" text-anchor="{anchor}" {SMALL}>{escape(text)}</text>')
    return "".join(parts)


def _labelled(along: Along) -> list[int]:
    """Points whose labels are written: the first, the last, and so many between them as find room."""
    longest = max(map(len, along.labels), default=0)
    gaps, room = (MOST_LONG if longest > SHORT else MOST_SHORT) - 1, (LETTER * longest + 6.0) / ACROSS
    chosen: list[int] = []
    for step in sorted(range(gaps + 1), key=lambda step: step not in (0, gaps)):
        nearest = min(range(len(along.places)), key=lambda number: abs(along.places[number] - step / gaps), default=None)
        if nearest is not None and all(abs(along.places[nearest] - along.places[other]) >= room for other in chosen):
            chosen.append(nearest)
    return sorted(chosen)


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{max(height, 0.0):.1f}" fill="{fill}"/>'


def _svg(content: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" class="chart" role="img">{content}</svg>'
