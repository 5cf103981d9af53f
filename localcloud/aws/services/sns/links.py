"""What SNS answers to whoever follows a link in one of its letters, with no key."""

from __future__ import annotations

from uuid import uuid4
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from localcloud.aws.call import Call
from localcloud.aws.services.sns import subscriptions
from localcloud.aws.services.sns.signature import certificate

NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/"


def answer(call: Call) -> Response | None:
    """The certificate, a subscription confirmed, a subscription ended; None for what is no such link."""
    if call.access_key_id or call.method != "GET":
        return None
    pem = certificate(call.path)
    if pem is not None:
        return Response(pem, content_type="application/x-pem-file")
    said = {name: values[0] for name, values in call.query.items()}
    match said.get("Action") if call.path == "/" else None:
        case "ConfirmSubscription":
            arn = subscriptions.confirm(said.get("TopicArn", ""), said.get("Token", ""), authenticated=False)
            return _xml("ConfirmSubscription", f"<SubscriptionArn>{escape(arn)}</SubscriptionArn>")
        case "Unsubscribe":
            subscriptions.unsubscribe_by_link(said.get("SubscriptionArn", ""))
            return _xml("Unsubscribe")
    return None


def _xml(action: str, result: str = "") -> Response:
    inner = f"<{action}Result>{result}</{action}Result>" if result else ""
    inner += f"<ResponseMetadata><RequestId>{uuid4()}</RequestId></ResponseMetadata>"
    return Response(f'<{action}Response xmlns="{NAMESPACE}">{inner}</{action}Response>', content_type="text/xml")
