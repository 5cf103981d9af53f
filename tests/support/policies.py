"""Who asks, and what policies say, in the tests of the policy engine."""

from __future__ import annotations

import json
from typing import Any

from localcloud.aws.caller import Caller

HERE, THERE = "123456789012", "999999999999"
USER_ARN, ROLE_ARN = f"arn:aws:iam::{HERE}:user/ann", f"arn:aws:iam::{HERE}:role/path/backup"
SESSION_ARN = f"arn:aws:sts::{HERE}:assumed-role/backup/nightly"
USER = Caller("user", HERE, USER_ARN, "AIDAANN")
SESSION = Caller("role", HERE, SESSION_ARN, "AROABACKUP:nightly", role_arn=ROLE_ARN)
ROOT = Caller("root", HERE, f"arn:aws:iam::{HERE}:root", HERE)
STRANGER = Caller("user", THERE, f"arn:aws:iam::{THERE}:user/eve", "AIDAEVE")
ALARMS = Caller("service", "", "cloudwatch.amazonaws.com", "")
ACTION, RESOURCE = "s3:GetObject", "arn:aws:s3:::bucket/key"


def document(*statements: dict[str, Any]) -> str:
    """A policy of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def says(effect: str, action: str = ACTION, **elements: Any) -> dict[str, Any]:
    """A statement of an identity's policy."""
    return {"Effect": effect, "Action": action, "Resource": "*", **elements}


def policy(*statements: dict[str, Any], version: str = "2012-10-17") -> str:
    """A document of these statements, of whichever version."""
    return json.dumps({"Version": version, "Statement": list(statements)})


def may(**elements: Any) -> dict[str, Any]:
    """A statement of an identity's policy; None takes an element away."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **elements}
    return {name: value for name, value in statement.items() if value is not None}


def trusts(**elements: Any) -> dict[str, Any]:
    """A statement of a trust policy; None takes an element away."""
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": HERE}, **elements}
    return {name: value for name, value in statement.items() if value is not None}
