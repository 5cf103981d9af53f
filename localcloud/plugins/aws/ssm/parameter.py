"""Parameters of Systems Manager."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.adopting import adopting
from localcloud.plugins.aws.errors import absent_is_fine, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.checks import length, one_of
from localcloud.plugins.fields import Fields, boolean, string
from localcloud.plugins.resource import Resource, function
from pulumi_plugin.values import Values

_DATA_TYPES = ("aws:ec2:image", "aws:ssm:integration", "text")
_TIERS = ("Standard", "Advanced", "Intelligent-Tiering")
_LONGEST = {"Standard": 4096, "Advanced": 8192, "Intelligent-Tiering": 8192}


class Parameter(Resource[Aws]):
    """One parameter; its id is its name."""

    type_ = "aws:ssm/parameter:Parameter"
    fields: ClassVar[Fields] = {
        "name": string(autoname=2048, replace=True, valid=(length(1, 2048),)),
        "type": string(required=True, valid=(one_of("String", "StringList", "SecureString"),)),
        "value": string(computed=True, secret=True),
        "insecureValue": string(computed=True),
        "description": string(valid=(length(0, 1024),)),
        "allowedPattern": string(valid=(length(0, 1024),)),
        "dataType": string(computed=True, replace=True, valid=(one_of(*_DATA_TYPES),)),
        "keyId": string(computed=True),
        "tier": string(computed=True, valid=(one_of(*_TIERS),)),
        "overwrite": boolean(local=True),
        **tags.REGION,
        **tags.TAGS,
    }
    outputs = ("arn", "version")
    constants: ClassVar[Mapping[str, Any]] = {"hasValueWo": False}
    volatile = frozenset({"version"})

    def invalid(self, inputs: Values) -> Mapping[str, str]:
        """Exactly one value."""
        given = [name for name in ("value", "insecureValue") if inputs.get(name) is not None]
        if len(given) != 1:
            return {"value": "one of value and insecureValue must be given, and only one"}
        if given == ["insecureValue"] and inputs.get("type") == "SecureString":
            return {"insecureValue": "a SecureString takes its value as `value`"}
        [name], tier = given, inputs.get("tier") or "Standard"
        longest = _LONGEST.get(tier, 0)
        if isinstance(inputs[name], str) and longest and len(inputs[name].encode()) > longest:
            return {name: f"{tier} tier parameters support a maximum parameter value of {longest} characters"}
        return {}

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """One of the same name with exactly these tags is the same parameter."""
        wanted = {**_wanted(inputs), "Overwrite": False}
        if inputs.get("tagsAll"):
            wanted["Tags"] = tags.as_list(inputs)
        anyway = bool(inputs.get("overwrite"))
        with adopting(self, cloud, inputs["name"], inputs, taken="ParameterAlreadyExists", always=anyway):
            cloud.client("ssm").put_parameter(**wanted)
        return inputs["name"], {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is, value included."""
        ssm = cloud.client("ssm")
        answer = or_none(ssm.get_parameter, Name=resource_id, WithDecryption=True)
        if answer is None:
            return None
        parameter = answer["Parameter"]
        chosen = [{"Key": "Name", "Option": "Equals", "Values": [resource_id]}]
        more: Values = next(iter(ssm.describe_parameters(ParameterFilters=chosen)["Parameters"]), {})
        tagged = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=resource_id)
        shown = "insecureValue" if inputs.get("insecureValue") is not None else "value"
        return {
            "name": parameter["Name"],
            "type": parameter["Type"],
            "value": None,
            "insecureValue": None,
            shown: parameter["Value"],  # never both: one of them is a secret
            "arn": parameter["ARN"],
            "version": parameter["Version"],
            "dataType": parameter.get("DataType", "text"),
            "description": more.get("Description") or None,
            "allowedPattern": more.get("AllowedPattern") or None,
            "keyId": more.get("KeyId"),
            "tier": more.get("Tier", "Standard"),
            "tagsAll": tags.as_map(tagged["TagList"]),
        }

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> None:
        """A new version of the value; tags on their own make none."""
        ssm = cloud.client("ssm")
        if changed - {"tags", "tagsAll", "overwrite"}:
            ssm.put_parameter(**_wanted(inputs), Overwrite=True)
        if "tagsAll" in changed:
            place = {"ResourceType": "Parameter", "ResourceId": resource_id}
            current = tags.as_map(ssm.list_tags_for_resource(**place)["TagList"])
            tags.sync(current, inputs, ssm.add_tags_to_resource, ssm.remove_tags_from_resource, **place)

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """Remove it with its history."""
        with absent_is_fine():
            cloud.client("ssm").delete_parameter(Name=resource_id)


def _wanted(inputs: Values) -> dict[str, Any]:
    names = {
        "name": "Name",
        "type": "Type",
        "description": "Description",
        "allowedPattern": "AllowedPattern",
        "dataType": "DataType",
        "keyId": "KeyId",
        "tier": "Tier",
    }
    value = inputs["value"] if inputs.get("value") is not None else inputs["insecureValue"]
    return {"Value": value, **{theirs: inputs[ours] for ours, theirs in names.items() if inputs.get(ours)}}


@function(
    "aws:ssm/getParameter:getParameter", {"name": string(required=True), "withDecryption": boolean(), **tags.REGION}
)
def get_parameter(cloud: Aws, args: Values) -> Values:
    """As it is; a missing one is AWS's error."""
    decrypted = args.get("withDecryption", True)
    parameter = cloud.client("ssm").get_parameter(Name=args["name"], WithDecryption=decrypted)["Parameter"]
    return {
        "id": parameter["Name"],
        "name": parameter["Name"],
        "arn": parameter["ARN"],
        "type": parameter["Type"],
        "value": parameter["Value"],
        "insecureValue": parameter["Value"] if parameter["Type"] != "SecureString" else None,
        "version": parameter["Version"],
        "region": cloud.region,
        "withDecryption": decrypted,
    }
