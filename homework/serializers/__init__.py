"""Shape and clean what the API is sent; save nothing."""
