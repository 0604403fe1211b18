"""The person whom a command is about, named by their e-mail address."""

from django.core.management import CommandError

from practice.people.models import User


def person_with(email: str) -> User:
    """Return who has this address. Raises CommandError when nobody has."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise CommandError("Nobody has this address.")
    return user
