"""All that this room hangs on lower rooms."""
