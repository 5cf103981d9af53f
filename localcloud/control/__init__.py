"""What the commands do: start and stop the daemons, and ask what runs."""
