"""`python -m bot check`, with each thing wrong in turn."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.check import check, findings
from bot.config import Mode, read_settings
from bot.finding import Verdict
from bot.sandbox.account import Account, serve_account
from bot.sandbox.slack import Person, Workspace, serve_workspace
from bot.slack.scopes import SCOPES

from .tiny_slack import TinySlack, serve_tiny_slack


@dataclass
class Surroundings:
    """Everything that a right set of settings points to."""

    slack: Workspace
    account: Account
    data: Path

    def environ(self, changes: Mapping[str, str] | None = None, *, without: tuple[str, ...] = ()) -> dict[str, str]:
        right = {
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "SLACK_API_URL": self.slack.url,
            "INVOICEXPRESS_ACCOUNT": "acme",
            "INVOICEXPRESS_API_KEY": self.account.api_key,
            "INVOICEXPRESS_URL": self.account.url,
            "DATA_DIR": str(self.data),
        }
        return {name: value for name, value in (right | dict(changes or {})).items() if name not in without}


@pytest.fixture
async def around(tmp_path: Path) -> AsyncIterator[Surroundings]:
    async with serve_workspace(scopes=SCOPES) as slack, serve_account() as account:
        yield Surroundings(slack, account, tmp_path / "data")


async def report(environ: Mapping[str, str], mode: Mode | None = None) -> dict[str, tuple[Verdict, str]]:
    """Return what was found, by what it is about; several lines about one thing are put together."""
    reading = read_settings(None, environ, mode=mode)
    found: dict[str, tuple[Verdict, str]] = {}
    async for finding in findings(reading, environ, mode or reading.settings.mode):
        before = found[finding.about][1] + "\n" if finding.about in found else ""
        found[finding.about] = (finding.verdict, before + finding.said)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "INVOICEXPRESS_API_KEY"):
        assert environ.get(name, "-" * 9) not in str(found), f"{name} is shown"
    return found


def failures(found: Mapping[str, tuple[Verdict, str]]) -> set[str]:
    return {about for about, (verdict, _) in found.items() if verdict is Verdict.FAILED}


async def status(environ: Mapping[str, str]) -> int:
    lines: list[str] = []
    return await check(read_settings(None, environ), environ, tell=lines.append)


async def test_all_is_well(around: Surroundings) -> None:
    found = await report(around.environ())
    assert {about: verdict for about, (verdict, _) in found.items()} == dict.fromkeys(
        [
            "settings",
            "data directory",
            "signing secret",
            "Slack token",
            "Slack scopes",
            "Slack app token",
            "InvoiceXpress",
        ],
        Verdict.OK,
    )
    assert around.account.url in found["InvoiceXpress"][1]
    assert await status(around.environ()) == 0


async def test_it_tells_a_line_for_each_check(around: Surroundings) -> None:
    lines: list[str] = []
    environ = around.environ({"SLACK_BOT_TOKEN": "xoxb-wrong"})
    assert await check(read_settings(None, environ), environ, tell=lines.append) == 1
    assert lines[0] == "ok           settings: everything that is needed is there."
    assert [line.partition(":")[0] for line in lines if line.startswith("failed")] == ["failed       Slack token"]
    assert len(lines) == 7


@pytest.mark.parametrize(
    ("variable", "not_checked"),
    [
        ("SLACK_BOT_TOKEN", {"Slack token", "Slack scopes"}),
        ("SLACK_APP_TOKEN", {"Slack app token"}),
        ("SLACK_SIGNING_SECRET", {"signing secret"}),
        ("INVOICEXPRESS_API_KEY", {"InvoiceXpress"}),
    ],
)
async def test_a_malformed_value_fails_and_everything_else_is_checked(
    around: Surroundings, variable: str, not_checked: set[str]
) -> None:
    environ = around.environ({variable: "https://made-up.example"})
    found = await report(environ)
    assert failures(found) == {"settings"}
    assert variable in found["settings"][1]
    assert {about for about, (verdict, _) in found.items() if verdict is Verdict.NOT_CHECKED} == not_checked
    assert await status(environ) == 1


@pytest.mark.parametrize(
    "variable", ["SLACK_BOT_TOKEN", "INVOICEXPRESS_API_KEY", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"]
)
async def test_a_missing_value_fails(around: Surroundings, variable: str) -> None:
    mode: Mode = "http" if variable == "SLACK_SIGNING_SECRET" else "socket"
    found = await report(around.environ(without=(variable,)), mode)
    assert failures(found) == {"settings"}
    assert f"{variable} is missing" in found["settings"][1]
    unchecked = [about for about, (verdict, _) in found.items() if verdict is Verdict.NOT_CHECKED]
    assert len(unchecked) == (2 if variable == "SLACK_BOT_TOKEN" else 1)


async def test_without_an_account_invoicexpress_is_not_asked(around: Surroundings) -> None:
    found = await report(around.environ(without=("INVOICEXPRESS_ACCOUNT", "INVOICEXPRESS_URL")))
    assert failures(found) == {"settings"}
    assert found["InvoiceXpress"][0] is Verdict.NOT_CHECKED


async def test_what_the_mode_does_not_need_may_be_absent(around: Surroundings) -> None:
    found = await report(around.environ(without=("SLACK_SIGNING_SECRET",)))
    assert found["signing secret"] == (Verdict.OK, "there is none, and this mode needs none.")
    found = await report(around.environ(without=("SLACK_APP_TOKEN",)))
    assert found["Slack app token"] == (Verdict.OK, "there is none, and this mode needs none.")
    assert not failures(found)


async def test_a_wrong_bot_token_is_named(around: Surroundings) -> None:
    environ = around.environ({"SLACK_BOT_TOKEN": "xoxb-wrong"})
    found = await report(environ)
    assert failures(found) == {"Slack token"}
    assert "invalid_auth" in found["Slack token"][1]
    assert "SLACK_BOT_TOKEN" in found["Slack token"][1]
    assert found["Slack scopes"] == (Verdict.NOT_CHECKED, "SLACK_BOT_TOKEN comes first.")
    assert await status(environ) == 1


async def test_a_wrong_app_token_is_named(around: Surroundings) -> None:
    found = await report(around.environ({"SLACK_APP_TOKEN": "xapp-wrong"}))
    assert failures(found) == {"Slack app token"}
    assert "SLACK_APP_TOKEN" in found["Slack app token"][1]


async def test_a_missing_scope_is_named(around: Surroundings) -> None:
    around.slack.scopes.remove("users:read")
    found = await report(around.environ())
    assert failures(found) == {"Slack scopes"}
    assert found["Slack scopes"][1].startswith("users:read missing")


async def test_a_scope_too_many_is_a_warning(around: Surroundings) -> None:
    around.slack.scopes.add("channels:history")
    found = await report(around.environ())
    assert found["Slack scopes"][0] is Verdict.WARNING
    assert found["Slack scopes"][1].startswith("channels:history given")
    assert await status(around.environ()) == 0


@pytest.fixture
async def tiny(around: Surroundings) -> AsyncIterator[TinySlack]:
    async with serve_tiny_slack() as slack:
        yield slack


async def test_scopes_that_slack_does_not_name_are_a_warning(around: Surroundings, tiny: TinySlack) -> None:
    found = await report(around.environ({"SLACK_API_URL": tiny.url}))
    assert found["Slack scopes"][0] is Verdict.WARNING


async def test_something_else_than_slack_is_named(around: Surroundings, tiny: TinySlack) -> None:
    tiny.answers["auth.test"] = tiny.answers["apps.connections.open"] = "<html>Welcome to the hotel</html>"
    found = await report(around.environ({"SLACK_API_URL": tiny.url}))
    assert failures(found) == {"Slack token", "Slack app token"}
    assert "does not speak as Slack does" in found["Slack token"][1]
    assert "SLACK_API_URL" in found["Slack token"][1]


async def test_an_unreachable_slack_is_named(around: Surroundings) -> None:
    async with serve_tiny_slack() as slack:
        url = slack.url
    found = await report(around.environ({"SLACK_API_URL": url}))
    assert failures(found) == {"Slack token", "Slack app token"}
    assert "cannot be reached" in found["Slack token"][1]


async def test_a_refused_key_names_the_account_and_the_key(around: Surroundings) -> None:
    environ = around.environ({"INVOICEXPRESS_API_KEY": "another-key"})
    found = await report(environ)
    assert failures(found) == {"InvoiceXpress"}
    said = found["InvoiceXpress"][1]
    assert "401" in said
    assert "INVOICEXPRESS_ACCOUNT" in said
    assert "INVOICEXPRESS_API_KEY" in said
    assert await status(environ) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (530, "530: there is no account of this name"),
        (429, "429, too many requests"),
        (503, "cannot be reached, or fails"),
        (404, "does not speak as InvoiceXpress does"),
        (302, "does not speak as InvoiceXpress does"),
    ],
)
async def test_each_refusal_of_the_account_has_its_sentence(around: Surroundings, answer: int, words: str) -> None:
    around.account.faults.answer(answer, "<html></html>", content_type="text/html")
    found = await report(around.environ())
    assert failures(found) == {"InvoiceXpress"}
    assert words in found["InvoiceXpress"][1]
    assert answer == 429 or "INVOICEXPRESS_ACCOUNT" in found["InvoiceXpress"][1]


async def test_an_unreachable_account_is_named(around: Surroundings) -> None:
    async with serve_account(samples=False) as account:
        url = account.url
    found = await report(around.environ({"INVOICEXPRESS_URL": url}))
    assert failures(found) == {"InvoiceXpress"}
    assert "cannot be reached, or fails" in found["InvoiceXpress"][1]
    assert "INVOICEXPRESS_ACCOUNT, or INVOICEXPRESS_URL if it is set" in found["InvoiceXpress"][1]


@pytest.mark.parametrize("stray", [("SLACK_CLIENT_ID",), ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")])
async def test_variables_that_change_the_library_are_warned_of(around: Surroundings, stray: tuple[str, ...]) -> None:
    environ = around.environ(dict.fromkeys(stray, "made-up"))
    verdict, said = (await report(environ))["environment"]
    assert verdict is Verdict.WARNING
    assert said.startswith(" and ".join(stray) + " must be unset")
    assert await status(environ) == 0


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Prescribe a proxy that nobody listens at, and nothing else."""
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://ana:made-up@127.0.0.1:9")
    return monkeypatch


