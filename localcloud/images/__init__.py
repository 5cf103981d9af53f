"""Images, as the registry, the builder and the runtime speak of them."""
