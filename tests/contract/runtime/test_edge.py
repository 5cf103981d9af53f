"""The edge of the local Render runtime: pages, maintenance, names, static sites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import requests

from localcloud.machine.ports import port
from localcloud.render.runtime.edge import state
from localcloud.render.runtime.edge.servers import CaddyEdge
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import StaticRules
from tests.support.runtime import deploy, release, requesting, running

WEB = "srv-web"
SITE = "srv-site"


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A runtime with a web service and a static site that proxies to it."""
    with running(tmp_path_factory.mktemp("cloud")) as made:
        deploy(made, WEB, "dep-1", release(tmp_path_factory.mktemp("app"), "v1"))
        made.edge.set_names(WEB, "cams-test", {"exams.example.com": "", "www.example.com": "exams.example.com"})
        files = tmp_path_factory.mktemp("files")
        for name in ("index.html", "page.txt", "404.html", "sub/index.html"):
            (files / name).parent.mkdir(exist_ok=True)
            (files / name).write_text(name)
        rules = StaticRules(
            routes=[
                {"type": "redirect", "source": "/old/:id/x", "destination": "/new/:id"},
                {"type": "redirect", "source": "/away/*", "destination": "https://example.com/*"},
                {"type": "rewrite", "source": "/api/*", "destination": f"{made.edge.url(WEB)}/inner/*"},
                {"type": "rewrite", "source": "/page.txt", "destination": "/index.html"},
                {"type": "rewrite", "source": "/app/*", "destination": "/index.html"},
            ],
            headers=[
                {"path": "/*", "name": "X-Frame-Options", "value": "DENY"},
                {"path": "/sub/*", "name": "X-Sub", "value": "yes"},
            ],
        )
        made.edge.serve_static(SITE, files, rules)
        yield made


@pytest.fixture
def edge(runtime: Runtime) -> CaddyEdge:
    """As the runtime itself has it, with what instances ask of it."""
    assert isinstance(runtime.edge, CaddyEdge)
    return runtime.edge


def test_maintenance_answers_503_and_ends(runtime: Runtime) -> None:
    """The page comes from the edge, with a hint when to come back; afterwards the service answers again."""
    runtime.edge.set_maintenance(WEB, True, "")
    during = requests.post(f"{runtime.edge.url(WEB)}/api/exams/", timeout=20)
    runtime.edge.set_maintenance(WEB, False, "")
    after = requests.get(runtime.edge.url(WEB), timeout=20)

    assert (during.status_code, during.headers["Retry-After"]) == (503, "300")
    assert "Down for maintenance" in during.text
    assert (after.status_code, after.text) == (200, "v1 /")


def test_maintenance_shows_a_page_of_ones_own(runtime: Runtime) -> None:
    """The page at the given address is shown with 503; when it is broken, the edge's own is."""
    runtime.edge.set_maintenance(WEB, True, f"{runtime.edge.url(SITE)}/page.txt")
    own = requests.post(f"{runtime.edge.url(WEB)}/whatever?x=1", timeout=20)
    runtime.edge.set_maintenance(WEB, True, "http://127.0.0.1:1/none")
    broken = requests.get(runtime.edge.url(WEB), timeout=20)
    runtime.edge.set_maintenance(WEB, False, "")

    assert (own.status_code, own.text) == (503, "page.txt")
    assert broken.status_code == 503
    assert "Down for maintenance" in broken.text


def test_maintenance_shows_its_page_when_the_pages_server_is_gone(runtime: Runtime, tmp_path: Path) -> None:
    """It was taken over when the maintenance began."""
    (tmp_path / "index.html").write_text("our own page")
    runtime.edge.serve_static("srv-page", tmp_path, StaticRules())
    runtime.edge.set_maintenance(WEB, True, runtime.edge.url("srv-page"))
    runtime.edge.remove("srv-page")
    answer = requests.post(f"{runtime.edge.url(WEB)}/x", headers={"If-None-Match": "*"}, timeout=20)
    runtime.edge.set_maintenance(WEB, False, "")
    after = requests.get(runtime.edge.url(WEB), timeout=20)

    assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (503, "our own page", "300")
    assert (after.status_code, after.text) == (200, "v1 /")


def test_a_request_in_flight_is_answered_when_maintenance_begins(runtime: Runtime) -> None:
    """Whoever asks later gets the page."""
    answers: list[str] = []
    asking = Thread(target=lambda: answers.append(requests.get(f"{runtime.edge.url(WEB)}/slow", timeout=20).text))
    asking.start()
    asking.join(0.3)  # it is at the application
    runtime.edge.set_maintenance(WEB, True, f"{runtime.edge.url(SITE)}/page.txt?in-flight")
    during = requests.get(runtime.edge.url(WEB), timeout=20).status_code
    waiting = asking.is_alive()
    asking.join(20)
    runtime.edge.set_maintenance(WEB, False, "")

    assert (during, waiting, answers) == (503, True, ["v1 /slow"])


def test_maintenance_is_possible_before_anything_runs(runtime: Runtime) -> None:
    """A service that cannot boot still shows its maintenance page."""
    runtime.edge.set_maintenance("srv-unborn", True, "")
    answer = requests.get(runtime.edge.url("srv-unborn"), timeout=20)
    runtime.edge.set_maintenance("srv-unborn", False, "")

    assert answer.status_code == 503
    assert requests.get(runtime.edge.url("srv-unborn"), timeout=20).status_code == 502


