"""What every service's mapping reads of a call: its parameters, ARNs and tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.utils import get_service_model

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam.ask import Values

Context = dict[str, Values]
_BODY_PROTOCOLS = {"json": "json", "query": "query", "s3": "rest-xml"}


def parameters(call: Call) -> dict[str, Any]:
    """The call's parameters by the names of the service's model; empty where it does not fit the model.

    Such a call is refused by the service itself, and until then asks for the widest resource.
    """
    protocol = _BODY_PROTOCOLS.get(call.protocol)
    if protocol is None:
        return {}
    try:
        sent: Any = {"values": _form(call), "headers": call.headers, "body": call.body, "url_params": {}}
        parsed = _parser(call.service, call.action, protocol).parse(sent)
    except Exception:  # noqa: BLE001 # moto's parsers raise whatever a malformed value leads to
        return {}
    return {name: value for name, value in parsed.items() if value is not None}


@lru_cache(maxsize=256)
def _parser(service: str, action: str, protocol: str) -> Any:
    """Kept, since reading an operation's model takes longer than the rest of what is done with a call here."""
    return PROTOCOL_PARSERS[protocol](get_service_model(service).operation_model(action))


def arn(service: str, call: Call, caller: Caller, resource: str) -> str:
    """The ARN of something of the caller's account in the call's region."""
    return f"arn:aws:{service}:{call.region}:{caller.account}:{resource}"


def account_of(name: str) -> str:
    """The account that an ARN names, empty where it names none."""
    parts = name.split(":")
    return parts[4] if len(parts) > 5 else ""


def pairs(tags: Iterable[Mapping[str, Any]] | Mapping[str, Any] | None) -> dict[str, str]:
    """Tags as a mapping, from any of the three ways in which AWS's services write them."""
    if isinstance(tags, Mapping):
        return {str(key): str(value) for key, value in tags.items()}
    return {
        str(tag.get("Key", tag.get("TagKey", ""))): str(tag.get("Value", tag.get("TagValue", "")))
        for tag in tags or ()
        if isinstance(tag, Mapping)
    }


def request_tags(tags: Mapping[str, str], keys: Iterable[str] = ()) -> Context:
    """The condition keys of the tags that a request gives, or takes away by their `keys`."""
    names = [*tags, *keys]
    context: Context = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return context | ({"aws:TagKeys": names} if names else {})


def resource_tags(tags: Mapping[str, str], service: str) -> Context:
    """The condition keys of the tags that a resource has, in AWS's and in the service's own spelling."""
    return {f"{prefix}:ResourceTag/{key}": value for key, value in tags.items() for prefix in ("aws", service)}


def without_nothing(context: Mapping[str, Any]) -> Context:
    """The keys that have a value, as text."""
    return {key: _text(value) for key, value in context.items() if value is not None}


def _text(value: Any) -> Values:
    if isinstance(value, bool):
        return "true" if value else "false"
    return [str(each) for each in value] if isinstance(value, list | tuple) else str(value)


def _form(call: Call) -> dict[str, str]:
    values = {name: given[0] for name, given in call.query.items()}
    if call.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        values |= dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
    return values
