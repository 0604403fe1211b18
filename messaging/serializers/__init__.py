"""Shapes of the API and the socket."""
