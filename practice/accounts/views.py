"""Pages of signing in by a link, and allauth's login page with the demo's logins."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from practice.accounts import linking
from practice.accounts.evening import evenly
from practice.accounts.forms import LinkCodeForm, LinkRequestForm
from practice.accounts.sessions import call_own
from practice.accounts.throttling import LINK_CODES, LINK_REQUESTS, is_allowed
from practice.people.models import Practice, User
from practice.permissions.going import is_ours

DEMO_LOGINS = ("therapist@demo.example", "client@demo.example", "admin@demo.example", "tomas@demo.example")
DEMO_PASSWORD = "rapport-demo"  # noqa: S105 - the demo's, shown on its own page
SESSION_LINK = "sign_in_link"


class LoginPage(LoginView):  # type: ignore[misc]
    """Password; on the demo with its logins."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the page shows on a demo."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMO and Practice.objects.filter(is_demo=True).exists():
            context |= {"demo_logins": DEMO_LOGINS, "demo_password": DEMO_PASSWORD}
        return context


login = require_http_methods(["GET", "POST"])(LoginPage.as_view())


@require_http_methods(["GET", "POST"])
@evenly
def request_link(request: HttpRequest) -> HttpResponse:
    """Ask for an address and mail a link there; known and unknown addresses get the same answer."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    next_path = wanted if is_ours(request, wanted) else ""
    form = LinkRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not is_allowed(request, LINK_REQUESTS, email):
            return render(request, "429.html", status=429)
        link = linking.request_link(email=email, next_path=next_path, now=timezone.now())
        request.session[SESSION_LINK] = link.pk if link else 0
        return redirect("account_link_sent")
    return render(request, "account/link.html", {"form": form, "next": next_path})


@sensitive_variables("form")
@require_http_methods(["GET", "POST"])
@evenly
def link_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way and take its code. Tries are counted alike whether there was a mail or not."""
    link_id = request.session.get(SESSION_LINK)
    if link_id is None:
        return redirect("account_link")
    form = LinkCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not is_allowed(request, LINK_CODES, f"link {request.session.session_key}"):
            return render(request, "429.html", status=429)
        try:
            link = linking.use_code(link_id=link_id, code=form.cleaned_data["code"], now=timezone.now())
        except linking.CannotSignIn as error:
            form.add_error("code", str(error))
        else:
            return enter(request, link.user, to=link.next_path, own=form.cleaned_data["own_device"])
    return render(request, "account/link_sent.html", {"form": form})


@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button on GET (mail scanners follow links); sign in on POST."""
    now = timezone.now()
    try:
        if request.method == "POST":
            link = linking.use_link(token=token, now=now)
            return enter(request, link.user, to=link.next_path, own="own_device" in request.POST)
        linking.find_link(token=token, now=now)
    except linking.CannotSignIn as error:
        return render(request, "account/link_over.html", {"why": error}, status=410)
    return render(request, "account/link_open.html")


def enter(request: HttpRequest, user: User, *, to: str, own: bool) -> HttpResponse:
    """Sign the user in through the library's login and go on to `to`, or to where they belong."""
    request.session.pop(SESSION_LINK, None)
    call_own(request, own=own)
    record_authentication(request, user, method="code", email=user.email)
    response: HttpResponse = perform_login(request, Login(user=user, email=user.email, redirect_url=to or None))
    return response
