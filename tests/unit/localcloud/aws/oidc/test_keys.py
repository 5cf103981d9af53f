"""Which of an issuer's keys are good for a token, and when the issuer is asked for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import ECKey, Key, RSAKey

from localcloud.aws.oidc import fetch
from localcloud.aws.oidc.keys import IssuersKeys
from localcloud.aws.replies import AwsError
from localcloud.machine import clock

ISSUER = "https://issuer.example"
RSA = RSAKey.generate_key(2048, {"kid": "one"}).as_dict(private=False)


class Published:
    """What an issuer answers, and how often it was asked for its keys."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.keys: list[dict[str, Any]] = [RSA]
        self.asked = 0
        self.issuer = ISSUER
        monkeypatch.setattr(fetch, "document", self._document)

    def _document(self, url: str) -> dict[str, Any]:
        if url.endswith("openid-configuration"):
            return {"issuer": self.issuer, "jwks_uri": f"{ISSUER}/jwks"}
        self.asked += 1
        return {"keys": self.keys}


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Published:
    """An issuer with one RSA key."""
    return Published(monkeypatch)


def found(keys: IssuersKeys, kid: object = "one", algorithm: str = "RS256") -> Key | str:
    """The key, or the code with which the token is refused."""
    try:
        return keys.find(ISSUER, kid, algorithm)
    except AwsError as problem:
        return problem.query[0]


@pytest.mark.parametrize("said", [{"use": "enc"}, {"alg": "RS512"}, {"kty": "EC"}, {"n": 5}, {"kid": "two"}])
def test_a_key_is_used_for_what_it_is_for(published: Published, said: dict[str, Any]) -> None:
    """For signatures by the token's algorithm, under its own id."""
    published.keys = [{**RSA, **said}]

    assert found(IssuersKeys()) == "InvalidIdentityToken"


@pytest.mark.parametrize(("curve", "algorithm"), [("P-256", "ES384"), ("P-384", "ES256"), ("secp256k1", "ES256")])
def test_an_algorithm_has_one_curve(published: Published, curve: str, algorithm: str) -> None:
    """A key on another is none for it."""
    published.keys = [ECKey.generate_key(curve, {"kid": "one"}).as_dict(private=False)]

    assert found(IssuersKeys(), algorithm=algorithm) == "InvalidIdentityToken"


def test_the_discovery_names_the_issuer_that_was_asked(published: Published) -> None:
    """Another's document, served at its place, is none."""
    published.issuer = f"{ISSUER}/other"

    assert found(IssuersKeys()) == "InvalidIdentityToken"


@pytest.mark.parametrize("kid", [None, 1, ["one"], {"one": 1}])
def test_a_kid_is_text(published: Published, kid: object) -> None:
    """Any other is refused, also once the issuer's keys are known, and nobody is asked for it."""
    keys = IssuersKeys()
    assert isinstance(found(keys), RSAKey)

    assert found(keys, kid) == "InvalidIdentityToken"
    assert published.asked == 1


def test_keys_are_asked_for_again(published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a kid that is not known, and after five minutes of the cloud's clock: one that was withdrawn ends then."""
    keys, now = IssuersKeys(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    assert isinstance(found(keys), RSAKey)
    published.keys = [{**RSA, "kid": "two"}]

    assert isinstance(found(keys, "one"), RSAKey)
    assert published.asked == 1
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=5))
    assert found(keys, "one") == "InvalidIdentityToken"
    assert isinstance(found(keys, "two"), RSAKey)
    assert published.asked == 2
