"""The kinds of broken release: a sentence, and what it does to the application in a checkout."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from infra.application import APPLICATION
from tests.support.world import World

Spoil = Callable[[World], None]
PACKAGE = f"{APPLICATION.root}/{APPLICATION.name}"
ENVIRONMENT = "staging"
RECORD = f"/{APPLICATION.name}/{ENVIRONMENT}/release"
REPOSITORY = f"{APPLICATION.name}-{ENVIRONMENT}"
GONE = "sha256:" + "0" * 64
BROKEN_MIDDLEWARE = '''"""Breaks what it is told to."""

import asyncio
import itertools
import time

from asgiref.sync import sync_to_async
from django.http import HttpResponse

COUNT = itertools.count(1)


def middleware(get_response):
    async def answer(request):
        {body}
        return await get_response(request)

    from asgiref.sync import markcoroutinefunction

    markcoroutinefunction(answer)
    return answer


middleware.async_capable = True
middleware.sync_capable = False
'''


@dataclass(frozen=True)
class Kind:
    """One way to be broken."""

    sentence: str
    spoil: Spoil
    undo: Spoil | None = None
    """What is mended beside the files of the application."""

    def mend(self, world: World) -> None:
        """Make the checkout as it was."""
        world.checkout.run("git", "checkout", "--quiet", "--", "app", check=True)
        world.checkout.run("git", "clean", "--quiet", "--force", "-d", "app", check=True)
        if self.undo:
            self.undo(world)


def appended(file: str, text: str) -> Spoil:
    """At the end of a file."""

    def spoil(world: World) -> None:
        path = world.checkout.folder / file
        path.write_text(f"{path.read_text()}\n{text}\n")

    return spoil


def written(file: str, text: str) -> Spoil:
    """A file of its own."""

    def spoil(world: World) -> None:
        path = world.checkout.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    return spoil


def replaced(file: str, old: str, new: str) -> Spoil:
    """A text of a file by another."""

    def spoil(world: World) -> None:
        path = world.checkout.folder / file
        text = path.read_text()
        if old not in text:
            raise ValueError(f"{file} does not say {old!r}")
        path.write_text(text.replace(old, new, 1))

    return spoil


def removed(file: str) -> Spoil:
    """Without that file."""
    return lambda world: (world.checkout.folder / file).unlink()


def both(*spoils: Spoil) -> Spoil:
    """One after the other."""

    def spoil(world: World) -> None:
        for one in spoils:
            one(world)

    return spoil


def in_middleware(body: str) -> Spoil:
    """In the innermost layer that every page and call of the API passes."""
    return both(
        written(f"{PACKAGE}/broken.py", BROKEN_MIDDLEWARE.format(body=body)),
        appended(f"{PACKAGE}/settings.py", f'MIDDLEWARE = [*MIDDLEWARE, "{APPLICATION.name}.broken.middleware"]'),
    )


def in_migration(operations: str, *, atomic: bool = True) -> Spoil:
    """A migration more."""
    text = (
        '"""Breaks."""\n\nfrom django.db import migrations\n\n\nclass Migration(migrations.Migration):\n'
        f"    atomic = {atomic}\n"
        '    dependencies = [("exams", "0001_initial")]\n'
        f"    operations = [{operations}]\n"
    )
    return written("app/exams/migrations/0002_broken.py", text)


def in_worker(code: str) -> Spoil:
    """At the beginning of the worker's command."""
    start = '    """Wait for the database and its migrations, then carry out background tasks until SIGTERM."""\n'
    return replaced("app/start.py", start, f"{start}    {code}\n")


def takes_no_job() -> Spoil:
    """A worker that says that it lives, and waits for ever instead of working."""
    return replaced(
        "app/start.py",
        'call_command("db_worker"',
        '__import__("time").sleep(3600)\n                call_command("db_worker"',
    )


def with_image_gone(world: World) -> None:
    """A release whose image the registry has lost."""
    world.aws("ssm").put_parameter(Name=RECORD, Value=json.dumps({"digest": GONE}), Type="String", Overwrite=True)


def without_record(world: World) -> None:
    """Back to images of the checkout."""
    world.aws("ssm").delete_parameter(Name=RECORD)