def test_changes_to_others_fail_no_request(runtime: Runtime, tmp_path: Path) -> None:
    """While services come and go, change names and go into maintenance, this one answers only 200."""
    with requesting(runtime.edge.url(WEB)) as answers:
        for number in range(5):
            other = f"srv-other{number}"
            runtime.edge.serve_static(other, tmp_path, StaticRules())
            runtime.edge.set_names(other, f"other-{number}", {f"other{number}.example.com": ""})
            runtime.edge.set_maintenance(other, True, "")
            runtime.remove_service(other)

    assert set(answers) == {"200 v1 /"}
    assert len(answers) > 20


def test_another_number_of_instances_loads_nothing(runtime: Runtime, edge: CaddyEdge) -> None:
    """From one to the most that there can be and back: no configuration, which would close kept connections."""
    before = _loaded(WEB)
    [live] = [instance.port for instance in runtime.instances.of(WEB) if instance.port]

    with requesting(runtime.edge.url(WEB)) as answers:
        for count in (2, 5, 100, 1):
            edge.route(WEB, [live] * count)

    assert _loaded(WEB) == before
    assert set(answers) == {"200 v1 /"}


def test_instances_have_equal_shares(edge: CaddyEdge) -> None:
    """None of three gets more requests than another, but for one in a hundred."""
    edge.route("srv-shares", [1, 2, 3])

    shares = Counter(file.read_text() for file in state.folder("srv-shares").glob("slot*"))

    assert sorted(shares.values()) == [33, 33, 34]


def _loaded(service: str) -> int:
    """The file with what its server was told; another one replaces it."""
    return (state.folder(service) / "caddy.json").stat().st_ino


def test_a_slug_leads_to_the_service(runtime: Runtime) -> None:
    """`<slug>.localhost` on the shared port redirects with method and query kept (308)."""
    answer = requests.get(
        f"http://127.0.0.1:{port('edge')}/a?b=1",
        headers={"Host": f"cams-test.localhost:{port('edge')}"},
        allow_redirects=False,
        timeout=20,
    )

    assert (answer.status_code, answer.headers["Location"]) == (308, f"{runtime.edge.url(WEB)}/a?b=1")


def test_a_custom_domain_is_served(runtime: Runtime) -> None:
    """The shared port answers for it by Host; its companion redirects to it, and an unknown host gets 404."""
    url = f"http://127.0.0.1:{port('edge')}/a"

    known = requests.get(url, headers={"Host": "exams.example.com"}, timeout=20)
    www = {"Host": "www.example.com"}
    redirecting = requests.get(f"{url}?b=1", headers=www, allow_redirects=False, timeout=20)
    unknown = requests.get(url, headers={"Host": "who.example.com"}, timeout=20)

    assert (known.status_code, known.text, unknown.status_code) == (200, "v1 /a", 404)
    assert redirecting.status_code == 301
    assert redirecting.headers["Location"] == f"http://exams.example.com:{port('edge')}/a?b=1"


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/", 200, "index.html"),
        ("/sub", 200, "sub/index.html"),
        ("/page.txt", 200, "page.txt"),  # a file wins over a rule
        ("/app/any/where", 200, "index.html"),
        ("/api/exams/?page=2", 200, "v1 /inner/exams/?page=2"),
        ("/nothing", 404, "404.html"),
        ("/../secret", 404, "404.html"),
    ],
)
def test_a_static_site_serves(runtime: Runtime, path: str, status: int, text: str) -> None:
    """Files first, then rewrites to a path or to another server, then the site's own 404."""
    answer = requests.get(runtime.edge.url(SITE) + path, timeout=20)

    assert (answer.status_code, answer.text) == (status, text)


@pytest.mark.parametrize(("path", "location"), [("/old/7/x", "/new/7"), ("/away/a/b", "https://example.com/a/b")])
def test_a_static_site_redirects(runtime: Runtime, path: str, location: str) -> None:
    """Redirects are permanent, with placeholders and wildcards filled in."""
    answer = requests.get(runtime.edge.url(SITE) + path, allow_redirects=False, timeout=20)

    assert (answer.status_code, answer.headers["Location"]) == (301, location)


def test_a_static_site_sends_its_headers(runtime: Runtime) -> None:
    """Each header on the paths that it names, and on no other."""
    home = requests.get(runtime.edge.url(SITE), timeout=20).headers
    below = requests.get(f"{runtime.edge.url(SITE)}/sub/", timeout=20).headers

    assert (home["X-Frame-Options"], "X-Sub" in home) == ("DENY", False)
    assert (below["X-Frame-Options"], below["X-Sub"]) == ("DENY", "yes")


def test_a_new_version_of_a_site_replaces_the_old(runtime: Runtime, tmp_path: Path) -> None:
    """Under requests without a pause, the new files appear and no request fails."""
    for version in ("one", "two"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "index.html").write_text(version)
    runtime.edge.serve_static("srv-files", tmp_path / "one", StaticRules())

    with requesting(runtime.edge.url("srv-files")) as answers:
        runtime.edge.serve_static("srv-files", tmp_path / "two", StaticRules())
        last = requests.get(runtime.edge.url("srv-files"), timeout=20).text

    assert last == "two"
    assert set(answers) <= {"200 one", "200 two"}


def test_a_removed_service_has_no_address(runtime: Runtime, tmp_path: Path) -> None:
    """Nothing listens there any more; removing it again succeeds."""
    (tmp_path / "index.html").touch()
    runtime.edge.serve_static("srv-gone", tmp_path, StaticRules())

    runtime.remove_service("srv-gone")
    runtime.remove_service("srv-gone")

    with pytest.raises(requests.ConnectionError):
        requests.get(runtime.edge.url("srv-gone"), timeout=20)
