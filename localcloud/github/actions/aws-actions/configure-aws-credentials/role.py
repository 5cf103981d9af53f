"""Shows the job's token to STS, and gives the keys of the role to the steps that follow."""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ET
from pathlib import Path

GIVEN = {
    "AWS_ACCESS_KEY_ID": "AccessKeyId",
    "AWS_SECRET_ACCESS_KEY": "SecretAccessKey",
    "AWS_SESSION_TOKEN": "SessionToken",
}
VERSION = "2011-06-15"
SECONDS = 30


def main() -> int:
    """Take the role; what AWS says against it is the step's error."""
    given = os.environ
    if "ACTIONS_ID_TOKEN_REQUEST_URL" not in given:
        return _failed(
            "the job has no token to show: give it `id-token: write`; a pull request from a fork never has one"
        )
    try:
        keys = _assume(given, _token(given))
    except urllib.error.HTTPError as error:
        return _failed(" ".join(error.read().decode(errors="replace").split()))
    for name in GIVEN:
        print(f"::add-mask::{keys[name]}")
    settings = {**keys, "AWS_REGION": given["REGION"], "AWS_DEFAULT_REGION": given["REGION"]}
    with Path(given["GITHUB_ENV"]).open("a") as environment:
        environment.writelines(f"{name}={value}\n" for name, value in settings.items())
    with Path(given["GITHUB_OUTPUT"]).open("a") as output:
        output.write(f"aws-account-id={given['ROLE'].split(':')[4]}\n")
    print(f"Authenticated as {given['ROLE']}")
    return 0


def _token(given: os._Environ[str]) -> str:
    query = urllib.parse.urlencode({"audience": given["AUDIENCE"]})
    bearer = {"Authorization": f"Bearer {given['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"}
    asked = urllib.request.Request(f"{given['ACTIONS_ID_TOKEN_REQUEST_URL']}&{query}", headers=bearer)  # noqa: S310 - the runner's own
    with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310 - as above
        return str(json.load(answer)["value"])


def _assume(given: os._Environ[str], token: str) -> dict[str, str]:
    wanted = {
        "Action": "AssumeRoleWithWebIdentity",
        "Version": VERSION,
        "RoleArn": given["ROLE"],
        "RoleSessionName": given["SESSION"],
        "DurationSeconds": given["DURATION"],
        "WebIdentityToken": token,
    }
    url = given.get("AWS_ENDPOINT_URL") or f"https://sts.{given['REGION']}.amazonaws.com"
    with urllib.request.urlopen(url, urllib.parse.urlencode(wanted).encode(), timeout=SECONDS) as answer:  # noqa: S310 - the machine's AWS
        document = ET.fromstring(answer.read())  # noqa: S314 - as above
    return {name: document.findtext(f".//{{*}}Credentials/{{*}}{key}") or "" for name, key in GIVEN.items()}


def _failed(why: str) -> int:
    print(f"::error::Could not assume role with OIDC: {why}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
