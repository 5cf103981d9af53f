"""The access keys of the account: the local user's, those of users made through IAM, and those of sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from moto.iam.models import AccessKey, IAMBackend, iam_backends

from localcloud.aws import sessions
from localcloud.aws.caller import Caller
from localcloud.aws.replies import EXPIRED_KEY, UNKNOWN_KEY
from localcloud.aws.services.iam import managed
from localcloud.machine import clock
from localcloud.machine.identity import Identity

USER = "local-administrator"
PARTITION = "aws"


@dataclass(frozen=True)
class Credentials:
    """An access key that may be used now, and whose it is."""

    secret_access_key: str = field(repr=False)
    session_token: str | None = field(repr=False)
    caller: Caller


Find = Callable[[str], Credentials]  # by access key id


def admit(identity: Identity) -> None:
    """Make the local user a user of the account, under the access key that `local env` prints."""
    iam = _iam(identity.aws_account_id)
    if USER not in {user.name for user in iam.users.values()}:
        iam.create_user(region_name="us-east-1", user_name=USER, path="/", tags=[])
    user = iam.get_user(USER)
    administrator = managed.provide(iam, managed.ADMINISTRATOR)
    if administrator.arn not in user.managed_policies:
        administrator.attach_to(user)
    if identity.aws_access_key_id not in iam.access_keys:
        key = user.create_access_key(prefix="AKIA")
        key.access_key_id = identity.aws_access_key_id
        key.secret_access_key = identity.aws_secret_access_key
        iam.access_keys[key.access_key_id] = key


def find(access_key_id: str, account_id: str) -> Credentials:
    """What belongs to an access key.

    Raises AwsError for one that nobody has, that is switched off, whose time is over, or whose owner is gone.
    """
    session = sessions.find(account_id, access_key_id)
    if session is None:
        return _of_user(access_key_id, account_id)
    if session.expires <= clock.now():
        raise EXPIRED_KEY
    if not _exists(session.caller):
        raise UNKNOWN_KEY
    return Credentials(session.secret_access_key, session.token, session.caller)


def _of_user(access_key_id: str, account_id: str) -> Credentials:
    iam = _iam(account_id)
    key: AccessKey | None = iam.access_keys.get(access_key_id)
    if key is None or key.status != "Active" or key.user_name is None:
        raise UNKNOWN_KEY
    user = next((one for one in iam.users.values() if one.name == key.user_name), None)
    if user is None:
        raise UNKNOWN_KEY
    caller = Caller("user", account_id, user.arn, user.id, access_key_id)
    return Credentials(key.secret_access_key, None, caller)


def _exists(caller: Caller) -> bool:
    """Whether whom a session was made for is still there; one of the same name made since is another."""
    iam = _iam(caller.account)
    if caller.kind == "role":
        role_id = caller.user_id.partition(":")[0]
        return any((role.arn, role.id) == (caller.role_arn, role_id) for role in iam.roles.values())
    if caller.kind == "user":
        return any(user.id == caller.user_id for user in iam.users.values())
    return True


def _iam(account_id: str) -> IAMBackend:
    return iam_backends[account_id][PARTITION]
