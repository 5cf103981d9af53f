"""SNS: subscriptions that are confirmed, letters that arrive, values that AWS refuses."""

from __future__ import annotations

import re
from functools import wraps
from typing import Any

from botocore import xform_name
from moto.core.responses import ActionResult
from moto.core.utils import get_service_model
from moto.sns import models
from moto.sns.responses import SNSResponse

from localcloud.aws.services.sns import publishing, subscriptions
from localcloud.aws.services.sns.publishing import invalid

_ARN = re.compile(r"arn:[^:]+:sns:[^:]+:\d{12}:[^:]+")
_backend: Any = models.SNSBackend
_answers: Any = SNSResponse
_moto_create_topic, _moto_attributes = _backend.create_topic, _answers.get_topic_attributes


def install() -> None:
    """Put all of it in place."""
    _backend.create_topic = _create_topic
    _backend.subscribe = subscriptions.subscribe
    _backend.unsubscribe = subscriptions.unsubscribe
    _backend.publish = _publish
    topic: Any = models.Topic
    topic.publish = lambda self, message, **said: publishing.publish(
        self, message, said.get("subject"), said.get("message_attributes"), said.get("message_structure")
    )
    _answers.subscribe = _subscribe(_answers.subscribe)
    _answers.confirm_subscription = _confirm_subscription
    _answers.get_topic_attributes = _get_topic_attributes
    model = get_service_model("sns")
    for name in model.operation_names:
        shape = model.operation_model(name).input_shape
        if shape and "TopicArn" in shape.members and hasattr(_answers, xform_name(name)):
            setattr(_answers, xform_name(name), _of_topic(getattr(_answers, xform_name(name))))
    for name in ("list_subscriptions", "list_subscriptions_by_topic"):
        setattr(_answers, name, _pending_without_arn(getattr(_answers, name)))


def _of_topic(answer: Any) -> Any:
    @wraps(answer)
    def answered(self: Any) -> Any:
        arn = self._get_param("TopicArn")
        if arn and not _ARN.fullmatch(arn):
            parts = len(arn.split(":"))
            raise invalid(f"TopicArn Reason: An ARN must have at least 6 elements, not {parts}")
        return answer(self)

    return answered


def _create_topic(self: Any, name: str, attributes: dict[str, Any] | None = None, tags: Any = None) -> Any:
    if (attributes or {}).get("FifoTopic"):
        raise NotImplementedError("FIFO topics: make a standard one")
    return _moto_create_topic(self, name, attributes, tags)


def _publish(self: Any, message: str, arn: str | None, **said: Any) -> Any:
    if said.get("phone_number"):
        raise NotImplementedError("text messages to phones")
    structure = said.get("message_structure")
    publishing.check(message, said.get("subject"), said.get("message_attributes"), structure)
    if said.get("deduplication_id"):
        raise invalid("MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is "
                      "not valid for this topic type")  # fmt: skip
    if not arn:
        raise invalid("TopicArn or TargetArn Reason: no value for required parameter")
    topic = self.get_topic(arn)
    return publishing.publish(topic, message, said.get("subject"), said.get("message_attributes"), structure)


def _subscribe(answer: Any) -> Any:
    def subscribe(self: Any) -> ActionResult:
        """A subscription that waits has no ARN to tell, unless it is asked for."""
        result: ActionResult = answer(self)
        said: Any = result.result
        arn = said["SubscriptionArn"]
        if self.backend.subscriptions[arn].confirmed or self._get_param("ReturnSubscriptionArn"):
            return result
        return ActionResult({"SubscriptionArn": "pending confirmation"})

    return subscribe


def _confirm_subscription(self: Any) -> ActionResult:
    arn = subscriptions.confirm(self._get_param("TopicArn"), self._get_param("Token"), authenticated=True)
    return ActionResult({"SubscriptionArn": arn})


def _pending_without_arn(answer: Any) -> Any:
    def list_subscriptions(self: Any) -> ActionResult:
        result: Any = answer(self).result
        shown = [
            {
                "SubscriptionArn": each.arn if each.confirmed else subscriptions.PENDING,
                "Owner": each.owner,
                "Protocol": each.protocol,
                "Endpoint": each.endpoint,
                "TopicArn": each.topic.arn,
            }
            for each in result["Subscriptions"]
        ]
        return ActionResult({**result, "Subscriptions": shown})

    return list_subscriptions


def _get_topic_attributes(self: Any) -> ActionResult:
    result: Any = _moto_attributes(self).result
    arn = result["Attributes"]["TopicArn"]
    confirmed = [each.confirmed for each in self.backend.subscriptions.values() if each.topic.arn == arn]
    counts = {"SubscriptionsConfirmed": sum(confirmed), "SubscriptionsPending": len(confirmed) - sum(confirmed)}
    return ActionResult({"Attributes": {**result["Attributes"], **counts}})
