"""CloudWatch: alarms that live, with their history, and the values that AWS refuses."""

from __future__ import annotations

import json
from typing import Any

from moto.cloudwatch import models
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from localcloud.aws.replies import same
from localcloud.aws.services.cloudwatch import composite
from localcloud.aws.services.cloudwatch.transitions import change, note
from localcloud.aws.services.cloudwatch.validation import check_alarm, check_data

STATES = ("INSUFFICIENT_DATA", "ALARM", "OK")
PAGE = 100
_backend: Any = models.CloudWatchBackend
_moto_put_metric_alarm, _moto_put_metric_data = _backend.put_metric_alarm, _backend.put_metric_data


def install() -> None:
    """Put all of it in place."""
    _backend.put_metric_alarm = _put_metric_alarm
    _backend.put_metric_data = _put_metric_data
    _backend.set_alarm_state = _set_alarm_state
    answers: Any = CloudWatchResponse
    answers.put_composite_alarm = answers.put_metric_alarm
    answers.describe_alarm_history = _describe_alarm_history


def _put_metric_alarm(self: Any, **said: Any) -> Any:
    """A new alarm knows nothing yet; one that is changed keeps its state and its history."""
    check_alarm(self.region_name, said)
    if said.get("rule") is not None:
        composite.check(said["rule"], said["name"], self.alarms)
    before = self.alarms.get(said["name"])
    alarm = _moto_put_metric_alarm(self, **said)
    if before is None:
        alarm.state_value = "INSUFFICIENT_DATA"
        note(alarm, "ConfigurationUpdate", f'Alarm "{alarm.name}" created', {"type": "Create"})
        return alarm
    for kept in ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history"):
        setattr(alarm, kept, getattr(before, kept))
    note(alarm, "ConfigurationUpdate", f'Alarm "{alarm.name}" updated', {"type": "Update"})
    return alarm


def _put_metric_data(self: Any, namespace: str, metric_data: list[dict[str, Any]]) -> None:
    check_data(metric_data, namespace)
    _moto_put_metric_data(self, namespace, metric_data)


def _set_alarm_state(self: Any, alarm_name: str, reason: str, reason_data: str | None, state_value: str) -> None:
    """Until the next evaluation; what is declared for the state happens as if it were found."""
    if alarm_name not in self.alarms:
        raise same("ResourceNotFound", 404, f"Unknown alarm: {alarm_name}")
    if state_value not in STATES:
        raise same(
            "ValidationError",
            400,
            f"1 validation error detected: Value '{state_value}' at 'stateValue' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(STATES)}]",
        )
    try:
        json.loads(reason_data or "{}")
    except ValueError as error:
        raise same("InvalidFormat", 400, "StateReasonData was not valid JSON") from error
    change(self.alarms[alarm_name], self.account_id, state_value, reason, reason_data)


def _describe_alarm_history(self: Any) -> ActionResult:
    """What is asked for, the newest first unless it is said otherwise."""
    name, kind = self._get_param("AlarmName"), self._get_param("HistoryItemType")
    since, until = self._get_param("StartDate"), self._get_param("EndDate")
    items = [
        item
        for alarm in self.cloudwatch_backend.alarms.values()
        for item in alarm.history
        if name in {None, alarm.name}
        and kind in {None, item["HistoryItemType"]}
        and (since is None or item["Timestamp"].replace(tzinfo=None) >= since)
        and (until is None or item["Timestamp"].replace(tzinfo=None) <= until)
    ]
    items.sort(key=lambda item: item["Timestamp"], reverse=self._get_param("ScanBy") != "TimestampAscending")
    begin, most = int(self._get_param("NextToken") or 0), self._get_param("MaxRecords") or PAGE
    more = {"NextToken": str(begin + most)} if begin + most < len(items) else {}
    return ActionResult({"AlarmHistoryItems": items[begin : begin + most], **more})
