"""What a process of the user sees of this machine: a short list, never the daemon's own secrets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

SHARED = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "USER", "LOGNAME", "AWS_ENDPOINT_URL")
# What the user has signed in to is not the service's: as on Render, it has what it is given.
HIDDEN = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
# Where packages come from and how they are reached: builds need it, running services do not. A service's home and its
# temporary folder are its workspace's.
FOR_BUILDS = (
    "HOME",
    "TMPDIR",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "PIP_INDEX_URL",
    "PIP_CONFIG_FILE",
    "UV_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "NPM_CONFIG_REGISTRY",
    "npm_config_registry",
)


def environment(*given: Mapping[str, str], programs: Path, build: bool = False) -> dict[str, str]:
    """The environment of a user's process: the machine's short list, then what is given, later ones winning.

    `programs` (the folder of the Python that runs it) leads PATH, whatever is given.
    """
    names = SHARED + (FOR_BUILDS if build else ())
    result = {name: os.environ[name] for name in names if name in os.environ}
    result.update(HIDDEN)
    result["PYTHONUNBUFFERED"] = "1"  # a log that lags behind is of no use when a process dies
    for values in given:
        result.update(values)
    inherited = result.get("PATH") or os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin")
    result["PATH"] = f"{programs}:{inherited}"
    return result
