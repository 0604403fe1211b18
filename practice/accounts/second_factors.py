"""Which second factors someone has, and how the library keeps them: secrets sealed, named after this house."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from practice.accounts.wording import SECOND_FACTOR
from practice.people.models import User
from practice.vault.installing import open_here, seal_here

BOUND_TO = "mfa_authenticator.data"
HOUSE = "Rapport"


@dataclass(frozen=True)
class Factors:
    """What someone can prove themselves with, besides a password. `codes_left` is None when there are none at all."""

    app: Authenticator | None = None
    passkeys: list[Authenticator] = field(default_factory=list)
    codes: Authenticator | None = None

    @property
    def any(self) -> bool:
        """Return whether there is a real one: recovery codes alone don't count."""
        return self.app is not None or bool(self.passkeys)

    @property
    def codes_left(self) -> int | None:
        """Return how many recovery codes are unused."""
        return len(self.codes.wrap().get_unused_codes()) if self.codes else None

    @property
    def codes_are_new(self) -> bool:
        """Return whether the recovery codes still wait to be kept by their owner."""
        return self.codes is not None and not self.codes.wrap().did_view

    @property
    def count(self) -> int:
        """Return how many real ones there are."""
        return len(self.passkeys) + (self.app is not None)


def factors_of(user: User) -> Factors:
    """Return someone's second factors. One query."""
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    kinds = Authenticator.Type
    return Factors(
        app=next((row for row in rows if row.type == kinds.TOTP), None),
        passkeys=[row for row in rows if row.type == kinds.WEBAUTHN],
        codes=next((row for row in rows if row.type == kinds.RECOVERY_CODES), None),
    )


def has_factor(user: User) -> bool:
    """Return whether someone has a real second factor."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def spend(user: User, code: str) -> bool:
    """Return whether this code of the person's app is used for the first time, and remember it while it would fit.

    The library remembers for one period; with its tolerance a code fits for as many as there are steps.
    """
    fits = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    return bool(cache.add(f"app-code-{user.pk}-{normalize_user_code(code)}", 1, timeout=fits))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """How allauth's second factors behave in this house."""

    error_messages = DefaultMFAAdapter.error_messages | SECOND_FACTOR

    def encrypt(self, text: str) -> str:
        """Return a secret as it is kept."""
        return seal_here(BOUND_TO, text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a kept secret."""
        return open_here(BOUND_TO, encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name this house by its public address, whatever host a request claims to ask for."""
        return {"id": urlsplit(settings.PUBLIC_URL).hostname or "localhost", "name": HOUSE}

    def _get_user_identifier(self, user: User) -> str:
        """Name the account in someone's app or passkey; who has no e-mail is named by name."""
        return user.email or user.name

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """Offer a name for a new passkey."""
        return _("Passkey %(number)d") % {"number": len(factors_of(user).passkeys) + 1}

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Leave it: the verbs tell the user themselves."""
