"""ECR's repositories as the registry sees them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.ecr.models import ecr_backends

from localcloud.aws.registry.errors import RegistryError
from localcloud.aws.state import State


class UnknownRepositoryError(RegistryError):
    """ECR has none of that name."""

    def __init__(self, name: str, account_id: str) -> None:
        super().__init__(
            "NAME_UNKNOWN", f"The repository with name '{name}' does not exist in the registry with id '{account_id}'"
        )


class Repositories:
    """All repositories of the account. A name is unique here over all regions: there is one registry."""

    def __init__(self, account_id: str, state: State) -> None:
        self._account_id = account_id
        self._state = state

    @contextmanager
    def open(self, name: str, *, change: bool = False) -> Iterator[tuple[Any, Any]]:
        """ECR's backend and the repository of that name, for as long as nobody else may use them."""
        with self._state.lock:
            for backend in list(ecr_backends[self._account_id].values()):
                if name in backend.repositories:
                    yield backend, backend.repositories[name]
                    break
            else:
                raise UnknownRepositoryError(name, self._account_id)
        if change:
            self._state.touch()
