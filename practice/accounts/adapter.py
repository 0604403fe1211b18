"""How allauth behaves in this house."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest
from django.shortcuts import redirect

from practice.accounts.wording import ACCOUNT
from practice.people.models import User
from practice.permissions.going import is_ours
from practice.permissions.seats import SEATS_KEY, has_desk


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves; mails go through the outbox; where to land depends on who one is."""

    error_messages = DefaultAccountAdapter.error_messages | ACCOUNT

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return no: people are invited."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Leave it: our own verbs put mails into the outbox."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Leave it, for the same reason."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Stay quiet: that someone is signed in is plain to see."""

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        """Turn away who has not accepted their invitation yet."""
        if not user.is_active or user.activated_at is None:
            raise ImmediateHttpResponse(redirect("account_login"))
        return super().pre_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the desk for staff, the admin site for who runs the installation, the portal for clients.

        Who has several seats chooses first.
        """
        if request.session.get(SEATS_KEY, 1) > 1:
            return "/seats/"
        if has_desk(request.user):
            return "/desk/"
        return "/admin/" if request.user.is_superuser else "/"

    def is_safe_url(self, url: str) -> bool:
        """Return whether `next` leads to a page of ours."""
        return bool(url) and is_ours(self.request, url)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address the connection comes from; the proxy sets it, never a header from outside."""
        return str(request.META.get("REMOTE_ADDR", ""))
