"""What exists once per account is made in steps, each of which first looks whether its thing is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from console.errors import ExplainedError
from console.output import Say
from ops.doors import aws
from render_api.errors import RenderError

THERE, MADE, MISSING = "there", "made", "missing"


@dataclass(frozen=True)
class Step:
    """One thing of the account: what it is called, whether it is there, and how it is made."""

    what: str
    there: Callable[[], bool]
    make: Callable[[], object]


def go_through(steps: Iterable[Step], *, make: bool, say: Say) -> dict[str, str]:
    """Make what is missing, or only look; returns for each what it was: `there`, `made` or `missing`."""
    return {step.what: _take(step, make=make, say=say) for step in steps}


def _take(step: Step, *, make: bool, say: Say) -> str:
    what = f"cannot prepare the {step.what}"
    try:
        with aws.told(what, hint="once that is mended, run the same command again"):
            if step.there():
                return THERE
            if not make:
                return MISSING
            say(f"making {step.what}")
            step.make()
    except RenderError as error:
        raise ExplainedError(what, str(error)) from error
    return MADE
