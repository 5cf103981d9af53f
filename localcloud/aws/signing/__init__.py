"""Who is asking: what a request's signature shows of whoever sent it."""
