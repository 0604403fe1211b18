"""Forms of signing in."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from practice.accounts.changing_email import tidy
from practice.accounts.sessions import call_own, set_cookie_age
from practice.people.models import User

OWN_DEVICE_HELP = _("Then you stay signed in here for 30 days.")


class PasswordForm(LoginForm):  # type: ignore[misc]
    """E-mail, or the sign-in name of someone who has none, and password."""

    user: User | None

    own_device = forms.BooleanField(label=_("This device is mine"), required=False, help_text=OWN_DEVICE_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("E-mail or sign-in name"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
        )
        self.order_fields(["login", "password"])
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}
        self.fields["password"].help_text = ""

    def clean(self) -> dict[str, Any]:
        """Who has not accepted an invitation yet is told what a stranger is told."""
        cleaned: dict[str, Any] = super().clean()
        user: Any = self.user  # type: ignore[has-type]
        if user is not None and user.activated_at is None:
            self.user = None
            raise self.adapter_error()
        return cleaned

    def user_credentials(self) -> dict[str, Any]:
        """Return what was typed as an e-mail, or as a sign-in name."""
        credentials: dict[str, Any] = super().user_credentials()
        if "@" not in self.cleaned_data["login"]:
            credentials["username"] = credentials.pop("email")
        return credentials

    def adapter_error(self) -> forms.ValidationError:
        """Return the same words as for a wrong password."""
        error: forms.ValidationError = get_adapter().validation_error("email_password_mismatch")
        return error

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in, by a second factor too for who has one, and keep the session as long as the device allows."""
        call_own(request, own=self.cleaned_data["own_device"])
        response: HttpResponse = super().login(request, redirect_url=redirect_url)
        set_cookie_age(request.session)  # the library has set its own
        return response


class LinkRequestForm(forms.Form):
    """An address for a sign-in link."""

    email = forms.EmailField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "autofocus": True}),
    )


class EmailForm(forms.Form):
    """The address that someone wants to have from now on."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        """Return the address, unless it is the one they have and have proven."""
        email = tidy(self.cleaned_data["email"])
        if email == self.user.email and self.user.email_proven_at:
            raise forms.ValidationError(_("This is the address you have. Type the new one."))
        return email


class LinkCodeForm(forms.Form):
    """The code from the mail, and whose device this is."""

    code = forms.CharField(
        label=_("Code from the e-mail"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "narrow"}),
    )
    own_device = forms.BooleanField(label=_("This device is mine"), required=False, help_text=OWN_DEVICE_HELP)
