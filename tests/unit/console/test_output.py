"""How lines are shown to people."""

from __future__ import annotations

from io import StringIO

import pytest

from console.output import Output, sized

LINE = "staging        50.10  1 × web starter 7.00, 1 × worker starter 7.00"
WRAPPED = """\
staging        50.10  1 × web starter
                      7.00, 1 × worker
                      starter 7.00"""


class Terminal(StringIO):
    """Somebody sits there."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "shown"), [(Terminal(), WRAPPED), (StringIO(), LINE)])
def test_a_line_hangs_below_its_last_column_at_a_terminal_alone(
    stream: StringIO, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that reads the output finds one line for each bill."""
    monkeypatch.setenv("COLUMNS", "40")

    Output(stdout=stream).line(LINE, hang=22)

    assert stream.getvalue() == shown + "\n"


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 B"), (999, "999 B"), (12_345, "12.3 kB"), (5 * 10**9, "5.0 GB"), (3e15, "3000.0 TB")]
)
def test_sizes_are_told_in_decimal_units(number: float, text: str) -> None:
    """As Render and AWS bill them."""
    assert sized(number) == text


def test_talk_and_data_go_their_own_ways(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever pipes the one does not get the other."""
    Output().say("starting the local AWS")
    Output().json({"url": "http://x"})

    assert capsys.readouterr() == ('{\n "url": "http://x"\n}\n', "slipway: starting the local AWS\n")


def test_values_have_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    """Text as it is, anything else as JSON."""
    Output().values({"url": "http://x", "seconds": 9.5, "hosts": ["a", "b"]})

    assert capsys.readouterr().out == 'url      http://x\nseconds  9.5\nhosts    ["a", "b"]\n'


def test_a_table_has_its_numbers_on_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    """And no space at the end of a line."""
    Output().table(("process", "pid", "port"), [("aws", 7, 20001), ("together", "", "")])

    assert capsys.readouterr().out == "process   pid   port\naws         7  20001\ntogether\n"


@pytest.mark.parametrize(
    ("as_json", "shown"), [(False, "url    https://x\nports  [1, 2]\n"), (True, '{\n "url": "https://x",\n "ports"')]
)
def test_a_report_is_for_people_or_for_programs(*, as_json: bool, shown: str) -> None:
    """The same values, one a line or as JSON."""
    stream = StringIO()

    Output(stdout=stream).report({"url": "https://x", "ports": [1, 2]}, as_json=as_json)

    assert stream.getvalue().startswith(shown)
