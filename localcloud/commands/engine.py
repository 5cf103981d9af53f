"""`local engine`: for machine images and tests."""

from __future__ import annotations

from console.output import Output
from localcloud.engine import setup


def engine() -> None:
    """Have Pulumi's CLI and its plugins, and start nothing."""
    setup.ensure(Output().say)
