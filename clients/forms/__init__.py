"""Forms: shape and clean; they save nothing."""
