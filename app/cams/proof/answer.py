"""What health says as long as the instance has not proved itself."""

from cams.environment import Environment
from cams.proof.board import board


def identity(environment: Environment) -> dict[str, str]:
    """Which environment, release and instance answers."""
    return {"environment": environment.name, "version": environment.version, "instance": environment.instance}


def unproved(environment: Environment) -> tuple[dict[str, str], dict[str, str]]:
    """The body and the headers: when to ask again, where it may still come."""
    verdict = board.verdict()
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "1"} if verdict.status == "starting" else {})
    return {"status": verdict.status, "reason": verdict.reason, **identity(environment)}, headers
