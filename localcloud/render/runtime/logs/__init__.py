"""What services, builds and runs have said."""
