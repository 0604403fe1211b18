"""Pages and sign-in go on while Redis is away."""

from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from practice.accounts.founding import found_practice, take_on
from practice.people.models import Role
from tests.live import Live
from tests.people import NOW, PASSWORD

NOWHERE = "unix:///nowhere/valkey.sock"


def test_sign_in_and_a_page_behind_it_work_without_redis(live_database: str, tmp_path: Path) -> None:
    practice = found_practice(name="Elm House", now=NOW)
    take_on(
        practice=practice, email="noor@elm.example", name="Noor", roles=[Role.THERAPIST], now=NOW, password=PASSWORD
    )
    live, cookies = Live(tmp_path), CookieJar()
    browser = build_opener(HTTPCookieProcessor(cookies))
    live.start("web", REDIS_URL=NOWHERE)
    try:
        browser.open(f"{live.url}/accounts/login/")
        token = next(cookie.value for cookie in cookies if cookie.name == "csrftoken")
        form = {"csrfmiddlewaretoken": token, "login": "noor@elm.example", "password": PASSWORD}
        page = browser.open(f"{live.url}/accounts/login/", urlencode(form).encode())
    finally:
        live.stop()

    assert page.status == 200
    assert "sessionid" in {cookie.name for cookie in cookies}
    assert not page.url.startswith(f"{live.url}/accounts/login/")
