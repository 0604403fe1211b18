"""Template tags of the alliance room."""
