"""How programs of users are run: with a short environment, confined to this machine, and able to be ended."""
