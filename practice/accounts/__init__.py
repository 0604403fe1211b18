"""Signing in: password, mailed code, and our own small sign-in link."""
