"""Faults at random moments of backups and restores, and bytes of stored backups that are not what they were."""
