"""What a browser reports is one line without a person in it."""

import pytest

from practice.live.limits import Window
from practice.pages import csp_report


@pytest.fixture(autouse=True)
def fresh_window(monkeypatch):
    monkeypatch.setattr(csp_report, "reports", Window(count=20, seconds=60.0))


def report(client, body):
    return client.post("/csp-report/", body, content_type="application/csp-report")


def test_report_is_one_line_without_the_rest_of_the_address(client, caplog):
    body = '{"csp-report": {"effective-directive": "img-src", "blocked-uri": "https://a.example/x?who=Sam"}}'
    assert report(client, body).status_code == 204
    assert [record.getMessage() for record in caplog.records] == ["a page was kept from loading: img-src a.example"]


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", '{"csp-report": 1}', "[" * 5_000, '{"csp-report": {"blocked-uri": "http://[x"}}', "\x00"],
)
def test_nonsense_is_swallowed(client, caplog, body):
    assert report(client, body).status_code == 204
    assert caplog.records == []


def test_report_that_would_forge_a_line_stays_one(client, caplog):
    report(client, '{"csp-report": {"violated-directive": "x\\ny", "blocked-uri": "inline"}}')
    assert caplog.records[0].getMessage() == "a page was kept from loading: xy inline"


def test_flood_is_twenty_lines(client, caplog):
    for _ in range(30):
        report(client, '{"csp-report": {"violated-directive": "x", "blocked-uri": "inline"}}')
    assert len(caplog.records) == 20
