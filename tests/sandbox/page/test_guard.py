from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from bot.sandbox.slack import Actor
from tests.sandbox.page.parts import Window

STATIC = Path(str(files("bot.sandbox.page"))) / "static"
FILES = {file.name: file.read_text(encoding="utf-8") for file in sorted(STATIC.iterdir())}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1"])
async def test_another_name_than_this_machine_is_refused(window: Window, host: str) -> None:
    status, text, headers = await window.get("/", Host=host)
    assert (status, text) == (403, "This page is for this machine only.")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


async def test_the_page_comes_by_either_name_of_this_machine(window: Window) -> None:
    port = window.page.url.rstrip("/").rpartition(":")[2]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        assert (await window.get("/", Host=host))[0] == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", ""])
async def test_a_page_of_another_site_does_nothing(window: Window, ben: Actor, origin: str) -> None:
    body = {"person": ben.id, "channel": "C0GERAL001", "text": "Olá"}
    async with window.session.post(f"{window.origin}/api/say", json=body, headers={"Origin": origin}) as response:
        assert response.status == 403
    assert ben.messages() == []


async def test_a_request_without_an_origin_does_nothing(window: Window, ben: Actor) -> None:
    body = {"person": ben.id, "channel": "C0GERAL001", "text": "Olá"}
    async with window.session.post(f"{window.origin}/api/say", json=body) as response:
        assert response.status == 403
    assert ben.messages() == []


async def test_a_form_of_another_kind_than_json_does_nothing(window: Window, ben: Actor) -> None:
    body = '{"person": "U0BEN00001", "channel": "C0GERAL001", "text": "Olá"}'
    headers = {"Origin": window.origin, "Content-Type": "text/plain"}
    async with window.session.post(f"{window.origin}/api/say", data=body, headers=headers) as response:
        assert response.status == 415
    assert ben.messages() == []


async def test_another_site_can_link_to_the_page_but_not_listen(window: Window) -> None:
    assert (await window.get("/", **{"Sec-Fetch-Site": "cross-site"}))[0] == 200
    for site in ("cross-site", "same-site"):
        assert (await window.get("/api/news", **{"Sec-Fetch-Site": site}))[0] == 403
    assert (await window.get("/api/news", Origin="https://evil.example"))[0] == 403


async def test_the_page_runs_nothing_but_its_own_files(window: Window) -> None:
    _, _, headers = await window.get("/")
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", FILES)
async def test_every_file_is_served_as_what_it_is_and_names_no_other_machine(window: Window, name: str) -> None:
    status, text, headers = await window.get("/" if name == "index.html" else f"/static/{name}")
    types = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    assert (status, text) == (200, FILES[name])
    assert headers["Content-Type"] == f"{types[name.rpartition('.')[2]]}; charset=utf-8"
    addresses = set(re.findall(r"https?://[\w.-]+", text))
    assert addresses <= {"http://www.w3.org"}  # the name of a namespace, not an address


async def test_every_file_that_is_named_is_there() -> None:
    named = re.findall(r'from "\./([\w.]+)"|/static/([\w.]+)"', "\n".join(FILES.values()))
    assert {one or other for one, other in named} <= set(FILES)
    assert len(named) > 40


async def test_nothing_else_is_served(window: Window) -> None:
    for path in ("/static/", "/static/../server.py", "/static/%2e%2e/server.py", "/server.py"):
        assert (await window.get(path))[0] == 404
