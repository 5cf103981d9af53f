"""What is told of a release that was refused: what serves now, why, what failed, and its last lines."""

from __future__ import annotations

from pulumi_plugin.values import Values
from render_api.errors import RenderError
from render_provider.provider import deploys
from render_provider.provider.gate.failure import GateError

REQUESTS = 5


def rolled_back(
    service: Values, deploy: Values, error: GateError, lines: list[str], target: Values, rolled: Values
) -> RenderError:
    """The release before it serves again."""
    follows = service.get("autoDeployTrigger") not in (None, "off") and bool(service.get("repo"))
    later = f"; Render deploys the next commit on {service.get('branch')} by itself" if follows else ""
    return RenderError(
        f"deploy {deploys.named(deploy)} of {service['name']} was refused and is rolled back",
        _reason(error, lines)
        + f"\nwhat serves now: {deploys.named(target)} again, as {rolled['id']}, which was verified",
        hint=f"mend this and run `pulumi up` again{later} ({page(service)})",
    )


def stuck(
    service: Values, deploy: Values, error: GateError, lines: list[str], target: Values, failure: Exception
) -> RenderError:
    """It serves, or nothing does, and there was no way back."""
    why = failure.why if isinstance(failure, RenderError) else str(failure)
    what = f"{failure.what}: " if isinstance(failure, RenderError) else ""
    return RenderError(
        f"ROLLBACK FAILED: {service['name']} is not back on {deploys.named(target)}, and deploy "
        f"{deploys.named(deploy)} was refused",
        f"{what}{why}\nit was refused because of this: {_reason(error, lines)}",
        hint=f"look at {page(service)} at once; running `pulumi up` again tries the release and the way back anew",
    )


def first(service: Values, deploy: Values, error: GateError, lines: list[str]) -> RenderError:
    """There was nothing to go back to."""
    return RenderError(
        f"deploy {deploys.named(deploy)} of {service['name']} was refused",
        _reason(error, lines) + "\nwhat serves now: this one still, as there is no release before it to go back to",
        hint=f"mend this and run `pulumi up` again ({page(service)})",
    )


def page(service: Values) -> str:
    """Where people look at a service."""
    return str(service.get("dashboardUrl") or "https://dashboard.render.com")


def told(lines: list[str]) -> str:
    """Lines below a reason."""
    return ":\n" + "\n".join(f"  {line}" for line in lines) if lines else ""


def _reason(error: GateError, lines: list[str]) -> str:
    failed = error.requests[-REQUESTS:]
    requests = f"\nrequests that failed{told([str(one) for one in failed])}" if failed else ""
    return f"{error}{requests}" + (f"\nits last lines{told(lines)}" if lines else "")
