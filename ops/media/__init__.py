"""What users uploaded: copied as it changes, checked against what the database names, and put back."""
