"""One environment: its stack file, what it consists of, and how it comes up."""
