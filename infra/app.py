"""What the program knows of the application: where it is, its commands, what it is told. Imports no Pulumi."""

from __future__ import annotations

from infra import names
from infra.config import Stack

ROOT = "app"
FRONTEND_ROOT = "app/frontend"
FRONTEND_BUILD = "./build.sh"
FRONTEND_PUBLISHED = "dist"

HEALTH = "/health/"  # opens no database connection: a slow database takes no instance away
RELEASE = "/api/health/"  # tells which release answers
MIGRATE = "python start.py migrate"
WORKER = "python start.py worker"

# Generated secrets and their lengths. Letters and digits: safe in a URL, in a shell, and in the comma-separated
# JWT_SECRETS.
GENERATED = {"DJANGO_SECRET_KEY": 64, "JWT_SECRETS": 64}


def job(command: str) -> str:
    """What a cron job runs."""
    return f"python start.py {command}"


def schedules(stack: Stack) -> dict[str, str]:
    """The commands of start.py that run on a schedule."""
    return {"clearsessions": stack.jobs.clear_sessions}


def api_rewrite(web_url: str) -> str:
    """Where the front end's own `/api/*` is answered."""
    return f"{web_url}/api/*"


def variables(stack: Stack) -> dict[str, str]:
    """Everything that is no secret and known before anything exists."""
    return {
        "DJANGO_DEBUG": "false",
        "LOG_LEVEL": "INFO",
        **stack.variables,
        "ENVIRONMENT": stack.environment,
        names.variable(stack.environment, "ALLOWED_HOSTS"): ",".join(web_hosts(stack)),
        names.variable(stack.environment, "CSRF_TRUSTED_ORIGINS"): ",".join(origins(stack)),
        "STORAGE_BUCKET": names.bucket(stack.environment, "media", stack.aws.account),
        "AWS_REGION": stack.aws.region,
    }


def web_hosts(stack: Stack) -> list[str]:
    """The hosts that the application answers for; Render tells it the one that it gave it."""
    return [*stack.domains.web, *stack.allowed_hosts, names.render_host(names.stem(stack.environment))]


def origins(stack: Stack) -> list[str]:
    """The pages that may send forms and upload files: the application's own and the front end's."""
    front = [*stack.domains.frontend, names.render_host(names.frontend(stack.environment))]
    return [f"https://{host}" for host in (*web_hosts(stack), *front)]
