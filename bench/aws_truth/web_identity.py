"""The scene of the cases on tokens: issuers that answer, IAM's providers for them, roles with the program's trust."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore import UNSIGNED
from botocore.config import Config

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case
from infra import trust
from infra.load import parse
from tests.support import tokens
from tests.support.stack_settings import settings
from tests.support.tokens import Issuer

STACK = parse(settings("staging"), "staging")
REFUSED, INVALID, EXPIRED = "AccessDenied", "InvalidIdentityToken", "ExpiredTokenException"


@dataclass(frozen=True)
class Scene:
    """What tokens are shown to, and the issuers whose keys sign them."""

    account: Account
    github: Issuer
    render: Issuer
    github_role: str
    render_role: str

    def take(self, role: str, token: str, **options: Any) -> Attempt:
        """The one call, which nobody signs."""
        sts = self.account.client("sts", self.account.keys, config=Config(signature_version=UNSIGNED, **ONCE))
        asked = {"RoleArn": role, "RoleSessionName": "truth", "WebIdentityToken": token, **options}
        return lambda: sts.assume_role_with_web_identity(**asked)


ONCE: dict[str, Any] = {"retries": {"total_max_attempts": 1}, "parameter_validation": False}
Token = Callable[[Scene], str]


def by_github(says: str, token: Token, code: str | None = None, **options: Any) -> Case:
    """A token that is shown for the role *deploy* of staging."""
    return Case(f"GitHub: {says}", lambda account: _shown(scene(account), "github", token, options), code)


def by_render(says: str, token: Token, code: str | None = None, **options: Any) -> Case:
    """A token that is shown for the roles of staging's services."""
    return Case(f"Render: {says}", lambda account: _shown(scene(account), "render", token, options), code)


def _shown(scene: Scene, whose: str, token: Token, options: dict[str, Any]) -> Attempt:
    role = scene.github_role if whose == "github" else scene.render_role
    return scene.take(options.get("RoleArn", role), token(scene), **options)


def scene(account: Account) -> Scene:
    """One for each cloud."""
    root = account.aws.root
    if root not in _scenes:
        _scenes[root] = _set(account, tokens.github(root), tokens.render(root))
    return _scenes[root]


_scenes: dict[Path, Scene] = {}


def _set(account: Account, github: Issuer, render: Issuer) -> Scene:
    for issuer in (github.url, render.url):
        account.admin("iam").create_open_id_connect_provider(Url=issuer, ClientIDList=[tokens.AUDIENCE])
    return Scene(
        account,
        github,
        render,
        github_role=_role(account, trust.github(STACK)),
        render_role=_role(account, trust.render(STACK, tokens.WORKSPACE, tokens.ENVIRONMENT)),
    )


def _role(account: Account, policy: str) -> str:
    name = account.name("role")
    made = account.admin("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy)
    return str(made["Role"]["Arn"])
