"""What policies keep of a user or a role that was deleted: its unique id, so that a namesake gets none of its rights.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import wraps
from typing import Any

from moto.backends import get_backend
from moto.iam.models import IAMBackend

from localcloud.aws.iam.document import as_list

# Where each service keeps the policies of its things, and the name that they have there.
_KEPT = {
    "ecr": ("repositories", "policy"),
    "iam": ("roles", "assume_role_policy_document"),
    "kms": ("keys", "policy"),
    "s3": ("buckets", "policy"),
    "secretsmanager": ("secrets", "policy"),
    "sns": ("topics", "policy"),
}


def install() -> None:
    """Put all of it in place."""
    for kind in ("user", "role"):
        setattr(IAMBackend, f"delete_{kind}", _leaving_id(kind))


def _leaving_id(kind: str) -> Any:
    delete: Any = getattr(IAMBackend, f"delete_{kind}")

    @wraps(delete)
    def deleted(self: Any, *arguments: Any, **named: Any) -> Any:
        name = arguments[0] if arguments else named[f"{kind}_name"]
        holder = getattr(self, f"get_{kind}")(name)
        answer = delete(self, *arguments, **named)
        _rename(self.account_id, holder.arn, holder.id)
        return answer

    return deleted


def _rename(account: str, arn: str, unique_id: str) -> None:
    for thing, attribute in _things(account):
        kept = getattr(thing, attribute)
        text = kept.decode() if isinstance(kept, bytes) else kept
        if text and arn in text:
            changed = _renamed(text, arn, unique_id)
            setattr(thing, attribute, changed.encode() if isinstance(kept, bytes) else changed)
        for grant in getattr(thing, "grants", {}).values() if attribute == "policy" else ():
            _rename_in_grant(grant, arn, unique_id)


def _renamed(text: str, arn: str, unique_id: str) -> str:
    document = json.loads(text)
    for statement in as_list(document["Statement"]):
        for element in ("Principal", "NotPrincipal"):
            principals = statement.get(element)
            if isinstance(principals, dict) and arn in as_list(principals.get("AWS", [])):
                names = [unique_id if name == arn else name for name in as_list(principals["AWS"])]
                principals["AWS"] = names if len(names) > 1 else names[0]
    return json.dumps(document)


def _rename_in_grant(grant: Any, arn: str, unique_id: str) -> None:
    for attribute in ("grantee_principal", "retiring_principal"):
        if getattr(grant, attribute, None) == arn:
            setattr(grant, attribute, unique_id)


def _things(account: str) -> Iterator[tuple[Any, str]]:
    """All that has a policy, of the services that are in use."""
    for service, (things, attribute) in _KEPT.items():
        if f"moto.{service}.models" not in sys.modules:
            continue
        backends: Any = get_backend(service)  # type: ignore[call-overload] # moto's signature lists each name
        for owner, _, backend in backends.iter_backends():
            if owner == account:
                yield from ((thing, attribute) for thing in getattr(backend, things).values())
