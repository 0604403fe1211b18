"""Forms of one's own sign-in: codes, names of passkeys, proofs."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from practice.accounts.second_factors import spend
from practice.people.models import User

CODE = {"autocomplete": "one-time-code", "class": "narrow", "autocapitalize": "off", "spellcheck": "false"}


def code_field(label: Any) -> forms.CharField:
    """Return a field for a short code."""
    return forms.CharField(label=label, max_length=20, widget=forms.TextInput(attrs=CODE))


class OnceForm(BaseAuthenticateForm):  # type: ignore[misc]
    """A code that was right a moment ago is wrong now."""

    def clean_code(self) -> str:
        """Return the code of the app, used for the first time, or a recovery code, which the library strikes out."""
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not spend(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(OnceForm, AuthenticateForm):  # type: ignore[misc]
    """The code of an app, or a recovery code, while signing in."""

    code = code_field(_("Code from your app, or a recovery code"))


class ConfirmCodeForm(OnceForm, ReauthenticateForm):  # type: ignore[misc]
    """The same, to prove oneself anew."""

    code = code_field(_("Code from your app, or a recovery code"))


class AppForm(forms.Form):
    """The first code that a new app shows. It is used up by that: who saw it typed signs in with nothing."""

    code = code_field(_("Code that the app shows now"))

    def __init__(self, *args: Any, user: User, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.secret = user, secret

    def clean_code(self) -> str:
        """Return the code if it is the secret's of this minute."""
        forget_tries = check_rate_limit(self.user, error_key="rate_limited")
        code: str = self.cleaned_data["code"]
        if not validate_totp_code(self.secret, code) or not spend(self.user, code):
            raise ValidationError(_("That code doesn't fit. Wait for the next one, and check your phone's clock."))
        forget_tries()
        return code


class ConfirmPasswordForm(forms.Form):
    """The password, to prove oneself anew."""

    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Return the password if it is theirs."""
        forget_tries = check_rate_limit(self.user, error_key="rate_limited")
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError(_("That is not your password. Try again."))
        forget_tries()
        return password


class MailedCodeForm(forms.Form):
    """The code of a mail, to prove oneself anew."""

    code = code_field(_("Code from the e-mail"))


class NameForm(forms.Form):
    """What a passkey is called."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For example: my phone, work laptop."))
