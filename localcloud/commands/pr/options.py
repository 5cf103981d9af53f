"""Arguments that several commands of `local pr` have."""

from __future__ import annotations

from typing import Annotated

import typer

Number = Annotated[int, typer.Argument(min=1, help="Its number.")]
As = Annotated[str, typer.Option("--as", help="In whose name; without it, of this machine's person.")]
Json = Annotated[bool, typer.Option("--json", help="Print data for programs.")]
