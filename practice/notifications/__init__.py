"""The outbox: what leaves the house, by which channel, and whether it arrived."""
