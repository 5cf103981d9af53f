"""app/Dockerfile: what is in the images, who runs it, and that nothing in it can change by itself."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from build_context.files import files
from localcloud.images.dockerfile import parse

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
DOCKERFILE = APP / "Dockerfile"
TEXT = DOCKERFILE.read_text()
SECRET = re.compile(r"(SECRET|PASSWORD|TOKEN|PRIVATE|_KEY)", re.IGNORECASE)


def instructions() -> list[tuple[str, str]]:
    """Each with its arguments, continued lines joined."""
    lines = re.sub(r"\\\n\s*", "", TEXT).splitlines()
    split = (line.partition(" ") for line in lines if line.strip() and not line.startswith("#"))
    return [(word, rest) for word, _, rest in split]


def of(word: str) -> list[str]:
    """The arguments of one kind of instruction."""
    return [rest for name, rest in instructions() if name == word]


def test_hadolint_finds_nothing() -> None:
    """Nor ShellCheck in it; what is ignored says so on its line."""
    program = next(path for path in ROOT.glob(".venv/bin/hadolint"))
    done = subprocess.run([program, DOCKERFILE], capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_base_is_one_image_by_its_digest() -> None:
    """Given as an argument, so that it can be another one; every other stage begins with a stage."""
    stages = [line.split() for line in of("FROM")]
    [base] = [rest for rest in of("ARG") if rest.startswith("BASE=")]

    assert re.fullmatch(r"BASE=\S+:3\.13-slim-bookworm@sha256:[0-9a-f]{64}", base)
    assert [(line[0], line[2]) for line in stages] == [
        ("${BASE}", "packages"),
        ("${BASE}", "runtime"),
        ("runtime", "ops"),
        ("runtime", "app"),
    ]


def test_nobody_in_it_is_root() -> None:
    """Each image ends as a user that Kubernetes can tell from root, and writes neither code nor packages."""
    users = of("USER")

    assert parse(TEXT).user == users[-1] == "10001:10001"
    assert users == ["10001:10001", "0:0", "10001:10001"]  # root for the packages of `ops`, and not beyond
    assert "PYTHONDONTWRITEBYTECODE=1" in of("ENV")
    assert not any("--chown" in rest for rest in of("COPY"))


def test_every_file_that_is_copied_exists() -> None:
    """In the build's context or in an earlier stage."""
    context = set(files(APP, DOCKERFILE))
    copied = [rest.split() for rest in of("COPY")]

    from_stages = [words for words in copied if words[0].startswith("--from=")]
    assert [words[0] for words in from_stages] == ["--from=packages"]
    for words in copied:
        if words not in from_stages:
            assert all(source == "." or source in context for source in words[:-1])
    assert {"start.py", "pages/build.py", "frontend/index.html", "requirements.txt"} <= context


def test_no_secret_is_in_it() -> None:
    """Neither as a variable nor as an argument, nor a file that may hold some."""
    assert [rest for rest in (*of("ENV"), *of("ARG"), *of("LABEL")) if SECRET.search(rest)] == []
    assert [name for name in files(APP, DOCKERFILE) if ".env" in name or name.endswith((".pem", ".key"))] == []


def test_packages_are_installed_by_hash_before_the_code_is_copied() -> None:
    """A change of the code leaves their layer in the cache."""
    install = next(index for index, (name, rest) in enumerate(instructions()) if name == "RUN" and "pip" in rest)

    assert "--require-hashes" in instructions()[install][1]
    assert install < instructions().index(("COPY", ". ."))


@pytest.mark.parametrize("name", ["compose.yaml", "compose.prod.yaml"])
def test_every_other_image_is_named_by_its_digest(name: str) -> None:
    """A tag is whatever it is today."""
    images = re.findall(r"^\s+image: (.*)$", (ROOT / name).read_text(), flags=re.MULTILINE)

    assert [image for image in images if "@sha256:" not in image and not image.startswith("${")] == []


@pytest.mark.parametrize("name", ["backup.sh", "deploy.sh", "maintenance.sh"])
def test_scripts_are_what_a_shell_understands(name: str) -> None:
    """And can be started."""
    script = ROOT / "scripts" / name

    assert subprocess.run(["/bin/sh", "-n", script], timeout=10, check=False).returncode == 0
    assert os.access(script, os.X_OK)
