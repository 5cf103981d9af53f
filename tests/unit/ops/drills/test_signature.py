"""A report that was changed, or signed by another key, is told from one that was not."""

from __future__ import annotations

import base64

import pytest

from console.errors import ExplainedError
from ops.drills.signature import Signature, canonical, is_sound, public, read, sign, written
from tests.support.drill_fakes import IDENTITY, failed, report


def test_what_was_signed_is_sound_after_it_was_stored() -> None:
    """Byte for byte the same report, however it was laid out."""
    signed = read(written(sign(report(), IDENTITY)), "it")

    assert signed.report == report()
    assert is_sound(signed)


def test_a_changed_letter_is_seen() -> None:
    """Whoever can write to the bucket cannot make a failed drill a good one."""
    stored = written(sign(report(steps=failed("a row is gone")), IDENTITY))

    changed = read(stored.replace(b'"failed"', b'"passed"'), "it")

    assert changed.report.step("contents").outcome == "passed"
    assert not is_sound(changed)


def test_another_key_signs_otherwise() -> None:
    """The public half tells who it was."""
    other = sign(report(), "AGE-SECRET-KEY-1OTHER")

    assert is_sound(other)
    assert other.signature is not None
    assert other.signature.public != public(IDENTITY)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        Signature(algorithm="none", public="", value=""),
        Signature(public="no base64!", value=""),
        Signature(public=base64.b64encode(b"short").decode(), value=""),
        Signature(public=public(IDENTITY), value=base64.b64encode(bytes(64)).decode()),
    ],
)
def test_what_is_no_signature_is_none(signature: Signature | None) -> None:
    """Of another kind, damaged, or none at all."""
    assert not is_sound(sign(report(), IDENTITY).model_copy(update={"signature": signature}))


def test_the_identity_shows_nowhere() -> None:
    """Neither in what is stored, nor in what is signed."""
    signed = sign(report(), IDENTITY)

    assert b"INVENTED" not in written(signed)
    assert b"INVENTED" not in canonical(signed.report)


@pytest.mark.parametrize("stored", [b"", b"{}", b'{"report": {"id": "a"}}'])
def test_what_is_no_report_is_told(stored: bytes) -> None:
    """With its name."""
    with pytest.raises(ExplainedError, match=r"cannot read drills/x\.json"):
        read(stored, "drills/x.json")
