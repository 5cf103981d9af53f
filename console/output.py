"""Where a command speaks: data goes to stdout, talk to stderr."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

Say = Callable[[str], None]  # the talk alone, for those who have no data to tell


@dataclass(frozen=True)
class Output:
    """Both ways; without others they are the process's own, whatever these are when something is said."""

    stdout: TextIO | None = None
    stderr: TextIO | None = None

    def say(self, message: str) -> None:
        """One line about what is being done."""
        stream = self.stderr or sys.stderr
        stream.write(f"slipway: {message}\n")
        stream.flush()

    def line(self, text: str = "", *, hang: int = 0, flush: bool = False) -> None:
        """One line of data. At a terminal what does not fit goes on below, `hang` columns to the right."""
        stream = self.stdout or sys.stdout
        print(hanging(text, hang) if hang and stream.isatty() else text, file=stream, flush=flush)

    def json(self, value: object) -> None:
        """Data for programs."""
        self.line(json.dumps(value, indent=1))

    def values(self, values: Mapping[str, object]) -> None:
        """Names and what they stand for, one a line: text as it is, anything else as JSON."""
        width = max(map(len, values), default=0)
        for name, value in values.items():
            self.line(f"{name:<{width}}  {value if isinstance(value, str | int | float) else json.dumps(value)}")

    def report(self, values: Mapping[str, object], *, as_json: bool) -> None:
        """What a command has done or found: for programs, else for people."""
        if as_json:
            self.json(values)
        else:
            self.values(values)

    def table(self, titles: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Columns side by side; a number stands on the right of its column."""
        for line in columns(titles, rows):
            self.line(line)


def columns(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """The lines of a table, the titles first."""
    texts = [[*titles], *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    right = [all(isinstance(cell, int) or cell == "" for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in texts:
        cells = zip(row, widths, right, strict=True)
        padded = (cell.rjust(width) if number else cell.ljust(width) for cell, width, number in cells)
        lines.append("  ".join(padded).rstrip())
    return lines


def counted(number: int, what: str) -> str:
    """As people say it: 1 commit, 2 commits."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def sized(number: float) -> str:
    """As people say how many bytes there are, in the units in which Render and AWS bill them: 12.3 kB."""
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"


def hanging(line: str, indent: int) -> str:
    """A line that is as wide as the terminal, what does not fit below its last column."""
    width = shutil.get_terminal_size().columns
    return textwrap.fill(line, width, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
