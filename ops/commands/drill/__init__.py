"""`drill`: prove a backup by restoring it; and read what drills before found."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

VERB = "run"


class WithoutVerb(TyperGroup):
    """`drill staging` means `drill run staging`: to run one is what people and jobs do most."""

    implied = VERB

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """What names no verb of its own, and asks for no help, is for the first."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [VERB, *args]
        return super().parse_args(ctx, args)
