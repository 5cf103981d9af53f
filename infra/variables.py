"""Which environment variables a stack file may set, and which may be secrets of one's own. Imports no Pulumi."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from infra import hosts
from infra.names import EnvironmentNames, ProjectNames

VARIABLE = r"^[A-Z][A-Z0-9_]*$"
SECRET = re.compile(r"(^|_)(SECRET|SECRETS|KEY|PASSWORD|TOKEN|DSN|URL)$")
DECIDED_HERE = re.compile(
    r"^(ENVIRONMENT|APP_VERSION|PORT|STORAGE_BUCKET|SLIPWAY_JOB|BACKUP_RECIPIENTS|DB_BACKUP_.*|MEDIA_BACKUP_.*|RESTORE_.*|AWS_.*|RENDER_.*|((DEV|STAGING|PROD|PREVIEW|DJANGO)_)?(ALLOWED_HOSTS|CSRF_TRUSTED_ORIGINS))$"
)
MADE_HERE = re.compile(r"^(((DEV|STAGING|PROD|PREVIEW)_)?DATABASE_URL|REDIS_URL|DJANGO_SECRET_KEY|JWT_SECRETS)$")
COMPANION_KEY = "COMPANION_RENDER_API_KEY"  # the companion's own, by which it stops and starts services
NO_SECRETS = {"DJANGO_DEBUG", "LOG_LEVEL"}  # the application's own `variables`, with rules of their own
PUBLIC_URLS = {"EMAIL_BASE_URL", "MEDIA_URL", "STATIC_URL", "STORAGE_PUBLIC_BASE_URL"}


def secret_name(name: str, names: ProjectNames) -> str:
    """The name that a secret of one's own may have; what may be a value is not repeated."""
    if "=" in name:
        raise ValueError(f"`{name.partition('=')[0]}=…` gives a value, and only a name belongs here")
    if not re.fullmatch(VARIABLE, name):
        meant = re.sub(r"\W", "_", name.upper())
        suggested = f"; did you mean `{meant}`?" if re.fullmatch(VARIABLE, meant) else ""
        raise ValueError(f"`{name}` is not the name of a variable: capitals, digits and _{suggested}")
    if DECIDED_HERE.match(name) or MADE_HERE.match(name):
        raise ValueError(f"`{name}` is decided by the program")
    if name in NO_SECRETS:
        raise ValueError(f"`{name}` is no secret: it belongs into {names.setting('variables')}")
    return name


def _secret_name(name: str, info: ValidationInfo) -> str:
    return secret_name(name, info.data["application"].names)


VariableName = Annotated[str, Field(pattern=VARIABLE)]
SecretName = Annotated[str, AfterValidator(_secret_name)]


def breaches(names: EnvironmentNames, variables: Mapping[str, str], secrets: Sequence[str]) -> list[str]:
    """What is wrong with an environment's variables and secrets, each with its path."""
    wrong = [breach for name, value in variables.items() for breach in _exposed(names, name, value)]
    wrong += [f"secrets/{name}: is named twice" for name, times in Counter(secrets).items() if times > 1]
    wrong += [f"secrets/{name}: is for the companion alone" for name in secrets if name == COMPANION_KEY]
    return wrong + [f"secrets/{name}: is in variables, too" for name in secrets if name in variables]


def _exposed(names: EnvironmentNames, name: str, value: str) -> list[str]:
    environment, wrong = names.environment, []
    if DECIDED_HERE.match(name) or MADE_HERE.match(name):
        wrong.append(f"variables/{name}: is decided by the program")
    elif SECRET.search(name) and name not in PUBLIC_URLS:
        wrong.append(
            f"variables/{name}: looks like a secret, and a stack file is read by everybody: "
            f"name it in {names.setting('secrets')}, then ./slipway secret set {environment} {name}"
        )
    elif environment == "prod" and (host := hosts.of_url(value)) and hosts.is_development(host, names):
        wrong.append(f"variables/{name}: `{host}` is a development host, not for prod")
    if name == "DJANGO_DEBUG" and value.lower() in {"1", "true", "yes", "on"} and environment != "dev":
        wrong.append(f"variables/{name}: debug pages are for dev alone")
    return wrong
