"""Which texts stand now, and what a client agreed to."""

from dataclasses import dataclass

from clients.models import Client, ConsentKind, ConsentReceipt, ConsentText


@dataclass(frozen=True)
class Consent:
    """Where a client stands with one kind of consent."""

    kind: ConsentKind
    given: bool
    receipt: ConsentReceipt | None


def current_texts(client: Client) -> dict[str, ConsentText]:
    """Return the newest text of each kind, in the client's language where there is one. One query."""
    rows = ConsentText.objects.filter(language__in={client.language, client.practice.language})
    texts: dict[str, ConsentText] = {}
    for text in rows.order_by("version"):
        known = texts.get(text.kind)
        if known is None or text.language in {known.language, client.language}:
            texts[text.kind] = text
    return texts


def newest_texts(language: str) -> dict[str, ConsentText]:
    """Return the newest text of each kind in a language. One query."""
    return {text.kind: text for text in ConsentText.objects.filter(language=language).order_by("version")}


def latest_receipts(client: Client) -> dict[str, ConsentReceipt]:
    """Return the latest receipt of each kind. One query."""
    rows = ConsentReceipt.objects.filter(client=client).select_related("text").order_by("at", "pk")
    return {row.kind: row for row in rows}


def consents_of(client: Client) -> list[Consent]:
    """Return each kind of consent with the client's answer. One query."""
    receipts = latest_receipts(client)
    return [Consent(kind, getattr(client, f"{kind.value}_consent"), receipts.get(kind)) for kind in ConsentKind]
