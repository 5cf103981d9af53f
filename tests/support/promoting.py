"""What a promotion brings up, and what it has recorded by then."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from infra.load import from_file
from infra.release import Release
from ops.context import Context
from ops.environments.up import Report as Up
from ops.releases.records import Records
from tests.support.releasing import World

STAGING, PROD = from_file("staging"), from_file("prod")
OTHER = "01" * 20
"""A tree that is not the one built."""


@dataclass
class Ups:
    """What was brought up, and what was recorded then."""

    world: World
    of: list[str] = field(default_factory=list)

    def __call__(self, context: Context, environment: str, **how: Any) -> Up:
        assert how == {"yes": False, "what": "release promote"}
        assert recorded(self.world)
        self.of.append(environment)
        return Up({"url": "https://prod.example.org"}, 1, 1.0)


def recorded(world: World) -> list[Release]:
    """The history of prod, newest first."""
    return [entry.release for entry in Records(PROD, world.ssm).history() if entry.release]
