"""Verbs: one file an act."""
