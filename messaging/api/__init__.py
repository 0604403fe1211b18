"""Conversations under /api/v1/: the same verbs and rules as the socket and the pages."""
