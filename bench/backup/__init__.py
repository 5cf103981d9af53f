"""How long backups take, beside what people use: `python -m bench.backup [MiB] [RUNS] [--s3 versitygw]`."""
