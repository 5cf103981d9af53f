"""A Django project in a temporary folder, made for the migrations that a test writes."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable
from pathlib import Path

MANAGE = """
import os, sys
from django.core.management import execute_from_command_line
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
execute_from_command_line(sys.argv)
"""
SETTINGS = """
import os
import dj_database_url
SECRET_KEY = "invented-for-a-test"
INSTALLED_APPS = {apps!r}
DATABASES = {{"default": dj_database_url.parse(os.environ["DATABASE_URL"])}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
ROOT_URLCONF = "urls"
ALLOWED_HOSTS = ["127.0.0.1"]
"""
SERVE = """
import os
from wsgiref.simple_server import make_server
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
from django.core.wsgi import get_wsgi_application
make_server("127.0.0.1", int(os.environ["PORT"]), get_wsgi_application()).serve_forever()
"""
URLS = """
from django.apps import apps
from django.http import HttpResponse, JsonResponse
from django.urls import path

def items(request):
    return JsonResponse({"items": [item.title for item in apps.get_model("shop", "Item").objects.all()]})

urlpatterns = [path("health/", lambda request: HttpResponse("ok")), path("items/", items)]
"""
MODELS = """
from django.db import models
from django.db.models.functions import Now

class Owner(models.Model):
    name = models.CharField(max_length=50)

class Item(models.Model):
    title = models.CharField(max_length=100)
    note = models.TextField(null=True)
    email = models.CharField(max_length=100)
    count = models.IntegerField(db_default=0)
    made = models.DateTimeField(db_default=Now())
"""
"""What the first migration of an app brings about, less its index."""
MIGRATION = """
from django.contrib.postgres.constraints import *
from django.contrib.postgres.operations import *
from django.db import migrations, models
from django.db.migrations import *
from django.db.models.functions import *

{before}

class Migration(migrations.Migration):
    initial = {initial}
    atomic = {atomic}
    dependencies = {dependencies!r}
    operations = [
{operations}
    ]
"""
FIRST = """
migrations.CreateModel("Owner", [
    ("id", models.BigAutoField(primary_key=True)),
    ("name", models.CharField(max_length=50)),
]),
migrations.CreateModel("Item", [
    ("id", models.BigAutoField(primary_key=True)),
    ("title", models.CharField(max_length=100)),
    ("note", models.TextField(null=True)),
    ("email", models.CharField(max_length=100)),
    ("count", models.IntegerField(db_default=0)),
    ("made", models.DateTimeField(db_default=Now())),
], options={"indexes": [models.Index(fields=["title"], name="%(app)s_title")]}),
"""
"""An owner and an item, for every app."""


class Project:
    """Apps, each with its migrations."""

    def __init__(self, root: Path, apps: Iterable[str]) -> None:
        self.root = root
        names = list(apps)
        root.mkdir(parents=True, exist_ok=True)
        (root / "manage.py").write_text(MANAGE)
        (root / "settings.py").write_text(SETTINGS.format(apps=names))
        (root / "urls.py").write_text(URLS)
        (root / "serve.py").write_text(SERVE)
        for name in names:
            (root / name / "migrations").mkdir(parents=True)
            (root / name / "__init__.py").touch()
            (root / name / "models.py").touch()
            (root / name / "migrations" / "__init__.py").touch()
            self.migration(name, "0001_initial", FIRST % {"app": name})

    def migration(self, app: str, name: str, operations: str, *, before: str = "", atomic: bool = True) -> str:
        """Write one that follows those that are there; returns what it is called."""
        folder = self.root / app / "migrations"
        there = sorted(path.stem for path in folder.glob("0*.py"))
        text = MIGRATION.format(
            before=textwrap.dedent(before),
            initial=not there,
            atomic=atomic,
            dependencies=[(app, there[-1])] if there else [],
            operations=textwrap.indent(textwrap.dedent(operations).strip().rstrip(",") + ",", " " * 8),
        )
        (folder / f"{name}.py").write_text(text)
        return f"{app}.{name}"

    def models(self, app: str, text: str) -> None:
        """What its code says."""
        (self.root / app / "models.py").write_text("from django.db import models\n" + textwrap.dedent(text))

    def copy(self, root: Path) -> Project:
        """The same, to go on from: what is released next."""
        other = object.__new__(Project)
        other.root = shutil.copytree(self.root, root)
        return other
