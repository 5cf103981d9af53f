"""Image repositories."""
