"""The alliance room in the portal."""
