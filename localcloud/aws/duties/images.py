"""Images that their repository's lifecycle policy lets expire, once a day, and the layers that nothing needs then."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from localcloud.aws.duties.daily import Daily
from localcloud.aws.services.ecr.deletion import DeletionFailure, delete
from localcloud.aws.services.ecr.lifecycle import expiring
from localcloud.aws.state import backends
from localcloud.machine.due import Happening


class Images(Daily):
    """Repositories with a lifecycle policy. ECR keeps its word "within 24 hours": here at midnight."""

    def has_work(self) -> bool:
        """Whether any repository has a policy."""
        return any(repository.lifecycle_policy for repository in _repositories())

    def work(self, now: datetime) -> list[Happening]:
        """Delete what expires; an image that an index needs stays as long as the index does."""
        happened = []
        for repository in _repositories():
            for image, rule in expiring(repository, repository.lifecycle_policy, now):
                try:
                    delete(repository, image.image_digest, None)
                except DeletionFailure:
                    continue
                name, why = f"{repository.name}@{image.image_digest[:19]}", f"rule {rule}"
                happened.append(Happening(now.isoformat(), "expired image", name, "done", why))
        return happened


def _repositories() -> list[Any]:
    return [repository for backend in backends("ecr").values() for repository in backend.repositories.values()]
