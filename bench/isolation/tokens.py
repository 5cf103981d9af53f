"""Whose token takes which role: those that should, and those that are wrong in one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from bench.isolation.expected import ENVIRONMENTS
from bench.isolation.scene import OTHER_AUDIENCE, SERVICES, Scene
from bench.isolation.want import REFUSALS
from localcloud.github.job import Job
from localcloud.machine.issuers import GITHUB
from localcloud.machine.token_issuer import TokenIssuer
from tests.support import tokens

TAGS = {"https://aws.amazon.com/tags": {"principal_tags": {"team": ["none"]}, "transitive_tag_keys": []}}


@dataclass(frozen=True)
class TokenCell:
    """One token shown for one role."""

    scene: Scene = field(repr=False)
    home: str
    who: str
    says: str
    token: Callable[[], str]
    is_allowed: bool
    action: str = "sts:AssumeRoleWithWebIdentity"
    is_own: bool = True

    def differs(self) -> bool:
        """Show the token, and say whether AWS answers otherwise than the design says."""
        try:
            self.scene.session(self.home, self.who, self.token())
        except ClientError as error:
            if error.response["Error"]["Code"] not in REFUSALS:
                raise
            return self.is_allowed
        return not self.is_allowed

    def __str__(self) -> str:
        return f"the role {self.who} of {self.home}, by a token {self.says}"


def of(scene: Scene, home: str) -> list[TokenCell]:
    """Every token shown for every role of the environment."""
    other = ENVIRONMENTS[ENVIRONMENTS.index(home) - 1]
    branch = scene.stacks[home].branch
    right = _job(scene, home)

    def job(**changes: Any) -> Callable[[], str]:
        claims = {name: changes.pop(name) for name in ("aud", *TAGS) if name in changes}
        told = tokens.of_job(right.model_copy(update=changes), **claims)
        return lambda: github(scene.root).sign(told)

    by_github: dict[str, tuple[Callable[[], str], bool]] = {
        "of its job": (job(), True),
        "of its job with the ids": (job(subjects="ids"), True),
        "of another branch": (job(ref=f"refs/heads/{branch}-other"), False),
        "of a tag of that name": (job(ref=f"refs/tags/{branch}"), False),
        "of another environment's job": (job(environment=other), False),
        "of a job without environment": (job(environment=None), False),
        "of another repository of that name": (job(repository_id=1), False),
        "of another repository": (job(repository="other", repository_id=1), False),
        "for another audience": (job(aud=OTHER_AUDIENCE), False),
        "with tags for the session": (job(**TAGS), False),
    }
    found = [TokenCell(scene, home, "deploy", says, token, may) for says, (token, may) in by_github.items()]
    ids = scene.environment_ids

    def service(environment: str, who: str, **more: Any) -> Callable[[], str]:
        return lambda: scene.render_token(ids.get(environment, environment), scene.service(home, who), **more)

    def by_render(who: str) -> dict[str, tuple[Callable[[], str], bool]]:
        return {
            "of its service": (service(home, who), True),
            "of the web service": (service(home, "media"), who == "media"),
            "of the job that backs up": (service(home, "backup"), who in ("backup", "media")),
            "of another environment's service": (service(other, who), False),
            "of a service without environment": (service("default", who), False),
            "for another audience": (service(home, who, audience=OTHER_AUDIENCE), False),
            "with tags for the session": (service(home, who, more=TAGS), False),
            "of the pipeline": (job(), False),
        }

    found.append(TokenCell(scene, home, "deploy", "of a service", service(home, "media"), is_allowed=False))
    return found + [
        TokenCell(scene, home, who, says, token, may)
        for who in SERVICES
        for says, (token, may) in by_render(who).items()
    ]


def github(root: Path) -> TokenIssuer:
    """The issuer of this cloud's GitHub."""
    return TokenIssuer(GITHUB, root / ".local/github/oidc-key.json")


def _job(scene: Scene, home: str) -> Job:
    stack = scene.stacks[home]
    return Job(
        owner=stack.github.organization,
        owner_id=stack.github.organization_id,
        repository=stack.github.repository,
        repository_id=stack.github.repository_id,
        ref=f"refs/heads/{stack.branch}",
        environment=home,
    )
