"""Values that are made once."""

from __future__ import annotations

import base64
import string
import uuid
from typing import Any

import pytest

from localcloud.plugins.random.provider import RandomProvider, provider
from pulumi_plugin.values import Secret, Values, plain
from tests.support.plugin_engine import call

PASSWORD = "random:index/randomPassword:RandomPassword"


@pytest.fixture
def plugin() -> RandomProvider:
    """The plugin."""
    return provider()


def made(plugin: RandomProvider, type_: str, **news: Any) -> tuple[str, Values, Values]:
    """The id, the inputs and the state of a new value."""
    inputs, failures = plugin.check(call(type_, inputs=news))
    assert failures == []
    resource_id, state = plugin.create(call(type_, inputs=inputs))
    return resource_id, inputs, state


def test_a_password_has_what_it_was_asked_for(plugin: RandomProvider) -> None:
    """As many of each kind as the minima say, nothing of a kind that is off, and it shows nowhere."""
    resource_id, _, state = made(
        plugin, PASSWORD, length=40, upper=False, minNumeric=30, minSpecial=5, overrideSpecial="_"
    )

    result = plain(state["result"])
    assert isinstance(state["result"], Secret)
    assert resource_id == "none"
    assert len(result) == 40
    assert sum(each in string.digits for each in result) >= 30
    assert result.count("_") >= 5
    assert set(result) <= set(string.digits + string.ascii_lowercase + "_")
    assert result not in repr(state)


def test_two_passwords_differ_and_one_stays(plugin: RandomProvider) -> None:
    """A refresh gives what the state holds."""
    _, inputs, state = made(plugin, PASSWORD, length=32)
    _, _, other = made(plugin, PASSWORD, length=32)

    found = plugin.read(call(PASSWORD, id="none", inputs=inputs, state=plain(state)))

    assert found is not None
    assert plain(found[1]) == plain(state)
    assert plain(other["result"]) != plain(state["result"])


def test_every_change_of_a_password_makes_a_new_one(plugin: RandomProvider) -> None:
    """Keepers above all; the same inputs make none."""
    inputs, _ = plugin.check(call(PASSWORD, inputs={"length": 32, "keepers": {"turn": "1"}}))
    same, _ = plugin.check(call(PASSWORD, inputs={"length": 32, "keepers": {"turn": "1"}}, old_inputs=inputs))
    turned, _ = plugin.check(call(PASSWORD, inputs={"length": 32, "keepers": {"turn": "2"}}, old_inputs=inputs))

    assert dict(plugin.diff(call(PASSWORD, inputs=same, old_inputs=inputs)).kinds) == {}
    assert plugin.diff(call(PASSWORD, inputs=turned, old_inputs=inputs)).replaces == ["keepers"]


@pytest.mark.parametrize(
    "news",
    [
        {"length": 3, "minUpper": 4},
        {"length": 0},
        {"length": 8, "lower": False, "upper": False, "numeric": False, "special": False},
    ],
)
def test_a_password_that_cannot_be_made_fails_its_check(plugin: RandomProvider, news: Values) -> None:
    """At its length."""
    _, failures = plugin.check(call(PASSWORD, inputs=news))

    assert [path for path, _ in failures] == ["length"]


def test_a_password_is_imported_by_its_value(plugin: RandomProvider) -> None:
    """A program of that length has nothing to change."""
    found = plugin.read(call(PASSWORD, id="canary-1"))
    inputs, _ = plugin.check(call(PASSWORD, inputs={"length": 8}))

    assert found is not None
    assert repr(found[1]["result"]) == "Secret(***)"
    assert plain(found[1]["result"]) == "canary-1"
    assert dict(plugin.diff(call(PASSWORD, inputs=inputs, old_inputs=found[2])).kinds) == {}


def test_bytes_are_secret_in_both_their_forms(plugin: RandomProvider) -> None:
    """The same bytes as base64 and as hexadecimal digits."""
    _, _, state = made(plugin, "random:index/randomBytes:RandomBytes", length=32)

    assert isinstance(state["hex"], Secret)
    assert base64.b64decode(plain(state["base64"])).hex() == plain(state["hex"])
    assert len(plain(state["hex"])) == 64


def test_ids_strings_and_uuids_have_their_own_ids(plugin: RandomProvider) -> None:
    """Those are no secrets: the value names the resource, as with the real plugin."""
    one, _, id_state = made(plugin, "random:index/randomId:RandomId", byteLength=4, prefix="p-")
    two, _, string_state = made(plugin, "random:index/randomString:RandomString", length=6, special=False)
    three, _, uuid_state = made(plugin, "random:index/randomUuid:RandomUuid")

    assert (id_state["b64Url"], id_state["hex"][:2], len(id_state["hex"])) == (f"p-{one}", "p-", 10)
    assert (two, three) == (string_state["result"], uuid_state["result"])
    assert uuid.UUID(three).version == 4
