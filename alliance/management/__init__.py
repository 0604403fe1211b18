"""Commands of the alliance room."""
