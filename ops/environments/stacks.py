"""The stack files as the commands see them."""

from __future__ import annotations

from enum import StrEnum

from infra.config import ENVIRONMENTS, Stack
from infra.load import from_file
from ops.doors.programs import ROOT


class Environment(StrEnum):
    """The three environments."""

    dev = "dev"
    staging = "staging"
    prod = "prod"


def load(environment: str) -> Stack:
    """What `Pulumi.<environment>.yaml` says; all its mistakes are told at once."""
    return from_file(environment, ROOT)


def load_all() -> list[Stack]:
    """Those of all environments, in the order in which a release goes through them."""
    return [load(environment) for environment in ENVIRONMENTS]
