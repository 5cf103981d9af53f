"""What hangs on an entity keeps it from being deleted, and how much may hang on one."""

from __future__ import annotations

from typing import Any

from moto.iam.exceptions import DeleteConflictException, InvalidInput, LimitExceededException

from localcloud.aws.services.iam.checking import Given, before

ATTACHED = 10  # managed policies of a user, a group or a role; AWS gives more on request
GROUPS = 10  # of a user
TAGS = 50
_KINDS = ("user", "group", "role")


def install() -> None:
    """Put all of it in place."""
    before("delete_user", _user_is_bare)
    before("delete_group", _group_is_bare)
    before("delete_policy", _policy_is_bare)
    before("add_user_to_group", _groups_fit)
    before("create_user", _tags_are_users)
    before("tag_user tag_role", _tags_fit)
    before("create_role create_policy create_open_id_connect_provider tag_policy", _tags_are_users)
    for kind in _KINDS:
        before(f"attach_{kind}_policy", _attachment_fits(kind))


def _conflict(what: str) -> DeleteConflictException:
    return DeleteConflictException(f"Cannot delete entity, must {what} first.")


def _user_is_bare(iam: Any, given: Given) -> None:
    name = given["user_name"]
    user = iam.get_user(name)
    if user.access_keys:
        raise _conflict("delete access keys")
    if user.password:
        raise _conflict("delete login profile")
    if iam.get_groups_for_user(name):
        raise _conflict("remove users from group")
    if user.mfa_devices:
        raise _conflict("delete MFA device")
    if user.signing_certificates:
        raise _conflict("delete signing certificates")


def _group_is_bare(iam: Any, given: Given) -> None:
    group = iam.get_group(given["group_name"])
    if group.users:
        raise _conflict("remove users from group")
    if group.managed_policies:
        raise _conflict("detach all policies")
    if group.policies:
        raise _conflict("delete policies")


def _policy_is_bare(iam: Any, given: Given) -> None:
    policy = iam.get_policy(given["policy_arn"])
    holders = [*iam.users.values(), *iam.groups.values(), *iam.roles.values()]
    bounded = any(getattr(each, "permissions_boundary_arn", None) == policy.arn for each in holders)
    if bounded or any(policy.arn in each.managed_policies for each in holders):
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if len(policy.versions) > 1:
        raise DeleteConflictException(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's "
            "versions. The default version is deleted with the policy."
        )


def _groups_fit(iam: Any, given: Given) -> None:
    if len(iam.get_groups_for_user(given["user_name"])) >= GROUPS:
        raise LimitExceededException(f"Cannot exceed quota for GroupsPerUser: {GROUPS}")


def _attachment_fits(kind: str) -> Any:
    def rule(iam: Any, given: Given) -> None:
        holder = getattr(iam, f"get_{kind}")(given[f"{kind}_name"])
        if given["policy_arn"] not in holder.managed_policies and len(holder.managed_policies) >= ATTACHED:
            raise LimitExceededException(f"Cannot exceed quota for PoliciesPer{kind.title()}: {ATTACHED}")

    return rule


def _tags_are_users(_: Any, given: Given) -> None:
    keys = [tag["Key"].lower() for tag in given.get("tags") or ()]
    if any(key.startswith("aws:") for key in keys):
        raise InvalidInput("Tag keys beginning with aws: are reserved for system use.")
    if len(set(keys)) < len(keys):
        raise InvalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.")


def _tags_fit(iam: Any, given: Given) -> None:
    _tags_are_users(iam, given)
    kind = "user" if "user_name" in given or "name" in given else "role"
    name = given.get("user_name") or given.get("role_name") or given.get("name")
    held = {tag["Key"].lower() for tag in getattr(iam, f"get_{kind}")(name).tags or ()}
    if len(held | {tag["Key"].lower() for tag in given["tags"]}) > TAGS:
        raise LimitExceededException(f"Cannot exceed quota for TagsPer{kind.title()}: {TAGS}")
