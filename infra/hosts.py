"""Host names in a stack file: how they are written, which go together, and which are another environment's.

Imports no Pulumi; the list of public suffixes is loaded only where a stack file names a host.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from infra.names import EnvironmentNames, ProjectNames

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

RENDER = "onrender.com"
DEVELOPMENT = re.compile(r"(dev|staging)\d*(-.*)?|.*-(dev|staging)\d*")  # of a label, whole
NUMBER = re.compile(r"\d+|0x[0-9a-f]*")  # a last label that makes of a name an address, as browsers read it


@dataclass(frozen=True)
class Declared:
    """The hosts that a stack file names."""

    domains: Sequence[str]
    allowed: Sequence[str] = ()

    def with_paths(self) -> Iterator[tuple[str, str]]:
        """Each with its path, in order."""
        yield from ((f"domains/web/{number}", name) for number, name in enumerate(self.domains))
        yield from ((f"allowed_hosts/{number}", name) for number, name in enumerate(self.allowed))


def canonical(name: str) -> str:
    """As DNS and Render have it: lower case, Punycode, no final dot."""
    import idna

    if name.startswith(("*.", ".")):  # also as Django writes it
        raise ValueError(f"`{name}` is a wildcard, which would catch other environments' hosts too: name each host")
    try:
        return idna.encode(name.removesuffix("."), uts46=True, std3_rules=True).decode()
    except idna.IDNAError as error:
        raise ValueError(f"`{name}` is not a host name: no scheme, port or path") from error


def domain(name: str) -> str:
    """A name of one's own, which Render can be told of."""
    host = canonical(name)
    if host.endswith(f".{RENDER}"):
        raise ValueError(f"`{name}` is given by Render; here are names of your own")
    if _is_address(host) or registrable(host) is None:
        raise ValueError(f"`{name}` is not a domain that can be registered, such as example.org or exams.example.org")
    return host


def moved(names: Sequence[str]) -> Sequence[str]:
    """None that led to the static site which there was: they answer nothing while they move (docs/adr/0046)."""
    if names:
        raise ValueError(
            f"the web service has the pages now: name {', '.join(f'`{name}`' for name in names)} in domains/web. "
            "Render knows a name once and issues its certificate anew, so it answers nothing for some minutes: "
            "choose a quiet hour"
        )
    return names


def of_url(text: str) -> str | None:
    """The host in a URL; None for anything else."""
    url = re.match(r"https?://([^/:?#]+)", text)
    return url[1].lower() if url else None


def registrable(host: str) -> str | None:
    """The part of it that somebody has registered: `example.co.uk` of `www.example.co.uk`."""
    registered: str | None = _suffixes().privatesuffix(host)
    return registered


def companion(host: str) -> str | None:
    """The other of an apex and its www name: Render adds it to the same service, redirecting."""
    bare = host.removeprefix("www.")
    if registrable(host) != bare:
        return None
    return bare if bare != host else f"www.{host}"


def apex(host: str) -> str:
    """What both names of such a pair are known by; any other host is known by itself."""
    return host.removeprefix("www.") if companion(host) else host


def serving(names: Sequence[str]) -> dict[str, str | None]:
    """The names that serve, each with its companion where that is declared too: the first of a pair serves."""
    companions: dict[str, str | None] = {}
    for name in names:
        other = companion(name)
        if other in companions:
            companions[other] = name
        else:
            companions[name] = None
    return companions


def breaches(environment: str, ours: Declared, others: Mapping[str, Declared]) -> list[str]:
    """What is wrong with the hosts of an environment, each with its path."""
    return [*_declared_twice(ours), *_declared_elsewhere(environment, ours, others)]


def development_breaches(ours: Declared, names: ProjectNames) -> list[str]:
    """What prod's stack file may not name."""
    return [
        f"{path}: `{host}` is a development host, not for prod"
        for path, host in ours.with_paths()
        if is_development(host, names)
    ]


def is_development(host: str, names: ProjectNames) -> bool:
    """Whether it is this machine, an address, or says below the registrable name that it is dev's or staging's.

    `exams.acme.dev`, `acme-dev.com` and `staging.io` are domains like any other.
    """
    if _is_address(host) or host == "localhost" or host.endswith((".localhost", ".localdomain")):
        return True
    registered = registrable(host)
    labels = host.removesuffix(registered or "").split(".")
    return any(DEVELOPMENT.fullmatch(label) for label in labels) or _is_renders(host, names)


def _is_renders(host: str, names: ProjectNames) -> bool:
    """Whether Render has given it to dev or staging, with whatever suffix."""
    stems = tuple(EnvironmentNames(names.project, other).stem for other in ("dev", "staging"))
    return host.endswith(f".{RENDER}") and host.startswith(stems)


def _declared_twice(ours: Declared) -> Iterator[str]:
    """Render knows a name once."""
    for number, host in enumerate(ours.domains):
        if (first := ours.domains.index(host)) < number:
            yield f"domains/web/{number}: `{host}` is domains/web/{first} already"


def _declared_elsewhere(environment: str, ours: Declared, others: Mapping[str, Declared]) -> Iterator[str]:
    """What another environment's stack file has for itself; a host that dev and staging both allow harms nobody."""
    for other, theirs in others.items():
        with_prod = "prod" in (environment, other)
        for path, host in ours.with_paths():
            for their_path, their_host in theirs.with_paths():
                shared = path.startswith("allowed") and their_path.startswith("allowed") and not with_prod
                if not shared and host in (their_host, companion(their_host)) and not _is_nobodys(host):
                    which = "is" if host == their_host else f"goes with `{their_host}`,"
                    yield f"{path}: `{host}` {which} {other}'s: {their_path} in Pulumi.{other}.yaml"
                    break


def _is_nobodys(host: str) -> bool:
    """Each environment has a localhost and addresses of its own."""
    return host == "localhost" or _is_address(host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(NUMBER.fullmatch(host.rpartition(".")[2]))
    return True


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(only_icann=True)
