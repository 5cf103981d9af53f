"""A steady rate of requests through everything that an operator does to a service: none may be lost."""
