"""How hard a text is to read: the Flesch–Kincaid grade (Kincaid et al. 1975), with a plain syllable count."""

import re

SENTENCE = re.compile(r"[.!?…]+[”’\"]?(?:\s+|$)|\n+")
WORD = re.compile(r"[A-Za-z]+(?:[’'][A-Za-z]+)?")
VOWELS = re.compile(r"[aeiouy]+")


def sentences(text: str) -> list[str]:
    plain = re.sub(r"[*_#>`]", "", text)
    return [part.strip() for part in SENTENCE.split(plain) if WORD.search(part)]


def words(text: str) -> list[str]:
    return WORD.findall(text)


def syllables(word: str) -> int:
    word = word.lower().split("’")[0].split("'")[0]
    count = len(VOWELS.findall(word))
    if word.endswith(("e", "es", "ed")) and not word.endswith(("le", "les", "ted", "ded", "ses", "ces")):
        count -= 1
    return max(1, count)


def grade(text: str) -> float:
    """Flesch–Kincaid: 0.39 × words a sentence + 11.8 × syllables a word − 15.59."""
    found = words(text)
    parts = sentences(text)
    return 0.39 * len(found) / len(parts) + 11.8 * sum(map(syllables, found)) / len(found) - 15.59
