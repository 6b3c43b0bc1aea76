"""Whose a model is: one owner on one's own computer, one for each browser on a shared server."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from dashboard.server.main import _is_this_computer_only
from dashboard.server.middleware import COOKIE, SHARED, SharedServer, is_shared, is_token
from dashboard.state import owner
from rbind_core.model.registry import find_model
from rbind_core.system.paths import BUNDLED_MODELS, own_models_folder, own_runs_folder
from tests import asgi

ANN, BEN = "a" * 32, "b" * 32


async def not_modified(scope, receive, send):
    await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", b"1")]})
    await send({"type": "http.response.body", "body": b""})


def answer(accept: str, cookie: str = "", scheme: str = "http") -> dict[str, str]:
    """Headers of the answer to one request."""
    sent: list[dict] = []

    async def send(message):
        sent.append(message)

    headers = [(b"accept", accept.encode()), (b"cookie", cookie.encode())]
    asgi.run(SharedServer(not_modified)({"type": "http", "scheme": scheme, "headers": headers}, None, send))
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def token_of(headers: dict[str, str]) -> str:
    return headers["set-cookie"].partition(";")[0].removeprefix(f"{COOKIE}=")


@pytest.fixture
def shared(monkeypatch):
    monkeypatch.setenv(SHARED, "1")


@pytest.mark.parametrize(("said", "shared"), [(None, True), ("1", True), ("0", False), ("", True)])
def test_a_server_is_shared_unless_the_launcher_says_otherwise(monkeypatch, said: str | None, shared: bool):
    monkeypatch.delenv(SHARED) if said is None else monkeypatch.setenv(SHARED, said)
    assert is_shared() is shared
    assert ("set-cookie" in answer("text/html")) is shared


def test_on_ones_own_computer_nothing_is_added(monkeypatch):
    monkeypatch.setenv(SHARED, "0")
    assert answer("text/html") == {"etag": "1"}


@pytest.mark.usefixtures("shared")
def test_a_new_browser_gets_a_token_of_its_own():
    tokens = {token_of(answer("text/html")) for _ in range(20)}
    assert len(tokens) == 20
    assert all(is_token(token) for token in tokens)


@pytest.mark.usefixtures("shared")
def test_a_browser_keeps_its_token():
    assert token_of(answer("text/html,*/*", f"other=1; {COOKIE}={ANN}")) == ANN


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("bad", ["../../etc", ANN + "/..", ANN.upper(), "", "%2e%2e", 'x"; Path=/'])
def test_a_token_that_is_not_ours_is_replaced(bad: str):
    token = token_of(answer("text/html", f"{COOKIE}={bad}"))
    assert token != bad
    assert is_token(token)


@pytest.mark.usefixtures("shared")
def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites():
    assert "HttpOnly; SameSite=Lax" in answer("text/html")["set-cookie"]
    assert "Secure" not in answer("text/html")["set-cookie"]
    assert answer("text/html", scheme="https")["set-cookie"].endswith("; Secure")


@pytest.mark.usefixtures("shared")
def test_only_pages_set_it():
    assert "set-cookie" not in answer("image/png")


@pytest.mark.parametrize(("address", "alone"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)])
def test_a_server_that_others_can_reach_is_shared(address: str, alone: bool):
    assert _is_this_computer_only(address) is alone


@pytest.fixture
def be(monkeypatch, tmp_path: Path):
    """Lets a test be a browser on a shared server, or the only user when nobody is named."""
    monkeypatch.setenv("RBIND_BROWSERS_DIR", str(tmp_path / "browsers"))
    monkeypatch.setenv("RBIND_MODELS_DIR", str(tmp_path / "models"))

    def be(token: str | None) -> owner.Owner:
        monkeypatch.setenv(SHARED, "0" if token is None else "1")
        monkeypatch.setattr("streamlit.context", SimpleNamespace(cookies={COOKIE: token} if token else {}))
        return owner.current()

    return be


def make_model(folder: Path, name: str) -> None:
    """A copy of a bundled model under another name."""
    shutil.copytree(BUNDLED_MODELS / "RNCMPT00168", folder / name)
    card = folder / name / "card.json"
    card.write_text(card.read_text().replace("RNCMPT00168", name))


def test_the_only_user_owns_what_the_command_line_sees(be):
    assert be(None) == owner.Owner(own_models_folder(), own_runs_folder())


def test_each_browser_sees_its_own_models_and_those_of_the_server(be):
    make_model(be(None).models, "OF_THE_SERVER")
    make_model(be(ANN).models, "OF_ANN")
    make_model(be(BEN).models, "OF_BEN")

    def named(name: str) -> list[bool]:
        return [owner.is_own(model) for model in owner.models() if model.experiment == name]

    be(ANN)
    assert (named("OF_ANN"), named("OF_BEN"), named("OF_THE_SERVER")) == ([True], [], [False])
    be(BEN)
    assert (named("OF_ANN"), named("OF_BEN"), named("OF_THE_SERVER")) == ([], [True], [False])
    be(None)
    assert (named("OF_ANN"), named("OF_BEN"), named("OF_THE_SERVER")) == ([], [], [True])
    assert not owner.is_own(find_model("RNCMPT00168", owner.models()))


def test_a_browser_without_cookies_owns_a_folder_for_its_session(be):
    be(ANN)
    first = be("")
    assert first.models.parent.parent.name == "browsers"
    assert first == be("")
