"""What wakes somebody up."""

from __future__ import annotations

from tests.support.program import ACCOUNT, Programs

TOPIC = f"arn:aws:sns:eu-central-1:{ACCOUNT}:cams-staging-alarms"


def test_a_day_without_a_backup_is_an_alarm(programs: Programs) -> None:
    """26 hours of silence, or of failures, ring, once a first backup has been seen; a finished one ends it."""
    alarm = programs["staging"].one("MetricAlarm", "alarms-no-backup").inputs

    assert {key: value for key, value in alarm.items() if key not in ("tags", "alarmDescription")} == {
        "name": "cams-staging-no-backup",
        "namespace": "cams/staging",
        "metricName": "BackupCompleted",
        "dimensions": {"Environment": "staging"},
        "statistic": "Sum",
        "period": 3600,
        "evaluationPeriods": 26,
        "datapointsToAlarm": 26,
        "comparisonOperator": "LessThanThreshold",
        "threshold": 1,
        "treatMissingData": "missing",
        "alarmActions": [TOPIC],
        "insufficientDataActions": [TOPIC],
        "okActions": [TOPIC],
    }


def test_a_day_without_a_copy_of_media_is_one_too(programs: Programs) -> None:
    """Judged as backups are, by a metric and for hours of its own."""
    backup, media = (
        programs["staging"].one("MetricAlarm", f"alarms-{what}").inputs for what in ("no-backup", "no-media-backup")
    )
    own = {"name": "cams-staging-no-media-backup", "metricName": "MediaBackupCompleted"}

    assert media == {**backup, **own, "alarmDescription": media["alarmDescription"]}
    assert media["alarmDescription"] == f"No copy of cams-staging-media-{ACCOUNT} was finished for 26 hours"


def test_a_failed_drill_is_an_alarm_and_no_drill_is_none(programs: Programs) -> None:
    """One failure rings; most hours have no drill at all."""
    alarm = programs["staging"].one("MetricAlarm", "alarms-drill-failed").inputs

    assert (alarm["metricName"], alarm["comparisonOperator"], alarm["threshold"], alarm["treatMissingData"]) == (
        "DrillFailed",
        "GreaterThanOrEqualToThreshold",
        1,
        "notBreaching",
    )
    assert alarm["alarmActions"] == [TOPIC]


def test_the_topic_is_encrypted_with_the_environments_key(programs: Programs) -> None:
    """What alarms say about an environment is its own business."""
    topic = programs["staging"].one("Topic").inputs

    assert topic["kmsMasterKeyId"] == f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"
