"""Who may import whom: the layers, read from the imports; long because the rules are read side by side."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.tracked import imported

ROOT = Path(__file__).parents[2]
OURS = {
    "app", "build_context", "console", "infra", "localcloud", "ops",
    "pulumi_plugin", "registry_api", "registry_provider", "render_api", "render_provider",
}  # fmt: skip
MAY_IMPORT = {
    "app": set(),
    "build_context": {"console.errors"},
    "console": set(),
    "localcloud": {"build_context", "console", "pulumi_plugin"},
    "pulumi_plugin": set(),
    "registry_api": {"console.errors"},
    "registry_provider": {"console.errors", "pulumi_plugin", "registry_api"},
    "render_api": set(),
    "render_provider": {"pulumi_plugin", "render_api"},
    "infra": {
        "build_context",
        "console.errors",
        "registry_provider.resources",
        "render_provider.args",
        "render_provider.resources",
    },
    "ops": {
        "console",
        "infra",
        "registry_api",
        "registry_provider.provider.docker",  # one way to build an image and one login, for `pulumi up` and for us
        "registry_provider.provider.ecr",
        "registry_provider.provider.errors",
        "render_api",
    },
}
# What the commands may know of the program: what it says, not what it declares.
PURE = {
    "age", "application", "blueprint", "config", "content", "errors", "gate", "load", "load_preview", "names",
    "preview",
    "preview_rights", "release", "resource_policies", "running", "trust", "variables",
}  # fmt: skip
# The floors of `ops`, from the ground up; every other folder or file there is a domain, which decides.
CLIENTS = {
    "boto3", "botocore", "docker", "http.client", "httpx", "psycopg", "render_api.client", "requests",
    "socket", "ssl", "termios", "urllib.request", "urllib3",
}  # fmt: skip
STARTERS = {
    "asyncio.create_subprocess_exec", "multiprocessing", "pty", "subprocess",
    *(f"os.{name}" for name in ("execv", "execve", "execvp", "fork", "popen", "posix_spawn", "spawnv", "system")),
}  # fmt: skip
FLOORS = {"doors": 0, "context": 1, "domain": 2, "arguments": 3, "commands": 3, "__main__": 4}
CALLS_APIS = {"boto3", "botocore", "http", "httpx", "requests", "urllib", "urllib3"}


def imports(path: Path) -> Iterator[str]:
    """Every name that a file imports."""
    yield from imported(ast.parse(path.read_text(), str(path)))


def sources(package: str) -> list[Path]:
    """A package's Python files; some programs of `localcloud` have no suffix."""
    found = sorted((ROOT / package).rglob("*.py"))
    assert found, f"{package} has no Python files: is the test looking in the right place?"
    return found


def strays(package: str, allowed: set[str]) -> list[str]:
    """The imports of our own packages that leave a package without leave."""
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(package)
        for name in imports(path)
        if (top := name.partition(".")[0]) in OURS - {package}
        and not any(f"{name}.".startswith(f"{permitted}.") for permitted in allowed)
        and not (package == "app" and _is_its_own(top))
    ]


def _is_its_own(top: str) -> bool:
    """The application is a root of its own: a folder in it may be named like one of our packages."""
    return (ROOT / "app" / top).is_dir()


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_one_way(package: str) -> None:
    """Each package imports only the packages below it."""
    assert strays(package, MAY_IMPORT[package]) == []


def test_the_program_calls_no_api() -> None:
    """What an environment is, is declared; providers do the rest."""
    callers = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources("infra")
        for name in imports(path)
        if name.partition(".")[0] in CALLS_APIS and not name.startswith("urllib.parse")
    ]

    assert callers == []


def test_the_commands_know_what_the_program_says_and_not_what_it_declares() -> None:
    """`ops` reads settings and names; it never runs components."""
    here = [path for path in sources("ops") if "program_side" not in path.parts]  # that is the program's own process
    used = {name.split(".")[1] for path in here for name in imports(path) if name.startswith("infra.")}

    assert used - PURE == set()
    assert "config" in used


def floor(module: str) -> str:
    """Where a module of `ops` is."""
    part = module.split(".")[1:2]
    return part[0] if part and part[0] in FLOORS else "domain"


def modules(package: str) -> Iterator[tuple[str, Path]]:
    """A package's modules by their names."""
    for path in sources(package):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def test_commands_call_domains_and_domains_call_doors() -> None:
    """Parsing and printing, then deciding, then what is outside: data goes one way, and no command uses another."""
    strays = [
        f"{module} imports {name}"
        for module, path in modules("ops")
        for name in imports(path)
        if name.startswith("ops.") and (FLOORS[floor(name)] > FLOORS[floor(module)] or _another_command(module, name))
    ]

    assert strays == []


def _another_command(module: str, name: str) -> bool:
    return module.startswith("ops.commands.") and name.startswith("ops.commands.")


def test_only_doors_import_clients_and_start_programs() -> None:
    """Whoever needs an outside system is handed its door, and a test hands in another."""
    strays = [
        f"{module} uses {name}"
        for module, path in modules("ops")
        if floor(module) != "doors"
        for name in (*imports(path), *_starts(path))
        if any(f"{name}.".startswith(f"{client}.") for client in CLIENTS | STARTERS)
    ]

    assert strays == []


