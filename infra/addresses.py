"""The addresses that an application is told: its own hosts, the pages that it trusts, where its API is."""

from __future__ import annotations

from infra.config import Stack


def api(stack: Stack, web_url: str) -> str:
    """Where the front end's own `/api/*` is answered."""
    return f"{web_url}{stack.application.api}"


def hosts(stack: Stack, web_url: str) -> list[str]:
    """The hosts that the application answers for: those that are declared, and the one that Render gave it."""
    render_host = web_url.partition("://")[2].partition(":")[0]
    return [*stack.domains.web, *stack.allowed_hosts, render_host]


def origins(stack: Stack, web_url: str, frontend_url: str) -> list[str]:
    """The pages that may send forms and upload files: the application's own and the front end's.

    Render says where both are once it has made them. A name that somebody else has taken is given with a suffix, so a
    guess would let a stranger's pages in.
    """
    own = [f"https://{host}" for host in (*stack.domains.web, *stack.allowed_hosts)]
    front = [f"https://{host}" for host in stack.domains.frontend]
    return [*own, web_url, *front, frontend_url]
