"""Three environments with everybody who acts in them, each with credentials that were taken as they are in life."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import requests

from bench.isolation.expected import ENVIRONMENTS
from bench.isolation.place import Clients, Endpoint, Place, open_bucket, sweep
from bench.workspace import run
from infra.application import APPLICATION
from infra.config import Stack
from infra.load import ROOT, from_file
from localcloud.machine.issuers import RENDER
from localcloud.machine.token_issuer import TokenIssuer

SERVICES = {"backup": "-backup", "media": "", "restore": "-drill"}
"""Each role with the service that takes it, by what follows the stem in its name."""
AUDIENCE = "sts.amazonaws.com"
OTHER_AUDIENCE = "https://example.com"  # that the account trusts for somebody else, not for these roles
STRANGER = "isolation-stranger"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


@dataclass(frozen=True)
class Identity:
    """Who asks, and of which environment it is."""

    who: str
    home: str | None
    clients: Clients

    def __str__(self) -> str:
        return f"{self.home} {self.who}" if self.home else self.who


class Scene:
    """What the table needs of the local cloud that these variables lead to."""

    def __init__(self, variables: Mapping[str, str], root: Path) -> None:
        self._variables, self.root = dict(variables), root
        ports: dict[str, int] = json.loads((root / ".local/ports.json").read_text())
        self.endpoint = Endpoint(variables["AWS_ENDPOINT_URL"], f"http://127.0.0.1:{ports['aws_plain']}")
        key = {
            "AccessKeyId": variables["AWS_ACCESS_KEY_ID"],
            "SecretAccessKey": variables["AWS_SECRET_ACCESS_KEY"],
        }
        self.administrator = Clients(self.endpoint, key)
        self.nobody = Clients(self.endpoint, None)
        self.stacks: dict[str, Stack] = {name: from_file(name, ROOT) for name in ENVIRONMENTS}
        self.places = {name: Place(stack.names, self.administrator) for name, stack in self.stacks.items()}

    @property
    def account(self) -> str:
        """The one that all three live in."""
        return self.stacks["prod"].aws.account

    def furnish(self) -> None:
        """Put something to take everywhere."""
        open_bucket(self.administrator, self.account)
        self._trust(OTHER_AUDIENCE, trusted=True)
        for place in self.places.values():
            place.furnish()

    def _trust(self, audience: str, *, trusted: bool) -> None:
        """Let the account trust tokens for another audience, as somebody may, or no longer."""
        iam = self.administrator("iam")
        change = iam.add_client_id_to_open_id_connect_provider
        if not trusted:
            change = iam.remove_client_id_from_open_id_connect_provider
        for provider in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
            change(OpenIDConnectProviderArn=provider["Arn"], ClientID=audience)

    def clear(self) -> None:
        """Take away everything that the table has put there."""
        for place in self.places.values():
            place.clear()
            sweep(self.administrator, place.open_bucket)
            sweep(self.administrator, place.state_bucket, ".pulumi/")
        self.administrator("s3").delete_bucket(Bucket=self.places["prod"].open_bucket)
        self._forget_stranger()
        self._trust(OTHER_AUDIENCE, trusted=False)

    @cached_property
    def identities(self) -> list[Identity]:
        """Everybody, with credentials."""
        found = [Identity("administrator", home, self.administrator) for home in ENVIRONMENTS]
        for home in ENVIRONMENTS:
            found.append(Identity("deploy", home, self.assume(home, "deploy", self.github_token(home))))
            tokens = {who: self.render_token(self.environment_ids[home], self.service(home, who)) for who in SERVICES}
            found += [Identity(who, home, self.assume(home, who, token)) for who, token in tokens.items()]
            if self.stacks[home].source == "image":
                found.append(Identity("pull", home, Clients(self.endpoint, self._pull_key(home))))
        return [*found, Identity("stranger", None, self._stranger()), Identity("nobody", None, self.nobody)]

    def identity(self, who: str, home: str) -> Identity:
        """One of them."""
        return next(one for one in self.identities if (one.who, one.home) == (who, home))

    def assume(self, home: str, who: str, token: str) -> Clients:
        """Take a role, unsigned, as SDKs do."""
        return Clients(self.endpoint, self.session(home, who, token))

    def session(self, home: str, who: str, token: str) -> dict[str, str]:
        """The credentials that AWS gives for a token."""
        names = self.stacks[home].names
        answer = self.nobody("sts").assume_role_with_web_identity(
            RoleArn=f"arn:aws:iam::{names.account}:role/{names.identity(who)}",
            RoleSessionName="isolation",
            WebIdentityToken=token,
        )
        keys: dict[str, str] = answer["Credentials"]
        return keys

    def github_token(self, home: str) -> str:
        """A token of a workflow's job in that environment, as the local GitHub gives it."""
        github, branch = self.stacks[home].github, self.stacks[home].branch
        repository = f"{github.organization}@{github.organization_id}/{github.repository}@{github.repository_id}"
        asked = ["--repository", repository, "--environment", home, "--ref", f"refs/heads/{branch}"]
        return run([sys.executable, "-m", "localcloud", "token", "github", *asked], self._variables).strip()

    def render_token(
        self,
        environment_id: str,
        service_id: str,
        audience: str = AUDIENCE,
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> str:
        """A token of that service in that environment of Render, signed with the issuer's key of this cloud."""
        owner, now = self._variables["RENDER_OWNER_ID"], int(time.time())
        subject = f"workspace:{owner}:environment:{environment_id}:service:{service_id}"
        claims = {"aud": audience, "sub": subject, "iat": now, "nbf": now, "exp": now + 3600, **more}
        return TokenIssuer(f"{RENDER}/{owner}", self.root / ".local/render/oidc/key.json").sign(claims)

    @cached_property
    def environment_ids(self) -> dict[str, str]:
        """Render's ids of the three."""
        [project] = [
            one["project"] for one in self._render("/projects") if one["project"]["name"] == APPLICATION.name
        ]
        found = self._render(f"/environments?projectId={project['id']}")
        return {one["environment"]["name"]: one["environment"]["id"] for one in found}

    def service(self, home: str, who: str) -> str:
        """Render's id of the service that takes that role."""
        return self._services[f"{self.stacks[home].names.stem}{SERVICES[who]}"]

    @cached_property
    def _services(self) -> dict[str, str]:
        found = (one["service"] for one in self._render("/services?limit=100"))
        return {one["name"]: one["id"] for one in found}

    def _render(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self._variables['RENDER_API_KEY']}"}
        return requests.get(self._variables["RENDER_HOST"] + path, headers=headers, timeout=10).json()

    def _pull_key(self, home: str) -> dict[str, str]:
        """The access key that Render's registry credential holds, from the stack's own state."""
        said = run(["pulumi", "stack", "export", "--stack", home, "--show-secrets"], self._variables)
        resources = json.loads(said)["deployment"]["resources"]
        [key] = [one for one in resources if one["type"] == "aws:iam/accessKey:AccessKey"]
        secret = key["outputs"]["secret"]
        told = json.loads(secret["plaintext"]) if isinstance(secret, dict) else secret
        return {"AccessKeyId": key["id"], "SecretAccessKey": told}

    def _stranger(self) -> Clients:
        self._forget_stranger()  # one that an interrupted run has left
        iam = self.administrator("iam")
        iam.create_user(UserName=STRANGER)
        return Clients(self.endpoint, iam.create_access_key(UserName=STRANGER)["AccessKey"])

    def _forget_stranger(self) -> None:
        iam = self.administrator("iam")
        with contextlib.suppress(iam.exceptions.NoSuchEntityException):
            for key in iam.list_access_keys(UserName=STRANGER)["AccessKeyMetadata"]:
                iam.delete_access_key(UserName=STRANGER, AccessKeyId=key["AccessKeyId"])
            iam.delete_user(UserName=STRANGER)
