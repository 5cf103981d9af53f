"""The addresses that an application is told: its own hosts, and the pages that it trusts."""

from __future__ import annotations

from infra.running import Running


def hosts(stack: Running, web_url: str) -> list[str]:
    """The hosts that the application answers for: those that are declared, and the one that Render gave it."""
    render_host = web_url.partition("://")[2].partition(":")[0]
    return [*stack.domains.web, *stack.allowed_hosts, render_host]


def origins(stack: Running, web_url: str) -> list[str]:
    """The pages that may send forms and upload files: the application's own.

    Render says where they are once it has made the service. A name that somebody else has taken is given with a
    suffix, so a guess would let a stranger's pages in.
    """
    return [*(f"https://{host}" for host in (*stack.domains.web, *stack.allowed_hosts)), web_url]
