"""The sockets' ground: executor, hints, rooms of a process, head check, session re-check. See README.md."""