async def test_this_machine_is_spoken_to_past_a_proxy_as_the_bot_does(
    around: Surroundings, proxied: pytest.MonkeyPatch
) -> None:
    proxied.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    found = await report(around.environ())
    assert not failures(found)
    assert "environment" not in found


@pytest.mark.parametrize(
    ("no_proxy", "services"),
    [
        ("", "Slack and to InvoiceXpress"),
        ("slack.com", "InvoiceXpress"),
        (".invoicexpress.com", "Slack"),
    ],
)
async def test_a_proxy_is_noted_without_its_address(
    around: Surroundings, proxied: pytest.MonkeyPatch, no_proxy: str, services: str
) -> None:
    proxied.setenv("NO_PROXY", no_proxy)
    # Without the tokens and the key nobody is asked.
    found = await report(
        around.environ(
            without=(
                "SLACK_API_URL",
                "SLACK_BOT_TOKEN",
                "SLACK_APP_TOKEN",
                "INVOICEXPRESS_URL",
                "INVOICEXPRESS_API_KEY",
            )
        )
    )
    assert found["environment"] == (
        Verdict.WARNING,
        f"HTTPS_PROXY: what is sent to {services} goes through this proxy.",
    )
    assert "made-up" not in str(found)


async def test_slack_is_asked_through_the_proxy(around: Surroundings, proxied: pytest.MonkeyPatch) -> None:
    proxied.setenv("NO_PROXY", ".invoicexpress.com")
    found = await report(around.environ({"SLACK_API_URL": "https://slack.example/api/"}))
    assert "ClientProxyConnectionError" in found["Slack token"][1]
    assert failures(found) == {"Slack token", "Slack app token"}


