"""An asset of the front end that outlives the release which brought it."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class KeptAsset(models.Model):
    """Under the name that carries its hash, so that whoever has it under that name has this content."""

    name: models.CharField[str, str] = models.CharField(max_length=200, primary_key=True)
    content: models.BinaryField[bytes, bytes] = models.BinaryField()
    released_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(db_index=True)
    """When a release that has it was started last; all assets of one start have the same."""

    def __str__(self) -> str:
        return self.name
