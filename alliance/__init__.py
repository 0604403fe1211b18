"""Instruments, ratings, signals. See README.md."""
