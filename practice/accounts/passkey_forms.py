"""What a browser answers when it made or used a passkey, checked by the library. No answer at all is refused."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from practice.accounts.wording import PASSKEY_FAILED

NONSENSE = (TypeError, ValueError, KeyError, AttributeError, IndexError)


def _checked(check: Callable[[], Any]) -> Any:
    """Return what the library makes of an answer. It trips over answers that no browser gives; so would a page."""
    try:
        return check()
    except ValidationError as error:
        raise ValidationError(PASSKEY_FAILED, code=error.code) from error
    except NONSENSE as error:
        raise ValidationError(PASSKEY_FAILED) from error


class PasskeyForm(forms.Form):
    """A new passkey and its name."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For example: my phone, work laptop."))
    credential = forms.JSONField(widget=forms.HiddenInput)

    def clean_credential(self) -> dict[str, Any]:
        """Return the answer if it belongs to what was asked, and a finger, face or PIN was asked for."""
        credential: dict[str, Any] = self.cleaned_data["credential"]
        _checked(lambda: auth.parse_registration_response(credential))
        made = _checked(lambda: auth.complete_registration(credential))
        if not made.is_user_verified():
            raise ValidationError(_("This key asks for no finger, face or PIN. Use another."))
        return credential


class PasskeyLoginForm(LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey that signs in alone."""

    def clean_credential(self) -> Any:
        """Return whose passkey it is."""
        return _checked(super().clean_credential)


class PasskeyStepForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey after the password."""

    def clean_credential(self) -> Any:
        """Return whose passkey it is."""
        return _checked(super().clean_credential)


class ConfirmPasskeyForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey, to prove oneself anew."""

    def clean_credential(self) -> Any:
        """Return whose passkey it is."""
        return _checked(super().clean_credential)
