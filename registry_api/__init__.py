"""How a registry is spoken to: manifests, blobs, and what hangs on an image."""
