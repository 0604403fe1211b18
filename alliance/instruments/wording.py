"""The words of an instrument: one pack per instrument and language, one form per rater. Pure: no framework.

`{therapist}` and `{client}` stand for names. A pack says what its words are: our own instrument (`own`), our wording
for the construct of another's instrument (`after`), or the instrument's own words (`original`). Only the last may
ever be shown with the instrument's norms, bands and reliable change.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "wordings"
FALLBACK = "en"


class NoWording(LookupError):
    """No words for this instrument and rater ship."""


@dataclass(frozen=True, slots=True)
class ItemWords:
    """One item as it is read: a text or a pair of ends, and names for its steps where it has its own."""

    text: str = ""
    help: str = ""
    low: str = ""
    high: str = ""
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """One form: what a rater reads, in one language."""

    instrument: str
    language: str
    version: int
    status: str
    rater: str
    title: str
    intro: str
    items: Mapping[int, ItemWords]
    recall: str = ""
    attribution: str = ""
    anchors: tuple[str, ...] = ()
    stems: Mapping[int, str] | None = None

    @property
    def pack(self) -> str:
        """The pack's name as it is kept with a rating."""
        return f"rapport/{self.language}/{self.instrument}/{self.version}"

    @property
    def shows_bands(self) -> bool:
        """Whether a page may show bands, norms and reliable change: they belong to the original words."""
        return self.status == "original"

    def steps(self, number: int) -> tuple[str, ...]:
        """The names of an item's steps, lowest first; empty when only its ends have words."""
        return self.items[number].anchors or self.anchors

    def step(self, number: int, place: int) -> str:
        """The name of the step at this place, counted from the lowest; empty when it has none."""
        steps = self.steps(number)
        return steps[place] if 0 <= place < len(steps) else ""

    def named(self, *, therapist: str, client: str) -> "Wording":
        """The same form with both people's names in it."""

        def fill(text: str) -> str:
            return text.replace("{therapist}", therapist).replace("{client}", client)

        items = {
            number: replace(item, text=fill(item.text), help=fill(item.help), low=fill(item.low), high=fill(item.high))
            for number, item in self.items.items()
        }
        return replace(self, title=fill(self.title), intro=fill(self.intro), items=items)


def wording(instrument: str, rater: str, language: str = FALLBACK) -> Wording:
    """The form in this language, else in its parent language, else in English. Raises NoWording."""
    for candidate in _candidates(language):
        pack = _pack(instrument, candidate)
        if pack and rater in pack["forms"]:
            return _wording(pack, rater)
    raise NoWording(f"no wording of {instrument} for the {rater}")


def languages(instrument: str) -> tuple[str, ...]:
    """The languages in which words for this instrument ship."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob(f"*/{instrument}.json")))


def _candidates(language: str) -> Iterator[str]:
    yield language
    yield language.split("-", maxsplit=1)[0]
    yield FALLBACK


@cache
def _pack(instrument: str, language: str) -> dict[str, Any] | None:
    if instrument not in _known() or language not in languages(instrument):
        return None
    found: dict[str, Any] = json.loads((FOLDER / language / f"{instrument}.json").read_text(encoding="utf-8"))
    return found


@cache
def _known() -> frozenset[str]:
    return frozenset(path.stem for path in FOLDER.glob("*/*.json"))


def _wording(pack: dict[str, Any], rater: str) -> Wording:
    form = pack["forms"][rater]
    return Wording(
        instrument=pack["instrument"],
        language=pack["language"],
        version=pack["version"],
        status=pack["status"],
        rater=rater,
        title=form["title"],
        intro=form["intro"],
        items={int(number): _item(item) for number, item in form["items"].items()},
        recall=form.get("recall", ""),
        attribution=pack.get("attribution", ""),
        anchors=tuple(form.get("anchors", ())),
        stems={int(number): stem for number, stem in form.get("stems", {}).items()},
    )


def _item(item: dict[str, Any]) -> ItemWords:
    return ItemWords(**{**item, "anchors": tuple(item.get("anchors", ()))})
