"""The values of secrets."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.errors import absent_is_fine, explain, is_absent, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.fields import Fields, string, unordered
from localcloud.plugins.resource import PluginError, Resource, function
from pulumi_plugin.values import Secret, Values

_CURRENT = "AWSCURRENT"


class SecretVersion(Resource[Aws]):
    """One value of one secret; its id is `SECRET|VERSION`. Another value is another version."""

    type_ = "aws:secretsmanager/secretVersion:SecretVersion"
    fields: ClassVar[Fields] = {
        "secretId": string(required=True, replace=True),
        "secretString": string(required=True, replace=True, secret=True),
        "versionStages": unordered(computed=True),
        **tags.REGION,
    }
    outputs = ("arn", "secretArn", "versionId")
    constants: ClassVar[Mapping[str, Any]] = {"hasSecretStringWo": False}

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """The same value in place already is the same version."""
        manager, secret = cloud.client("secretsmanager"), inputs["secretId"]
        stages = inputs.get("versionStages")
        current = or_none(manager.get_secret_value, SecretId=secret)
        if current and current.get("SecretString") == inputs["secretString"] and not stages:
            return f"{secret}|{current['VersionId']}", {}
        extra = {"VersionStages": stages} if stages else {}
        made = manager.put_secret_value(SecretId=secret, SecretString=inputs["secretString"], **extra)
        return f"{secret}|{made['VersionId']}", {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is; a version without a stage is on its way out, and gone for the program."""
        secret, version = resource_id.rsplit("|", 1)
        try:
            value = cloud.client("secretsmanager").get_secret_value(SecretId=secret, VersionId=version)
        except Exception as error:
            if is_absent(error) or "marked for deletion" in str(error) or "marked deleted" in str(error):
                return None
            raise
        return {
            "secretId": secret,
            "secretString": value.get("SecretString"),
            "versionStages": sorted(value.get("VersionStages", [])),
            "arn": value["ARN"],
            "secretArn": value["ARN"],
            "versionId": version,
        }

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> None:
        """Stages can move."""
        secret, version = resource_id.rsplit("|", 1)
        manager = cloud.client("secretsmanager")
        wanted = set(inputs.get("versionStages") or [])
        holders = _stages(manager, secret)
        has = {stage for stage, holder in holders.items() if holder == version}
        for stage in sorted(wanted - has):
            moved = {"RemoveFromVersionId": holders[stage]} if stage in holders else {}
            manager.update_secret_version_stage(SecretId=secret, VersionStage=stage, MoveToVersionId=version, **moved)
        for stage in sorted(has - wanted - {_CURRENT}) if wanted else ():
            manager.update_secret_version_stage(SecretId=secret, VersionStage=stage, RemoveFromVersionId=version)

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """A version without stages is removed by AWS; the current one goes with its secret only."""
        secret, version = resource_id.rsplit("|", 1)
        manager = cloud.client("secretsmanager")
        with absent_is_fine():
            if self.read(cloud, resource_id, state) is None:
                return
            for stage, holder in _stages(manager, secret).items():
                if holder == version and stage != _CURRENT:
                    manager.update_secret_version_stage(
                        SecretId=secret, VersionStage=stage, RemoveFromVersionId=version
                    )


def _stages(manager: Any, secret: str) -> dict[str, str]:
    """Which version holds each stage."""
    versions = manager.describe_secret(SecretId=secret).get("VersionIdsToStages", {})
    return {stage: version for version, stages in versions.items() for stage in stages}


@function(
    "aws:secretsmanager/getSecretVersion:getSecretVersion",
    {"secretId": string(required=True), "versionId": string(), "versionStage": string(), **tags.REGION},
)
def get_secret_version(cloud: Aws, args: Values) -> Values:
    """Its value; of the current version unless another is named."""
    which = {"VersionId": args.get("versionId"), "VersionStage": args.get("versionStage")}
    chosen = which["VersionId"] or which["VersionStage"] or "AWSCURRENT"
    place = f"{args['secretId']}|{chosen}"
    given = {name: value for name, value in which.items() if value}
    try:
        value = cloud.client("secretsmanager").get_secret_value(SecretId=args["secretId"], **given)
    except Exception as error:
        why = "couldn't find resource" if is_absent(error) or "marked for deletion" in str(error) else explain(error)
        raise PluginError(f"reading Secrets Manager Secret Version ({place}): {why}") from error
    binary = value.get("SecretBinary")
    return {
        "id": place,
        "arn": value["ARN"],
        "region": cloud.region,
        "secretId": args["secretId"],
        "secretString": Secret(value.get("SecretString", "")),
        "secretBinary": Secret(binary.decode(errors="replace") if binary else ""),
        "versionId": value["VersionId"],
        "versionStage": args.get("versionStage"),
        "versionStages": value.get("VersionStages", []),
        "createdDate": value["CreatedDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
