"""What an instance proves of itself before it is healthy: its code, what it needs, and one request of each kind."""
