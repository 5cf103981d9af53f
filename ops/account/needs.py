"""What the environments need before they can be made, and as much of it as can be seen without changing anything.

Render's API says nothing of a workspace's plan or of its access to GitHub: that stays for people to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from console.errors import WRONG_USE, ExplainedError
from infra.config import Stack
from ops.doors.render import Look
from render_api.errors import NotFound, RenderError

FOUND, MISSING, UNSEEN = "there", "missing", "to check"
Ask = Callable[[str, str], "bool | None"]


@dataclass(frozen=True)
class Need:
    """Something that has to be there: why, and whether it is."""

    what: str
    why: str
    state: str = UNSEEN

    def shown(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def declared(stacks: Iterable[Stack]) -> list[Need]:
    """What follows from the stack files alone, each with where Render or AWS says so."""
    every = list(stacks)
    oidc = [stack.environment for stack in every if stack.identity == "oidc"]
    reasons = [f"{len(every)} environments in a project (Hobby has 2)", "network isolation"]
    protected = [stack.environment for stack in every if stack.is_prod]
    reasons += [f"protection of {name}" for name in protected] + (["OIDC to AWS"] if oidc else [])
    built = sorted({stack.environment for stack in every if stack.source == "branch"})
    named = [host for stack in every for host in stack.domains.web]
    accounts = sorted({stack.aws.account for stack in every})
    needs = [
        Need("Render: workspace on Pro or higher", f"{', '.join(reasons)}; dashboard → Billing"),
        Need("Render: a payment method", "no plan of the stack files is free; dashboard → Billing"),
        Need(
            "Render: time", "20 creates an hour are allowed, and the three take more: the last one waits, and says so"
        ),
    ]
    if protected:
        why = f"{', '.join(protected)} is protected: only an admin may change variables or delete there"
        needs.append(Need("Render: the API key of an admin", why))
    builds = "each environment"
    if built:
        builds = f"{', '.join(built)} builds its branch there, and each"
    where = "dashboard → Account Settings → Git providers"
    why = f"{builds} has its maintenance page from there; {where}"
    needs.append(Need("Render: access to the GitHub repository", why))
    if named:
        needs.append(Need(f"DNS: records for {', '.join(named)}", "Render verifies that a domain points to it"))
    needs.append(Need(f"AWS: an administrator of {', '.join(accounts)}", "keys, roles and buckets are made there"))
    return needs


def looked_at(needs: Iterable[Need], render: Look, owner: str, stacks: Iterable[Stack], ask: Ask) -> list[Need]:
    """The same after a look: the workspace, whose key it is, and the branches."""
    role = _role(render, owner)
    seen = []
    for need in needs:
        if need.what == "Render: the API key of an admin" and role is not None:
            state = FOUND if role == "ADMIN" else MISSING
            seen.append(Need(need.what, f"{need.why}; this key's user is {role}", state))
        else:
            seen.append(need)
    for stack in stacks:
        there = ask(stack.github.url, stack.branch)
        state = UNSEEN if there is None else FOUND if there else MISSING
        seen.append(Need(f"GitHub: branch {stack.branch}", f"{stack.environment} follows it", state))
    return seen


def _role(render: Look, owner: str) -> str | None:
    """What the user of this key may do in the workspace; None where that cannot be told."""
    try:
        render.get(f"/owners/{owner}")
    except NotFound as error:
        raise ExplainedError(
            f"cannot use Render workspace {owner}",
            "the API key does not reach it",
            hint="RENDER_OWNER_ID is in the workspace's Settings, RENDER_API_KEY in Account Settings → API Keys",
            code=WRONG_USE,
        ) from error
    except RenderError as error:
        raise ExplainedError(
            f"cannot look at Render workspace {owner}", str(error), hint="once that is mended: ./slipway bootstrap"
        ) from error
    with suppress(RenderError, KeyError, TypeError):
        me = render.get("/users")["email"]
        members = render.get(f"/owners/{owner}/members")
        return next((str(one["role"]) for one in members if one["email"] == me), None)
    return None
