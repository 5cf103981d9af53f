"""Who may take an environment's roles: GitHub's workflows and Render's services, by their signed tokens."""

from __future__ import annotations

from collections.abc import Sequence

from infra.config import Stack
from infra.names import GITHUB_ISSUER, oidc_provider_arn, render_issuer
from infra.running import Running
from infra.statements import Condition, Statement, document, trust_web_identity

AUDIENCE = "sts.amazonaws.com"


def github_subjects(stack: Running) -> list[str]:
    """Both formats of a workflow's subject: repositories created since 2026-07-15 say their ids too."""
    github = stack.github
    by_name = f"repo:{github.organization}/{github.repository}"
    by_id = f"repo:{github.organization}@{github.organization_id}/{github.repository}@{github.repository_id}"
    return [f"{repository}:environment:{stack.environment}" for repository in (by_name, by_id)]


def github(stack: Running) -> str:
    """This repository, this environment, this branch. The subject of a job with an environment omits its branch."""
    issuer = GITHUB_ISSUER
    condition = {
        "StringEquals": {
            f"{issuer}:aud": AUDIENCE,
            f"{issuer}:sub": github_subjects(stack),
            f"{issuer}:ref": f"refs/heads/{stack.branch}",
            f"{issuer}:repository_id": str(stack.github.repository_id),
        }
    }
    return document(_trust("GitHub", stack, issuer, condition))


def render(stack: Stack, owner_id: str, environment_id: str) -> str:
    """Every service of this environment. A service's own id would have to be known before the service exists."""
    issuer = render_issuer(owner_id)
    condition = {
        "StringEquals": {f"{issuer}:aud": AUDIENCE},
        "StringLike": {f"{issuer}:sub": _subject(owner_id, environment_id, "*")},
    }
    return document(_trust("Render", stack, issuer, condition))


def render_services(stack: Stack, owner_id: str, environment_id: str, services: Sequence[str]) -> str:
    """These services of this environment, and no other one."""
    issuer = render_issuer(owner_id)
    subjects = [_subject(owner_id, environment_id, service) for service in services]
    condition = {"StringEquals": {f"{issuer}:aud": AUDIENCE, f"{issuer}:sub": subjects}}
    return document(_trust("Render", stack, issuer, condition))


def _subject(owner_id: str, environment_id: str, service: str) -> str:
    return f"workspace:{owner_id}:environment:{environment_id}:service:{service}"


def _trust(sid: str, stack: Running, issuer: str, condition: Condition) -> Statement:
    return trust_web_identity(sid, oidc_provider_arn(stack.aws.account, issuer), condition)
