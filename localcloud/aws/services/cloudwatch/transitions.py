"""An alarm that changes its state: its history, and the actions that are declared for the new one."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from localcloud.aws.services.cloudwatch.message import message, subject
from localcloud.aws.services.sns import publishing
from localcloud.aws.services.sns.publishing import Refusal
from localcloud.machine import clock

HISTORY = 1000
_ACTIONS = {"ALARM": "alarm_actions", "OK": "ok_actions", "INSUFFICIENT_DATA": "insufficient_data_actions"}


def note(alarm: Any, kind: str, summary: str, data: dict[str, Any]) -> None:
    """Add to what `describe-alarm-history` tells."""
    item = {
        "AlarmName": alarm.name,
        "AlarmType": "CompositeAlarm" if alarm.rule else "MetricAlarm",
        "Timestamp": clock.now(),
        "HistoryItemType": kind,
        "HistorySummary": summary,
        "HistoryData": json.dumps({"version": "1.0", **data}),
    }
    alarm.history = [*alarm.history[-HISTORY + 1 :], item]


def change(alarm: Any, account: str, state: str, reason: str, data: str | None) -> None:
    """Put the alarm into a state; only another one than before is noted and acted on."""
    before, now = alarm.state_value, clock.now().replace(tzinfo=None)
    old = {"stateValue": before, "stateReason": alarm.state_reason}
    alarm.state_value, alarm.state_reason, alarm.state_reason_data = state, reason, data or ""
    alarm.state_updated_timestamp = now
    if state == before:
        return
    alarm.state_transitioned_timestamp = now
    new = {"stateValue": state, "stateReason": reason, **({"stateReasonData": json.loads(data)} if data else {})}
    note(alarm, "StateUpdate", f"Alarm updated from {before} to {state}", {"oldState": old, "newState": new})
    if alarm.actions_enabled:
        for action in getattr(alarm, _ACTIONS[state]):
            _act(alarm, account, action, before, now)


def _act(alarm: Any, account: str, action: str, before: str, now: datetime) -> None:
    published = message(alarm, account, before, now)
    try:
        publishing.publish_for_service("cloudwatch.amazonaws.com", alarm.alarm_arn, action, published, subject(alarm))
        summary, error = f"Successfully executed action {action}", None
    except Refusal as refusal:
        summary, error = f'Failed to execute action {action}. Received error: "{refusal}"', str(refusal)
    data = {
        "actionState": "Failed" if error else "Succeeded",
        "stateUpdateTimestamp": int(now.timestamp() * 1000),
        "notificationResource": action,
        "publishedMessage": json.loads(published),
        "error": error,
    }
    note(alarm, "Action", summary, data)
