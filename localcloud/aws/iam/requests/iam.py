"""IAM: users, roles, groups, policies and providers by their ARNs, with the right to tag what is created."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlparse

from moto.core.utils import get_service_model

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.requests.reading import (
    Context,
    pairs,
    parameters,
    request_tags,
    resource_tags,
    without_nothing,
)

# What a parameter names, in the order in which an operation's own resource is found.
_NAMES = (
    ("InstanceProfileName", "instance-profile"),
    ("RoleName", "role"),
    ("GroupName", "group"),
    ("UserName", "user"),
    ("VirtualMFADeviceName", "mfa"),
    ("ServerCertificateName", "server-certificate"),
    ("PolicyName", "policy"),
)
_ARNS = ("OpenIDConnectProviderArn", "PolicyArn", "PolicySourceArn", "SAMLProviderArn", "SerialNumber")
_LISTS = {
    "ListGroups": "group",
    "ListInstanceProfiles": "instance-profile",
    "ListPolicies": "policy",
    "ListRoles": "role",
    "ListServerCertificates": "server-certificate",
    "ListUsers": "user",
}
_TAGGED_AT_CREATION = {
    "CreateInstanceProfile": "TagInstanceProfile",
    "CreateOpenIDConnectProvider": "TagOpenIDConnectProvider",
    "CreatePolicy": "TagPolicy",
    "CreateRole": "TagRole",
    "CreateSAMLProvider": "TagSAMLProvider",
    "CreateUser": "TagUser",
    "CreateVirtualMFADevice": "TagMFADevice",
}
_OF_NO_ENTITY = ("CreateAccountAlias", "DeleteAccountAlias", "ListVirtualMFADevices")


def asks(call: Call, caller: Caller) -> Iterator[Ask]:
    """One ask on what the call is about; creating with tags asks for tagging too."""
    given = parameters(call)
    resource, thing = _resource(call, caller, given)
    tags = request_tags(pairs(given.get("Tags")), given.get("TagKeys") or ())
    context = tags | _context(call, given, thing) | resource_tags(_tags_of(caller, thing), "iam")
    yield Ask(f"iam:{call.action}", resource, context, owner=caller.account)
    if given.get("Tags") and call.action in _TAGGED_AT_CREATION:
        yield Ask(f"iam:{_TAGGED_AT_CREATION[call.action]}", resource, tags, owner=caller.account)
    if call.action == "AddRoleToInstanceProfile":
        role = _found("role", str(given.get("RoleName")), caller)
        yield Ask("iam:PassRole", role.arn if role else "*", {"iam:PassedToService": "ec2.amazonaws.com"})


def _resource(call: Call, caller: Caller, given: dict[str, Any]) -> tuple[str, Any]:
    """The ARN of what the call is about, and the thing itself where it is there."""
    if call.action in _OF_NO_ENTITY:
        return "*", None
    if kind := _LISTS.get(call.action):
        return _arn(caller, kind, given.get("PathPrefix", "/"), ""), None
    if call.action == "CreateOpenIDConnectProvider":
        url = urlparse(str(given.get("Url", "")))
        return f"arn:aws:iam::{caller.account}:oidc-provider/{url.netloc}{url.path.rstrip('/')}", None
    if call.action == "CreateServiceLinkedRole":
        service = given.get("AWSServiceName", "*")
        return f"arn:aws:iam::{caller.account}:role/aws-service-role/{service}/*", None
    if call.action == "ListOpenIDConnectProviders":
        return f"arn:aws:iam::{caller.account}:oidc-provider/*", None
    for parameter, kind in _NAMES:
        if given.get(parameter) and (kind != "policy" or call.action == "CreatePolicy"):
            return _named(kind, str(given[parameter]), str(given.get("Path", "/")), caller)
    for parameter in _ARNS:
        if given.get(parameter):
            return str(given[parameter]), _at(str(given[parameter]), caller)
    if call.action == "GetAccessKeyLastUsed":
        return _owner_of_key(str(given.get("AccessKeyId", "")), caller)
    if caller.kind == "user" and _about_oneself(call.action):
        return caller.arn, _found("user", caller.arn.rpartition("/")[2], caller)
    return "*", None


def _named(kind: str, name: str, path: str, caller: Caller) -> tuple[str, Any]:
    thing = _found(kind, name, caller)
    return (thing.arn if thing is not None else _arn(caller, kind, path, name)), thing


def _arn(caller: Caller, kind: str, path: str, name: str) -> str:
    return f"arn:aws:iam::{caller.account}:{kind}{path}{name}"


def _found(kind: str, name: str, caller: Caller) -> Any:
    backend = _backend(caller)
    match kind:
        case "role":
            return next((role for role in backend.roles.values() if role.name == name), None)
        case "user":
            return backend.users.get(name)
        case "group":
            return backend.groups.get(name)
        case "instance-profile":
            return next((each for each in backend.instance_profiles.values() if each.name == name), None)
    return None


def _at(arn: str, caller: Caller) -> Any:
    backend = _backend(caller)
    return backend.managed_policies.get(arn) or backend.open_id_providers.get(arn)


def _owner_of_key(access_key_id: str, caller: Caller) -> tuple[str, Any]:
    key = _backend(caller).access_keys.get(access_key_id)
    if key is None or key.user_name is None:
        return "*", None
    return _named("user", key.user_name, "/", caller)


def _about_oneself(action: str) -> bool:
    """Whether the operation is about its caller when it names no user."""
    try:
        shape = get_service_model("iam").operation_model(action).input_shape
    except Exception:  # noqa: BLE001 # botocore says so of an operation that IAM has not
        return False
    return action in ("ChangePassword", "CreateAccessKey") or (
        shape is not None and "UserName" in shape.members and not action.startswith("Create")
    )


def _context(call: Call, given: dict[str, Any], thing: Any) -> Context:
    boundary = given.get("PermissionsBoundary")
    changes_policies = call.action.endswith(("Policy", "PermissionsBoundary")) and not call.action.startswith("Get")
    if boundary is None and changes_policies:
        boundary = getattr(thing, "permissions_boundary_arn", None)
    policy = given.get("PolicyArn") if call.action.startswith(("Attach", "Detach")) else None
    return without_nothing(
        {
            "iam:PermissionsBoundary": boundary or None,
            "iam:PolicyARN": policy,
            "iam:AWSServiceName": given.get("AWSServiceName"),
        }
    )


def _tags_of(caller: Caller, thing: Any) -> dict[str, str]:
    if thing is None:
        return {}
    of_users = _backend(caller).tagger.get_tag_dict_for_resource(thing.arn)
    tags = getattr(thing, "tags", None) or {}
    return pairs(of_users) or pairs(tags.values() if isinstance(tags, dict) else tags)


def _backend(caller: Caller) -> Any:
    from moto.iam.models import iam_backends

    return iam_backends[caller.account]["aws"]
