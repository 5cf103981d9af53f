"""An AWS account and a Render workspace as plain objects: what bootstrap asks of them, and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

OURS = ("key-1",)


def refused(code: str) -> ClientError:
    """What boto3 raises."""
    return ClientError({"Error": {"Code": code, "Message": code}}, "Operation")


@dataclass
class Account:
    """Knows what exists; every change is noted in `made`, in order."""

    number: str = "123456789012"
    things: set[str] = field(default_factory=set)
    made: list[str] = field(default_factory=list)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    breaks_at: str = ""

    def client(self, looks: dict[str, tuple[str, str]]) -> Any:
        """A client on which each operation in `looks` finds a thing or is refused with a code; all others change."""
        return _Client(self, looks)

    @property
    def kms(self) -> Any:
        return self.client({"describe_key": ("create_alias", "NotFoundException")})

    @property
    def s3(self) -> Any:
        block = ("put_public_access_block", "NoSuchPublicAccessBlockConfiguration")
        policy = ("put_bucket_policy", "NoSuchBucketPolicy")
        looks = {
            "head_bucket": ("create_bucket", "404"),
            "get_public_access_block": block,
            "get_bucket_policy": policy,
        }
        return self.client(looks)

    @property
    def iam(self) -> Any:
        provider = ("create_open_id_connect_provider", "NoSuchEntity")
        role, policy = ("create_role", "NoSuchEntity"), ("put_role_policy", "NoSuchEntity")
        looks = {"get_open_id_connect_provider": provider, "get_role": role, "get_role_policy": policy}
        return self.client(looks)

    def keys(self, operation: str) -> dict[str, Any]:
        """The one key, as KMS lists it and its tags, once it was made."""
        if operation == "list_keys":
            return {"Keys": [{"KeyId": key} for key in OURS if "create_key" in self.things]}
        return {"Tags": self.sent["create_key"]["Tags"]}

    def provider(self) -> dict[str, Any]:
        """The OIDC provider, as IAM tells it."""
        added = self.sent.get("add_client_id_to_open_id_connect_provider", {}).get("ClientID")
        made = self.sent["create_open_id_connect_provider"]["ClientIDList"]
        return {"ClientIDList": [*made, *([added] if added else [])]}

    def get_caller_identity(self) -> dict[str, str]:
        """As STS says it."""
        return {"Account": self.number}


@dataclass
class _Client:
    account: Account
    looks: dict[str, tuple[str, str]]

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def call(**sent: Any) -> dict[str, Any]:
            account = self.account
            if operation in ("list_keys", "list_resource_tags"):
                return account.keys(operation)
            if operation == "describe_key" and sent["KeyId"] in OURS:
                return {"KeyMetadata": {"Enabled": True}}
            if operation in self.looks:
                thing, code = self.looks[operation]
                if thing not in account.things:
                    raise refused(code)
                return account.provider() if operation == "get_open_id_connect_provider" else {}
            if operation == account.breaks_at:
                raise refused("InternalError")
            account.things.add(operation)
            account.made.append(operation)
            account.sent[operation] = sent
            return {"KeyMetadata": {"KeyId": "key-1"}}

        return call


@dataclass
class Workspace:
    """Render's projects by name, and the databases in them by project, environment and name."""

    projects: list[str] = field(default_factory=list)
    databases: list[tuple[str, str, str]] = field(default_factory=list)
    sent: list[tuple[str, Any]] = field(default_factory=list)

    def pages(self, path: str, params: dict[str, str], *, envelope: str) -> Iterator[dict[str, str]]:
        """Render finds what a name begins with as well."""
        if path == "/postgres":
            yield from ({"name": name, "environmentId": f"{project}/{at}"} for project, at, name in self.databases)
        else:
            yield from ({"name": name} for name in self.projects if name.startswith(params["name"]))

    def get(self, path: str, params: object = None) -> dict[str, str]:
        """An environment."""
        project, _, name = path.removeprefix("/environments/").partition("/")
        return {"name": name, "projectId": project}

    def post(self, path: str, body: Any) -> None:
        """Make one."""
        self.sent.append((path, body))
        self.projects.append(body["name"])

    patch = put = post

    def delete(self, path: str) -> None:
        """Nothing here is."""
        raise AssertionError(path)
