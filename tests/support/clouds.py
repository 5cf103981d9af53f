"""The clouds as any client sees them: Render's API, boto3 and the databases themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import psycopg
import requests
from botocore.config import Config

TIMEOUT = 30.0
REGION = "eu-central-1"


class Render:
    """Render's API as any client uses it."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._host = variables["RENDER_HOST"]
        self._headers = {"Authorization": f"Bearer {variables['RENDER_API_KEY']}"}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One request that has to succeed; what it answers."""
        answer = requests.request(method, self._host + path, json=body, headers=self._headers, timeout=TIMEOUT)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def all(self, path: str, envelope: str | None = None) -> list[dict[str, Any]]:
        """Everything of one kind, without the envelopes."""
        joint = "&" if "?" in path else "?"
        page = self.call("GET", f"{path}{joint}limit=100")
        assert len(page) < 100
        return [one[envelope] if envelope else one for one in page]

    def named(self, path: str, name: str, envelope: str | None = None) -> dict[str, Any]:
        """The one of that name."""
        [resource] = [one for one in self.all(path, envelope) if one["name"] == name]
        return resource

    def names(self, path: str, envelope: str) -> list[str]:
        """The names of all of one kind."""
        return [one["name"] for one in self.all(path, envelope)]

    def service(self, name: str) -> dict[str, Any]:
        """A service by its name."""
        return self.named("/services", name, "service")


@dataclass(frozen=True)
class Database:
    """A database as the application reaches it."""

    url: str

    def titles(self) -> list[str]:
        """The exams that are stored in it."""
        with psycopg.connect(self.url, connect_timeout=5) as connection:
            return [title for (title,) in connection.execute("select title from exams_exam order by id")]


def aws(service: str, endpoint: str, key: tuple[str, str]) -> Any:
    """A boto3 client of that key, which sends each request once."""
    return boto3.client(  # type: ignore[call-overload] # the stubs know each service by its literal name
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=key[0],
        aws_secret_access_key=key[1],
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )
