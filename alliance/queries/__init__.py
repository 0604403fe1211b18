"""Reads: one file a page or question."""
