"""What one call asks for: an action on a resource, with the condition keys of the request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from localcloud.aws.replies import AwsError

Values = str | Sequence[str]  # of a condition key: a text alone is a key with one value, a list one with many


@dataclass(frozen=True)
class ResourcePolicy:
    """The policy that hangs on a resource.

    `gate`: nobody gets in whom this policy does not let in, and the account's own policies count only where it
    enables them by naming the account (KMS keys, trust policies of roles).
    """

    document: str
    account: str  # the resource's owner
    gate: bool = False


@dataclass(frozen=True)
class Ask:
    """One action on one resource; a call is carried out when each of its asks is allowed.

    `context` has the keys that belong to the request and the resource (`s3:prefix`, `aws:RequestTag/team`,
    `kms:ViaService`, `aws:ResourceTag/team`); those of the caller and of the connection are added by `authorize`.
    A key that the request lacks is left out.
    """

    action: str
    resource: str = "*"
    context: Mapping[str, Values] = field(default_factory=dict)
    resource_policy: ResourcePolicy | None = None
    granted: bool = False  # by what is no policy (a KMS grant, an ACL); an explicit deny still counts
    owner: str | None = None  # the account of the resource, where neither its policy nor its ARN says it
    refusal: AwsError | None = (
        None  # what is answered in place of IAM's sentence, where a service asks for its caller
    )
