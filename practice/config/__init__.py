"""Assembly: settings, addresses, servers and the beat. Imported by no room."""
