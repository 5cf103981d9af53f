"""Who may call: the local user, the users made through IAM, and those who assumed a role."""

from __future__ import annotations

from moto.core.utils import utcnow
from moto.iam.models import AccessKey, iam_backends
from moto.sts.models import sts_backends

from localcloud.aws.replies import EXPIRED_KEY, UNKNOWN_KEY, AwsError
from localcloud.machine.identity import Identity

USER = "local-administrator"
PARTITION = "aws"


def admit(identity: Identity) -> None:
    """Make the local user a user of the account, under the access key that `local env` prints."""
    iam = iam_backends[identity.aws_account_id][PARTITION]
    if USER not in {user.name for user in iam.users.values()}:
        iam.create_user(region_name="us-east-1", user_name=USER, path="/", tags=[])
    if identity.aws_access_key_id not in iam.access_keys:
        user = iam.get_user(USER)
        key = user.create_access_key(prefix="AKIA")
        key.access_key_id = identity.aws_access_key_id
        key.secret_access_key = identity.aws_secret_access_key
        iam.access_keys[key.access_key_id] = key


def check(access_key_id: str, account_id: str) -> None:
    """Refuse a key that nobody has, that is switched off, or whose time is over."""
    problem = _problem(access_key_id, account_id)
    if problem:
        raise problem


def _problem(access_key_id: str, account_id: str) -> AwsError | None:
    key: AccessKey | None = iam_backends[account_id][PARTITION].access_keys.get(access_key_id)
    if key is None or key.status != "Active":
        return UNKNOWN_KEY
    if key.user_name is None:
        role = sts_backends[account_id][PARTITION].get_assumed_role_from_access_key(access_key_id)
        if role is None:
            return UNKNOWN_KEY
        if role.expiration < utcnow():
            return EXPIRED_KEY
    return None
