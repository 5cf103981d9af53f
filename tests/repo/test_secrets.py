"""What must not be in the repository: secrets, people, and the machines it was written on."""

from __future__ import annotations

import re
import tomllib
from urllib.parse import urlsplit

import pytest

from tests.support.tracked import text, tracked

FORBIDDEN = {
    "an AWS access key": r"\b(AKIA|ASIA)(?!IOSFODNN7EXAMPLE|ABCDEFGHIJKLMNOP|([A-Z])\2{15})[A-Z2-7]{16}\b",
    "a Render key": r"\brnd_[A-Za-z0-9]{24,}",
    "a GitHub token": r"\b(gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,})",
    "a Pulumi token": r"\bpul-[0-9a-f]{40}\b",
    "a private key": r"-----BEGIN ([A-Z]+ )?PRIVATE KEY-----",
    "a signed token": r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{15,}",
    "a path of one machine": r"(?<![\w.])/(root(?!/\.cache/pip)|home/(?!user\b)\w+|Users/\w+|work/\w+|tmp/slw\w*)/",
    "a host of a mirror": r"https?://[\w.-]*(mirror|artifactory|nexus|jfrog|\.internal\b|\.corp\b)[\w.-]*",
    "an address of a person": r"\b[\w.+-]+@(?!(example\.(com|org|net)|[\w.-]+\.(example|test|invalid)|github\.com)\b)"
    r"[\w-]+\.(com|org|net|io|dev|de|eu|co|uk|ru|me|ai)\b",
}
EXAMPLES = {
    "an AWS access key": ("AKIA" + "Q2W3E4R5T6Y7UIOP", "AKIAIOSFODNN7EXAMPLE"),
    "a Render key": ("rnd_" + "a1" * 14, "rnd_…"),
    "a GitHub token": ("ghp_" + "a1" * 18, "ghp_x"),
    "a Pulumi token": ("pul-" + "0a" * 20, "pul-latest"),
    "a private key": ("-----BEGIN " + "PRIVATE KEY-----", "BEGIN"),
    "a signed token": (".".join(["eyJ" + "a" * 20] * 2 + ["b" * 20]), "eyJ"),
    "a path of one machine": ("/home/" + "me/x", "/home/user/x"),
    "a host of a mirror": ("https://pypi.mir" + "ror.local/", "https://pypi.org/"),
    "an address of a person": ("me@" + "somewhere.com", "ops@example.com"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_holds(what: str) -> None:
    """Nor does any test: invented ones are made so that they cannot be taken for real."""
    pattern = re.compile(FORBIDDEN[what])
    found = [f"{path}: {match[0]}" for path in tracked() if (match := pattern.search(text(path)))]

    assert found == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_search_would_find(what: str) -> None:
    """A rule that sees nothing holds always."""
    bad, good = EXAMPLES[what]

    assert re.search(FORBIDDEN[what], f"x = '{bad}'")
    assert not re.search(FORBIDDEN[what], f"x = '{good}'")


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_stack_files_hold_no_salt_and_no_secret(environment: str) -> None:
    """They are read by everybody; a data key that only AWS KMS can open may be there."""
    said = text(f"Pulumi.{environment}.yaml")

    assert "config:" in said
    assert [word for word in ("encryptionsalt", "secure:", "passphrase") if word in said] == []


def test_packages_are_locked_from_the_public_index() -> None:
    """A lock file made behind a mirror works only there."""
    lock = tomllib.loads(text("uv.lock"))
    origins = {one["source"].get("registry") for one in lock["package"] if "registry" in one["source"]}
    files = [file for one in lock["package"] for file in (*one.get("wheels", []), one.get("sdist", {}))]
    hosts = {urlsplit(file["url"]).hostname for file in files if "url" in file}

    assert origins == {"https://pypi.org/simple"}
    assert hosts == {"files.pythonhosted.org"}
