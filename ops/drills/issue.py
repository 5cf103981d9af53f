"""The one issue of an environment that tells of drills that fail; the next good one closes it."""

from __future__ import annotations

from ops.drills import markdown
from ops.drills.signature import Signed
from ops.pipeline import comments
from ops.pipeline.comments import GitHub

WORKFLOW = "restore-drill.yml"


def tell(github: GitHub, environment: str, signed: Signed | None, *, why: str = "", run: str = "") -> str:
    """Have it say what was found, or why there is no report; its address, if there is one."""
    text = ""
    if signed is None:
        text = f"The restore drill could not be run: {why}"
    elif not signed.report.passed:
        text = "\n".join(markdown.lines(signed.report))
    if text:
        again = f"Again: `./slipway drill {environment}`. What to do: docs/runbooks/drill.md"
        text = "\n\n".join(filter(None, (text, again, run)))
    return comments.issue(github, f"drill {environment}", f"The restore drill of {environment} fails", text)
