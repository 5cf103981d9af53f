"""deploy/kubernetes: valid by the published schemas, and the same application as on Render."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes_validate.utils import validate

from infra.application import APPLICATION
from infra.config import ENVIRONMENTS
from infra.load import from_file

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/kubernetes"
VERSIONS = ("1.30", "1.37")  # the oldest that it is written for, and the newest whose schemas there are
KUSTOMIZATION = "kustomization.yaml"


def documents() -> list[dict[str, Any]]:
    """All resources, in the order in which they are applied."""
    files = yaml.safe_load((FOLDER / KUSTOMIZATION).read_text())["resources"]
    return [document for file in files for document in yaml.safe_load_all((FOLDER / file).read_text())]


def one(kind: str, name: str) -> dict[str, Any]:
    """The resource of that kind and name."""
    [found] = [each for each in documents() if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


def pods() -> dict[str, dict[str, Any]]:
    """The pods' specifications by the name of what makes them."""
    web, worker = one("Deployment", "cams-web"), one("Deployment", "cams-worker")
    job = one("CronJob", "cams-clearsessions")["spec"]["jobTemplate"]
    return {
        "web": web["spec"]["template"]["spec"],
        "worker": worker["spec"]["template"]["spec"],
        "clearsessions": job["spec"]["template"]["spec"],
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_every_resource_is_valid(version: str) -> None:
    """Strictly: a key that the schema does not know is a mistake."""
    kinds = []
    for document in documents():
        validate(document, version, strict=True)
        kinds.append(document["kind"])

    assert sorted(kinds) == [
        *("ConfigMap", "CronJob", "Deployment", "Deployment", "Namespace", "PodDisruptionBudget", "Service")
    ]


def test_every_file_is_applied() -> None:
    """None lies beside the list."""
    listed = yaml.safe_load((FOLDER / KUSTOMIZATION).read_text())["resources"]

    assert sorted([*listed, KUSTOMIZATION]) == sorted(path.name for path in FOLDER.iterdir())


def test_the_image_is_named_once_and_by_its_digest() -> None:
    """Each container runs it by the name that the kustomization replaces."""
    [image] = yaml.safe_load((FOLDER / KUSTOMIZATION).read_text())["images"]

    assert image["digest"].startswith("sha256:")
    assert {container["image"] for pod in pods().values() for container in pod["containers"]} == {image["name"]}


def test_no_pod_can_do_more_than_its_work() -> None:
    """What the namespace demands (`restricted`), and a root file system that cannot be written."""
    for pod in pods().values():
        [container] = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert [mount["mountPath"] for mount in container["volumeMounts"]] == ["/tmp"]  # noqa: S108 - in the container
        assert set(container["resources"]["requests"]) == {"cpu", "memory"}
        assert set(container["resources"]["limits"]) == {"memory"}


def test_the_commands_are_renders() -> None:
    """Of the same image, at the same hour."""
    commands = {name: " ".join(pod["containers"][0]["command"]) for name, pod in pods().items()}
    schedules = {from_file(name, ROOT).jobs.clear_sessions for name in ENVIRONMENTS}

    assert commands == {
        "web": "python start.py web",
        "worker": APPLICATION.worker,
        "clearsessions": f"{APPLICATION.job} {APPLICATION.clear_sessions}",
    }
    assert {one("CronJob", "cams-clearsessions")["spec"]["schedule"]} == schedules


def test_an_instance_gets_traffic_once_it_is_healthy_and_loses_it_before_it_ends() -> None:
    """By the path that Render asks; none of the old ones goes before a new one is ready."""
    pod, deployment = pods()["web"], one("Deployment", "cams-web")["spec"]
    [container] = pod["containers"]
    probes = {name: container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "readiness", "liveness")}
    startup = container["startupProbe"]

    assert probes == {"startup": APPLICATION.health, "readiness": APPLICATION.health, "liveness": "/healthz"}
    assert startup["periodSeconds"] * startup["failureThreshold"] >= 120
    assert deployment["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    assert container["lifecycle"]["preStop"]["exec"]["command"] == ["sleep", "5"]
    assert pod["terminationGracePeriodSeconds"] >= 5 + 25 + 5  # gunicorn's `graceful_timeout` is 25 s


def test_a_drained_node_leaves_one_instance() -> None:
    """The budget, the service and the deployment mean the same pods."""
    deployment, service = one("Deployment", "cams-web")["spec"], one("Service", "cams-web")["spec"]
    budget = one("PodDisruptionBudget", "cams-web")["spec"]
    labels = deployment["template"]["metadata"]["labels"]

    assert deployment["selector"]["matchLabels"] == service["selector"] == budget["selector"]["matchLabels"] == labels
    assert (deployment["replicas"], budget["minAvailable"]) == (2, 1)


def test_no_secret_is_written_down() -> None:
    """The map has what is none; the rest is in a Secret that is made by hand, and in none of these files."""
    told = one("ConfigMap", "cams")["data"]

    assert set(told) == {"ENVIRONMENT", "LOG_LEVEL", "PROD_ALLOWED_HOSTS", "PROD_CSRF_TRUSTED_ORIGINS"}
    for pod in pods().values():
        assert pod["containers"][0]["envFrom"] == [
            {"configMapRef": {"name": "cams"}},
            {"secretRef": {"name": "cams"}},
        ]
