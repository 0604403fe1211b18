"""What this room does when another announces something."""
