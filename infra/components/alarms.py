"""What wakes somebody up."""

from __future__ import annotations

import pulumi
from pulumi_aws import cloudwatch, sns

from infra.config import Stack
from infra.names import BACKUP_METRIC, DRILL_METRIC, MEDIA_METRIC

HOUR = 3600


class Alarms(pulumi.ComponentResource):
    """Alarms on what the backup commands publish, sent to one topic."""

    topic_arn: pulumi.Output[str]

    def __init__(self, name: str, stack: Stack, *, key_arn: pulumi.Input[str]) -> None:
        super().__init__(stack.names.component("Alarms"), name)
        names = stack.names
        child = pulumi.ResourceOptions(parent=self)
        tags = names.tags

        topic = sns.Topic(name, name=names.topic, kms_master_key_id=key_arn, tags=tags, opts=child)
        for what, metric, hours, said in (
            ("no-backup", BACKUP_METRIC, stack.alarms.backup_after_hours, f"backup of {names.database}"),
            ("no-media-backup", MEDIA_METRIC, stack.alarms.media_after_hours, f"copy of {names.bucket('media')}"),
        ):
            cloudwatch.MetricAlarm(
                f"{name}-{what}",
                name=names.alarm(what),
                alarm_description=f"No {said} was finished for {hours} hours",
                namespace=names.metrics,
                metric_name=metric,
                dimensions={"Environment": stack.environment},
                statistic="Sum",
                period=HOUR,
                evaluation_periods=hours,
                datapoints_to_alarm=hours,
                comparison_operator="LessThanThreshold",
                threshold=1,
                # Silence is what this alarm is about, but only after a first one: docs/adr/0044.
                treat_missing_data="missing",
                alarm_actions=[topic.arn],
                insufficient_data_actions=[topic.arn],
                ok_actions=[topic.arn],
                tags=tags,
                opts=child,
            )
        cloudwatch.MetricAlarm(
            f"{name}-drill-failed",
            name=names.alarm("drill-failed"),
            alarm_description=f"A restore drill of {names.database} failed",
            namespace=names.metrics,
            metric_name=DRILL_METRIC,
            dimensions={"Environment": stack.environment},
            statistic="Sum",
            period=HOUR,
            evaluation_periods=1,
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=1,
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
            tags=tags,
            opts=child,
        )

        self.topic_arn = topic.arn
        self.register_outputs({"topic_arn": self.topic_arn})
