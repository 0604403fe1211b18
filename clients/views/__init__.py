"""Pages of this room: access, form, one verb, render."""
