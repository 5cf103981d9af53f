"""`secret`: keep secrets of one's own, such as API keys and DSNs, in the vault of an environment."""
