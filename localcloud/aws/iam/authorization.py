"""The check of every call: what it asks for, against the policies of who asks and of what is asked for."""

from __future__ import annotations

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller


def authorize(caller: Caller, call: Call) -> None:
    """Let the call pass, or raise the `AwsError` that AWS answers to who may not make it."""
