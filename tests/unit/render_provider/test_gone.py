"""What somebody deleted at Render: made anew, or refused where data are lost with it."""

from __future__ import annotations

from typing import Any

import pytest

from render_provider.provider.resources import RESOURCES
from tests.support.driver import Driver, Kept
from tests.support.fake_render import FakeRender
from tests.unit.render_provider.test_life import LIVES

FOLDERS = {
    "Environment": "environments",
    "Postgres": "postgres",
    "KeyValue": "key-value",
    "EnvGroup": "env-groups",
    "RegistryCredential": "registrycredentials",
}
HOLDING = ["Environment", "Postgres", "KeyValue"]
EMPTY = sorted(LIVES.keys() - set(HOLDING))


def made(provider: Driver, kind: str, **changes: Any) -> tuple[Kept, dict[str, Any]]:
    inputs = {**LIVES[kind][0], **changes}
    return provider.create(kind, **inputs), inputs


def delete(render: FakeRender, kind: str, kept: Kept) -> None:
    """In the dashboard."""
    del render.things[FOLDERS.get(kind, "services")][kept.id]


def test_every_kind_says_whether_it_is_still_there() -> None:
    """A deploy is its service's; what else has no list would never be missed."""
    alone = {type_ for type_, resource in RESOURCES.items() if not resource.folder}

    assert {type_.rpartition(":")[2] for type_ in alone} == {"Environment", "EnvGroupLink", "CustomDomain", "Deploy"}


@pytest.mark.parametrize("kind", EMPTY)
@pytest.mark.parametrize("changed", [False, True], ids=["unchanged", "changed"])
def test_what_holds_no_data_is_made_anew(provider: Driver, render: FakeRender, kind: str, changed: bool) -> None:
    """Replaced, so that those that name it learn its new id; the deletion of what is gone succeeds."""
    kept, inputs = made(provider, kind)
    inputs |= LIVES[kind][1] if changed else {}
    delete(render, kind, kept)

    found = provider.diff(kind, kept, **inputs)
    provider.delete(kind, kept)
    again = provider.create(kind, **inputs)

    assert (found.diffs, found.replaces) == (["id"], ["id"])
    assert ("warning", f"{kept.id} is gone at Render: making it anew") in provider.said
    assert again.id != kept.id
    assert provider.refresh(kind, again) is not None


@pytest.mark.parametrize("kind", HOLDING)
def test_what_held_data_is_refused_until_its_loss_is_accepted(
    provider: Driver, render: FakeRender, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """By name; neither a plain `up` nor a refresh lets it pass without a word."""
    kept, inputs = made(provider, kind)
    delete(render, kind, kept)
    name = inputs["name"]
    refused = (
        rf"^{name} \({kept.id}\) is gone at Render: somebody deleted it, and with it \w.*\n\n"
        rf"hint: to go on with a new, empty one: \./slipway up staging --recreate {name} "
        rf"\(without slipway: RENDER_RECREATE={name} pulumi up --refresh\)$"
    )

    with pytest.raises(Exception, match=refused):
        provider.diff(kind, kept, **inputs)
    with pytest.raises(Exception, match=refused):
        provider.refresh(kind, kept)
    monkeypatch.setenv("RENDER_RECREATE", f"other,{name}")

    with pytest.raises(Exception, match=refused):  # the engine would refuse to replace what it protects
        provider.diff(kind, kept, **inputs)
    assert provider.refresh(kind, kept) is None


@pytest.mark.parametrize("change", [{"plan": "free"}, {"persistenceMode": "off"}])
def test_a_store_that_persists_nothing_holds_no_data(
    provider: Driver, render: FakeRender, change: dict[str, Any]
) -> None:
    """A restart would have emptied it as well."""
    kept, inputs = made(provider, "KeyValue", **change)
    delete(render, "KeyValue", kept)

    assert provider.diff("KeyValue", kept, **inputs).replaces == ["id"]
    assert provider.refresh("KeyValue", kept) is None


@pytest.mark.parametrize("end", ["link", "group", "service"])
def test_a_link_is_gone_with_either_end(provider: Driver, render: FakeRender, end: str) -> None:
    """And when it alone was cut."""
    group = provider.create("EnvGroup", logical="g", name="shared", envVars={"A": "1"})
    service, _ = made(provider, "WebService")
    link = provider.create("EnvGroupLink", envGroupId=group.id, serviceId=service.id)
    inputs = {"envGroupId": group.id, "serviceId": service.id}
    if end == "group":
        delete(render, "EnvGroup", group)
    else:  # Render takes a service out of its groups
        render.things["env-groups"][group.id]["serviceLinks"] = []

    assert provider.diff("EnvGroupLink", link, **inputs).replaces == ["id"]
    provider.delete("EnvGroupLink", link)


def test_a_domain_removed_by_hand_is_made_anew(provider: Driver, render: FakeRender) -> None:
    """Its name is its identity."""
    service, _ = made(provider, "WebService")
    inputs = {"serviceId": service.id, "name": "exams.example.org"}
    domain = provider.create("CustomDomain", **inputs)
    stays = provider.diff("CustomDomain", domain, **inputs)

    again = Driver(render)
    render.domains[service.id].clear()

    assert stays.changes is False
    assert again.diff("CustomDomain", domain, **inputs).replaces == ["id"]


def test_a_look_is_one_list_a_kind(provider: Driver, render: FakeRender) -> None:
    """However much there is: nothing is asked for by itself as long as the lists show it."""
    kept = [(kind, *made(provider, kind)) for kind in ("WebService", "Postgres", "KeyValue", "EnvGroup")]
    kept += [("CronJob", *made(provider, "CronJob")), ("Environment", *made(provider, "Environment"))]
    render.asked.clear()

    for _ in range(3):
        for kind, one, inputs in kept:
            assert provider.check(kind, inputs, one.inputs) == {}
            assert provider.diff(kind, one, **inputs).changes is False

    lists = ["env-groups", "environments", "key-value", "postgres", "registrycredentials", "services"]
    assert sorted(render.asked) == [("GET", f"/{name}", None) for name in lists]


def test_what_a_list_leaves_out_is_asked_for_by_itself(provider: Driver, render: FakeRender) -> None:
    """A list may lag behind, or be refused to this key: nothing is replaced because of it."""
    kept, inputs = made(provider, "WebService")
    render.refuse = {"GET /services": (403, {"message": "forbidden"})}

    assert provider.diff("WebService", kept, **inputs).changes is False


def test_render_out_of_reach_is_told_and_replaces_nothing(provider: Driver, render: FakeRender) -> None:
    """No answer says nothing of what is there."""
    kept, inputs = made(provider, "WebService")
    internal = (500, {"message": "internal"})
    render.refuse = {"GET /services": internal, f"GET /services/{kept.id}": internal}

    with pytest.raises(Exception, match=rf"GET /services/{kept.id}: internal \(HTTP 500"):
        provider.diff("WebService", kept, **inputs)
