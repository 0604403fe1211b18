"""What belongs to the shell rather than to a room: errors, health, settings, the frame around every page."""
