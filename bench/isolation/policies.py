"""Every policy of an environment: what is written in it, how it is put, and the cells that it can change."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bench.isolation import services, table, tokens
from bench.isolation.scene import SERVICES, Scene
from bench.isolation.table import Cell

Document = dict[str, Any]


class Asked(Protocol):
    """A cell of any kind."""

    @property
    def action(self) -> str: ...
    @property
    def is_own(self) -> bool: ...
    @property
    def is_allowed(self) -> bool: ...
    def differs(self) -> bool: ...


@dataclass(frozen=True)
class Policy:
    """One document where it hangs."""

    name: str
    document: Document
    put: Callable[[Document], object]
    """With an empty list of statements it is taken away."""
    cells: Sequence[Asked]
    denied: Sequence[Asked] = ()
    """What can be asked only of an identity that somebody has made an administrator."""


def of(scene: Scene, home: str, every: Sequence[Cell]) -> list[Policy]:
    """All of an environment's, with the cells among these that each can change."""
    mine = [cell for cell in every if cell.who.home == home]
    shown = tokens.of(scene, home)
    whos = [who for who in ("deploy", *SERVICES, "pull") if any(cell.who.who == who for cell in mine)]
    return [
        *(_identity(scene, home, who, [cell for cell in mine if cell.who.who == who]) for who in whos),
        *(_trust(scene, home, who, [cell for cell in shown if cell.who == who]) for who in whos if who != "pull"),
        *(_bucket(scene, home, use, mine) for use in ("backups", "media", "logs")),
        _key(scene, home, [cell for cell in mine if cell.is_own]),
        *_repository(scene, home),
    ]


def _identity(scene: Scene, home: str, who: str, cells: Sequence[Asked]) -> Policy:
    iam, kind = scene.administrator("iam"), "user" if who == "pull" else "role"
    where = {f"{kind.capitalize()}Name": scene.stacks[home].names.identity(who), "PolicyName": who}

    def put(document: Document) -> None:
        if document["Statement"]:
            getattr(iam, f"put_{kind}_policy")(**where, PolicyDocument=json.dumps(document))
        else:
            getattr(iam, f"delete_{kind}_policy")(**where)

    document = getattr(iam, f"get_{kind}_policy")(**where)["PolicyDocument"]
    denied = table.denied_cells(scene, home) if who == "backup" else ()
    return Policy(f"{home} {who}", document, put, cells, denied)


def _trust(scene: Scene, home: str, who: str, cells: Sequence[Asked]) -> Policy:
    iam, name = scene.administrator("iam"), scene.stacks[home].names.identity(who)

    def put(document: Document) -> None:
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(document))

    document = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
    return Policy(f"{home} trust of {who}", document, put, cells)


def _bucket(scene: Scene, home: str, use: str, mine: Sequence[Cell]) -> Policy:
    s3, name = scene.administrator("s3"), scene.stacks[home].names.bucket(use)
    me = scene.administrator("sts").get_caller_identity()["Arn"]

    def put(document: Document) -> None:
        if document["Statement"]:
            s3.put_bucket_policy(Bucket=name, Policy=json.dumps(_with_a_way_back(document, me)))
        else:
            s3.delete_bucket_policy(Bucket=name)

    document = json.loads(s3.get_bucket_policy(Bucket=name)["Policy"])
    cells: list[Asked] = [cell for cell in mine if cell.is_own and cell.what.startswith(f"{use}: ")]
    if use == "logs":
        cells += services.deliveries(scene, home)
    cells.sort(key=lambda cell: isinstance(cell, Cell) and cell.who.who != "administrator")
    return Policy(f"{home} bucket {use}", document, put, cells)


def _with_a_way_back(document: Document, administrator: str) -> Document:
    """What shuts everybody out for good leaves the administrator in: nobody else could put the policy back."""
    but = {"Condition": {"ArnNotEquals": {"aws:PrincipalArn": administrator}}}
    statements = [
        {**one, **but} if one["Effect"] == "Deny" and "Condition" not in one else one for one in document["Statement"]
    ]
    return {**document, "Statement": statements}


def _key(scene: Scene, home: str, own: Sequence[Cell]) -> Policy:
    kms, key = scene.administrator("kms"), scene.places[home].key

    def put(document: Document) -> None:
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(document))

    document = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    cells: list[Asked] = [*services.alarms(scene, home), *(cell for cell in own if cell.what.startswith("key: "))]
    return Policy(f"{home} key", document, put, cells)


def _repository(scene: Scene, home: str) -> list[Policy]:
    ecr, name = scene.administrator("ecr"), scene.stacks[home].names.repository

    def put(document: Document) -> None:
        if document["Statement"]:
            ecr.set_repository_policy(repositoryName=name, policyText=json.dumps(document))
        else:
            ecr.delete_repository_policy(repositoryName=name)

    if scene.stacks[home].after is None:
        return []
    document = json.loads(ecr.get_repository_policy(repositoryName=name)["policyText"])
    return [Policy(f"{home} repository", document, put, services.copies(scene, home))]
