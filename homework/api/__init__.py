"""What the pages' own scripts need. Same verbs and rules as the pages."""
