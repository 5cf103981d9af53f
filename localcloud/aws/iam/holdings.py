"""Which policies an identity holds: what IAM keeps of users, groups and roles, and a session of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.iam.models import Group, IAMBackend, Role, User, iam_backends

from localcloud.aws.caller import Caller
from localcloud.aws.iam.document import Document, read
from localcloud.aws.iam.evaluation import Policies

PARTITION = "aws"


def policies_of(caller: Caller) -> Policies:
    """All that a caller may and may not do by IAM; nothing for who is no user and no role."""
    holder = holder_of(caller)
    return policies_of_holder(holder, caller) if holder else Policies()


def holder_of(caller: Caller) -> User | Role | None:
    """The user or the role that acts."""
    iam = iam_backends[caller.account][PARTITION] if caller.kind in ("user", "role") else None
    if iam is None:
        return None
    if caller.kind == "user":
        return iam.users.get(caller.arn.rpartition("/")[2])
    return iam.roles.get(caller.user_id.partition(":")[0])


def policies_of_holder(holder: User | Role | Group, caller: Caller | None = None) -> Policies:
    """The policies of a user or a role, with those that a session was given."""
    iam = iam_backends[holder.account_id][PARTITION]
    session = [read(text) for text in caller.session_policies] if caller and caller.session_policies else None
    return Policies(tuple(_identity(iam, holder)), _boundary(iam, holder), session)


def tags_of(holder: User | Role) -> dict[str, str]:
    """The tags of a user or a role."""
    return {tag["Key"]: tag["Value"] for tag in holder.tags or ()}


def default_text(policy: Any) -> str:
    """The document of a managed policy that counts now."""
    return next(str(each.document) for each in policy.versions if each.version_id == policy.default_version_id)


def _identity(iam: IAMBackend, holder: User | Role | Group) -> Iterator[Document]:
    yield from _own(holder)
    if isinstance(holder, User):
        for group in iam.groups.values():
            if holder in group.users:
                yield from _own(group)


def _own(holder: User | Role | Group) -> Iterator[Document]:
    for text in holder.policies.values():
        yield read(text)
    for policy in holder.managed_policies.values():
        yield read(default_text(policy))


def _boundary(iam: IAMBackend, holder: User | Role | Group) -> Document | None:
    arn = getattr(holder, "permissions_boundary_arn", None)
    if not arn:
        return None
    policy = iam.managed_policies.get(arn)
    return read(default_text(policy)) if policy else Document()  # one that is gone allows nothing
