"""Web identities: who comes with a token of an OpenID Connect provider, and may take a role with it."""
