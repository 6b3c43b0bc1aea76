"""What the answers of a shared server say to a browser; its settings are checked in tests/test_house.py."""

import pytest

from dashboard.server.middleware import HEADERS, SHARED, SharedServer
from tests import asgi
from tests.fuzz.corpus import SHORT_TEXTS
from tests.fuzz.pages import ROOT


@pytest.fixture(autouse=True)
def shared(monkeypatch):
    monkeypatch.setenv(SHARED, "1")


def test_no_secret_is_kept_beside_the_settings():
    assert not [path for path in (ROOT / ".streamlit").iterdir() if path.name != "config.toml"]


def answer(app, headers=()):
    """Headers of one answer to a browser that opens a page."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.disconnect"}

    asked = {"type": "http", "path": "/", "scheme": "http", "headers": [(b"accept", b"text/html"), *headers]}
    asgi.run(app(asked, receive, send))
    return [(name.decode(), value.decode("latin-1")) for name, value in sent[0]["headers"]]


async def page(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": b""})


def test_headers_of_the_shared_server():
    got = dict(answer(SharedServer(page)))
    assert got["x-content-type-options"] == "nosniff"
    assert got["referrer-policy"] == "same-origin"  # addresses hold what users look at
    assert "frame-ancestors 'self'" in got["content-security-policy"]
    assert set(got) == {"content-type", "set-cookie"} | {name.decode() for name, _ in HEADERS}


def test_headers_that_are_there_stay():
    async def with_one(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"Referrer-Policy", b"no-referrer")]})

    assert [value for name, value in answer(SharedServer(with_one)) if name.lower() == "referrer-policy"] == ["no-referrer"]


@pytest.mark.parametrize("name", SHORT_TEXTS)
def test_a_cookie_of_nonsense_gets_a_new_token(name):
    value = SHORT_TEXTS[name].encode("utf-8", "surrogatepass")
    cookie = dict(answer(SharedServer(page), [(b"cookie", b"rbind_browser=" + value)]))["set-cookie"]
    token, *attributes = cookie.split("; ")
    assert len(token) == len("rbind_browser=") + 32
    assert {"HttpOnly", "SameSite=Lax"} <= set(attributes)
    assert "\n" not in cookie
