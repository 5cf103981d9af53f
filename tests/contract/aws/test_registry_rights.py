"""What one repository of the registry gives to another, and to whom."""

from __future__ import annotations

from tests.contract.aws.test_registry import Client, error, repository
from tests.contract.aws.test_rights import User, allow, user
from tests.support.aws_daemon import Aws

__all__ = ["user"]  # a fixture


def test_a_blob_is_lent_to_who_may_pull_it(aws: Aws, user: User) -> None:
    """To another it is an upload, as if the blob were not there."""
    ecr, administrator = aws.client("ecr"), Client(aws)
    one, two = (repository(aws, f"lent/{name}") for name in ("one", "two"))
    digest = administrator.push_blob(one, b"shared")
    push = allow("ecr:GetAuthorizationToken", "ecr:InitiateLayerUpload")
    both = Client(aws, user(push, allow("ecr:GetDownloadUrlForLayer")))
    pusher = Client(aws, user(push))

    ecr.put_account_setting(name="BLOB_MOUNTING", value="ENABLED")
    asked = {"mount": digest, "from": one}
    refused = pusher("POST", f"/v2/{two}/blobs/uploads/", params=asked)
    before = administrator("HEAD", f"/v2/{two}/blobs/{digest}").status_code
    lent = both("POST", f"/v2/{two}/blobs/uploads/", params=asked)
    ecr.put_account_setting(name="BLOB_MOUNTING", value="DISABLED")

    assert (refused.status_code, before, lent.status_code) == (202, 404, 201)
    assert administrator("GET", f"/v2/{two}/blobs/{digest}").content == b"shared"


def test_an_upload_is_of_one_repository(aws: Aws) -> None:
    """Its id is worth nothing at another's address."""
    client = Client(aws)
    one, two = (repository(aws, f"uploads/{name}") for name in ("one", "two"))
    upload = client("POST", f"/v2/{one}/blobs/uploads/").headers["Location"]
    elsewhere = upload.replace(one, two)

    for method in ("PATCH", "PUT", "GET", "DELETE"):
        assert error(client(method, elsewhere, data=b"x")) == (404, "BLOB_UPLOAD_UNKNOWN")
    assert client("GET", upload).status_code == 204
