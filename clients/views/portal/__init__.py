"""Pages at the portal."""
