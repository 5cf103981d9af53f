"""What AssumeRoleWithWebIdentity is asked with, and what its parameters may be.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from localcloud.aws.call import Call
from localcloud.aws.oidc.refusals import invalid, validation

HOUR = 3600
LENGTHS = {"RoleArn": (20, 2048), "RoleSessionName": (2, 64), "WebIdentityToken": (4, 20000), "Policy": (1, 2048)}
REQUIRED = ("RoleArn", "RoleSessionName", "WebIdentityToken")
SECRET = ("WebIdentityToken",)
SESSION_NAME = r"[\w+=,.@-]*"
_ROLE = re.compile(r"arn:aws:iam::(\d{12}):role/.+")


@dataclass(frozen=True)
class Request:
    """The parameters, each within its bounds."""

    role_arn: str
    account: str
    session_name: str
    token: str = field(repr=False)
    seconds: int
    policy: str | None
    policy_arns: tuple[str, ...]


def read(call: Call) -> Request:
    """The request in a call; raises AwsError with all that is wrong with it."""
    form = parse_qs(call.body.decode("utf-8", "replace"), keep_blank_values=True)
    given = {name: values[0] for name, values in {**call.query, **form}.items()}
    problems = [problem for name in LENGTHS if (problem := _problem(name, given.get(name)))]
    seconds, problem = _duration(given.get("DurationSeconds", str(HOUR)))
    problems += [problem] if problem else []
    if problems:
        raise validation(problems)
    role = _ROLE.fullmatch(given["RoleArn"])
    if role is None:
        raise validation([_broken("roleArn", given["RoleArn"], f"Member must satisfy pattern: {_ROLE.pattern}")])
    if "ProviderId" in given:  # of OAuth 2.0 access tokens alone
        raise invalid("Provided Token is not a Login With Amazon token")
    arns = tuple(value for name, value in given.items() if re.fullmatch(r"PolicyArns\.member\.\d+\.arn", name))
    return Request(
        role[0], role[1], given["RoleSessionName"], given["WebIdentityToken"], seconds, given.get("Policy"), arns
    )


def _problem(name: str, value: str | None) -> str | None:
    member = name[0].lower() + name[1:]
    if value is None:
        return _broken(member, None, "Member must not be null") if name in REQUIRED else None
    shown = "" if name in SECRET else value
    shortest, longest = LENGTHS[name]
    if len(value) < shortest:
        return _broken(member, shown, f"Member must have length greater than or equal to {shortest}")
    if len(value) > longest:
        return _broken(member, shown, f"Member must have length less than or equal to {longest}")
    if name == "RoleSessionName" and not re.fullmatch(SESSION_NAME, value, re.ASCII):
        return _broken(member, shown, f"Member must satisfy regular expression pattern: {SESSION_NAME}")
    return None


def _duration(text: str) -> tuple[int, str | None]:
    """What the API bounds; the role's own bound is looked at when it is known who asks."""
    try:
        seconds = int(text)
    except ValueError:
        return 0, _broken("durationSeconds", text, "Member must be a number")
    if seconds < HOUR // 4:
        return 0, _broken("durationSeconds", text, f"Member must have value greater than or equal to {HOUR // 4}")
    if seconds > 12 * HOUR:
        return 0, _broken("durationSeconds", text, f"Member must have value less than or equal to {12 * HOUR}")
    return seconds, None


def _broken(member: str, value: str | None, rule: str) -> str:
    shown = "Value null" if value is None else f"Value '{value}'" if value else "Value"
    return f"{shown} at '{member}' failed to satisfy constraint: {rule}"
