"""Every physical name, address and tag. No two environments share one, so that they can share an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.config import Environment, Stack

PROJECT = "cams"

# What the backup commands publish to CloudWatch, and the alarms read.
METRIC_NAMESPACE = "cams"
BACKUP_METRIC = "BackupCompleted"
DRILL_METRIC = "DrillFailed"

GITHUB_ISSUER = "token.actions.githubusercontent.com"


def stem(environment: Environment) -> str:
    """What every name of an environment starts with; also its web service, env group and registry repository."""
    return f"{PROJECT}-{environment}"


def before(environment: Environment) -> Environment | None:
    """The environment that a release comes from."""
    from infra.config import ENVIRONMENTS  # here, since the program's first questions need names and no settings

    position = ENVIRONMENTS.index(environment)
    return ENVIRONMENTS[position - 1] if position else None


def database(environment: Environment) -> str:
    return f"{stem(environment)}-db"


def replica(environment: Environment, number: int) -> str:
    return f"{database(environment)}-replica-{number}"


def database_user(environment: Environment) -> str:
    """Postgres wants an SQL identifier; the database itself has the same name."""
    return f"{PROJECT}_{environment}"


def cache(environment: Environment) -> str:
    return f"{stem(environment)}-cache"


def worker(environment: Environment) -> str:
    return f"{stem(environment)}-worker"


def job(environment: Environment, command: str) -> str:
    return f"{stem(environment)}-{command}"


def frontend(environment: Environment) -> str:
    return f"{stem(environment)}-frontend"


def registry_credential(environment: Environment) -> str:
    return f"{stem(environment)}-ecr"


def bucket(environment: Environment, use: str, account: str) -> str:
    """Bucket names are shared by all of AWS: the account's number makes them ours."""
    return f"{stem(environment)}-{use}-{account}"


def key_alias(environment: Environment) -> str:
    return f"alias/{stem(environment)}"


def secret(environment: Environment) -> str:
    return f"{stem(environment)}/app"


def own_secret(environment: Environment, name: str = "") -> str:
    """A secret of one's own in the vault; without a name, what all of them begin with."""
    return f"{stem(environment)}/own/{name}"


def parameters(environment: Environment) -> str:
    """The path that holds an environment's parameters."""
    return f"/{PROJECT}/{environment}"


def release(environment: Environment) -> str:
    """The parameter that says which image runs; its history is the history of releases."""
    return f"{parameters(environment)}/release"


def guard(environment: Environment) -> str:
    """The parameter that stands between an environment and `pulumi destroy`."""
    return f"{parameters(environment)}/guard"


def identity(environment: Environment, who: str) -> str:
    """A role or a user: `deploy`, `backup`, `media`, `restore`, `pull`."""
    return f"{stem(environment)}-{who}"


def alarm(environment: Environment, what: str) -> str:
    return f"{stem(environment)}-{what}"


def topic(environment: Environment) -> str:
    return f"{stem(environment)}-alarms"


def state_bucket(account: str) -> str:
    """Where Pulumi keeps its state: one for each account, made by `slipway bootstrap`."""
    return f"{PROJECT}-state-{account}"


def state_key_alias() -> str:
    return f"alias/{PROJECT}-state"


def tags(environment: Environment) -> dict[str, str]:
    """On everything that AWS can tag."""
    return {"Project": PROJECT, "Environment": environment, "ManagedBy": "pulumi"}


def variable(environment: Environment, name: str) -> str:
    """An environment's own form of a variable, such as STAGING_ALLOWED_HOSTS."""
    return f"{environment.upper()}_{name}"


# Addresses that AWS makes of the names above: known without asking it.


def bucket_arn(name: str) -> str:
    return f"arn:aws:s3:::{name}"


def oidc_provider_arn(account: str, issuer: str) -> str:
    return f"arn:aws:iam::{account}:oidc-provider/{issuer}"


def render_issuer(owner_id: str) -> str:
    """Who signs the tokens of services in a Render workspace."""
    return f"oidc.render.com/{owner_id}"


def regional_arn(stack: Stack, service: str, resource: str) -> str:
    return f"arn:aws:{service}:{stack.aws.region}:{stack.aws.account}:{resource}"
