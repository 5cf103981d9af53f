"""The project `cams`: settings, health and start-up, shared by every domain app beside it."""
