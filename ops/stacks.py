"""The stack files as the commands see them."""

from __future__ import annotations

from enum import StrEnum

from console.errors import WRONG_USE, ExplainedError
from infra.config import Stack
from infra.errors import ConfigError
from infra.load import from_file
from ops.cloud import ROOT


class Environment(StrEnum):
    """The three environments."""

    dev = "dev"
    staging = "staging"
    prod = "prod"


def load(environment: str) -> Stack:
    """What `Pulumi.<environment>.yaml` says; all its mistakes are told at once, with exit code 2."""
    try:
        return from_file(environment, ROOT)
    except ConfigError as error:
        raise ExplainedError(str(error), code=WRONG_USE) from error
