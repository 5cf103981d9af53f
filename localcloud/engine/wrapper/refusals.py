"""The commands that cannot be done here as they are meant, refused before anything is changed, with the right way."""

from __future__ import annotations

import json
import re

from localcloud.engine.wrapper.project import Project, working_folder
from localcloud.engine.wrapper.words import Words

STORE = "secret set"  # of `./slipway`
ENCRYPTED = re.compile(rb"""^[^#\n]*[\s{"']secure["']?:\s""", re.MULTILINE)
OWN_KEYS = {"", "default", "passphrase"}
NEEDS_STACK = {
    "up", "preview", "refresh", "destroy", "import", "watch", "logs", "config", "config get", "config set",
    "config set-all", "config remove", "config remove-all",
}  # fmt: skip


def refusal(words: Words, project: Project, stack: str) -> str:
    """Why a command is refused and what to do instead; empty for all others."""
    command, file = words.command, f"Pulumi.{stack or '<stack>'}.yaml"
    if command in {"config set", "config set-all"} and _secret(words):
        return _reason(
            f"a secret cannot be kept in {file}",
            "it would be encrypted with a key that this machine alone has, in a file that is checked in",
            f"./slipway {STORE} {stack or 'ENV'} NAME",
        )
    if command in REFUSED:
        what, why, way = REFUSED[command]
        return _reason(what.format(file=file), why.format(file=file), way.format(file=file, stack=stack or "<stack>"))
    if words.value("secrets-provider") not in OWN_KEYS:
        return _reason(
            "another secrets provider cannot be used here",
            f"the local cloud's stacks have a passphrase of their own, and {file} is checked in",
            "leave --secrets-provider out; on real accounts it is right",
        )
    if command.partition(" ")[0] != "config" and words.all("config") and words.on("config-path"):
        return _reason(
            "a setting's part is not set by this command",
            "the CLI would take the rest of that setting away",
            f"pulumi config set --path KEY VALUE --stack {stack}",
        )
    if command == "destroy" and words.on("remove"):
        return _reason(
            "a stack is not removed with its resources",
            f"{file} would be deleted, which is checked in",
            f"pulumi destroy --stack {stack} && pulumi stack rm {stack}",
        )
    if command == "stack new" and words.value("copy-config-from"):
        return _reason(
            "settings are not copied",
            "they would come with a key that this machine alone has, into a file that is checked in",
            f"copy Pulumi.{words.value('copy-config-from')}.yaml, and edit what differs",
        )
    if command == "do" and not words.on("stateless"):
        return _reason(
            "`pulumi do` is not done here",
            f"it would write a key that this machine alone has into {file}, which is checked in",
            "declare the resource in infra/, then: pulumi up",
        )
    overwrites = words.on("force") and not words.value("dir") and working_folder(words) == project.folder
    if command in {"new", "project new"} and overwrites:
        return _reason("no new project is made here", "it would overwrite this one", "pulumi new --dir FOLDER")
    chosen = stack or command not in NEEDS_STACK or (command == "up" and words.arguments)
    if command == "stack select":
        chosen = words.arguments or words.value("stack")
    if not chosen:
        names = ", ".join(sorted(one.name.split(".")[1] for one in project.folder.glob("Pulumi.*.yaml")))
        again = "pulumi stack select <stack>" if command.startswith("stack") else f"pulumi {command} --stack <stack>"
        return _reason("no stack is chosen", f"there are {names}", again)
    path = project.stack_file(words, stack)
    reads = command in {"up", "preview", "refresh", "destroy", "import", "watch"}
    if reads and path.is_file() and ENCRYPTED.search(path.read_bytes()):
        return _reason(
            f"{path.name} cannot be used",
            "it has an encrypted value (`secure:`), whose key is not here; a stack file has no secrets",
            f"take it out, name it in {project.name}:secrets, then: ./slipway {STORE} {stack} NAME",
        )
    return _plan(words, stack)


REFUSED = {
    "config copy": (
        "settings are not copied",
        "they would come with a key that this machine alone has, into a file that is checked in",
        "edit the other stack's file, or: pulumi config set KEY VALUE --stack <other>",
    ),
    "config refresh": (
        "{file} is not overwritten",
        "it is checked in, and what was deployed here last comes with what is of this machine alone",
        "git diff {file}",
    ),
    "config env add": ("there are no environments to import", "they are of Pulumi Cloud", "edit {file}"),
    "config env init": ("there are no environments to make", "they are of Pulumi Cloud", "edit {file}"),
    "config env remove": ("there are no environments to remove", "they are of Pulumi Cloud", "edit {file}"),
    "stack rename": (
        "the stack is not renamed",
        "{file} would be renamed with it, which is checked in and of every cloud",
        "git mv {file} Pulumi.<new>.yaml && pulumi stack init <new>",
    ),
    "stack change-secrets-provider": (
        "the secrets provider is not changed",
        "the local cloud's stacks have a passphrase of their own, and {file} is checked in",
        "for a real account, run it in a shell without the local cloud's variables",
    ),
    "stack migrate": (
        "no stack is moved here from another backend",
        "its key would be written into {file}, which is checked in",
        "./slipway up {stack}",
    ),
}


def _plan(words: Words, stack: str) -> str:
    """A plan that cannot be read or saved, or is of another stack: the CLI would say so late, or not what it is."""
    again = f"pulumi preview --stack {stack} --save-plan FILE"
    if words.command == "preview" and (name := words.value("save-plan")):
        folder = (working_folder(words) / name).parent
        return "" if folder.is_dir() else _reason(f"no plan can be saved as {name}", f"there is no {folder}", again)
    if words.command != "up" or not (name := words.value("plan")):
        return ""
    what = f"the plan {name} cannot be carried out"
    try:
        urns = json.loads((working_folder(words) / name).read_bytes())["resourcePlans"]
        others = {urn.split(":")[2] for urn in urns} - {stack}
    except OSError as error:
        return _reason(what, f"it cannot be read: {error.strerror}", again)
    except (ValueError, LookupError, TypeError, AttributeError):
        return _reason(what, "it is no plan, or not whole", again)
    return _reason(what, f"it is of {', '.join(sorted(others))}, not of {stack}", again) if others else ""


def _secret(words: Words) -> bool:
    if words.command == "config set":
        return words.on("secret")
    try:
        given = json.loads(words.value("json") or "{}")
    except ValueError:
        return False  # the CLI says what is wrong with it
    values = given.values() if isinstance(given, dict) else ()
    return bool(words.all("secret")) or any(isinstance(one, dict) and one.get("secret") for one in values)


def _reason(what: str, why: str, way: str) -> str:
    return f"{what}: {why}\n\nhint: {way}"
