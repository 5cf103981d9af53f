"""Custom domains: they come in pairs, and each is registered once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.render_api_fake import Api, create, serving, web


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with serving(tmp_path) as served:
        yield served


def test_custom_domains_come_in_pairs(api: Api) -> None:
    """An apex brings its www name as a redirect; both go together; verify makes it verified."""
    service, _ = create(api, web())
    path = f"/v1/services/{service['id']}/custom-domains"

    made = api.call("POST", path, {"name": "example.com"}, status=201)
    api.call("POST", f"{path}/example.com/verify", status=202)
    listed = [item["customDomain"] for item in api.call("GET", path)]
    api.call("DELETE", f"{path}/{made[0]['id']}", status=204)

    assert [(item["name"], item["redirectForName"]) for item in made] == [
        ("example.com", ""),
        ("www.example.com", "example.com"),
    ]
    assert [item["verificationStatus"] for item in listed] == ["verified", "unverified"]
    assert api.call("GET", path) == []
    assert api.runtime.called("set_slug")[-2:] == [
        (service["id"], ("web", {"example.com": "", "www.example.com": "example.com"})),
        (service["id"], ("web", {})),
    ]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        (
            "www.example.co.uk",
            [
                ("www.example.co.uk", "subdomain", "co.uk", ""),
                ("example.co.uk", "apex", "co.uk", "www.example.co.uk"),
            ],
        ),
        ("a.example.co.uk", [("a.example.co.uk", "subdomain", "co.uk", "")]),
        ("www.a.example.com", [("www.a.example.com", "subdomain", "com", "")]),
        (
            "xn--e1afmkfd.xn--p1ai",
            [
                ("xn--e1afmkfd.xn--p1ai", "apex", "xn--p1ai", ""),
                ("www.xn--e1afmkfd.xn--p1ai", "subdomain", "xn--p1ai", "xn--e1afmkfd.xn--p1ai"),
            ],
        ),
    ],
)
def test_an_apex_is_what_can_be_registered(api: Api, name: str, made: list[tuple[str, ...]]) -> None:
    """Not every name with one dot is one, and some with two are."""
    service, _ = create(api, web())

    added = api.call("POST", f"/v1/services/{service['id']}/custom-domains", {"name": name}, status=201)

    fields = ("name", "domainType", "publicSuffix", "redirectForName")
    assert [tuple(domain[field] for field in fields) for domain in added] == made
