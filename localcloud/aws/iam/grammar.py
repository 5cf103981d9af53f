"""What a policy document must be before IAM keeps it, and the words with which one is refused.

moto reads the common part; here is what it lets pass
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from moto.iam.exceptions import MalformedPolicyDocument
from moto.iam.policy_validation import BaseIAMPolicyValidator, IAMPolicyDocumentValidator

from localcloud.aws.iam.conditions import Condition
from localcloud.aws.iam.document import as_list

_SID = re.compile(r"[0-9A-Za-z]*")
_SYNTAX = "Syntax errors in policy."
_VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
_ACCOUNT = re.compile(r"(?:arn:aws:iam::)?\d{12}(?::root)?")
_IDENTITY = re.compile(
    r"arn:aws:(?:iam::\d{12}:(?:user|role)/|sts::\d{12}:(?:assumed-role|federated-user)/)[\w+=,.@/-]+"
)
_UNIQUE_ID = re.compile(r"A(?:IDA|ROA)[A-Z0-9]{8,}")
_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:amazonaws\.com|aws\.internal)")
_PROVIDER = re.compile(r"arn:aws:iam::\d{12}:(?:oidc|saml)-provider/\S+")
_PROVIDERS = ("accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com")


class IdentityPolicy(IAMPolicyDocumentValidator):
    """A policy of users, groups and roles: it names no principal."""

    def validate(self) -> None:
        """Raise MalformedPolicyDocument with AWS's words."""
        _check_json(self._policy_document)
        super().validate()
        for statement in self._statements:
            if "Principal" in statement or "NotPrincipal" in statement:
                raise MalformedPolicyDocument("Policy document should not specify a principal.")
            if not _SID.fullmatch(statement.get("Sid", "")):
                raise MalformedPolicyDocument(
                    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular "
                    "expression [0-9A-Za-z]*"
                )
        _check_condition_keys(self._statements)


class TrustPolicy(BaseIAMPolicyValidator):
    """A role's trust policy: who may assume it, and no resource."""

    def _validate_version(self) -> None:
        """Both versions will do."""

    def validate(self) -> None:
        """Raise MalformedPolicyDocument with AWS's words."""
        _check_json(self._policy_document)
        super().validate()
        for statement in self._statements:
            if "Resource" in statement or "NotResource" in statement:
                raise MalformedPolicyDocument("Has prohibited field Resource")
            if not statement.get("Principal") and not statement.get("NotPrincipal"):
                raise MalformedPolicyDocument("Missing required field Principal")
            actions = as_list(statement.get("Action", statement.get("NotAction")))
            if not all(action.lower().startswith("sts:") for action in actions):
                raise MalformedPolicyDocument("AssumeRole policy may only specify STS AssumeRole actions.")
            for kind, name in principals_of(statement):
                if not is_principal(kind, name):
                    raise invalid_principal(kind, name)
        _check_condition_keys(self._statements)

    def named(self) -> Iterator[tuple[str, str]]:
        """The principals of all statements, once it has been validated."""
        for statement in self._statements:
            yield from principals_of(statement)


def principals_of(statement: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each principal that a statement names, with its kind."""
    principals = statement.get("Principal", statement.get("NotPrincipal", {}))
    for kind, names in principals.items() if isinstance(principals, dict) else [("AWS", principals)]:
        for name in as_list(names):
            yield kind, str(name)


def is_principal(kind: str, name: str) -> bool:
    """Whether that is how a principal of that kind is written."""
    if kind == "AWS":
        return name == "*" or any(each.fullmatch(name) for each in (_ACCOUNT, _IDENTITY, _UNIQUE_ID))
    if kind == "Service":
        return _SERVICE.fullmatch(name) is not None
    return kind == "Federated" and (name in _PROVIDERS or _PROVIDER.fullmatch(name) is not None)


def invalid_principal(kind: str, name: str) -> MalformedPolicyDocument:
    """As IAM names one that is nobody."""
    return MalformedPolicyDocument(f'Invalid principal in policy: "{kind.upper()}":"{name}"')


def size(document: str) -> int:
    """How long a document is by IAM's count, which leaves white space out."""
    return len("".join(document.split()))


def _check_json(document: str) -> None:
    """A name may not stand twice in one object, and an operator must be one of AWS's."""
    try:
        read = json.loads(document, object_pairs_hook=_once)
        for statement in as_list(read["Statement"]):
            for operator, keys in statement.get("Condition", {}).items():
                for key, values in keys.items():
                    Condition.of(operator, key, as_list(values))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MalformedPolicyDocument(_SYNTAX) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(_SYNTAX)
    return found


def _check_condition_keys(statements: Sequence[dict[str, Any]]) -> None:
    for statement in statements:
        for keys in statement.get("Condition", {}).values():
            if not all(":" in key for key in keys):
                raise MalformedPolicyDocument(_VENDOR)
