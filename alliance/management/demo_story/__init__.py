"""The demo practice's story: who the people are, how they fare, what they write, and the telling of it by verbs.

Everyone in it is invented. Nothing here is used outside `manage.py demo`.
"""
