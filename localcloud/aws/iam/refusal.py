"""How AWS says no: who, what, on which resource, and by which kind of policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.decision import Decision
from localcloud.aws.replies import AwsError

_DENIES = {
    "identity-based": "an identity-based policy",
    "resource-based": "a resource-based policy",
    "permissions boundary": "a permissions boundary",
    "session": "a session policy",
}
_ALLOWS = {
    "identity-based": "no identity-based policy",
    "resource-based": "no resource-based policy",
    "permissions boundary": "no permissions boundary",
    "session": "no session policy",
}
_TERSE = ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")  # does not say which policy is in the way


def refusal(service: str, caller: Caller, ask: Ask, decision: Decision) -> AwsError:
    """The error of a call to that service that was not allowed."""
    if caller.kind == "anonymous":
        return _error(service, "Access Denied")
    action = ask.action.replace("sns:", "SNS:", 1)
    message = f"User: {caller.arn} is not authorized to perform: {action}"
    if ask.resource != "*" or not action.startswith("s3:"):
        message += f" on resource: {ask.resource}"
    if decision.effect == "explicit deny":
        message += f" with an explicit deny in {_DENIES[decision.kind]}"
    elif not action.startswith(_TERSE):
        message += f" because {_ALLOWS[decision.kind]} allows the {action} action"
    return _error(service, message)


def _error(service: str, message: str) -> AwsError:
    denied = ("AuthorizationError", 403) if service == "sns" else ("AccessDenied", 403)
    json = (
        denied if service == "cloudwatch" else ("AccessDeniedException", 400)
    )  # keeps the codes of its older protocol
    return AwsError(message, query=denied, json=json, s3=denied)
