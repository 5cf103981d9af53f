"""The door to GitHub: its REST API, as a workflow's job reaches it with the token that it is given.

https://docs.github.com/en/rest
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from console.errors import WRONG_USE, ExplainedError
from ops.doors import local_cloud
from ops.doors.cloud import Cloud

SECONDS = 30
VERSION = "2022-11-28"
MOST = 100


@dataclass(frozen=True)
class GitHub:
    """One repository, seen by who has this token."""

    url: str
    repository: str
    token: str

    def get(self, path: str, **wanted: str) -> Any:
        """What is at a path below the repository."""
        return self._call("GET", path, params=wanted)

    def pages(self, path: str, **wanted: str) -> Iterator[dict[str, Any]]:
        """Every item of a list."""
        number = 1
        while page := self.get(path, **wanted, per_page=str(MOST), page=str(number)):
            yield from page
            if len(page) < MOST:
                return
            number += 1

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Make something."""
        return self._call("POST", path, body=body)

    def patch(self, path: str, body: Mapping[str, Any]) -> Any:
        """Change something."""
        return self._call("PATCH", path, body=body)

    def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        import requests

        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": VERSION,
        }
        address = f"{self.url}/repos/{self.repository}/{path}"
        try:
            answer = requests.request(method, address, params=params, json=body, headers=headers, timeout=SECONDS)
        except requests.RequestException as error:
            raise ExplainedError(f"cannot reach GitHub at {self.url}", str(error)) from error
        if not answer.ok:
            said = (
                answer.json().get("message", "") if "json" in answer.headers.get("Content-Type", "") else answer.text
            )
            raise ExplainedError(
                f"GitHub refuses {method} {path}",
                f"HTTP {answer.status_code}: {said}",
                hint="the job's `permissions:` say what its token may do",
            )
        return answer.json() if answer.content else None


def at(cloud: Cloud) -> GitHub:
    """The one that the process names; beside the local cloud, where it names none, the one on this machine."""
    if cloud.is_local and not os.environ.get("GITHUB_TOKEN"):
        return here(local_cloud.github())
    return here()


def here(environ: Mapping[str, str] = os.environ) -> GitHub:
    """The repository and the token of this process: a job's own, or a person's."""
    missing = [name for name in ("GITHUB_REPOSITORY", "GITHUB_TOKEN") if not environ.get(name)]
    if missing:
        raise ExplainedError(
            "cannot ask GitHub",
            f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set",
            hint="export GITHUB_REPOSITORY=owner/name GITHUB_TOKEN=…",
            code=WRONG_USE,
        )
    url = environ.get("GITHUB_API_URL") or "https://api.github.com"
    return GitHub(url, environ["GITHUB_REPOSITORY"], environ["GITHUB_TOKEN"])
