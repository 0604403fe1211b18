"""Edges: parse, fetch by access, one verb, render."""
