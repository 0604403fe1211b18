"""Conversations. See README.md."""
