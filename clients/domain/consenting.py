"""Consents: versioned texts of the practice, given and withdrawn each separately, with receipts."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext, override

from clients.domain.reaching import recompute_channels
from clients.events import consent_changed
from clients.models import Client, ConsentKind, ConsentReceipt, ConsentText
from clients.queries.consents import current_texts, newest_texts
from practice.audit import record
from practice.people.models import Practice, User
from practice.tenancy import scope


def publish_text(*, practice: Practice, kind: str, language: str, body: str, now: datetime) -> ConsentText:
    """Return a new version of the practice's text. What people agreed to before stays as it was."""
    with transaction.atomic(), scope(practice=practice):
        rows = ConsentText.objects.filter(kind=kind, language=language).order_by("-version")
        latest = rows.select_for_update().first()
        return ConsentText.objects.create(
            practice=practice,
            kind=kind,
            language=language,
            version=latest.version + 1 if latest else 1,
            body=body.strip(),
            published_at=now,
        )


def texts_for(*, client: Client, now: datetime) -> dict[str, ConsentText]:
    """Return the text of each kind in the client's language (else the practice's), starting with our own words."""
    with scope(practice=client.practice_id):
        return _with_starting_words(client.practice, current_texts(client), now)


def texts_of(*, practice: Practice, now: datetime) -> dict[str, ConsentText]:
    """Return the text of each kind in the practice's own language, starting with our own words."""
    with scope(practice=practice):
        return _with_starting_words(practice, newest_texts(practice.language), now)


def _with_starting_words(practice: Practice, texts: dict[str, ConsentText], now: datetime) -> dict[str, ConsentText]:
    language = practice.language
    for kind in ConsentKind:
        if kind not in texts:
            body = _starting_words(kind, language)
            texts[kind] = publish_text(practice=practice, kind=kind, language=language, body=body, now=now)
    return texts


@transaction.atomic
def change_consent(*, client: Client, kind: str, given: bool, by: User, now: datetime) -> ConsentReceipt | None:
    """Return the receipt of giving or withdrawing; None when nothing changed.

    In this transaction homework holds or plans what was held (treatment), and channels change (messages).
    """
    with scope(practice=client.practice_id):
        client = Client.objects.locked().select_related("practice", "user").get(pk=client.pk)
        field = f"{kind}_consent"
        asked = ConsentReceipt.objects.filter(client=client, kind=kind).exists()
        if asked and getattr(client, field) == given:
            return None
        text = texts_for(client=client, now=now)[kind]
        setattr(client, field, given)
        client.save(update_fields=[field])
        receipt = ConsentReceipt.objects.create(
            practice_id=client.practice_id,
            client=client,
            kind=kind,
            text=text,
            text_hash=hashlib.sha256(text.body.encode()).hexdigest(),
            given=given,
            at=now,
        )
        recompute_channels(client=client)
        record(
            "consent_changed",
            practice_id=client.practice_id,
            by=by,
            now=now,
            client_id=client.pk,
            kind=kind,
            given=given,
            version=text.version,
        )
        consent_changed.send(Client, client=client, kind=kind, given=given, now=now)
    return receipt


def _starting_words(kind: str, language: str) -> str:
    with override(language):
        if kind == ConsentKind.TREATMENT:
            return gettext(
                "I want to use this platform as a part of my treatment.\n\n"
                "My answers, messages and appointments are kept here, encrypted. My care team can read them. "
                "Nobody else can, unless the practice's clinical lead must, and then my therapist is told.\n\n"
                "This is no emergency service. Nobody reads along day and night.\n\n"
                "I can take this back at any time. Then nothing more is sent to me, and my messages can be read "
                "but no longer written. What I wrote stays mine."
            )
        return gettext(
            "The practice may tell me by e-mail when something new is here.\n\n"
            "Such an e-mail says that there is something new, never what it is. I can take this back at any time; "
            "then I get e-mails only for signing in and about my safety."
        )
