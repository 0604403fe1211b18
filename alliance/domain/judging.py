"""Judging a new rating against the rater's own course, and telling the therapist once that spoils nobody's own view."""

from datetime import datetime, timedelta

from django.db import transaction

from alliance import events
from alliance.instruments.structure import instrument
from alliance.models import Rating, RatingStatus, Signal
from alliance.queries.blind import THERAPIST, sitting_of, visible_to
from alliance.signals import rupture
from clients.domain.attending import raise_item
from clients.models import AttentionItem, Client
from practice.audit import record
from practice.audit.recording import record_opening
from practice.people.models import User
from practice.tenancy import every_practice, scope

SCORE = "total"
WAITED = timedelta(days=14)


@transaction.atomic
def judge(*, rating: Rating, now: datetime) -> Signal | None:
    """Return the rupture signal of a given rating, or None when there is nothing unusual. May be called again.

    Runs on the total of alliance forms alone: not on session or outcome forms, not on a total that can't be given.
    """
    with scope(practice=rating.practice_id):
        verdict = verdict_on(rating)
        if verdict is None or not verdict.level:
            return None
        signal, made = Signal.objects.get_or_create(
            rating=rating,
            kind=rupture.KEY,
            defaults={
                "practice_id": rating.practice_id,
                "client_id": rating.client_id,
                "level": verdict.level,
                "numbers": verdict.parameters(),
                "raised_at": now,
            },
        )
        if made:
            events.signal_raised.send(sender=Signal, signal=signal, now=now)
        return signal


@transaction.atomic
def tell(*, rating: Rating, now: datetime) -> list[AttentionItem]:
    """Return the attention items of the signals that this decision lays open. May be called again.

    Blind first: a fall in the client's rating is told once the therapist has given or declined their own, or can't
    any more. So call it for every rating that was decided, whichever side's.
    """
    with scope(practice=rating.practice_id):
        open_now = {found.pk: found for found in visible_to(THERAPIST, sitting_of(rating))}
        signals = Signal.objects.filter(rating__in=list(open_now))
        return [_tell(signal, open_now[signal.rating_id], now) for signal in signals]


def tell_what_waited(*, now: datetime) -> int:
    """Return how many signals were told because the therapist's own form has closed unanswered.

    Looks back two weeks over all practices; a signal told already is told no second time.
    """
    with every_practice("signals whose blind time is over"):
        told = AttentionItem.objects.filter(kind=rupture.KEY, raised_at__gt=now - WAITED).values("subject_id")
        rows = Signal.objects.filter(raised_at__gt=now - WAITED).exclude(pk__in=told).select_related("rating")
        waiting = [signal.rating for signal in rows]
    return sum(len(tell(rating=rating, now=now)) for rating in waiting)


def _tell(signal: Signal, rating: Rating, now: datetime) -> AttentionItem:
    form = instrument(rating.instrument)
    return raise_item(
        kind=rupture.KEY,
        key=str(signal.pk),
        client=rating.client,
        subject_id=signal.pk,
        detail={
            "client": rating.client.called,
            "form": form.topic_name,
            "rater": rating.rater,
            "level": signal.level,
            "numbers": signal.numbers,
        },
        now=now,
    )


def verdict_on(rating: Rating) -> rupture.Rupture | None:
    """Return the rule's verdict on a given rating, or None when the rule has nothing to say about it."""
    form = instrument(rating.instrument)
    newest = total_of(rating)
    if not form.is_alliance or newest is None:
        return None
    low, high = (float(end) for end in form.score_range(SCORE))
    norm_sd = form.signal_sd.get(SCORE)
    earlier = [total for found in _earlier(rating) if (total := total_of(found)) is not None]
    return rupture.rupture(earlier, newest, low=low, high=high, norm_sd=float(norm_sd) if norm_sd is not None else None)


def total_of(rating: Rating) -> float | None:
    """Return the total of a rating, or None when it has none."""
    value = (rating.scores or {}).get("scores", {}).get(SCORE)
    return None if value is None else float(value)


def _earlier(rating: Rating) -> list[Rating]:
    """The given ratings before this one by the same rater, on the same form and version; oldest first."""
    return list(
        Rating.objects.filter(
            client_id=rating.client_id,
            instrument=rating.instrument,
            instrument_version=rating.instrument_version,
            wording=rating.wording,
            rater=rating.rater,
            status=RatingStatus.GIVEN,
            asked_at__lt=rating.asked_at,
        ).order_by("asked_at", "id")
    )


@transaction.atomic
def find_useful(*, signal: Signal, useful: bool, by: User, now: datetime) -> Signal:
    """Return the signal with what the therapist said of it. May be said anew."""
    with scope(practice=signal.practice_id):
        signal.useful = useful
        signal.save(update_fields=["useful"])
        record(
            "alliance.signal_judged",
            practice_id=signal.practice_id,
            by=by,
            now=now,
            client_id=signal.client_id,
            subject=signal,
            useful=useful,
        )
        return signal


def note_opening(*, client: Client, by: User, now: datetime, rating: Rating | None = None, anew: bool = True) -> None:
    """Keep in the client's trail that their ratings, or one rating's answers, were looked at.

    `anew` as in `practice.audit.recording.record_opening`.
    """
    record_opening(
        "alliance.opened",
        practice_id=client.practice_id,
        by=by,
        now=now,
        client_id=client.pk,
        subject=rating,
        anew=anew,
    )
