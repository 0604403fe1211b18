"""Users and memberships: tables that everything points at."""
