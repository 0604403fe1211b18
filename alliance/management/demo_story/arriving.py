"""How a client comes in: added, invited, accepted by the link in the mail, consents given, a pathway begun."""

import re
from datetime import datetime

from alliance.domain.choosing_forms import choose_forms
from alliance.management.demo_story.people import Person
from alliance.management.demo_story.stage import PASSWORD, Stage, own_key
from clients.domain.adding import ClientDetails, add_client
from clients.domain.consenting import change_consent
from clients.domain.inviting import accept, invite
from clients.domain.letting_in import come_in, show_code
from clients.models import Client, ConsentKind, Invitation
from clients.queries.subjects import INVITATION
from homework.domain.enrolling import enrol
from homework.models import Pathway
from practice import clock
from practice.notifications.models import Notification
from practice.tenancy import scope

INVITATION_LINK = re.compile(r"/invitation/([\w-]+)/")
WITH_THE_LONGER_FORM = {"client", "mina", "hanna"}


def add_and_invite(*, stage: Stage, person: Person, now: datetime) -> Client:
    """Return the new client, invited by mail if they have an address."""
    details = ClientDetails(
        name=person.name,
        email=person.email,
        preferred_name=person.preferred,
        pronouns=person.pronouns,
        zone=person.zone,
    )
    therapist = stage.therapist_of(person)
    client = add_client(practice=stage.practice, details=details, therapist=therapist, by=therapist, now=now)
    if person.email:
        invite(client=client, by=therapist, now=now)
    if person.key in WITH_THE_LONGER_FORM:
        client = choose_forms(client=client, forms=["check-in", "seq"], by=therapist, now=now)
    stage.clients[person.key] = client
    return client


def accept_and_consent(*, stage: Stage, person: Person, now: datetime) -> None:
    """Follow the link in the invitation's mail and agree to both texts. The first client also chooses a password.

    Who has no address types the code that the therapist shows, and is asked about treatment alone.
    """
    if person.email:
        client = accept(token=_token_in_the_mail(stage, person), now=now)
    else:
        made, code = show_code(client=stage.clients[person.key], by=stage.therapist_of(person), now=now)
        client = come_in(code=code, now=made.made_at)
    for kind in ConsentKind if person.email else [ConsentKind.TREATMENT]:
        change_consent(client=client, kind=kind, given=True, by=client.user, now=now)
    if person.key == "client":
        client.user.set_password(PASSWORD)
        client.user.save(update_fields=["password"])
    with scope(practice=stage.practice):
        stage.clients[person.key] = Client.objects.select_related("user", "practice").get(pk=client.pk)


def start_pathway(*, stage: Stage, person: Person, key: str, begins: datetime, now: datetime) -> None:
    """Put the client on the practice's own copy of a pathway, from the morning of that day or of today."""
    client = stage.clients[person.key]
    with scope(practice=stage.practice):
        version = Pathway.objects.select_related("latest").get(key=own_key(key)).latest
    morning = clock.local(max(now, begins), client.zone).replace(hour=7, minute=0, second=0, microsecond=0)
    enrol(
        client=client,
        pathway_version=version,
        start_local=morning,
        tz=client.zone,
        by=stage.therapist_of(person),
        now=now,
    )


def _token_in_the_mail(stage: Stage, person: Person) -> str:
    """Read the link as the client would: from the mail, before it is wiped."""
    with scope(practice=stage.practice):
        invitation = Invitation.objects.get(client=stage.clients[person.key], replaced_at__isnull=True)
        mail = Notification.objects.get(subject_type=INVITATION.number, subject_id=invitation.pk)
    found = INVITATION_LINK.search(mail.payload or "")
    if found is None:
        raise LookupError(f"no link in the invitation of {person.name}")
    return found[1]
