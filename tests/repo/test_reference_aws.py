"""What the reference says of the local AWS is what its code refuses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from localcloud.aws.call import SERVICES
from localcloud.aws.services import NOT_BUILT
from localcloud.aws.services.s3 import operations
from tests.support.tracked import python_files, text

PAGE = "docs/reference/aws.md"


def reasons() -> Iterator[str]:
    """The words with which something is said not to be built, up to the first value in them."""
    for path in python_files():
        if not path.startswith("localcloud/aws/"):
            continue
        for node in ast.walk(ast.parse(text(path))):
            if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args):
                continue
            first = node.exc.args[0]
            said = first.values[0] if isinstance(first, ast.JoinedStr) else first
            if ast.unparse(node.exc.func) == "NotImplementedError" and isinstance(said, ast.Constant):
                yield str(said.value).strip()


def test_every_operation_that_is_not_built_is_listed_and_no_other() -> None:
    """Those that a service refuses with a reason, in the same words, and those of S3."""
    listed = set(re.findall(r"`(\w+:\w+)`", text(PAGE).partition("## Not built")[2]))
    refused = {f"{service}:{action}" for service, action in NOT_BUILT}

    assert listed == refused | {f"s3:{action}" for action in operations.NOT_BUILT}
    assert [why for why in NOT_BUILT.values() if why not in text(PAGE)] == []


def test_everything_else_that_is_not_built_is_said_in_the_same_words() -> None:
    """Whoever refuses one thing more has to say so where operators look."""
    found = list(reasons())

    assert len(found) >= 10
    assert [why for why in found if why not in text(PAGE)] == []


def test_every_service_is_listed_and_no_other() -> None:
    """By the names that moto has for them."""
    served = text(PAGE).partition("## What is served")[2].partition("##")[0]
    listed = [
        name for row in re.findall(r"^\| (`.*?) \|", served, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    ]

    assert sorted(listed) == sorted([*SERVICES.values(), "s3control"])


def test_every_port_is_listed() -> None:
    """Those on which the daemon listens."""
    ports = re.findall(r'listen\("(\w+)"', text("localcloud/aws/daemon.py"))

    assert re.findall(r"^\| `(\w+)` \|", text(PAGE).partition("## What is served")[0], re.MULTILINE) == ports