def with_foreign_tag(world: World) -> None:
    """The tag of what the checkout holds, on another image."""
    appended("app/exams/models.py", "CHANGED = True")(world)
    code = "from infra.components import image; print(image.version(None))"
    tag = world.checkout.run(".venv/bin/python", "-c", code, check=True).stdout.strip()
    ecr = world.aws("ecr")
    listed = ecr.describe_images(repositoryName=REPOSITORY)["imageDetails"]
    digest = next(one["imageDigest"] for one in listed if one.get("imageTags"))
    [held] = ecr.batch_get_image(repositoryName=REPOSITORY, imageIds=[{"imageDigest": digest}])["images"]
    other = json.dumps(json.loads(held["imageManifest"]) | {"annotations": {"of": "somebody"}})
    ecr.put_image(repositoryName=REPOSITORY, imageManifest=other, imageTag=tag)


def after(seconds: float, act: str) -> str:
    """A thread that does something later, in the process that serves."""
    timer = f"_later = threading.Timer({seconds}, lambda: {act})"
    return f"import os, threading\n{timer}\n_later.daemon = True\n_later.start()"


LEAK = """import threading, time
_kept = []
def _leak():
    while True:
        time.sleep(0.5)
        _kept.append(bytearray(b"x") * 20_000_000)
threading.Thread(target=_leak, daemon=True).start()"""
POST = 'if request.method == "POST":\n            raise RuntimeError("broken on POST")'
SIGNED_IN = (
    "user = await sync_to_async(lambda: request.user.is_authenticated)()\n"
    '        if user:\n            raise RuntimeError("broken for who is signed in")'
)
HANGS = "if next(COUNT) >= {}:\n            time.sleep(3600)"
SLOW = """began = time.perf_counter()
        answer = await get_response(request)
        await asyncio.sleep(max(0.25, 9 * (time.perf_counter() - began)))
        return answer"""


KINDS = [
    Kind("raises when a module is imported", appended("app/exams/models.py", 'raise RuntimeError("broken import")')),
    Kind("raises in its URLs", appended(f"{PACKAGE}/urls.py", 'raise RuntimeError("broken URLs")')),
    Kind("has a template that does not compile", written("app/exams/templates/exams/one.html", "{% nonsense %}\n")),
    Kind("raises in a middleware", in_middleware('raise RuntimeError("broken middleware")')),
    Kind("raises on POST alone", in_middleware(POST)),
    Kind("raises for who is signed in", in_middleware(SIGNED_IN)),
    Kind("needs a variable that nobody sets", appended(f"{PACKAGE}/settings.py", 'os.environ["NEVER_SET"]')),
    Kind("hangs at its start", appended(f"{PACKAGE}/asgi.py", "import time\ntime.sleep(3600)")),
    Kind("hangs from its third request on", in_middleware(HANGS.format(3))),
    Kind("hangs from its hundredth request on", in_middleware(HANGS.format(100))),
    Kind("leaks 40 MB a second up to its limit", appended(f"{PACKAGE}/asgi.py", LEAK)),
    Kind("ends 20 s after its start", appended(f"{PACKAGE}/asgi.py", after(20, "os._exit(3)"))),
    Kind(
        "has a migration that fails half-way",
        in_migration(
            'migrations.RunSQL("create table half (x int)"), migrations.RunSQL("alter table of_nobody add y int")',
            atomic=False,
        ),
    ),
    Kind(
        "has a migration that locks a table for long",
        in_migration('migrations.RunSQL("lock table exams_exam in access exclusive mode; select pg_sleep(20)")'),
    ),
    Kind("has a worker that dies at once", in_worker('raise RuntimeError("worker dies")')),
    Kind("has a worker that dies after 5 s", in_worker(after(5, "os._exit(3)").replace("\n", "; "))),
    Kind("has a worker that takes no job", takes_no_job()),
    Kind(
        "has a cron job that fails",
        replaced(
            "app/start.py",
            '    """Delete expired sessions, for a cron job."""\n',
            '    """Delete expired sessions, for a cron job."""\n    raise RuntimeError("broken job")\n',
        ),
    ),
    Kind("has a front end that cannot be built", removed("app/frontend/style.css")),
    Kind("has a front end that is empty", written("app/frontend/index.html", "")),
    Kind("has an image that is gone", with_image_gone, without_record),
    Kind("has a wrong image under the right tag", with_foreign_tag),
    Kind("is ten times slower", in_middleware(SLOW)),
    Kind("is slower with every request", in_middleware(SLOW.replace("await asyncio.sleep", "time.sleep"))),
]
