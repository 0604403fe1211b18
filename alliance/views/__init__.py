"""Pages of the alliance room."""
