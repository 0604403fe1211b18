"""`manage.py doctor`: looks at an installation and says what to do. One file a check, registered by being there."""
