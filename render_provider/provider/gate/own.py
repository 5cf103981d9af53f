"""What a service itself says that it runs: whoever starts a deploy of it by hand, later, gets that."""

from __future__ import annotations

from render_provider.provider.images import normal
from render_provider.provider.task import Task


def declare(task: Task, service: str, image: str, variable: str | None, version: str) -> None:
    """Have it name that image, and that version in the variable. Neither starts a deploy at Render."""
    if not image:
        return
    told = task.client.get(f"/services/{service}")
    if told.get("imagePath") and normal(told["imagePath"]) != normal(image):
        details = (told.get("serviceDetails") or {}).get("envSpecificDetails") or {}
        credential = (told.get("registryCredential") or details.get("registryCredential") or {}).get("id")
        body = {"ownerId": task.owner_id, "imagePath": image}
        task.client.patch(
            f"/services/{service}", {"image": body | ({"registryCredentialId": credential} if credential else {})}
        )
    if variable and version:
        items = task.client.pages(f"/services/{service}/env-vars", envelope="envVar")
        if {item["key"]: item["value"] for item in items}.get(variable) != version:
            task.client.put(f"/services/{service}/env-vars/{variable}", {"value": version})
