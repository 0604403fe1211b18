"""Shape and clean what a form sends; save nothing."""
