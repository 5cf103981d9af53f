"""CloudWatch and SNS: an alarm and its topic."""

from __future__ import annotations

from tests.support.aws_daemon import Aws, refused

TAGS = [{"Key": "environment", "Value": "staging"}]


def test_an_alarm_and_its_topic(aws: Aws) -> None:
    """An alarm and a topic keep everything that was said, and an alarm can be changed in place."""
    cloudwatch, sns = aws.client("cloudwatch"), aws.client("sns")
    topic = sns.create_topic(Name="alarms", Tags=TAGS, Attributes={"DisplayName": "Alarms"})["TopicArn"]
    alarm = {
        "AlarmName": "no-backup",
        "AlarmDescription": "no backup for 26 h",
        "Namespace": "Slipway",
        "MetricName": "BackupAge",
        "Dimensions": [{"Name": "environment", "Value": "staging"}],
        "Statistic": "Maximum",
        "Period": 3600,
        "EvaluationPeriods": 2,
        "DatapointsToAlarm": 1,
        "Threshold": 26.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "breaching",
        "ActionsEnabled": True,
        "AlarmActions": [topic],
        "OKActions": [topic],
    }

    cloudwatch.put_metric_alarm(**alarm, Tags=TAGS)

    assert topic == "arn:aws:sns:eu-central-1:123456789012:alarms"
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "Alarms"
    assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == TAGS
    [found] = cloudwatch.describe_alarms(AlarmNames=["no-backup"])["MetricAlarms"]
    assert {name: found[name] for name in alarm} == alarm
    assert found["AlarmArn"] == "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:no-backup"
    assert cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"] == TAGS

    cloudwatch.put_metric_alarm(**{**alarm, "Threshold": 30.0})
    cloudwatch.tag_resource(ResourceARN=found["AlarmArn"], Tags=[{"Key": "more", "Value": "1"}])
    cloudwatch.untag_resource(ResourceARN=found["AlarmArn"], TagKeys=["environment"])
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="Changed")
    sns.untag_resource(ResourceArn=topic, TagKeys=["environment"])

    [after] = cloudwatch.describe_alarms(AlarmNames=["no-backup"])["MetricAlarms"]
    assert after["Threshold"] == 30.0
    tags = cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"]
    assert tags == [{"Key": "more", "Value": "1"}]
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "Changed"
    assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == []

    cloudwatch.delete_alarms(AlarmNames=["no-backup"])
    sns.delete_topic(TopicArn=topic)

    assert cloudwatch.describe_alarms(AlarmNames=["no-backup"])["MetricAlarms"] == []
    refused("NotFound", sns.get_topic_attributes, TopicArn=topic)
