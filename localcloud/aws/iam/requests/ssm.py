"""SSM: parameters by their paths, with the key of those that are secure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.requests import seal
from localcloud.aws.iam.requests.reading import (
    Context,
    arn,
    pairs,
    parameters,
    request_tags,
    resource_tags,
    without_nothing,
)

_ONE = ("DeleteParameter", "GetParameter", "GetParameterHistory", "LabelParameterVersion", "UnlabelParameterVersion")
_MANY = ("DeleteParameters", "GetParameters")
_TAGS = ("AddTagsToResource", "ListTagsForResource", "RemoveTagsFromResource")
_SELECTOR = re.compile(r":[\w.-]+$")  # of a version or a label, after the name


def asks(call: Call, caller: Caller) -> Iterator[Ask]:
    """A call on several parameters is refused as a whole where one is."""
    given, action = parameters(call), f"ssm:{call.action}"
    if call.action == "PutParameter":
        yield from _put(call, caller, given)
    elif call.action in _ONE:
        yield from _read(call, caller, [str(given.get("Name", ""))], given)
    elif call.action in _MANY:
        yield from _read(call, caller, [str(name) for name in given.get("Names") or [""]], given)
    elif call.action == "GetParametersByPath":
        path = str(given.get("Path", "/"))
        recursive = without_nothing({"ssm:Recursive": bool(given.get("Recursive"))})
        yield Ask(action, arn("ssm", call, caller, f"parameter/{path.removeprefix('/')}"), recursive)
        if given.get("WithDecryption"):
            depth = path.rstrip("/") + "/"
            inside = [name for name in _names(call, caller) if name.startswith(depth)]
            if not given.get("Recursive"):
                inside = [name for name in inside if "/" not in name.removeprefix(depth)]
            for name in inside:
                yield from _unseal(call, caller, name)
    elif call.action in _TAGS and given.get("ResourceType") == "Parameter":
        name = str(given.get("ResourceId", ""))
        tags = request_tags(pairs(given.get("Tags")), given.get("TagKeys") or ())
        yield Ask(action, _parameter(call, caller, name), _existing(call, caller, name) | tags)
    else:
        yield Ask(action)


def _put(call: Call, caller: Caller, given: dict[str, Any]) -> Iterator[Ask]:
    name, tags = str(given.get("Name", "")), pairs(given.get("Tags"))
    resource, stored = _parameter(call, caller, name), _stored(call, caller, name)
    context = without_nothing({"ssm:Overwrite": bool(given.get("Overwrite"))}) | request_tags(tags)
    yield Ask("ssm:PutParameter", resource, context | _existing(call, caller, name))
    if tags:
        yield Ask("ssm:AddTagsToResource", resource, request_tags(tags))
    if (given.get("Type") or getattr(stored, "parameter_type", None)) == "SecureString":
        key = given.get("KeyId") or getattr(stored, "keyid", None) or "alias/aws/ssm"
        action = "kms:GenerateDataKey" if given.get("Tier") == "Advanced" else "kms:Encrypt"
        yield from seal.asks(_use(call, caller, resource), str(key), [action])


def _read(call: Call, caller: Caller, names: list[str], given: dict[str, Any]) -> Iterator[Ask]:
    for name in names:
        yield Ask(f"ssm:{call.action}", _parameter(call, caller, name), _existing(call, caller, name))
    if given.get("WithDecryption"):
        for name in names:
            yield from _unseal(call, caller, name)


def _unseal(call: Call, caller: Caller, name: str) -> Iterator[Ask]:
    stored = _stored(call, caller, name)
    if stored is not None and stored.parameter_type == "SecureString":
        use = _use(call, caller, _parameter(call, caller, name))
        yield from seal.asks(use, stored.keyid or "alias/aws/ssm", ["kms:Decrypt"])


def _use(call: Call, caller: Caller, resource: str) -> seal.Use:
    return seal.Use("ssm", call.region, caller, {"PARAMETER_ARN": resource})


def _parameter(call: Call, caller: Caller, name: str) -> str:
    if name.startswith("arn:"):
        return name
    return arn("ssm", call, caller, f"parameter/{_bare(name).removeprefix('/')}")


def _bare(name: str) -> str:
    return _SELECTOR.sub("", name.split(":parameter", 1)[-1] if name.startswith("arn:") else name)


def _backend(call: Call, caller: Caller) -> Any:
    from moto.ssm.models import ssm_backends

    return ssm_backends[caller.account][call.region]


def _names(call: Call, caller: Caller) -> list[str]:
    return list(_parameters(call, caller))


def _stored(call: Call, caller: Caller, name: str) -> Any:
    versions = _parameters(call, caller).get(_bare(name))
    return versions[-1] if versions else None


def _existing(call: Call, caller: Caller, name: str) -> Context:
    if _stored(call, caller, name) is None:  # moto remembers a name that was asked for in vain
        return {}
    return resource_tags(pairs(_backend(call, caller).list_tags_for_resource("Parameter", _bare(name))), "ssm")


def _parameters(call: Call, caller: Caller) -> Any:
    return vars(_backend(call, caller))["_parameters"]  # moto shows them by name only after it has made defaults
