"""One line of the table: what is asked of AWS, and what AWS says to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from botocore.exceptions import ClientError

from bench.aws_truth.account import Account

Attempt = Callable[[], Any]


@dataclass(frozen=True)
class Case:
    """`prepare` sets the scene as the administrator and gives the one call that is judged.

    `code` is the error code that AWS documents for that call, None where AWS carries it out. What fails while
    the scene is set is a fault of the case, never a refusal. A `client` that is not boto3 may answer with what
    `requests` gives it.
    """

    says: str
    prepare: Callable[[Account], Attempt]
    code: str | None = None
    moves_clock: bool = False  # such cases have a cloud for themselves, each of them at a later time

    def judge(self, account: Account) -> str | None:
        """The code with which the call was refused, None where it was carried out."""
        attempt = self.prepare(account)
        try:
            answer = attempt()
        except ClientError as error:
            return error.response["Error"]["Code"]
        return refusal(answer) if isinstance(answer, requests.Response) else None


def refusal(answer: requests.Response) -> str | None:
    """The error code in an HTTP answer; an error without one is told by its status."""
    if answer.status_code < 300:
        return None
    if "json" in answer.headers.get("content-type", ""):
        said: dict[str, Any] = answer.json()
        code = str(said["errors"][0]["code"] if "errors" in said else said.get("__type", answer.status_code))
        return code.rpartition("#")[2]
    in_xml = re.search(r"<Code>([^<]+)</Code>", answer.text)
    return in_xml[1] if in_xml else str(answer.status_code)
