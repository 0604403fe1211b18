"""Static files under both kinds of server."""

import warnings

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.test import RequestFactory
from django.test.client import AsyncRequestFactory

from practice.pages.statics import StaticFilesMiddleware

CSS = "/static/css/tokens.css"


@pytest.mark.parametrize("factory", [RequestFactory, AsyncRequestFactory])
def test_a_file_arrives_whole(factory):
    serve = StaticFilesMiddleware(lambda request: None)
    answer = serve(factory().get(CSS))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        body = answer.content if not answer.streaming else b"".join(answer.streaming_content)
    assert (answer.status_code, answer["content-type"]) == (200, 'text/css; charset="utf-8"')
    assert len(body) == int(answer["content-length"]) > 100


def test_under_asgi_nothing_is_streamed():
    request = AsyncRequestFactory().get(CSS)
    assert isinstance(request, ASGIRequest)
    answer = StaticFilesMiddleware(lambda request: None)(request)
    assert not answer.streaming
    unchanged = AsyncRequestFactory().get(CSS, headers={"If-Modified-Since": answer["last-modified"]})
    assert StaticFilesMiddleware(lambda request: None)(unchanged).status_code == 304
