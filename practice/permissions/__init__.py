"""At which door someone sits, and the door of the admin site. What they may do there is each room's `rules.py`."""
