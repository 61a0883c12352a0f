from __future__ import annotations

import pytest

from bot.proxy import proxy_for

PROXY = "http://proxy.example:3128"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def test_there_is_none_unless_the_machine_prescribes_one() -> None:
    assert proxy_for("https://slack.com/api/") is None


@pytest.mark.parametrize("given", [PROXY, "proxy.example:3128"])
def test_the_one_that_the_machine_prescribes(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", given)
    assert proxy_for("https://slack.com/api/") == PROXY


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080/api/", "https://127.0.0.1/api/", "https://[::1]/", "https://localhost/", ""]
)
def test_this_machine_is_spoken_to_directly(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    assert proxy_for(address) is None


def test_hosts_that_the_machine_excepts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", "slack.com,.example")
    assert proxy_for("https://slack.com/api/") is None
    assert proxy_for("https://acme.app.invoicexpress.com") == PROXY
