"""Who may do what: AWS's policies, evaluated as AWS documents it."""