async def test_a_data_directory_that_is_a_file_is_named(around: Surroundings) -> None:
    around.data.touch()
    found = await report(around.environ())
    assert failures(found) == {"data directory"}
    assert str(around.data) in found["data directory"][1]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="takes a directory that even the administrator cannot fill")
async def test_a_data_directory_that_cannot_be_written_to_is_named(around: Surroundings) -> None:
    found = await report(around.environ({"DATA_DIR": "/proc/self"}))
    assert failures(found) == {"data directory"}
    assert "/proc/self cannot be written to" in found["data directory"][1]


async def named(around: Surroundings, **roles: str) -> list[tuple[str, str, str]]:
    """Return the lines about roles and the audit channel: verdict, setting, sentence."""
    environ = around.environ(roles)
    reading = read_settings(None, environ)
    return [
        (str(finding.verdict), finding.about, finding.said)
        async for finding in findings(reading, environ, "socket")
        if finding.about in {"VIEWERS", "EDITORS", "MANAGERS", "AUDIT_CHANNEL"}
    ]


async def test_people_and_channels_that_slack_knows_are_told_one_by_one(around: Surroundings) -> None:
    assert await named(around, EDITORS="admins,U0BEN00001,C0VENDAS01", MANAGERS="U0ANA00001") == [
        ("ok", "EDITORS", "C0VENDAS01 is there."),
        ("ok", "EDITORS", "U0BEN00001 is there."),
        ("ok", "MANAGERS", "U0ANA00001 is there."),
    ]
    assert await status(around.environ({"EDITORS": "U0BEN00001"})) == 0
    assert around.slack.person("Ana").messages() == []


