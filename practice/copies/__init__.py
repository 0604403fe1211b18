"""Backups: made, checked, restored. Not here: the environment's keys, which no backup holds."""
