"""The front door: one address, and nobody can pretend to it who he is."""

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from svyaz.cli import front
from svyaz.users.models import User
from tests.live.conftest import Site


def test_pages_and_streams_have_one_address(site: Site, session: Callable[[User], str], anna: User) -> None:
    cookie = f"sessionid={session(anna)}"
    status, headers, body = site.ask("/", Cookie=cookie)
    assert status == 200
    assert b'data-live="/live/"' in body
    assert "connect-src 'self'" in headers["content-security-policy"]


def test_a_stream_is_refused_to_whoever_has_no_right_to_it(site: Site) -> None:
    assert site.ask("/live/")[0] == 403
    assert site.ask("/live/", Cookie="sessionid=guessed")[0] == 403
    assert site.ask("/live/", method="POST")[0] == 405
    assert site.ask("/live/", Host="elsewhere.example")[0] == 400
    assert site.ask("/live/", Sec_Fetch_Site="cross-site")[0] == 403


def test_who_is_locked_out_is_told_by_his_own_address_and_not_by_what_he_says(site: Site) -> None:
    from axes.models import AccessAttempt

    _status, headers, body = site.ask("/login/")
    token = headers["set-cookie"].split("csrftoken=")[1].split(";")[0]
    field = body.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = f"csrfmiddlewaretoken={field}&username=anna&password=wrong&login=anna".encode()
    site.ask(
        "/login/", method="POST", body=form, Cookie=f"csrftoken={token}", X_Forwarded_For="203.0.113.9",
        X_Real_IP="203.0.113.9", Content_Type="application/x-www-form-urlencoded",
    )  # fmt: skip
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) <= {"127.0.0.1"}
    assert AccessAttempt.objects.exists()


def test_a_body_that_no_request_needs_is_refused_before_it_is_read(site: Site) -> None:
    status, _headers, body = site.ask(
        "/tmf-api/partyInteractionManagement/v4/partyInteraction", method="POST",
        Content_Length=str(200 * 2**20), Content_Type="application/json",
    )  # fmt: skip
    assert status == 413
    assert json.loads(body)["status"] == "413"


def test_while_the_web_server_starts_the_address_says_so(site: Site) -> None:
    site.kill("web")
    status, headers, _body = site.ask("/")
    assert (status, headers["retry-after"]) == (503, "2")


def test_nobody_else_reaches_the_servers_behind_it(site: Site) -> None:
    folder = Path(os.environ["SVYAZ_STATE"]) / "run" / str(site.port)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {"web.sock", "live.sock"} <= {file.name for file in folder.iterdir()}


def test_a_long_path_to_the_state_gets_a_short_place_for_its_sockets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("folder" * 20)
    deep.mkdir()
    monkeypatch.setenv("SVYAZ_STATE", str(deep))
    monkeypatch.setenv("PORT", "8000")
    places = front.sockets()
    assert len(os.fsencode(places.live)) < 108
    assert stat.S_IMODE(places.folder.stat().st_mode) == 0o700
    places.folder.rmdir()


def test_what_nginx_does_not_understand_leaves_the_web_server_at_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SVYAZ_STATE", str(tmp_path))
    monkeypatch.setenv("SVYAZ_PROXIES", "no address")
    assert not front.is_possible()
    assert "the web server listens itself" in capfd.readouterr().err


def test_only_known_proxies_are_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVYAZ_STATE", str(tmp_path))
    monkeypatch.setenv("SVYAZ_PROXIES", "10.0.0.7, 192.168.0.0/16")
    text = front.configuration(front.sockets())
    assert "set_real_ip_from 10.0.0.7;" in text
    assert "192.168.0.0/16 1;" in text
    assert "set_real_ip_from" not in text.replace("10.0.0.7", "").replace("set_real_ip_from ;", "").replace(
        "set_real_ip_from 192.168.0.0/16;", ""
    )
