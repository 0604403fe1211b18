"""The sockets' ground: executor, hints, head check, session re-check."""
