"""Host names in a stack file: how they are written, which go together, and whose they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infra import hosts
from infra.errors import ConfigError
from infra.hosts import Declared
from infra.load import from_file, parse
from tests.support.stack_settings import ROOT, refused, settings


def web(*names: str) -> dict[str, Any]:
    """A change of a stack file: names that lead to the web service."""
    return {"domains": {"web": list(names)}}


@pytest.mark.parametrize(
    "host",
    [
        "exams.acme.dev",  # a registrable name below a top-level .dev
        "acme.dev",
        "www.acme.dev",
        "acme-dev.com",
        "dev-acme.com",
        "dev.com",
        "dev.co.uk",
        "exams.dev.co.uk",
        "staging.io",
        "www.staging.io",
        "acme-staging.org",
        "device.acme.org",
        "developers.acme.org",
        "stagingground.acme.org",
        "mydev.acme.org",
        "dev.xn--p1ai",
    ],
)
def test_a_real_domain_is_prods_whatever_its_registrable_name_says(host: str) -> None:
    """`dev` and `staging` mean an environment only below the name that was bought."""
    config = settings("prod", **web(host), allowed_hosts=[host.replace("exams", "api")])

    assert parse(config, "prod").domains.web == (host,)


@pytest.mark.parametrize(
    "host",
    [
        "dev.acme.org",
        "staging.acme.org",
        "staging2.acme.org",
        "exams-staging.acme.org",
        "exams-dev.acme.org",
        "staging-exams.acme.org",
        "dev-exams.acme.co.uk",
        "exams.dev.acme.org",
        "dev.acme.dev",
        "a.localhost",
        "localhost.localdomain",
    ],
)
def test_dev_and_staging_stay_out_of_prod(host: str) -> None:
    """Each is told with its own path, wherever it is written."""
    config = settings("prod", domains={"web": ["acme.org", host, f"a.{host}"]}, allowed_hosts=[host])

    assert refused(config, "prod") == [
        f"domains/web/1: `{host}` is a development host, not for prod",
        f"domains/web/2: `a.{host}` is a development host, not for prod",
        f"allowed_hosts/0: `{host}` is a development host, not for prod",
    ]


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "127.0.0.1", "127.1", "10.0.0.0", "10.1.2.3", "2130706433", "0x7f.1"),
        *("cams-dev.onrender.com", "cams-dev-x7f2.onrender.com", "cams-staging-frontend-x7f2.onrender.com"),
        *("dev", "cams-staging"),  # a name of the private network
    ],
)
def test_what_nobody_can_register_for_prod_is_refused_there(host: str) -> None:
    """This machine, addresses in every spelling, and what Render gave dev and staging."""
    told = refused(settings("prod", allowed_hosts=["exams.acme.org", host]), "prod")

    assert told == [f"allowed_hosts/1: `{host}` is a development host, not for prod"]


def test_the_others_may_have_them() -> None:
    """dev and staging run on this machine too, and Render's own name of prod is no development host."""
    config = settings("staging", allowed_hosts=["localhost", "127.0.0.1", "staging.acme.org"])

    assert parse(config, "staging").allowed_hosts == ("localhost", "127.0.0.1", "staging.acme.org")
    parse(settings("prod", allowed_hosts=["cams-prod-x7f2.onrender.com"]), "prod")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Exams.Example.ORG", "exams.example.org"),
        ("exams.example.org.", "exams.example.org"),
        ("prüfung.example.org", "xn--prfung-4ya.example.org"),
        ("xn--prfung-4ya.example.org", "xn--prfung-4ya.example.org"),
    ],
)
def test_a_host_has_one_spelling(written: str, meant: str) -> None:
    """Case, a final dot and letters beyond ASCII: Render and the application get what DNS knows."""
    stack = parse(settings(**web(written), allowed_hosts=[f"a.{written}"]), "staging")

    assert (stack.domains.web, stack.allowed_hosts) == ((meant,), (f"a.{meant}",))


@pytest.mark.parametrize(
    "host", ["https://example.org", "example.org:443", "example.org/a", "a b.org", "a_b.org", "a..org", "", "[::1]"]
)
def test_what_dns_cannot_know_is_no_host(host: str) -> None:
    """With the path of the one that is wrong."""
    told = refused(settings(**web("example.org", host)))

    assert told == [f"domains/web/1: `{host}` is not a host name: no scheme, port or path"]


@pytest.mark.parametrize("host", ["*.example.org", ".example.org"])
def test_a_wildcard_is_refused_with_its_reason(host: str) -> None:
    """It would lead the other environments' names here as well; a dot in front is how Django writes one."""
    assert refused(settings(**web(host))) == [
        f"domains/web/0: `{host}` is a wildcard, which would catch other environments' hosts too: name each host"
    ]


