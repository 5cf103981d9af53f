"""How Pulumi brings an image into a registry: `resources` for programs, `provider` for the engine."""
