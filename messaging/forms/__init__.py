"""Shapes of what is posted from pages."""
