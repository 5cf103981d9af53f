"""Topics that alarms are sent to."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.errors import absent_is_fine, code, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.checks import length, matches
from localcloud.plugins.fields import Fields, boolean, json_text, policy, string
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values

_ATTRIBUTES = {
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "deliveryPolicy": "DeliveryPolicy",
}

_NAME = (matches(r"[0-9A-Za-z_-]{1,256}|[0-9A-Za-z_-]{1,251}\.fifo", "invalid topic name"),)


class Topic(Resource[Aws]):
    """One topic; its id is its ARN. AWS answers a second create of the same name with the same topic."""

    type_ = "aws:sns/topic:Topic"
    fields: ClassVar[Fields] = {
        "name": string(autoname=256, replace=True, valid=_NAME),
        "displayName": string(valid=(length(0, 100),)),
        "kmsMasterKeyId": string(),
        "policy": policy(computed=True),
        "deliveryPolicy": json_text(),
        "fifoTopic": boolean(default=False, replace=True),
        **tags.REGION,
        **tags.TAGS,
    }
    outputs = ("arn", "owner")
    constants: ClassVar[Mapping[str, Any]] = {
        "namePrefix": "",
        "fifoThroughputScope": "",
        "tracingConfig": "",
        "beginningArchiveTime": "",
        "maximumMessageSize": 262_144,
        "signatureVersion": 0,
    }

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """A topic of that name with other tags is a stranger's."""
        sns = cloud.client("sns")
        attributes = {theirs: inputs[ours] for ours, theirs in _ATTRIBUTES.items() if inputs.get(ours)}
        if inputs["fifoTopic"]:
            attributes["FifoTopic"] = "true"
        arn = f"arn:aws:sns:{cloud.region}:{cloud.account}:{inputs['name']}"
        actual = self.read(cloud, arn, inputs)
        if actual and tags.equal(actual["tagsAll"], inputs):
            self.update(cloud, arn, inputs, set(self.fields))
            return arn, {}
        if actual:
            from localcloud.plugins.resource import PluginError

            raise PluginError(f"CreateTopic: a topic named {inputs['name']} is there already, with other tags")
        made = sns.create_topic(Name=inputs["name"], Attributes=attributes, Tags=tags.as_list(inputs))
        return made["TopicArn"], {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is."""
        sns = cloud.client("sns")
        answer = or_none(sns.get_topic_attributes, TopicArn=resource_id)
        if answer is None:
            return None
        attributes = answer["Attributes"]
        return {
            "arn": resource_id,
            "name": resource_id.rsplit(":", 1)[1],
            "owner": attributes.get("Owner"),
            "fifoTopic": attributes.get("FifoTopic") == "true",
            **{ours: attributes.get(theirs) or None for ours, theirs in _ATTRIBUTES.items()},
            "tagsAll": tags.as_map(sns.list_tags_for_resource(ResourceArn=resource_id)["Tags"]),
        }

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> None:
        """Attributes are set one by one."""
        sns = cloud.client("sns")
        for ours, theirs in _ATTRIBUTES.items():
            if ours in changed and not (ours == "policy" and "policy" not in inputs):
                sns.set_topic_attributes(
                    TopicArn=resource_id, AttributeName=theirs, AttributeValue=inputs.get(ours, "")
                )
        if "tagsAll" in changed:
            current = tags.as_map(sns.list_tags_for_resource(ResourceArn=resource_id)["Tags"])
            tags.sync(current, inputs, sns.tag_resource, sns.untag_resource, ResourceArn=resource_id)

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """Remove it with its subscriptions."""
        with absent_is_fine():
            try:
                cloud.client("sns").delete_topic(TopicArn=resource_id)
            except Exception as error:
                if code(error) != "NotFound":
                    raise
