"""`docker` on the local PATH: builds for this machine's registry, by an engine or without; the rest is Docker's."""

from __future__ import annotations

import argparse
import base64
import json
import os
import sys
from pathlib import Path
from typing import NoReturn

from console.errors import ExplainedError, from_system
from localcloud.docker.engine import clients
from localcloud.images.dockerfile import DockerfileError
from localcloud.images.reference import ImageReference
from localcloud.machine.ports import HOST, ports

FAILED, WRONG_USE, NOT_FOUND = 1, 2, 127


def main(words: list[str]) -> int:
    """Build and push, or become the real `docker`."""
    if not _for_this_machine(words):
        return _real(words)
    try:
        asked = _parser().parse_args(words)
        _push(asked)
    except (ExplainedError, DockerfileError) as error:
        sys.stderr.write(f"error: {error}\n")
        return FAILED
    except OSError as error:
        sys.stderr.write(f"error: {from_system(error)}\n")
        return FAILED
    return 0


def _for_this_machine(words: list[str]) -> bool:
    """Whether it is a build for the local registry."""
    registry = f"{HOST}:{ports().get('registry')}/"
    return words[:2] == ["buildx", "build"] and any(
        word.removeprefix("--tag=").startswith(registry) for word in words[2:]
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        sys.stderr.write(
            f"error: docker cannot do this for the registry on this machine: {message}\n\n"
            "hint: docker buildx build --push --tag HOST/NAME:TAG FOLDER\n"
        )
        sys.exit(WRONG_USE)


def _parser() -> _Parser:
    """What can be carried out. What is left out of it would be left out of the image."""
    parser = _Parser(prog="docker", allow_abbrev=False, add_help=False)
    parser.add_argument("buildx", choices=["buildx"])
    parser.add_argument("build", choices=["build"])
    parser.add_argument("--push", action="store_true", required=True)
    parser.add_argument("--platform", default="linux/amd64")
    parser.add_argument("--provenance", choices=["false"])
    parser.add_argument("--progress")
    parser.add_argument("--file")
    parser.add_argument("--label", action="append", default=[], type=_label)
    parser.add_argument("--tag", required=True)
    parser.add_argument("context", type=Path)
    return parser


def _label(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"`{text}` is no NAME=VALUE")
    return name, value


def _push(asked: argparse.Namespace) -> None:
    from localcloud.docker import engine_image
    from localcloud.docker.registry import Registry
    from localcloud.docker.source_image import Recipe

    what = f"cannot build {asked.tag}"
    try:
        reference = ImageReference.parse(asked.tag)
    except ValueError as error:
        raise ExplainedError(what, str(error)) from error
    dockerfile = Path(asked.file or asked.context / "Dockerfile")
    if not asked.context.is_dir():
        raise ExplainedError(what, f"no such folder: {asked.context} (from {Path.cwd()})")
    if not dockerfile.is_file():
        raise ExplainedError(what, f"no such file: {dockerfile} (from {Path.cwd()})")
    if not asked.platform.startswith("linux/"):
        raise ExplainedError(what, f"only linux platforms can be built, not {asked.platform}")
    chosen = engine_image.choose(dockerfile)
    if chosen.engine:
        print(f"building {asked.context} {chosen}", flush=True)
        order = engine_image.Order(asked.tag, asked.context, dockerfile, asked.platform, dict(asked.label))
        _login(reference.host)
        engine_image.push(chosen.engine, order, str(_configuration()))
        print(f"pushed {reference}", flush=True)
        return
    image = Recipe.load(
        context=asked.context, dockerfile=dockerfile, platform=asked.platform, labels=dict(asked.label)
    ).image()
    print(f"built {image.digest} of {asked.context} {chosen}", flush=True)
    Registry(f"http://{reference.host}", _login(reference.host)).push(reference.repository, reference.tag, image)
    print(f"pushed {reference}", flush=True)


def _login(host: str) -> tuple[str, str]:
    """User and password as `docker login` keeps them."""
    path = _configuration() / "config.json"
    try:
        kept = json.loads(path.read_text())["auths"][host]["auth"]
    except (FileNotFoundError, KeyError):
        hint = f"aws ecr get-login-password | docker login --username AWS --password-stdin {host}"
        raise ExplainedError(f"cannot push to {host}", f"{path} has no login for it", hint=hint) from None
    user, _, password = base64.b64decode(kept).decode().partition(":")
    return user, password


def _configuration() -> Path:
    return Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")


def _real(words: list[str]) -> int:
    """Become the first `docker` on PATH that is not this one, of whatever checkout."""
    for program in clients():
        os.execv(program, [program, *words])  # noqa: S606 - becoming it is the point
    sys.stderr.write(
        "error: cannot run docker: there is none on this machine; what stands here only builds images for the "
        "registry on this machine\n\nhint: install it: https://docs.docker.com/get-docker\n"
    )
    return NOT_FOUND


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
