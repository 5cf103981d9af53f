"""The one door to ECR: which images it has, and a password for a push. With the process environment's credentials."""

from __future__ import annotations

import base64
import re
import threading
from dataclasses import dataclass
from typing import Any

from registry_provider.provider.errors import RegistryError
from registry_provider.provider.label import content_of

_CONNECT_SECONDS = 5
_READ_SECONDS = 60
_ATTEMPTS = 5
_ADDRESS = re.compile(r"(?P<id>\d{12})\.dkr[.-]ecr(-fips)?\.(?P<region>[a-z0-9-]+)\.")


@dataclass(frozen=True)
class Repository:
    """One repository. Without an id or a region, those of the environment's credentials."""

    name: str
    registry_id: str | None = None
    region: str | None = None

    @classmethod
    def at(cls, url: str) -> Repository:
        """The one of that URL, `HOST/NAME`; Amazon's hosts say account and region."""
        host, _, name = url.partition("/")
        said = _ADDRESS.match(host)
        return cls(name, said["id"], said["region"]) if said else cls(name)


@dataclass(frozen=True)
class Location:
    """Where a repository is, as ECR says."""

    url: str
    registry_id: str
    region: str


class Ecr:
    """ECR's API, as far as it is needed here. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: dict[str | None, Any] = {}

    def digest(self, repository: Repository, *, tag: str = "", digest: str = "") -> str | None:
        """The digest of the image of that tag or digest; None when there is no such image, or no such repository."""
        which = {"imageTag": tag} if tag else {"imageDigest": digest}
        try:
            answer = self._call(repository, "describe_images", repositoryName=repository.name, imageIds=[which])
        except Exception as error:
            if _code(error) in ("ImageNotFoundException", "RepositoryNotFoundException"):
                return None
            raise _explained(f"cannot look for the image {tag or digest} in {repository.name}", error) from error
        return str(answer["imageDetails"][0]["imageDigest"])

    def find(self, repository: Repository) -> Location | None:
        """The repository as ECR knows it; None when there is none."""
        try:
            answer = self._call(repository, "describe_repositories", repositoryNames=[repository.name])
            region = self._client(repository.region).meta.region_name
        except Exception as error:
            if _code(error) == "RepositoryNotFoundException":
                return None
            raise _explained(f"cannot look for the repository {repository.name}", error) from error
        described = answer["repositories"][0]
        return Location(str(described["repositoryUri"]), str(described["registryId"]), str(region))

    def login(self, repository: Repository) -> str:
        """A user and a password as `docker` keeps them, good for twelve hours. Never to be shown, nor to be kept."""
        which = {"registryIds": [repository.registry_id]} if repository.registry_id else {}
        try:
            answer = self._client(repository.region).get_authorization_token(**which)
            return str(answer["authorizationData"][0]["authorizationToken"])
        except Exception as error:
            raise _explained(f"cannot log in to the registry of {repository.name}", error) from error

    def content(self, repository: Repository, url: str, digest: str) -> str:
        """What an image says that it was built of; empty where it does not."""
        return content_of(url, digest, self.login(repository))

    def _call(self, repository: Repository, operation: str, **arguments: Any) -> Any:
        which = {"registryId": repository.registry_id} if repository.registry_id else {}
        return getattr(self._client(repository.region), operation)(**which, **arguments)

    def _client(self, region: str | None) -> Any:
        with self._lock:
            if region not in self._clients:
                self._clients[region] = self._make(region)
            return self._clients[region]

    def _make(self, region: str | None) -> Any:
        import botocore.session  # a quarter of a second: not before there is something to ask
        from botocore.config import Config

        config = Config(
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        )
        return botocore.session.Session().create_client("ecr", region_name=region, config=config)


def password_of(login: str) -> str:
    """The password in a login."""
    return base64.b64decode(login).decode().partition(":")[2]


def _code(error: Exception) -> str:
    answer = getattr(error, "response", None)
    return str(answer.get("Error", {}).get("Code", "")) if isinstance(answer, dict) else ""


def _explained(what: str, error: Exception) -> RegistryError:
    """AWS's own code and message, or what the SDK says, in one line."""
    why = f"{type(error).__name__}: {error}"
    if code := _code(error):
        why = f"{code}: {getattr(error, 'response', {})['Error'].get('Message', '')}"
    return RegistryError(what, why, hint="aws sts get-caller-identity shows whose credentials these are")
