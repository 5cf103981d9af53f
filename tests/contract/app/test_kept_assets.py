"""A page that is open somewhere finds what it was made of, whichever release answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import brotli
import pytest
import requests

from tests.support.app_process import AppProcess, copy_of_app, run, variables
from tests.support.postgres_cluster import PostgresCluster, rows

FOREVER = "public, max-age=31536000, immutable"


Release: TypeAlias = Callable[[int], Path]


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """The application as it is in release N: its script says which."""

    def made(number: int) -> Path:
        app = tmp_path / f"release-{number}"
        if not app.exists():
            copy_of_app(app)
            with (app / "frontend/app.js").open("a") as script:
                script.write(f"// release {number}\n")
        return app

    return made


@pytest.fixture
def serve(home: Path, tmp_path: Path) -> Iterator[Callable[[Path, str], AppProcess]]:
    """Starts the web service of one of them."""
    running: list[AppProcess] = []

    def started(app: Path, database: str) -> AppProcess:
        log = tmp_path / f"{len(running)}.log"
        running.append(AppProcess("web", variables(database, home), log, app))
        return running[-1]

    yield started
    for process in running:
        process.end()


def migrate(app: Path, database: str, home: Path) -> None:
    """What the platform runs before each deploy."""
    done = run("start.py", "migrate", env=variables(database, home), app=app)
    assert done.returncode == 0, done.stderr


def compressed(web: AppProcess, path: str) -> tuple[requests.Response, bytes]:
    """The answer to a browser, and its body as it is sent."""
    answer = web.get(path, headers={"Accept-Encoding": "br"}, stream=True)
    return answer, answer.raw.read(decode_content=False)


def script_of(app: Path) -> str:
    """The path of its script."""
    said = run("-c", "from pages.build import build; print(*build().assets)", env={}, app=app).stdout.split()
    return f"/assets/{next(name for name in said if name.endswith('.js'))}"


def test_assets_outlive_two_releases_and_a_rollback(
    database: str, home: Path, release: Release, serve: Callable[[Path, str], AppProcess]
) -> None:
    """A page of any of the four finds its script at each of them, in the same form, kept once."""
    scripts = {number: script_of(release(number)) for number in (1, 2, 3)}
    for number in (1, 2, 3):
        migrate(release(number), database, home)
    third = serve(release(3), database).healthy()
    before = {number: compressed(third, path) for number, path in scripts.items()}
    back = serve(release(1), database).healthy()  # a rollback runs no command before it
    after = {number: compressed(back, path) for number, path in scripts.items()}

    assert len(set(scripts.values())) == 3
    for number in scripts:
        for answer, body in (before[number], after[number]):
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, FOREVER)
            assert brotli.decompress(body).endswith(f"// release {number}\n".encode())
        assert before[number][0].headers["ETag"] == after[number][0].headers["ETag"]
    assert rows(database, "SELECT count(*) FROM pages_keptasset") == [(4,)]  # three scripts and one style


def test_the_release_before_answers_for_the_next_one(
    database: str, home: Path, release: Release, serve: Callable[[Path, str], AppProcess]
) -> None:
    """While both are there, a page of the new one may ask an instance of the old one."""
    old, script = serve(release(1), database).healthy(), script_of(release(2))
    missing = old.get(script).status_code

    migrate(release(2), database, home)

    assert (missing, old.get(script).status_code) == (404, 200)


def test_what_nobody_has_open_any_more_is_forgotten(database: str, home: Path, release: Release) -> None:
    """Older than a week and not of the last ten releases; the next one that starts removes it."""
    migrate(release(1), database, home)
    rows(database, "UPDATE pages_keptasset SET released_at = now() - interval '8 days'")
    rows(
        database,
        "INSERT INTO pages_keptasset SELECT 'app.' || lpad(n::text, 10, '0') || '.js', 'x',"
        " now() - interval '7 days' - n * interval '1 h' FROM generate_series(2, 13) n",
    )

    migrate(release(2), database, home)

    left = rows(database, "SELECT name FROM pages_keptasset WHERE content = 'x' ORDER BY name")
    assert [name for (name,) in left] == [f"app.{number:010}.js" for number in range(2, 11)]
    assert rows(database, "SELECT count(*) FROM pages_keptasset") == [(9 + 2,)]


def test_a_further_instance_writes_nothing(database: str, home: Path, release: Release) -> None:
    """It starts also where the database is full."""
    migrate(release(1), database, home)
    first = rows(database, "SELECT name, released_at FROM pages_keptasset ORDER BY name")

    migrate(release(1), database, home)

    assert rows(database, "SELECT name, released_at FROM pages_keptasset ORDER BY name") == first


def test_a_database_that_cannot_be_written_stops_a_deploy_and_is_waited_for_by_an_instance(
    cluster: PostgresCluster, home: Path, release: Release, serve: Callable[[Path, str], AppProcess]
) -> None:
    """`migrate` fails and says why; `web` says so, and is healthy once the database can be written again."""
    database = cluster.new_database()
    name = database.rpartition("/")[2]
    migrate(release(1), database, home)
    rows(database, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')

    refused = run("start.py", "migrate", env=variables(database, home), app=release(2))
    web = serve(release(2), database)

    assert refused.returncode == 1
    assert refused.stderr.splitlines()[0].startswith(
        "cannot keep the front end's assets for the next releases: cannot execute INSERT in a read-only transaction"
    )
    web.says("cannot keep the front end's assets")
    web.says("the database is read-only")
    rows(database, f'SET transaction_read_only = off; ALTER DATABASE "{name}" RESET default_transaction_read_only')
    assert web.healthy().get(script_of(release(2))).status_code == 200


def test_a_damaged_asset_is_not_served(
    database: str, home: Path, release: Release, serve: Callable[[Path, str], AppProcess]
) -> None:
    """What is under a name is compared with it."""
    migrate(release(1), database, home)
    rows(database, "UPDATE pages_keptasset SET content = 'damaged'")

    assert serve(release(2), database).healthy().get(script_of(release(1))).status_code == 404
