"""Who may do what to which environment, asked by real calls: a table, and the proof that the table would notice."""
