"""Attacks on provenance signed by a workflow's identity, verified by Sigstore's own library with a root of ours."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sigstore.models import TrustedRoot
from sigstore.verify import Verifier

from ops.doors.sigstore import Certified, certified
from ops.releases.refusal import UntrustedError
from ops.releases.verification import Claim, Good, verified
from tests.support.provenances import BUILT, COMMIT, IMAGE, NOW, REPOSITORY, TREE, WORKFLOW, edited, encoded, trusted
from tests.support.sigstore_instance import LIFETIME, Identity, Instance

SIGSTORE, FOREIGN = Instance(), Instance()
TRUSTED = trusted(staging=b"", develop=b"")
BUILDER = f"{REPOSITORY}/{WORKFLOW}@refs/heads/staging"
BY_WORKFLOW = replace(BUILT, workflow=WORKFLOW, builder=BUILDER)
STATEMENT = BY_WORKFLOW.statement()
GOOD = SIGSTORE.sign(STATEMENT)

Verify = Callable[[bytes], Good]


@pytest.fixture(scope="module")
def verify(tmp_path_factory: pytest.TempPathFactory) -> Verify:
    """With the tests' own Sigstore in place of the public one."""
    path: Path = tmp_path_factory.mktemp("root") / "trusted_root.json"
    path.write_text(SIGSTORE.trusted_root())
    verifier = Verifier(trusted_root=TrustedRoot.from_file(str(path)))

    def certify(content: bytes) -> Certified:
        return certified(content, lambda: verifier)

    return lambda bundle: verified([bundle], Claim(IMAGE, TREE, COMMIT), TRUSTED, certify, now=NOW, fresh=True)


def by(statement: bytes = STATEMENT, **identity: Any) -> bytes:
    """A bundle of another workflow, or of one that says something else than it is."""
    return SIGSTORE.sign(statement, Identity(**identity))


def other(**changes: Any) -> bytes:
    """A statement that says something else."""
    return replace(BY_WORKFLOW, **changes).statement()


def with_certificate_of(bundle: bytes) -> bytes:
    """A good bundle with the certificate and the log's entry of another one."""
    return edited(GOOD, "verificationMaterial", to=json.loads(bundle)["verificationMaterial"])


ENTRY = ("verificationMaterial", "tlogEntries", 0)
FEATURE = f"{REPOSITORY}/{WORKFLOW}@refs/heads/feature"
DEVELOP = f"{REPOSITORY}/{WORKFLOW}@refs/heads/develop"
ATTACKS = {
    "of another authority": ("signature", FOREIGN.sign(STATEMENT)),
    "signed when the certificate was over": ("signature", SIGSTORE.sign(STATEMENT, late=LIFETIME * 2)),
    "signed before it was certified": ("signature", SIGSTORE.sign(STATEMENT, late=-LIFETIME)),
    "another's certificate": ("signature", with_certificate_of(SIGSTORE.sign(b"{}"))),
    "altered payload": ("signature", edited(GOOD, "dsseEnvelope", "payload", to=encoded({"_type": "x"}))),
    "not in the log": ("signature", edited(GOOD, "verificationMaterial", "tlogEntries", to=[])),
    "another time in the log": ("signature", edited(GOOD, *ENTRY, "integratedTime", to="1")),
    "another entry of the log": (
        "signature",
        edited(GOOD, *ENTRY, "canonicalizedBody", to=base64.b64encode(b"{}").decode()),
    ),
    "a log that nobody trusts": (
        "signature",
        edited(GOOD, *ENTRY, to=json.loads(FOREIGN.sign(STATEMENT))["verificationMaterial"]["tlogEntries"][0]),
    ),
    "a token of another issuer": ("signature", by(issuer="https://accounts.example.com")),
    "a fork's workflow": ("repository", by(repository="https://github.com/mallory/cams")),
    "a repository that has taken the name": ("repository", by(repository_id="1")),
    "a branch that is not released": (
        "branch",
        by(other(branch="feature", builder=FEATURE), ref="refs/heads/feature"),
    ),
    "a branch that says it is another": ("branch", by(ref="refs/heads/develop")),
    "a pull request": ("branch", by(ref="refs/pull/1/merge")),
    "another workflow of the repository": ("workflow", by(workflow=".github/workflows/evil.yaml")),
    "our command, which has no identity": (
        "workflow",
        by(other(workflow="slipway", builder=f"{REPOSITORY}/slipway@refs/heads/staging")),
    ),
    "another commit than the workflow's": ("commit", by(commit="de" * 20)),
    "another commit than the release's": ("commit", by(other(commit="de" * 20), commit="de" * 20)),
    "another tree": ("tree", by(other(tree="01" * 20))),
    "bundle of another image": ("subject", by(other(digest="sha256:" + "0b" * 32))),
    "too old": ("age", by(other(finished=NOW - timedelta(days=91)))),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_by_the_rule_that_it_breaks(verify: Verify, attack: str) -> None:
    """Also where the library alone would be content."""
    rule, bundle = ATTACKS[attack]

    with pytest.raises(UntrustedError) as refused:
        verify(bundle)

    assert refused.value.rule == rule


def test_a_workflow_of_a_trusted_branch_is_accepted(verify: Verify) -> None:
    """Of the environment's own, and of one that is promoted to it."""
    promoted = by(other(branch="develop", builder=DEVELOP), ref="refs/heads/develop")

    assert verify(GOOD).provenance.builder == BUILDER
    assert verify(promoted).provenance.builder == DEVELOP
