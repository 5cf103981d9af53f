"""PostgreSQL, as many servers as keep databases apart."""
