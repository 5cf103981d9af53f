"""Provenance: of which commit an image was built, by whom and when; an in-toto statement with SLSA's predicate.

https://slsa.dev/spec/v1.1/provenance, https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from ops.releases.refusal import UntrustedError

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://slsa.dev/provenance/v1"
BUILD_TYPE = "https://actions.github.io/buildtypes/workflow/v1"  # whose fields these are


@dataclass(frozen=True)
class Built:
    """One build, as it is told."""

    application: str
    digest: str
    repository: str  # https://github.com/ORGANIZATION/REPOSITORY
    repository_id: int
    branch: str
    workflow: str  # the file in the repository that builds
    builder: str
    commit: str
    tree: str
    sbom: str  # digest of the document
    parameters: dict[str, str]
    run: str  # where the run can be looked at, or nothing
    started: datetime
    finished: datetime

    def statement(self) -> bytes:
        """What is signed."""
        ref = f"refs/heads/{self.branch}"
        source = {"uri": f"git+{self.repository}@{ref}", "digest": {"gitCommit": self.commit, "gitTree": self.tree}}
        definition = {
            "buildType": BUILD_TYPE,
            "externalParameters": {
                "workflow": {"ref": ref, "repository": self.repository, "path": self.workflow},
                **self.parameters,
            },
            "internalParameters": {"github": {"repository_id": str(self.repository_id)}},
            "resolvedDependencies": [source],
        }
        times = {"startedOn": _written(self.started), "finishedOn": _written(self.finished)}
        sbom = {"name": "sbom", "mediaType": "application/vnd.cyclonedx+json", "digest": _sha256(self.sbom)}
        run = {
            "builder": {"id": self.builder},
            "metadata": {**({"invocationId": self.run} if self.run else {}), **times},
            "byproducts": [sbom],
        }
        said = {
            "_type": STATEMENT,
            "subject": [{"name": self.application, "digest": _sha256(self.digest)}],
            "predicateType": PREDICATE,
            "predicate": {"buildDefinition": definition, "runDetails": run},
        }
        return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


class _Read(BaseModel):
    """What others may say beside is theirs."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Digest(_Read):
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class _Subject(_Read):
    digest: _Digest


class _Commit(_Read):
    gitCommit: str = Field(pattern=r"^[0-9a-f]{40,64}$")  # noqa: N815 (in-toto's own name)
    gitTree: str = Field(pattern=r"^[0-9a-f]{40,64}$")  # noqa: N815 (as above)


class _Source(_Read):
    uri: str
    digest: _Commit


class _Workflow(_Read):
    ref: str
    repository: str
    path: str


class _External(_Read):
    workflow: _Workflow


class _GitHub(_Read):
    repository_id: str


class _Internal(_Read):
    github: _GitHub


class _Definition(_Read):
    buildType: Literal["https://actions.github.io/buildtypes/workflow/v1"]  # noqa: N815 (SLSA's own name)
    externalParameters: _External  # noqa: N815 (as above)
    internalParameters: _Internal  # noqa: N815 (as above)
    resolvedDependencies: tuple[_Source] = Field(description="The source, and nothing else.")  # noqa: N815 (as above)


class _Builder(_Read):
    id: str


class _Times(_Read):
    finishedOn: AwareDatetime  # noqa: N815 (as above)


class _Byproduct(_Read):
    name: Literal["sbom"]
    digest: _Digest


class _Run(_Read):
    builder: _Builder
    metadata: _Times
    byproducts: tuple[_Byproduct]


class _Predicate(_Read):
    buildDefinition: _Definition  # noqa: N815 (as above)
    runDetails: _Run  # noqa: N815 (as above)


class Provenance(_Read):
    """What a statement says, once its signature is known to be good."""

    kind: Literal["https://in-toto.io/Statement/v1"] = Field(alias="_type")
    subject: tuple[_Subject] = Field(description="One image: a statement about two could be about any.")
    predicateType: Literal["https://slsa.dev/provenance/v1"]  # noqa: N815 (in-toto's own name)
    predicate: _Predicate

    @classmethod
    def read(cls, payload: bytes) -> Provenance:
        """The statement, or the rule that it breaks."""
        try:
            return cls.model_validate_json(payload)
        except ValidationError as error:
            wrong = "; ".join(f"{'/'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
            raise UntrustedError("statement", f"it is no provenance of one image and one source: {wrong}") from error

    @property
    def digest(self) -> str:
        return f"sha256:{self.subject[0].digest.sha256}"

    @property
    def workflow(self) -> _Workflow:
        return self.predicate.buildDefinition.externalParameters.workflow

    @property
    def repository_id(self) -> str:
        return self.predicate.buildDefinition.internalParameters.github.repository_id

    @property
    def source(self) -> _Source:
        return self.predicate.buildDefinition.resolvedDependencies[0]

    @property
    def commit(self) -> str:
        return self.source.digest.gitCommit

    @property
    def tree(self) -> str:
        return self.source.digest.gitTree

    @property
    def builder(self) -> str:
        return self.predicate.runDetails.builder.id

    @property
    def sbom(self) -> str:
        return f"sha256:{self.predicate.runDetails.byproducts[0].digest.sha256}"

    @property
    def finished(self) -> datetime:
        return self.predicate.runDetails.metadata.finishedOn


def _sha256(digest: str) -> dict[str, str]:
    return {"sha256": digest.removeprefix("sha256:")}


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
