"""How a Dockerfile's last stage says to start."""

from __future__ import annotations

import pytest

from localcloud.images.dockerfile import DockerfileError, Start, bases, parse

WHOLE = """\
# syntax=docker/dockerfile:1
ARG PYTHON=3.13
FROM python:${PYTHON} AS base
ENV PYTHONUNBUFFERED=1 \\
    # a comment inside
    APP_HOME="/srv/the app"
WORKDIR /app
CMD ["python"]

FROM base AS tools
RUN <<EOF
pip install uv
ENTRYPOINT ["not", "this"]
EOF
ENTRYPOINT ["uv"]

FROM base
ARG VERSION=dev
ENV APP_VERSION=$VERSION
LABEL version="${VERSION}" vendor=cams
WORKDIR web
USER app
EXPOSE 8000 9000/udp
HEALTHCHECK CMD curl localhost
COPY . .
CMD ["python", "start.py", "web"]
"""


def test_the_last_stage_inherits_from_a_stage_of_the_same_file() -> None:
    """Environment, working folder and command of the parent hold until the stage says otherwise."""
    assert parse(WHOLE) == Start(
        env={"PYTHONUNBUFFERED": "1", "APP_HOME": "/srv/the app", "APP_VERSION": "dev"},
        labels={"version": "dev", "vendor": "cams"},
        ports=("8000/tcp", "9000/udp"),
        entrypoint=(),
        cmd=("python", "start.py", "web"),
        workdir="/app/web",
        user="app",
    )


def test_an_entrypoint_of_its_own_drops_the_command_that_it_inherited() -> None:
    """As Docker does it."""
    start = parse(WHOLE.partition("\nFROM base\n")[0])

    assert (start.entrypoint, start.cmd, start.workdir) == (("uv",), (), "/app")
    assert start.argv == ("uv",)


@pytest.mark.parametrize(
    ("text", "env"),
    [
        ("ENV A 1 2", {"A": "1 2"}),
        ("ENV A=1 B=$A", {"A": "1", "B": ""}),
        ("ENV A=1\nENV B=${A:-2} C=${D:-3} E=${A:+4}", {"A": "1", "B": "1", "C": "3", "E": "4"}),
        ("ENV A='x y'", {"A": "x y"}),
    ],
)
def test_variables_are_expanded_as_docker_does(text: str, env: dict[str, str]) -> None:
    """Within one instruction a variable still has its old value."""
    assert parse(f"FROM x\n{text}\n").env == env


def test_a_line_of_text_is_started_by_the_shell() -> None:
    """A JSON list is started as it is, anything else by /bin/sh."""
    assert parse("FROM x\nCMD python start.py web\n").cmd == ("/bin/sh", "-c", "python start.py web")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FROM x\nVOLUME /data\n", "line 2: VOLUME is not supported by the local cloud"),
        ("ENV A=1\n", "line 1: ENV stands before the first FROM"),
        ("# nothing\n", "there is no FROM"),
        ("FROM x\nENV A\n", "line 2: A has no value"),
    ],
)
def test_what_cannot_be_honoured_is_an_error(text: str, reason: str) -> None:
    """With the line that it is about."""
    with pytest.raises(DockerfileError) as caught:
        parse(text)

    assert str(caught.value) == reason


def test_the_images_that_a_dockerfile_begins_with() -> None:
    """Those of elsewhere, with the build arguments that are given; neither its own stages nor nothing."""
    text = (
        "ARG BASE=python:3.13\nARG TOOLS=$BASE-slim\nFROM ${BASE} AS one\nFROM --platform=linux/amd64 $TOOLS AS two\n"
        "ARG BASE=other\nFROM One\nFROM scratch\nFROM two AS three\nFROM ${BASE}\n"
    )

    assert bases(text, {}) == ["python:3.13", "python:3.13-slim"]
    assert bases(text, {"BASE": "mirror/python:3"}) == ["mirror/python:3", "mirror/python:3-slim"]
