"""Questionnaires as data: one JSON file an instrument, and the readers of these files.

What lives here: structure (`structure.py`), answers as typed (`answers.py`), wording packs (`wording.py`, whose
files stand in `alliance/wordings/`). What doesn't: the arithmetic (`alliance/domain/scoring.py`).
"""