@pytest.mark.parametrize("role", ["VIEWERS", "EDITORS", "MANAGERS"])
@pytest.mark.parametrize("unknown", ["U0NOBODY1", "W0NOBODY1", "C0NOWHERE1", "G0NOWHERE1"])
async def test_whom_slack_does_not_know_is_told(around: Surroundings, role: str, unknown: str) -> None:
    [(verdict, about, said)] = await named(around, **{role: f"members {unknown}"})
    assert (verdict, about) == ("failed", role)
    assert said.startswith(f"{unknown} is unknown to Slack")
    assert await status(around.environ({role: unknown})) == 1


async def test_people_who_can_do_nothing_are_told(around: Surroundings) -> None:
    around.slack.add_person(Person(id="U0OLD00001", name="Old", real_name="Old", deleted=True))
    lines = await named(around, EDITORS="U0OLD00001 U0SANDBOT1 U0SANDBOT01")
    assert [(verdict, said) for verdict, _, said in lines] == [
        ("warning", "U0OLD00001 is deactivated, and can do nothing."),
        ("warning", "U0SANDBOT01 is a bot, and can do nothing."),
        (
            "failed",
            "U0SANDBOT1 is unknown to Slack, or not visible to the bot (Slack answered user_not_found): copy it again.",
        ),
    ]


async def test_the_audit_channel_is_looked_for_and_what_can_t_be_seen_is_said(around: Surroundings) -> None:
    found, membership = await named(around, AUDIT_CHANNEL="C0VENDAS01")
    assert found == ("ok", "AUDIT_CHANNEL", "C0VENDAS01 is there.")
    assert membership[:2] == ("not checked", "AUDIT_CHANNEL")
    assert "/invite" in membership[2]
    [(verdict, _, said)] = await named(around, AUDIT_CHANNEL="C0NOWHERE1")
    assert (verdict, said.partition(" is unknown")[0]) == ("failed", "C0NOWHERE1")


async def test_what_slack_does_not_tell_now_is_not_checked(around: Surroundings) -> None:
    around.slack.faults.next("users.info", error="internal_error")
    around.slack.faults.next("chat.getPermalink", error="fatal_error")
    assert await named(around, EDITORS="U0BEN00001 C0VENDAS01") == [
        ("not checked", "EDITORS", "C0VENDAS01, because Slack answered fatal_error."),
        ("not checked", "EDITORS", "U0BEN00001, because Slack answered internal_error."),
    ]


async def test_without_a_token_nobody_is_looked_for(around: Surroundings) -> None:
    assert await named(around, EDITORS="U0NOBODY1", SLACK_BOT_TOKEN="xoxb-wrong") == []


async def test_it_says_which_file_is_read_and_what_around_it_is_wrong(around: Surroundings, tmp_path: Path) -> None:
    async def lines(file: Path) -> list[str]:
        environ = around.environ()
        return [str(finding) async for finding in findings(read_settings(file, environ), environ, "http")]

    file = tmp_path / ".env"
    first, *_ = await lines(file)
    assert first == f"ok           settings file: there is no {file}: settings come from the environment alone."
    file.write_text("EDITRS=members")
    file.chmod(0o666)
    around.data.mkdir(exist_ok=True)
    around.data.chmod(0o777)
    first, misspelt, open_file, open_directory, settings, *_ = await lines(file)
    assert first == f"ok           settings file: {file} is read."
    assert misspelt.startswith("warning      settings: EDITRS in ")
    assert "is open to others (0666)" in open_file
    assert "is open to others (0777)" in open_directory
    assert settings == "ok           settings: everything that is needed is there."
