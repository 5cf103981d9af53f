"""What really runs databases and services behind the local Render API: `protocols.py` says what is asked of it."""
