"""Password and sign-in name, for people without an e-mail."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from practice.people.models import User


class SignInNameBackend(AuthenticationBackend):  # type: ignore[misc]
    """Answers only where a name was typed. An unknown name takes as long as a known one."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """Return the person with this name and password."""
        if not credentials.get("username"):
            return None
        found: User | None = super().authenticate(request, **credentials)
        return found

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        user = User.objects.filter(sign_in_name=str(credentials["username"]).strip().lower()).first()
        found: User | None = self._check_password(user, credentials.get("password") or "")
        return found
