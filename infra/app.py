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
        "STORAGE_BUCKET": names.bucket(stack.environment, "media", stack.aws.account),
        "AWS_REGION": stack.aws.region,
    }


def hosts(stack: Stack, web_url: str) -> list[str]:
    """The hosts that the application answers for: those that are declared, and the one that Render gave it."""
    given = web_url.partition("://")[2].partition(":")[0]
    return [*stack.domains.web, *stack.allowed_hosts, given]


def origins(stack: Stack, web_url: str, frontend_url: str) -> list[str]:
    """The pages that may send forms and upload files: the application's own and the front end's.

    Render says where both are once it has made them. A name that somebody else has taken is given with a suffix, so a
    guess would let a stranger's pages in.
    """
    own = [f"https://{host}" for host in (*stack.domains.web, *stack.allowed_hosts)]
    front = [f"https://{host}" for host in stack.domains.frontend]
    return [*own, web_url, *front, frontend_url]
