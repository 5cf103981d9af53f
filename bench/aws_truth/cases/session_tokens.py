"""Temporary keys: good with their own token alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bench.aws_truth.hand import (
    WHO,
    Scene,
    case,
)
from tests.support.signer import Signer


def _token(scene: Scene, change: Callable[[str], str]) -> Signer:
    keys = scene.session()
    return replace(scene.admin, keys=keys | {"SessionToken": change(keys["SessionToken"])})


def _altered(token: str) -> str:
    return token[:-1] + ("A" if token[-1] != "A" else "B")


def _no_token(scene: Scene) -> Signer:
    keys = scene.session()
    del keys["SessionToken"]
    return replace(scene.admin, keys=keys)


def _token_of_another(scene: Scene) -> Signer:
    return replace(scene.admin, keys=scene.session() | {"SessionToken": scene.session()["SessionToken"]})


def _token_with_a_lasting_key(scene: Scene) -> Signer:
    return replace(scene.admin, keys=scene.account.keys | {"SessionToken": scene.session()["SessionToken"]})


CASES = [
    case("S3, with a session's token", lambda s: s.send(signer=_token(s, str))),
    case("S3, a session's key without its token", lambda s: s.send(signer=_no_token(s)), "InvalidAccessKeyId"),
    case("S3, a token with one letter changed", lambda s: s.send(signer=_token(s, _altered)), "InvalidToken"),
    case("S3, the token of another session", lambda s: s.send(signer=_token_of_another(s)), "InvalidToken"),
    case("S3, a token with a lasting key", lambda s: s.send(signer=_token_with_a_lasting_key(s)), "InvalidToken"),
    case(
        "KMS, a token with one letter changed",
        lambda s: s.kms(keys=_token(s, _altered).keys),
        "UnrecognizedClientException",
    ),
    case(
        "KMS, a session's key without its token",
        lambda s: s.kms(keys=_no_token(s).keys),
        "UnrecognizedClientException",
    ),
    case(
        "STS, the token of another session",
        lambda s: s.query("sts", WHO, keys=_token_of_another(s).keys),
        "InvalidClientTokenId",
    ),
    case("S3, a link with a session's token", lambda s: s.link(signer=_token(s, str))),
    case("S3, a link with a token changed", lambda s: s.link(signer=_token(s, _altered)), "InvalidToken"),
    case("S3, a link of a session without its token", lambda s: s.link(signer=_no_token(s)), "InvalidAccessKeyId"),
]
