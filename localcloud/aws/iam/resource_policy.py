"""What AWS checks of a policy before it hangs on a resource; each service says it in its own words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from localcloud.aws.iam.document import as_list

Fault = Literal[
    "syntax",
    "version",
    "element",
    "unknown element",
    "effect",
    "principal",
    "unknown principal",
    "action",
    "resource",
    "fit",
]
_ELEMENTS = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}
_ARN = re.compile(r"arn:aws:(?:iam|sts)::(\d{12}):(root|(?:user|role|federated-user|assumed-role)/.+)")
_ACCOUNT = re.compile(r"\d{12}")
_ID = re.compile(r"A(?:IDA|ROA|GPA|KIA|SIA)[A-Z0-9]{12,}")
_SERVICE = re.compile(r"[a-z0-9.-]+\.(?:amazonaws\.com|amazon\.com|aws\.internal)")


class MalformedError(ValueError):
    """The policy is refused, and what is wrong with it."""

    def __init__(self, fault: Fault, what: str = "") -> None:
        super().__init__(what or fault)
        self.fault = fault


@dataclass(frozen=True)
class Rules:
    """What a service's policies may name."""

    actions: Callable[[str], bool]
    resource: Callable[[str], bool]
    needs_resource: bool = True
    fits: Callable[[Mapping[str, Any]], bool] = lambda _: True  # whether a statement's actions suit its resources

    @classmethod
    def of(cls, service: str) -> Rules:
        """Those of a service whose policies name its own actions, on its own resources or on all."""
        return cls(
            actions=lambda action: action == "*" or action.lower().startswith(f"{service}:"),
            resource=lambda resource: resource == "*" or resource.startswith(f"arn:aws:{service}:"),
        )


def check(text: str, rules: Rules) -> None:
    """Raise `MalformedError` where AWS would refuse the policy."""
    for statement in statements(text):
        _check_elements(statement, rules)
        for principal in _principals(statement):
            if not is_principal(principal):
                raise MalformedError("principal", str(principal[1]))
            if principal[0] == "AWS" and not exists(principal[1]):
                raise MalformedError("unknown principal", principal[1])
        for action in as_list(statement.get("Action", statement.get("NotAction"))):
            if not isinstance(action, str) or not rules.actions(action):
                raise MalformedError("action", str(action))
        for resource in as_list(statement.get("Resource", statement.get("NotResource", []))):
            if not isinstance(resource, str) or not rules.resource(resource):
                raise MalformedError("resource", str(resource))
        if not rules.fits(statement):
            raise MalformedError("fit")


def statements(text: str) -> list[dict[str, Any]]:
    """The statements of a policy that is at least one by its form."""
    try:
        document = json.loads(text, object_pairs_hook=_once)
    except ValueError as error:
        raise MalformedError("syntax", str(error)) from error
    if not isinstance(document, dict) or not text.lstrip().startswith("{"):
        raise MalformedError("syntax")
    if document.get("Version", "2008-10-17") not in ("2008-10-17", "2012-10-17"):
        raise MalformedError("version")
    found = as_list(document.get("Statement") or [])
    if not found or not all(isinstance(statement, dict) for statement in found):
        raise MalformedError("element", "Statement")
    if unknown := set(document) - {"Version", "Id", "Statement"}:
        raise MalformedError("unknown element", min(unknown))
    return found


def is_principal(principal: tuple[str, Any]) -> bool:
    """Whether a policy may name it."""
    kind, name = principal
    if not isinstance(name, str) or not name:
        return False
    match kind:
        case "AWS":
            return name == "*" or bool(_ARN.fullmatch(name) or _ACCOUNT.fullmatch(name) or _ID.fullmatch(name))
        case "Service":
            return bool(_SERVICE.fullmatch(name))
        case "CanonicalUser":
            return bool(re.fullmatch(r"[0-9a-f]{64}", name))
    return kind == "Federated"


def _check_elements(statement: Mapping[str, Any], rules: Rules) -> None:
    if unknown := set(statement) - _ELEMENTS:
        raise MalformedError("unknown element", min(unknown))
    needed = [("Principal", "NotPrincipal"), ("Effect",), ("Action", "NotAction")]
    if rules.needs_resource:
        needed.append(("Resource", "NotResource"))
    for names in needed:
        if sum(bool(statement.get(name)) for name in names) != 1:
            raise MalformedError("element", names[0])
    if statement["Effect"] not in ("Allow", "Deny"):
        raise MalformedError("effect", str(statement["Effect"]))
    if not isinstance(statement.get("Condition", {}), dict):
        raise MalformedError("element", "Condition")


def _principals(statement: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    written = statement.get("Principal", statement.get("NotPrincipal"))
    if written == "*":
        return
    if not isinstance(written, dict):
        raise MalformedError("principal", str(written))
    for kind, names in written.items():
        yield from ((kind, name) for name in as_list(names))


def exists(name: str) -> bool:
    """Whether the user or role is there. Of other accounts' nothing is known here, and each is believed."""
    from moto.iam.models import iam_backends

    match = _ARN.fullmatch(name)
    if not match or match[1] not in iam_backends or not match[2].startswith(("user/", "role/")):
        return True
    iam = iam_backends[match[1]]["aws"]
    holders: list[Any] = [*iam.users.values(), *iam.roles.values()]
    return any(each.arn == name for each in holders)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an element is there twice")
    return found
