"""`local pr close`: what was proposed will not be."""

from __future__ import annotations

from console.output import Output
from localcloud.commands.pr.options import As, Number


def close(number: Number, login: As = "") -> None:
    """Close a pull request without merging it."""
    from localcloud.control.github import LocalGitHub

    output = Output()
    LocalGitHub(output.say, login).of_repository("PATCH", f"/pulls/{number}", {"state": "closed"})
    output.line(f"#{number} is closed")