@pytest.mark.parametrize("host", ["localhost", "co.uk", "org", "10.0.0.1"])
def test_a_domain_is_one_that_can_be_registered(host: str) -> None:
    """Render would refuse it in the middle of an update."""
    assert refused(settings(**web(host))) == [
        f"domains/web/0: `{host}` is not a domain that can be registered, such as example.org or exams.example.org"
    ]


def test_a_name_that_render_gives_is_not_declared() -> None:
    """It may be somebody else's."""
    assert refused(settings(**web("cams-staging.onrender.com"))) == [
        "domains/web/0: `cams-staging.onrender.com` is given by Render; here are names of your own"
    ]


def test_a_name_is_declared_once() -> None:
    """In whatever spelling."""
    config = settings(**web("example.org", "EXAMPLE.org.", "exams.acme.org", "example.org"))

    assert refused(config) == [
        "domains/web/1: `example.org` is domains/web/0 already",
        "domains/web/3: `example.org` is domains/web/0 already",
    ]


def test_a_domain_of_the_static_site_moves_by_hand() -> None:
    """It would answer nothing meanwhile, so nobody is surprised by it; an empty list is nothing to move."""
    told = refused(settings(domains={"frontend": ["exams.example.org", "www.example.org"]}))

    assert len(told) == 1
    assert told[0].startswith(
        "domains/frontend: the web service has the pages now: "
        "name `exams.example.org`, `www.example.org` in domains/web. "
    )
    assert told[0].endswith(": choose a quiet hour")
    assert parse(settings(domains={"frontend": []}), "staging").domains.web == ()


def test_www_of_something_else_stands_alone() -> None:
    """Only the registrable name has a companion."""
    assert hosts.serving(["app.example.org", "www.app.example.org"]) == {
        "app.example.org": None,
        "www.app.example.org": None,
    }


def test_what_another_environment_declares_is_its_own() -> None:
    """A domain, its companion, and for prod also what the others allow; each with both paths."""
    prod = Declared(["example.org"], ["api.example.org", "localhost"])
    staging = Declared(["www.example.org", "exams.example.org"], ["api.example.org", "localhost"])

    assert hosts.breaches("staging", staging, {"prod": prod}) == [
        "domains/web/0: `www.example.org` goes with `example.org`, prod's: domains/web/0 in Pulumi.prod.yaml",
        "allowed_hosts/0: `api.example.org` is prod's: allowed_hosts/0 in Pulumi.prod.yaml",
    ]


def test_dev_and_staging_may_allow_the_same_host() -> None:
    """A proxy in front of both harms nobody; a domain leads to one of them."""
    dev = Declared(["a.example.org"], ["proxy.example.org"])

    told = hosts.breaches("staging", Declared(["a.example.org"], ["proxy.example.org"]), {"dev": dev})

    assert told == ["domains/web/0: `a.example.org` is dev's: domains/web/0 in Pulumi.dev.yaml"]


def test_the_other_stack_files_are_read(tmp_path: Path) -> None:
    """Prod's file knows what dev's says, and one that cannot be read is nobody's hindrance."""
    for environment in ("dev", "staging", "prod"):
        text = (ROOT / f"Pulumi.{environment}.yaml").read_text()
        (tmp_path / f"Pulumi.{environment}.yaml").write_text(f"{text}  cams:allowed_hosts: [Exams.example.org]\n")
    (tmp_path / "Pulumi.staging.yaml").write_text("config: [broken")

    with pytest.raises(ConfigError) as told:
        from_file("prod", tmp_path)

    assert told.value.mistakes == (
        "allowed_hosts/0: `exams.example.org` is dev's: allowed_hosts/0 in Pulumi.dev.yaml",
    )


@pytest.mark.parametrize(
    ("declared", "served"),
    [
        (["example.org", "www.example.org"], {"example.org": "www.example.org"}),
        (["www.example.org", "a.org", "example.org"], {"www.example.org": "example.org", "a.org": None}),
        (["www.example.co.uk"], {"www.example.co.uk": None}),
        (["www.co.uk", "co.uk.org"], {"www.co.uk": None, "co.uk.org": None}),
    ],
)
def test_the_first_of_a_pair_serves(declared: list[str], served: dict[str, Any]) -> None:
    """Order decides, and a public suffix is no apex."""
    assert hosts.serving(declared) == served


@pytest.mark.parametrize("host", ["https://a.example.org", "a.example.org:8000", "a/b", "*"])
def test_what_is_not_a_host_is_refused(host: str) -> None:
    """A scheme or a port would never match a request's host."""
    [mistake] = refused(settings(allowed_hosts=[host]))

    assert mistake == f"allowed_hosts/0: `{host}` is not a host name: no scheme, port or path"
