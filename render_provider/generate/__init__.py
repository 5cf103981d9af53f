"""Everything that follows from the files in `provider/resources/`: programs' side, schema, reference."""

COMMAND = "python -m render_provider.generate"
