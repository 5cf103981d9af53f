"""What a request to the registry asks for: ECR's own actions on the repository, in the name of who logged in.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from werkzeug.wrappers import Request

from localcloud.aws import caller
from localcloud.aws.call import Call
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.authorization import checker
from localcloud.aws.iam.requests import ecr
from localcloud.aws.registry.errors import RegistryError
from localcloud.aws.registry.repository import Repositories, UnknownRepositoryError
from localcloud.aws.replies import AwsError

_NAME = r"(?P<name>.+)"
_PULL, _LOOK = "GetDownloadUrlForLayer", "BatchCheckLayerAvailability"
# By what the path ends in: the actions of each method.
_ACTIONS: list[tuple[re.Pattern[str], dict[str, tuple[str, ...]]]] = [
    (re.compile(rf"/v2/{_NAME}/blobs/uploads/?"), {"POST": ("InitiateLayerUpload",)}),
    (
        re.compile(rf"/v2/{_NAME}/blobs/uploads/[^/]+"),
        {
            "DELETE": ("UploadLayerPart",),
            "GET": ("UploadLayerPart",),
            "PATCH": ("UploadLayerPart",),
            "PUT": ("UploadLayerPart", "CompleteLayerUpload"),
        },
    ),
    (re.compile(rf"/v2/{_NAME}/blobs/[^/]+"), {"GET": (_PULL,), "HEAD": (_LOOK,)}),
    (
        re.compile(rf"/v2/{_NAME}/manifests/[^/]+"),
        {
            "DELETE": ("BatchDeleteImage",),
            "GET": ("BatchGetImage",),
            "HEAD": ("BatchGetImage",),
            "PUT": ("PutImage",),
        },
    ),
    (re.compile(rf"/v2/{_NAME}/tags/list"), {"GET": ("ListImages",)}),
    (re.compile(rf"/v2/{_NAME}/referrers/[^/]+"), {"GET": ("ListImageReferrers",)}),
]


def check(request: Request, repositories: Repositories) -> None:
    """Raise the registry's DENIED, in IAM's words, for what the caller may not do.

    A repository that is not there is said to be unknown by who serves it.
    """
    for name, action in _asked(request):
        with suppress(UnknownRepositoryError), repositories.open(name) as (_, repository):
            try:
                _checker(request)(ecr.on_repository(action, repository))
            except AwsError as problem:
                raise RegistryError("DENIED", problem.message) from problem


def may_pull(request: Request, repository: Any) -> bool:
    """Whether the caller may have blobs out of it; without, a blob is not borrowed but sent again."""
    try:
        _checker(request)(ecr.on_repository(_PULL, repository))
    except AwsError:
        return False
    return True


def call_of(request: Request) -> Call:
    """The request as IAM sees it."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    source = request.remote_addr or ""
    return Call("ecr", "", "", None, "json", request.method, request.path, headers=headers, source_ip=source)


def _checker(request: Request) -> Callable[[Ask], None]:
    return checker(caller.current.get(), call_of(request))


def _asked(request: Request) -> Iterator[tuple[str, str]]:
    for pattern, methods in _ACTIONS:
        if match := pattern.fullmatch(request.path):
            actions = methods.get(request.method, ())
            if request.method == "POST" and request.args.get("digest"):  # the whole blob at once
                actions += ("UploadLayerPart", "CompleteLayerUpload")
            yield from ((match["name"], action) for action in actions)
            return
