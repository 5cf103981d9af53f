"""The tests that an image has passed: a signed statement that hangs on it, and where the run can be looked at.

https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md
"""

from __future__ import annotations

import json

from ops.doors.committed import Commit
from ops.releases import attachments
from ops.releases.authority import Authority
from ops.releases.provenance import STATEMENT
from registry_api.images import Images
from registry_api.manifests import Manifest

PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"


def attach(authority: Authority, images: Images, manifest: Manifest, commit: Commit, run: str) -> str:
    """Hang it on the image; gives the artifact's digest."""
    stack = authority.stack
    tested = {"uri": f"git+{stack.github.url}", "digest": {"gitCommit": commit.id, "gitTree": commit.tree}}
    said = {
        "_type": STATEMENT,
        "subject": [{"name": stack.application.name, "digest": {"sha256": manifest.digest.removeprefix("sha256:")}}],
        "predicateType": PREDICATE,
        "predicate": {"result": "PASSED", "url": run, "configuration": [tested]},
    }
    statement = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    return attachments.attach_bundle(images, manifest, authority.sign(statement), PREDICATE)
