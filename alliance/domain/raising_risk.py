"""A risk item answered above zero: someone is told in the very transaction of the save.

One attention item per response and question. It stays whatever becomes of the answer; changes are noted on it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from alliance.domain.scoring import is_risk
from alliance.instruments.structure import Instrument, Item, instrument
from alliance.instruments.wording import wording
from clients.domain.attending import note_change, raise_item
from clients.models import AttentionItem, Urgency
from homework.models import Response
from practice.people.models import User
from practice.tenancy import scope

KIND = "risk"
BLOCK = "instrument"
CHANGED = "answer"


@dataclass(frozen=True)
class Save:
    """One save as it arrived, kept or refused."""

    response: Response
    block: str
    instrument: Instrument
    answers: dict[str, Any]
    by: User
    now: datetime

    def key(self, item: Item) -> str:
        """What makes the attention item of this response and question one of a kind."""
        return f"{self.response.pk}/{self.block}/{item.number}"

    def answer(self, item: Item) -> Any:
        """What this save says to the item; None when nothing."""
        return self.answers.get(str(item.number))


@transaction.atomic
def watch(*, response: Response, block: dict[str, Any], value: Any, by: User, now: datetime) -> list[AttentionItem]:
    """Return the attention items that this save touched. May be called again with the same save.

    Call it for every save that arrives, a refused one too: what was answered counts, not what was kept.
    Joins the caller's transaction.
    """
    if block.get("type") != BLOCK:
        return []
    answers = value.get("answers", {}) if isinstance(value, dict) else {}
    save = Save(response, block["id"], instrument(block["instrument"]), answers, by, now)
    with scope(practice=response.practice_id):
        touched = [_watch_item(save, item) for item in save.instrument.items if item.risk]
    return [item for item in touched if item is not None]


def _watch_item(save: Save, item: Item) -> AttentionItem | None:
    raised = AttentionItem.objects.filter(kind=KIND, key=save.key(item)).first()
    if raised is None:
        return _raise(save, item) if is_risk(item, save.answer(item)) else None
    if _last_answer(raised) != save.answer(item):
        note_change(item=raised, change=CHANGED, detail={"value": save.answer(item)}, by=save.by, now=save.now)
    return raised


def _raise(save: Save, item: Item) -> AttentionItem:
    client, found, answer = save.response.client, save.instrument, save.answer(item)
    words = wording(found.id, save.response.assignment.rater, client.language)
    detail = {
        "client": client.called,
        "form": words.title,
        "item": item.number,
        "question": words.items[item.number].text,
        "value": answer,
        "said": words.step(item.number, answer - found.low),
    }
    return raise_item(
        kind=KIND,
        key=save.key(item),
        client=client,
        urgency=Urgency.CRITICAL,
        subject_id=save.response.pk,
        detail=detail,
        now=save.now,
    )


def _last_answer(raised: AttentionItem) -> Any:
    latest = raised.changes.filter(change=CHANGED).order_by("-at", "-id").first()
    return latest.detail["value"] if latest else raised.detail["value"]
