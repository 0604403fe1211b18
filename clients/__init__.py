"""The person: record, invitation, consent, appointments, attention. See README.md."""
