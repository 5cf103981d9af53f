"""`backup`: make backups of an environment's database, and see what there is."""
