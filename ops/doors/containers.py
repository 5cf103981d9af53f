"""The door to a container engine's API, over its socket or a proxy of it: what Compose has started."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from console.errors import ExplainedError

PROJECT, SERVICE = "com.docker.compose.project", "com.docker.compose.service"  # labels that Compose gives
ANSWER = 30.0  # seconds
UNCHANGED = 304


@dataclass(frozen=True)
class Container:
    """One of a service, as it is."""

    id: str
    running: bool
    healthy: bool
    """Whether its health check says so, where it has one."""


class Engine:
    """Docker's API, of which every version of these years has what is used here."""

    def __init__(self, address: str) -> None:
        self._address = address

    def containers(self, project: str, service: str) -> list[Container]:
        """Those of a service."""
        labels = json.dumps({"label": [f"{PROJECT}={project}", f"{SERVICE}={service}"]})
        listed = self._ask("GET", f"/containers/json?all=1&filters={quote(labels)}")
        found = [self._ask("GET", f"/containers/{one['Id']}/json") for one in listed]
        return [_container(one) for one in found]

    def stop(self, id: str, seconds: float) -> None:
        """Ask it to end, and end it after so many seconds; what has ended is no error."""
        self._ask("POST", f"/containers/{id}/stop?t={max(1, round(seconds))}", patience=seconds + ANSWER)

    def start(self, id: str) -> None:
        """What runs is no error."""
        self._ask("POST", f"/containers/{id}/start")

    def _ask(self, method: str, path: str, *, patience: float = ANSWER) -> Any:
        connection = _connection(self._address, patience)
        try:
            connection.request(method, path, headers={"Host": "engine", "Content-Length": "0"})
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise ExplainedError(
                f"cannot reach the container engine at {self._address}",
                str(error) or type(error).__name__,
                hint="DOCKER_HOST names it; its socket, or a proxy of it, has to be mounted",
            ) from error
        finally:
            connection.close()
        if answer.status >= 400:
            raise ExplainedError("the container engine refuses", _said(body) or f"HTTP {answer.status}")
        return json.loads(body) if body and answer.status != UNCHANGED else None


class _Unix(http.client.HTTPConnection):
    """By a socket of this machine."""

    def __init__(self, path: str, patience: float) -> None:
        super().__init__("localhost", timeout=patience)
        self._path = path

    def connect(self) -> None:
        """Not by a name."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _connection(address: str, patience: float) -> http.client.HTTPConnection:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        return _Unix(parts.path, patience)
    return http.client.HTTPConnection(parts.hostname or "", parts.port or 2375, timeout=patience)


def _container(body: dict[str, Any]) -> Container:
    state = body["State"]
    running = bool(state.get("Running"))
    health = (state.get("Health") or {}).get("Status", "none")
    return Container(str(body["Id"]), running, healthy=running and health in ("none", "healthy"))


def _said(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return body.decode(errors="replace")[:200].strip()
