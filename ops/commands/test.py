"""`test`: everything that .ci/run runs, lint, types and every test."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.context import Context
from ops.gates import check, run_tests


def test(
    shell: typer.Context,
    paths: Annotated[list[str] | None, typer.Argument(help="Only these, for example tests/unit.")] = None,
    checks: Annotated[bool, typer.Option("--checks", help="Only lint and types.")] = False,
) -> None:
    """Run everything that .ci/run runs; with paths, only those tests."""
    context = Context.of(shell)
    if not paths:
        check(context)
    if not checks:
        run_tests(context, paths)
