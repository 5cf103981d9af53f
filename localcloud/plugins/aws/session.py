"""The one door to AWS: clients made once, from the process environment and the provider's configuration."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONNECT_SECONDS = 5
_READ_SECONDS = 60
_ATTEMPTS = 5


@dataclass
class Session:
    """Credentials, addresses and the clients made with them. Thread-safe."""

    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    profile: str | None = None
    path_style: bool = False
    default_tags: Mapping[str, str] = field(default_factory=dict)
    known_ids: set[str] = field(default_factory=set)  # what the engine's state holds, so no left-over of a killed run
    _clients: dict[tuple[str, str, bool], Any] = field(default_factory=dict, repr=False)
    _lock: Any = field(default_factory=threading.Lock, repr=False)
    _botocore: Any = field(default=None, repr=False)
    _identity: Any = field(default=None, repr=False)

    def client(self, service: str, region: str, *, once: bool = False) -> Any:
        """A client of that service; `once`: without repeating calls, for those that make a new thing each time."""
        key = (service, region, once)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._make(service, region, once=once)
            return self._clients[key]

    def identity(self, region: str) -> Mapping[str, str]:
        """The caller, as `sts:GetCallerIdentity` says; asked once."""
        if self._identity is None:
            self._identity = self.client("sts", region).get_caller_identity()
        identity: Mapping[str, str] = self._identity
        return identity

    def has_credentials(self) -> bool:
        """Whether any source of credentials has some. The machine's metadata service is never asked."""
        if self.access_key and self.secret_key:
            return True
        with self._lock:
            return self._core().get_credentials() is not None

    def _core(self) -> Any:
        if self._botocore is None:
            os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
            import botocore.session  # a quarter of a second: not before there is something to ask

            self._botocore = botocore.session.Session(profile=self.profile)
        return self._botocore

    def _make(self, service: str, region: str, *, once: bool) -> Any:
        core = self._core()
        from botocore.config import Config

        return core.create_client(
            service,
            region_name=region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            aws_session_token=self.token,
            config=Config(
                connect_timeout=_CONNECT_SECONDS,
                read_timeout=_READ_SECONDS,
                max_pool_connections=32,
                retries={"mode": "standard", "total_max_attempts": 1 if once else _ATTEMPTS},
                s3={"addressing_style": "path" if self.path_style else "auto"},
            ),
        )


@dataclass(frozen=True)
class Aws:
    """AWS as one resource sees it: in its region."""

    session: Session
    region: str

    def client(self, service: str, *, once: bool = False) -> Any:
        """A client of that service in this region."""
        return self.session.client(service, self.region, once=once)

    @property
    def account(self) -> str:
        """The caller's account."""
        return self.session.identity(self.region)["Account"]