def test_only_what_runs_inside_the_application_imports_django() -> None:
    """It is asked in a process of its own, with its own settings and packages."""
    strays = {
        module.rpartition(".")[0]
        for package in MAY_IMPORT
        if package != "app"
        for module, path in modules(package)
        for name in imports(path)
        if name.partition(".")[0] in {"django", "django_migration_linter"}
    }

    assert strays == {"ops.doors.django_side"}


def _starts(path: Path) -> Iterator[str]:
    """What it calls of `os`, where a program may be started as well."""
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def test_the_ground_floor_imports_nothing_that_is_heavy() -> None:
    """It is loaded before everything else, by every program: Typer at most."""
    heavy = {"boto3", "botocore", "pulumi", "pydantic", "requests", "rich", "yaml"}

    assert [name for _, path in modules("console") for name in imports(path) if name.split(".")[0] in heavy] == []


@pytest.mark.parametrize("module", sorted(PURE))
def test_what_the_commands_may_know_imports_no_pulumi(module: str) -> None:
    """A command starts fast, and on a machine that has no engine."""
    reached, waiting = set(), {module}
    while waiting:
        reached |= (now := waiting)
        found = {name for one in now for name in imports(ROOT / "infra" / f"{one}.py")}
        heavy = {name for name in found if name.startswith(("pulumi", "registry_provider", "render_provider"))}
        assert heavy == set(), f"infra/{', '.join(now)} imports {heavy}"
        inside = {name.split(".")[1] for name in found if name.startswith("infra.")}
        waiting = {name for name in inside if (ROOT / "infra" / f"{name}.py").exists()} - reached


def test_only_the_stack_knows_the_whole() -> None:
    """Components get what they need as inputs: no file but stack.py imports more than a neighbour or two."""
    crowded = {
        path.name: len(known)
        for path in sources("infra")
        if len(known := {name.split(".")[2] for name in imports(path) if name.startswith("infra.components.")}) > 2
    }

    assert list(crowded) == ["stack.py"]


def test_renders_api_has_one_door() -> None:
    """One file reaches it, one reads on in what it is handed, and the provider reaches the address it verifies."""
    callers = {
        str(path.relative_to(ROOT))
        for package in ("render_api", "render_provider")
        for path in sources(package)
        for name in imports(path)
        if name.partition(".")[0] in CALLS_APIS and not name.startswith("urllib.parse")
    }

    assert callers == {"render_api/body.py", "render_api/client.py", "render_provider/provider/probe.py"}


def test_registries_have_one_door_to_each_of_ecr_docker_and_images() -> None:
    """One file asks AWS, one starts a program, and one speaks to registries; none but these."""
    callers = {
        (str(path.relative_to(ROOT)), top)
        for package in ("registry_api", "registry_provider/provider")
        for path in sources(package)
        for name in imports(path)
        if (top := name.partition(".")[0]) in CALLS_APIS | {"subprocess"}
    }

    assert callers == {
        ("registry_api/connection.py", "requests"),
        ("registry_api/connection.py", "urllib"),
        ("registry_api/connection.py", "urllib3"),
        ("registry_api/images.py", "requests"),
        ("registry_api/images.py", "urllib"),
        ("registry_provider/provider/docker.py", "subprocess"),
        ("registry_provider/provider/ecr.py", "botocore"),
        ("registry_provider/provider/provider.py", "botocore"),  # loads it before its first use
    }


def test_plugins_start_without_the_sdk() -> None:
    """A plugin starts at every preview: it loads the SDK's stubs, never the SDK; only the program's side has it."""
    callers = [
        f"{path.relative_to(ROOT)} imports {name}"
        for package in (
            "localcloud/plugins",
            "pulumi_plugin",
            "registry_provider/provider",
            "render_provider/provider",
        )
        for path in sources(package)
        for name in imports(path)
        if name.partition(".")[0] == "pulumi"
    ]

    assert callers == []


def test_only_the_programs_side_of_the_render_provider_has_the_sdk() -> None:
    """What a program declares goes through three files, two of them generated."""
    callers = {
        path.name
        for path in sources("render_provider")
        for name in imports(path)
        if name.partition(".")[0] == "pulumi"
    }

    assert callers == {"args.py", "registration.py", "resources.py"}


def test_tests_reach_the_local_cloud_over_its_protocols() -> None:
    """Tests of the whole use HTTP and the command line, as users do; only its own unit tests look inside."""
    inside = [
        f"{path.relative_to(ROOT)} imports {name}"
        for folder in ("local", "pipeline")
        for path in sorted((ROOT / "tests" / folder).rglob("*.py"))
        for name in imports(path)
        if name.startswith("localcloud.") and name.split(".")[1] in {"aws", "render", "plugins"}
    ]

    assert inside == []


def test_the_local_clouds_commands_stand_on_all_else_in_it() -> None:
    """Nothing but its command line knows them, and what they stand on knows nothing of what runs in the daemons."""
    above = [
        f"{module} imports {name}"
        for module, path in modules("localcloud")
        for name in imports(path)
        if (
            name.startswith("localcloud.commands.")
            and module != "localcloud.__main__"
            and not _same_noun(module, name)
        )
        or (name.startswith("localcloud.control.") and module.split(".")[1] not in {"commands", "control"})
    ]

    assert above == []


def _same_noun(module: str, name: str) -> bool:
    """Verbs of one noun share a folder, whose files know each other."""
    return module.split(".")[:3] == name.split(".")[:3]
