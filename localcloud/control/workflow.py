"""A workflow's job as people name it, and the token that it asks GitHub's issuer for."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError

from console.errors import WRONG_USE, ExplainedError
from localcloud.github.job import Job

REPOSITORY = re.compile(r"([^@/]+)@(\d+)/([^@/]+)@(\d+)")


def job(repository: str, **told: Any) -> Job:
    """The job of a repository that is written with its ids: `example@1/app@2`."""
    match = REPOSITORY.fullmatch(repository)
    if match is None:
        raise ExplainedError(
            "wrong repository",
            f"{repository!r} lacks a name or an id",
            hint="--repository example@6154722/app@1029384756",
            code=WRONG_USE,
        )
    owner, owner_id, name, number = match.groups()
    try:
        return Job(owner=owner, owner_id=int(owner_id), repository=name, repository_id=int(number), **told)
    except ValidationError as error:
        why = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise ExplainedError(
            "there is no such job", why, hint="./slipway local token --help", code=WRONG_USE
        ) from error


def ask(variables: Mapping[str, str], audience: str) -> str:
    """Ask as the toolkit of GitHub's actions does."""
    address = f"{variables['ACTIONS_ID_TOKEN_REQUEST_URL']}&{urlencode({'audience': audience})}"
    bearer = {"Authorization": f"Bearer {variables['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"}
    request = urllib.request.Request(address, headers=bearer)  # noqa: S310 - it is the issuer of this machine
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        return str(json.load(answer)["value"])
