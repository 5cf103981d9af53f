"""IAM: what it refuses, who is asked about, and AWS's own managed policies."""

from __future__ import annotations

from typing import Any

from moto.iam import models

from localcloud.aws.services.iam import boundaries, conflicts, documents, managed, providers, remains, simulation


def install() -> None:
    """Put all of it in place."""
    iam: Any = models
    begin = iam.User.__init__

    def __init__(self: Any, *arguments: Any, **options: Any) -> None:  # noqa: N807 # it is one
        begin(self, *arguments, **options)
        self.id = "AIDA" + self.id[4:].upper()

    iam.User.__init__ = __init__
    providers.install()
    documents.install()
    managed.install()
    boundaries.install()
    conflicts.install()
    remains.install()
    simulation.install()
