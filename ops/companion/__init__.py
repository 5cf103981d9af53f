"""The restore companion: what is laid into a folder or under a prefix of a bucket is restored (docs/adr/0074)."""
