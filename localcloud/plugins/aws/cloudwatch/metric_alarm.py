"""Alarms on metrics."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.aws.shapes import from_aws, to_aws
from localcloud.plugins.checks import any_of, arn, at_least, at_most, divisible_by, exactly, length, matches, one_of
from localcloud.plugins.fields import Fields, boolean, integer, mapping, number, ordered, string, structure, unordered
from localcloud.plugins.resource import PluginError, Resource
from pulumi_plugin.values import Values

_OPERATORS = (
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
)
_STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
_MISSING = ("breaching", "notBreaching", "ignore", "missing")
_SIZES = (
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
)
_UNITS = (
    *("Seconds", "Microseconds", "Milliseconds", *_SIZES, "Percent", "Count"),
    *(f"{each}/Second" for each in (*_SIZES, "Count")),
    "None",
)
_NAMESPACE = (length(1, 255), matches(r"[^:].*", "must not begin with a colon"))
_PERIOD = (any_of(exactly(10), exactly(20), exactly(30), divisible_by(60)), at_least(1))
_EXTENDED = (
    matches(
        r"(p|tm|wm|tc|ts)(\d{1,2}(\.\d+)?|100)|IQM|(PR|TC|TM|TS|WM)\([\d.%]*:[\d.%]*\)",
        "must be a percentile or a trimmed statistic, such as p99, tm90, IQM or PR(0:100)",
    ),
)
_ACTIONS = unordered(string(valid=(arn,)), valid=(at_most(5),))
_METRIC = structure(
    {
        "metricName": string(required=True, valid=(length(1, 255),)),
        "namespace": string(valid=_NAMESPACE),
        "period": integer(required=True, valid=_PERIOD),
        "stat": string(required=True, valid=(any_of(one_of(*_STATISTICS), *_EXTENDED),)),
        "unit": string(valid=(one_of(*_UNITS),)),
        "dimensions": mapping(),
    }
)
_ODD = {"okActions": "OKActions", "metricQueries": "Metrics"}
_PLAIN = (
    "comparisonOperator",
    "evaluationPeriods",
    "datapointsToAlarm",
    "threshold",
    "thresholdMetricId",
    "metricName",
    "namespace",
    "period",
    "statistic",
    "extendedStatistic",
    "unit",
    "alarmDescription",
    "treatMissingData",
    "actionsEnabled",
    "alarmActions",
    "okActions",
    "insufficientDataActions",
)


class MetricAlarm(Resource[Aws]):
    """One alarm; its id is its name."""

    type_ = "aws:cloudwatch/metricAlarm:MetricAlarm"
    fields: ClassVar[Fields] = {
        "name": string(autoname=255, replace=True, valid=(length(1, 255),)),
        "comparisonOperator": string(required=True, valid=(one_of(*_OPERATORS),)),
        "evaluationPeriods": integer(required=True, valid=(at_least(1),)),
        "datapointsToAlarm": integer(valid=(at_least(1),)),
        "threshold": number(),
        "thresholdMetricId": string(),
        "metricName": string(valid=(length(1, 255),)),
        "namespace": string(valid=_NAMESPACE),
        "period": integer(valid=_PERIOD),
        "statistic": string(valid=(one_of(*_STATISTICS),)),
        "extendedStatistic": string(valid=_EXTENDED),
        "unit": string(valid=(one_of(*_UNITS),)),
        "dimensions": mapping(),
        "metricQueries": ordered(
            structure(
                {
                    "id": string(required=True),
                    "expression": string(),
                    "label": string(),
                    "period": integer(),
                    "returnData": boolean(default=False),
                    "metric": _METRIC,
                }
            )
        ),
        "alarmDescription": string(valid=(length(0, 1024),)),
        "treatMissingData": string(default="missing", valid=(one_of(*_MISSING),)),
        "actionsEnabled": boolean(default=True),
        "alarmActions": _ACTIONS,
        "okActions": _ACTIONS,
        "insufficientDataActions": _ACTIONS,
        **tags.REGION,
        **tags.TAGS,
    }
    outputs = ("arn",)
    constants: ClassVar[Mapping[str, Any]] = {"evaluateLowSampleCountPercentiles": ""}

    def invalid(self, inputs: Values) -> Mapping[str, str]:
        """One metric or several, one statistic, and no more datapoints than periods."""
        if "metricQueries" in inputs and "metricName" in inputs:
            return {"metricName": '"metric_name": conflicts with metric_query'}
        if not {"metricQueries", "metricName"} & inputs.keys():
            return {"metricName": "one of `metric_name` or `metric_query` must be set for a cloudwatch metric alarm"}
        if "metricName" in inputs and ("statistic" in inputs) == ("extendedStatistic" in inputs):
            return {
                "statistic": "one of `statistic` or `extended_statistic` must be set for a cloudwatch metric alarm"
            }
        if ("threshold" in inputs) == ("thresholdMetricId" in inputs):
            return {
                "threshold": "one of `threshold` or `threshold_metric_id` must be set for a cloudwatch metric alarm"
            }
        periods, datapoints = inputs.get("evaluationPeriods"), inputs.get("datapointsToAlarm")
        if isinstance(periods, int) and isinstance(datapoints, int) and datapoints > periods:
            return {"datapointsToAlarm": f"must not be greater than evaluation_periods ({periods}), got {datapoints}"}
        return {}

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """AWS would silently overwrite a stranger's alarm of that name."""
        actual = self.read(cloud, inputs["name"], inputs)
        if actual and not tags.equal(actual["tagsAll"], inputs):
            raise PluginError(f"PutMetricAlarm: an alarm named {inputs['name']} is there already, with other tags")
        wanted = _wanted(inputs)
        if inputs.get("tagsAll"):
            wanted["Tags"] = tags.as_list(inputs)
        cloud.client("cloudwatch").put_metric_alarm(**wanted)
        return inputs["name"], {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is."""
        watch = cloud.client("cloudwatch")
        answer = watch.describe_alarms(AlarmNames=[resource_id], AlarmTypes=["MetricAlarm"])["MetricAlarms"]
        if not answer:
            return None
        alarm = answer[0]
        values: Values = {name: alarm.get(to_name(name)) for name in _PLAIN}
        given = alarm.get("Dimensions", [])
        metrics = alarm.get("Metrics", [])
        return {
            **values,
            "name": alarm["AlarmName"],
            "arn": alarm["AlarmArn"],
            "treatMissingData": alarm.get("TreatMissingData") or "missing",
            "dimensions": {each["Name"]: each["Value"] for each in given},
            "metricQueries": [_query_from_aws(query) for query in metrics],
            "tagsAll": tags.as_map(watch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]),
        }

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> None:
        """An alarm is put whole; its tags have calls of their own."""
        watch = cloud.client("cloudwatch")
        if changed - {"tags", "tagsAll"}:
            watch.put_metric_alarm(**_wanted(inputs))
        if "tagsAll" in changed:
            alarms = watch.describe_alarms(AlarmNames=[resource_id])["MetricAlarms"]
            arn = alarms[0]["AlarmArn"]
            current = tags.as_map(watch.list_tags_for_resource(ResourceARN=arn)["Tags"])
            tags.sync(current, inputs, watch.tag_resource, watch.untag_resource, ResourceARN=arn)

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """Remove it."""
        cloud.client("cloudwatch").delete_alarms(AlarmNames=[resource_id])


def to_name(name: str) -> str:
    """An input's name in AWS's calls."""
    return _ODD.get(name, name[0].upper() + name[1:])


def _wanted(inputs: Values) -> dict[str, Any]:
    wanted = {to_name(name): inputs[name] for name in _PLAIN if inputs.get(name) is not None}
    if inputs.get("dimensions"):
        wanted["Dimensions"] = _dimensions(inputs["dimensions"])
    if inputs.get("metricQueries"):
        wanted["Metrics"] = [_query_to_aws(query) for query in inputs["metricQueries"]]
    return {"AlarmName": inputs["name"], **wanted}


def _query_to_aws(query: Values) -> Values:
    wanted: Values = {to_name(key): value for key, value in query.items() if key != "metric" and value is not None}
    if metric := query.get("metric"):
        outer = {"Period": metric["period"], "Stat": metric["stat"]}
        unit = {"Unit": metric["unit"]} if metric.get("unit") else {}
        inner = to_aws({key: metric.get(key) for key in ("metricName", "namespace")})
        if metric.get("dimensions"):
            inner["Dimensions"] = _dimensions(metric["dimensions"])
        wanted["MetricStat"] = {"Metric": inner, **outer, **unit}
    return wanted


def _query_from_aws(query: Values) -> Values:
    inputs: Values = from_aws({key: value for key, value in query.items() if key != "MetricStat"})
    if stat := query.get("MetricStat"):
        given = stat["Metric"].get("Dimensions", [])
        metric = from_aws({key: value for key, value in stat["Metric"].items() if key != "Dimensions"})
        metric |= from_aws({key: value for key, value in stat.items() if key != "Metric"})
        inputs["metric"] = {**metric, "dimensions": {each["Name"]: each["Value"] for each in given}}
    return inputs


def _dimensions(given: Values) -> list[dict[str, str]]:
    return [{"Name": key, "Value": value} for key, value in sorted(given.items())]
