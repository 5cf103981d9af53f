"""A bar chart as SVG inside a page: no script, readable in light and dark, and told in words as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from ops.drills.report import duration

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 96, 8, 16, 32
WIDEST = 40  # pixels of a bar
LINES = 4
STEPS = (1, 2, 3, 4, 6, 8, 10)
LABEL = 120  # pixels of a day, as large as it is written on a narrow screen


@dataclass(frozen=True)
class Point:
    """One drill: its day, and what was measured; None where that was not reached."""

    label: str
    value: float | None
    good: bool


def chart(title: str, points: Sequence[Point]) -> str:
    """With a text for those who do not see it: the table below has each number."""
    top = _round(max((point.value or 0 for point in points), default=0))
    reached = [point.value for point in points if point.value is not None]
    told = (
        f"{len(points)} drills, from {duration(min(reached))} to {duration(max(reached))}"
        if reached
        else "reached in no drill"
    )
    parts = [
        (
            f'<figure><figcaption>{escape(title)}</figcaption><svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'role="img" aria-label="{escape(title)}: {escape(told)}">'
        ),
        *_axis(top),
        *_bars(points, top),
        "</svg></figure>",
    ]
    return "\n".join(parts)


def _axis(top: float) -> Iterator[str]:
    for number in range(LINES + 1):
        value = top * number / LINES
        y = _y(value, top)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_tick(value)}</text>'


def _bars(points: Sequence[Point], top: float) -> Iterator[str]:
    room = (WIDTH - LEFT - RIGHT) / max(1, len(points))
    width = min(WIDEST, room * 0.7)
    every = max(1, ceil(LABEL * 0.9 / room))  # labels that do not run into each other; on a narrow screen half
    for number, point in enumerate(points):
        middle = LEFT + room * (number + 0.5)
        state = "good" if point.good else "bad"
        told = f"{point.label}: {duration(point.value)}, {'passed' if point.good else 'failed'}"
        if point.value is None:
            yield f'<text class="bad" x="{middle:.1f}" y="{HEIGHT - BOTTOM - 6}" text-anchor="middle">✗</text>'
        else:
            y = _y(point.value, top)
            yield (
                f'<rect class="{state}" x="{middle - width / 2:.1f}" y="{y:.1f}" width="{width:.1f}" '
                f'height="{HEIGHT - BOTTOM - y:.1f}"><title>{escape(told)}</title></rect>'
            )
        label, rest = divmod(len(points) - 1 - number, every)
        if not rest:
            style = ' class="more"' if label % 2 else ""
            x, anchor = (middle, "middle") if middle + LABEL / 2 <= WIDTH else (WIDTH, "end")
            yield f'<text{style} x="{x:.1f}" y="{HEIGHT - 8}" text-anchor="{anchor}">{escape(point.label)}</text>'


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _round(value: float) -> float:
    """The next number that is easy to read, in the unit that it will be read in."""
    unit = next((one for one in (86_400.0, 3_600.0, 60.0) if value >= 2 * one), 1.0)
    power = 0.1
    while True:
        for step in STEPS:
            if step * power * unit >= value:
                return step * power * unit
        power *= 10


def _tick(seconds: float) -> str:
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:g} {name}"
    return f"{seconds:g} s"
