"""Which of ECR's actions a request to the registry asks for."""

from __future__ import annotations

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from localcloud.aws.registry import access

SEND = ["UploadLayerPart"]


@pytest.mark.parametrize(
    ("asked", "actions"),
    [
        ("POST blobs/uploads/", ["InitiateLayerUpload"]),
        ("POST blobs/uploads", ["InitiateLayerUpload"]),
        ("POST blobs/uploads/?mount=sha256:1&from=other", ["InitiateLayerUpload"]),
        ("POST blobs/uploads/?digest=sha256:1", ["InitiateLayerUpload", *SEND, "CompleteLayerUpload"]),
        ("PATCH blobs/uploads/1", SEND),
        ("PUT blobs/uploads/1?digest=sha256:1", [*SEND, "CompleteLayerUpload"]),
        ("GET blobs/uploads/1", SEND),
        ("DELETE blobs/uploads/1", SEND),
        ("GET blobs/sha256:1", ["GetDownloadUrlForLayer"]),
        ("HEAD blobs/sha256:1", ["BatchCheckLayerAvailability"]),
        ("GET manifests/v1", ["BatchGetImage"]),
        ("HEAD manifests/v1", ["BatchGetImage"]),
        ("PUT manifests/v1", ["PutImage"]),
        ("DELETE manifests/v1", ["BatchDeleteImage"]),
        ("GET tags/list", ["ListImages"]),
        ("GET referrers/sha256:1", ["ListImageReferrers"]),
        ("DELETE blobs/sha256:1", []),
        ("GET tags/other", []),
    ],
)
@pytest.mark.parametrize("name", ["cams", "team/blobs/uploads", "a/manifests"])
def test_each_request_has_its_actions(asked: str, actions: list[str], name: str) -> None:
    """On the repository of its path, whatever that is called."""
    method, _, path = asked.partition(" ")
    request = Request(EnvironBuilder(f"/v2/{name}/{path}", method=method).get_environ())

    assert list(access._asked(request)) == [(name, action) for action in actions]
