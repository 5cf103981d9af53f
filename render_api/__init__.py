"""Render's REST API, and only that: no Pulumi, no policy."""
