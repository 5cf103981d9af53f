"""The tokens by which running services show who they are."""
