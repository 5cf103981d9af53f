"""What people and timers run: `commands/` parse and print, the other folders decide, `doors/` reach outside."""
