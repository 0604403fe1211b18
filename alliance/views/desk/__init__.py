"""The alliance room at the desk."""
