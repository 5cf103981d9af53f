"""A Pulumi language host for Python, for an engine that was built without one.

It speaks `LanguageRuntime` (pulumi/proto/pulumi/language.proto) on the SDK's own stubs: the engine starts it, reads
its port from the first line, and asks it to run the program. Plugins are found by the versions that the program's
packages register with, so none is announced up front.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from localcloud.engine import generated_program
from localcloud.engine.install import VERSION
from localcloud.engine.program import SHOWN
from pulumi_plugin import launch
from pulumi_plugin.ending import Interrupts, end
from pulumi_plugin.parent import exit_with_parent


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs one program with the Python that this host itself runs on: the checkout's virtual environment."""

    def __init__(self, engine_address: str) -> None:
        self._engine_address = engine_address
        self._program: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def Handshake(self, request: Any, context: Any) -> Any:
        self._engine_address = request.engine_address or self._engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetRequiredPlugins(self, request: Any, context: Any) -> Any:
        return language_pb2.GetRequiredPluginsResponse()

    def GetRequiredPackages(self, request: Any, context: Any) -> Any:
        return language_pb2.GetRequiredPackagesResponse()

    def GetProgramDependencies(self, request: Any, context: Any) -> Any:
        return language_pb2.GetProgramDependenciesResponse()

    def RuntimeOptionsPrompts(self, request: Any, context: Any) -> Any:
        return language_pb2.RuntimeOptionsResponse()

    def About(self, request: Any, context: Any) -> Any:
        return language_pb2.AboutResponse(executable=sys.executable, version=sys.version.split()[0])

    def GenerateProgram(self, request: Any, context: Any) -> Any:
        """What `pulumi import` prints at its end."""
        program = generated_program.python("\n".join(request.source.values()))
        return language_pb2.GenerateProgramResponse(source={"__main__.py": program.encode()})

    def Cancel(self, request: Any, context: Any) -> Any:
        self.stop()
        return empty_pb2.Empty()

    def Run(self, request: Any, context: Any) -> Any:
        info = request.info
        folder = Path(info.program_directory)
        entry = folder / info.entry_point
        task = {
            "folder": request.pwd or str(folder),
            "program": str(entry / "__main__.py" if entry.is_dir() else entry),
            "args": list(request.args),
            "config": dict(request.config),
            "secret_keys": list(request.configSecretKeys),
            "settings": {
                "project": request.project,
                "stack": request.stack,
                "organization": request.organization,
                "parallel": request.parallel,
                "dry_run": request.dryRun,
                "monitor": request.monitor_address,
                "engine": self._engine_address,
                "root_directory": info.root_directory,
            },
        }
        # The names under which the official host passes the configuration on.
        env = os.environ | {
            "PULUMI_CONFIG": json.dumps(task["config"]),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(task["secret_keys"]),
        }
        command = launch.command("-m", "localcloud.engine.program", json.dumps(task))
        with self._lock:
            self._program = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL)
        code = self._program.wait()
        if code == 0:
            return language_pb2.RunResponse()
        if code == SHOWN:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=f"the program ended with exit code {code}")

    def stop(self) -> None:
        """End the program if it runs."""
        with self._lock:
            if self._program is not None:
                end(self._program)


def main() -> None:
    """Serve until the engine interrupts, which it does at the end of each run."""
    exit_with_parent()
    interrupts = Interrupts()
    host = LanguageHost(sys.argv[-1])
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=_GRPC_CHANNEL_OPTIONS)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    interrupts.wait()
    host.stop()
    os._exit(0)


if __name__ == "__main__":
    main()
