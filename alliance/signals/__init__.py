"""Signals: clinical rules as pure arithmetic, one file a rule."""
