"""The client's Progress page: my measures and our alliance, as the client's side may see them."""

from django.utils.translation import gettext as _

from alliance.models import Signal
from alliance.queries.courses import CLIENT, forms_of
from alliance.queries.pictures import Card, Names, card
from clients.models import Client


def progress_cards(client: Client) -> list[Card]:
    """Return a card for each form that has something to show. Two queries: ratings and signals."""
    names = Names(client=_("You"), therapist=client.therapist.first_name, own=True)
    signals = list(Signal.objects.filter(client=client, rating__rater=CLIENT).order_by("-raised_at")[:50])
    cards = [card(form, names, signals, narrow=True) for form in forms_of(client, reader=CLIENT)]
    return [found for found in cards if found.has_data]
