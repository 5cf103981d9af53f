"""Every way to forge a token of GitHub's workflows or Render's services, and the way to make a good one."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from typing import Any

from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey

from bench.aws_truth.web_identity import Scene, Token
from tests.support.tokens import JOB, WORKSPACE, of_job, of_service, rsa

IDS = JOB.model_copy(update={"subjects": "ids"})


def job(**changes: Any) -> Token:
    """A workflow's token, with some claims otherwise than GitHub would write them."""
    return lambda scene: scene.github.sign(of_job(JOB, **changes))


def job_by_ids(**changes: Any) -> Token:
    """The same of a repository whose subjects have the ids."""
    return lambda scene: scene.github.sign(of_job(IDS, **changes))


def workflow(**told: Any) -> Token:
    """A token of another job, as GitHub itself would write it; with `subjects="ids"` in the new format."""
    return lambda scene: scene.github.sign(of_job(JOB.model_copy(update=told)))


def service(*names: str, **changes: Any) -> Token:
    """A service's token."""
    return lambda scene: scene.render.sign(of_service(*names, **changes))


def _part(value: dict[str, Any]) -> str:
    return _encoded(json.dumps(value).encode())


def _encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def wrong_key(whose: str) -> Token:
    """The issuer's kid, another key."""

    def token(scene: Scene) -> str:
        issuer, claims = (scene.github, of_job()) if whose == "github" else (scene.render, of_service())
        return issuer.sign(claims, key=rsa(str(issuer.key.kid)))

    return token


def altered(scene: Scene) -> str:
    """Claims changed after they were signed."""
    header, _, signature = scene.github.sign(of_job(environment="dev")).split(".")
    return f"{header}.{_part({'iss': scene.github.url, **of_job()})}.{signature}"


def altered_service(scene: Scene) -> str:
    """The same, of a service."""
    header, _, signature = scene.render.sign(of_service(environment="evm-other")).split(".")
    return f"{header}.{_part({'iss': scene.render.url, **of_service()})}.{signature}"


def unsigned(algorithm: str) -> Token:
    """No signature, and an algorithm that needs none or seems to."""

    def token(scene: Scene) -> str:
        header = {"alg": algorithm, "kid": scene.github.key.kid, "typ": "JWT"}
        return f"{_part(header)}.{_part({'iss': scene.github.url, **of_job()})}."

    return token


def by_the_public_key(whose: str) -> Token:
    """The public key, which everybody has, taken for a shared secret."""

    def token(scene: Scene) -> str:
        issuer, claims = (scene.github, of_job()) if whose == "github" else (scene.render, of_service())
        public = issuer.key.as_pem(private=False) if isinstance(issuer.key, RSAKey) else b""
        signed = f"{_part({'alg': 'HS256', 'kid': issuer.key.kid})}.{_part({'iss': issuer.url, **claims})}"
        return f"{signed}.{_encoded(hmac.digest(public, signed.encode(), 'sha256'))}"

    return token


def own_key_in_header(scene: Scene) -> str:
    """The key that signed it is offered in the header."""
    mine = rsa("mine")
    return scene.github.sign(of_job(), key=mine, kid=scene.github.key.kid, jwk=mine.as_dict(private=False))


def kid_of_the_other(scene: Scene) -> str:
    """A key that another issuer has."""
    other = rsa("of-render-alone")
    if all(key.kid != other.kid for key in scene.render.keys):
        scene.render.keys.append(other)
    return scene.github.sign(of_job(), key=next(key for key in scene.render.keys if key.kid == other.kid))


def without_kid(scene: Scene) -> str:
    """It does not say by which key."""
    return jwt.encode({"alg": "RS256"}, {"iss": scene.github.url, **of_job()}, scene.github.key)


def duplicate(name: str, first: Any) -> Token:
    """A claim that stands twice, first with another value."""

    def token(scene: Scene) -> str:
        text = json.dumps({"iss": scene.github.url, **of_job()})
        return _signed(scene, f'{{"{name}": {json.dumps(first)}, {text[1:]}')

    return token


def _signed(scene: Scene, payload: str) -> str:
    return jws.serialize_compact({"alg": "RS256", "kid": scene.github.key.kid}, payload.encode(), scene.github.key)


def headed(scene: Scene, **said: Any) -> str:
    """A header that says something else, under a signature of other bytes."""
    header = _part({"alg": "RS256", "typ": "JWT", **said})
    _, claims, signature = scene.github.sign(of_job()).split(".")
    return f"{header}.{claims}.{signature}"


def critical(scene: Scene) -> str:
    """A header that must be understood and is not."""
    return headed(scene, kid=scene.github.key.kid, crit=["exp"], exp=1)


def spare_bits(scene: Scene) -> str:
    """The last letter of the signature has bits that mean nothing: another letter, the same bytes."""
    token = scene.github.sign(of_job())
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + letters[letters.index(token[-1]) ^ 1]


def after(tail: str) -> Token:
    """Something after the end."""
    return lambda scene: scene.github.sign(of_job()) + tail


def by_curve(scene: Scene) -> str:
    """An issuer's second key, on a curve."""
    if len(scene.github.keys) < 2:
        scene.github.keys.append(ECKey.generate_key("P-256", {"kid": "curve"}))
    return scene.github.sign(of_job(), key=next(key for key in scene.github.keys if key.kid == "curve"))


def unregistered_workspace(scene: Scene) -> str:
    """Of a workspace that the account does not trust."""
    other = "tea-workspaceofothers00"
    return jwt.encode(
        {"alg": "RS256", "kid": scene.render.key.kid},
        {"iss": scene.render.url.replace(WORKSPACE, other), **of_service(workspace=other)},
        scene.render.key,
    )


def signed_by_render(scene: Scene) -> str:
    """One issuer's key under the other's name."""
    return scene.render.sign({**of_job(), "iss": scene.github.url})


def render_for_github(scene: Scene) -> str:
    """A good token of Render's with a workflow's subject."""
    return scene.render.sign(of_job())
