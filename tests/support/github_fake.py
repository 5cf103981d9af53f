"""GitHub as a plain object: answers with what a test has put there, and notes what is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class GitHubFake:
    """Lists by their path; each change is noted in order."""

    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    made: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def pages(self, path: str, **wanted: str) -> Iterator[dict[str, Any]]:
        """Every item of a list."""
        yield from self.lists.get(path, ())

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Noted."""
        self.made.append(("POST", path, dict(body)))
        return {"html_url": f"https://github.test/{path}/1"}

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Noted."""
        self.made.append(("PATCH", path, dict(body)))
        return {"html_url": f"https://github.test/{path}"}
