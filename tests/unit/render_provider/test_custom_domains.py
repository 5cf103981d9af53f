"""Custom domains: the name that serves, its companion, and moves between services."""

from __future__ import annotations

import re
from typing import Any

import pytest

from render_api.errors import RenderError
from tests.support.driver import Driver, Kept
from tests.support.fake_render import FakeRender


def test_the_redirecting_companion_is_not_ours(provider: Driver, render: FakeRender) -> None:
    """Render adds example.com to www.example.com by itself: no drift, and it goes with ours (issue 65)."""
    inputs: dict[str, Any] = {"serviceId": "srv-1", "name": "www.example.com"}
    render.things["services"]["srv-1"] = {"id": "srv-1"}
    made = provider.create("CustomDomain", **inputs)

    refreshed = provider.refresh("CustomDomain", made)
    names = [domain["name"] for domain in render.domains["srv-1"]]
    provider.delete("CustomDomain", made)

    assert made.id == "srv-1/www.example.com"
    assert refreshed is not None
    assert refreshed.inputs == inputs
    assert names == ["www.example.com", "example.com"]
    assert render.domains["srv-1"] == []


def held(render: FakeRender) -> dict[str, str]:
    """The domains of srv-1, each with the one that it redirects to."""
    return {domain["name"]: domain["redirectForName"] for domain in render.domains["srv-1"]}


def test_of_an_apex_and_its_www_name_the_declared_one_serves(provider: Driver, render: FakeRender) -> None:
    """The other one redirects; declared as the companion, it comes back when it was removed elsewhere."""
    render.things["services"]["srv-1"] = {"id": "srv-1"}
    inputs: dict[str, Any] = {"serviceId": "srv-1", "name": "example.com", "companion": "www.example.com"}
    made = provider.create("CustomDomain", **inputs)
    first = held(render)

    render.domains["srv-1"].pop()
    refreshed = provider.refresh("CustomDomain", made)
    assert refreshed is not None
    found = provider.diff("CustomDomain", refreshed, **inputs)
    mended = provider.update("CustomDomain", refreshed, **inputs)

    assert first == {"example.com": "", "www.example.com": "example.com"}
    assert (found.diffs, found.replaces) == (["companion"], [])
    assert set(held(render)) == {"example.com", "www.example.com"}
    assert provider.diff("CustomDomain", mended, **inputs).changes is False


def test_a_pair_is_turned_round_by_making_it_anew(provider: Driver, render: FakeRender) -> None:
    """The old one goes first, with its redirect: made beside it, the new one would be that redirect, and go too."""
    render.things["services"]["srv-1"] = {"id": "srv-1"}
    made = provider.create("CustomDomain", serviceId="srv-1", name="example.com", companion="www.example.com")
    turned = {"serviceId": "srv-1", "name": "www.example.com", "companion": "example.com"}

    found = provider.diff("CustomDomain", made, **turned)
    provider.delete("CustomDomain", made)
    gone = held(render)
    provider.create("CustomDomain", **turned)

    assert ("name" in found.replaces, found.delete_before_replace) == (True, True)
    assert gone == {}
    assert held(render) == {"www.example.com": "", "example.com": "www.example.com"}


def test_a_domain_moves_to_another_service_by_leaving_the_first(provider: Driver, render: FakeRender) -> None:
    """Render knows a name once."""
    render.things["services"]["srv-1"] = {"id": "srv-1"}
    made = provider.create("CustomDomain", serviceId="srv-1", name="example.com")

    found = provider.diff("CustomDomain", made, serviceId="srv-2", name="example.com")

    assert (found.replaces, found.delete_before_replace) == (["serviceId"], True)


def test_a_name_that_redirects_is_not_removed_from_under_the_one_that_serves(
    provider: Driver, render: FakeRender
) -> None:
    """A state that holds both, as older programs declared them, forgets one without taking either away."""
    render.things["services"]["srv-1"] = {"id": "srv-1"}
    provider.create("CustomDomain", logical="apex", serviceId="srv-1", name="example.com")
    www = {"serviceId": "srv-1", "name": "www.example.com"}
    redirecting = Kept("srv-1/www.example.com", www, www, set())

    provider.delete("CustomDomain", redirecting)

    assert held(render) == {"example.com": "", "www.example.com": "example.com"}


def test_a_declared_name_that_redirects_is_made_to_serve(provider: Driver, render: FakeRender) -> None:
    """Turned round in the dashboard, or left so by chance: the next update turns it back, and a preview says so."""
    render.things["services"]["srv-1"] = {"id": "srv-1"}
    inputs: dict[str, Any] = {"serviceId": "srv-1", "name": "example.com", "companion": "www.example.com"}
    made = provider.create("CustomDomain", **inputs)
    apex, www = render.domains["srv-1"]
    apex["redirectForName"], www["redirectForName"] = "www.example.com", ""

    refreshed = provider.refresh("CustomDomain", made)
    assert refreshed is not None
    found = provider.diff("CustomDomain", refreshed, **inputs)
    mended = provider.update("CustomDomain", refreshed, **inputs)

    assert (found.changes, found.replaces) == (True, [])
    assert held(render) == {"example.com": "", "www.example.com": "example.com"}
    assert provider.diff("CustomDomain", mended, **inputs).changes is False


@pytest.mark.parametrize(
    ("holder", "told"),
    [
        (
            {"srv-2": [{"id": "cdm-1", "name": "example.com"}]},
            "exams (srv-2) has it: remove it there (https://d/2)",
        ),
        ({}, "a service of another workspace has it: its owner removes it there, or Render's support does"),
    ],
)
def test_a_domain_that_another_service_has_is_told_with_its_owner(
    provider: Driver, render: FakeRender, holder: dict[str, Any], told: str
) -> None:
    """Render says that it is taken, and not by whom."""
    for key, name in (("srv-1", "web"), ("srv-2", "exams")):
        page = f"https://d/{key[-1]}"
        render.things["services"][key] = {"id": key, "name": name, "type": "web_service", "dashboardUrl": page}
    render.domains |= holder
    render.refuse["POST /services/srv-1/custom-domains"] = (400, {"message": "example.com is already in use"})

    with pytest.raises(RenderError, match=re.escape(f"hint: {told}, then run the same command again")):
        provider.create("CustomDomain", serviceId="srv-1", name="example.com")


def test_a_domain_is_imported_by_service_and_name(provider: Driver, render: FakeRender) -> None:
    """The id says both; anything else is told what it should be."""
    render.things["services"]["srv-1"] = {"id": "srv-1"}
    made = provider.create("CustomDomain", serviceId="srv-1", name="a.example.com")

    imported = provider.adopt("CustomDomain", made.id)

    assert imported is not None
    assert imported.inputs == {"serviceId": "srv-1", "name": "a.example.com"}
    with pytest.raises(
        Exception, match=r"hint: pulumi import render:index:CustomDomain NAME srv-…/www\.example\.com"
    ):
        provider.adopt("CustomDomain", "cdm-1")
