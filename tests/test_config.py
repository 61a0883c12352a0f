"""The settings: what is accepted, and what an administrator reads otherwise."""

from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.access import Policy
from bot.config import Mode, PartialSettings, Settings, load_settings, read_settings
from bot.errors import SettingsError
from bot.invoicexpress.client import InvoiceXpress

SIGNING_SECRET = "0123456789abcdef0123456789abcdef"
GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1-made-up",
    "SLACK_APP_TOKEN": "xapp-1-made-up",
    "SLACK_SIGNING_SECRET": SIGNING_SECRET,
    "INVOICEXPRESS_ACCOUNT": "acme",
    "INVOICEXPRESS_API_KEY": "made-up-key",
}


def load(*, without: tuple[str, ...] = (), mode: Mode | None = None, **changes: str) -> Settings:
    environ = {name: value for name, value in (GOOD | changes).items() if name not in without}
    return load_settings(None, environ, mode=mode)


def problems(
    changes: dict[str, str] | None = None, *, without: tuple[str, ...] = (), mode: Mode | None = None
) -> dict[str, str]:
    environ = {name: value for name, value in (GOOD | (changes or {})).items() if name not in without}
    with pytest.raises(SettingsError) as caught:
        load_settings(None, environ, mode=mode)
    for secret in ("made-up", "made up", SIGNING_SECRET[:-1], SIGNING_SECRET[:-1].upper()):
        assert secret not in str(caught.value) + repr(caught.value)
    assert str(caught.value).split("\n") == [problem.sentence for problem in caught.value.problems]
    assert caught.value.__context__ is None, "a chained error would show the value in a traceback"
    return {problem.variable: problem.sentence for problem in caught.value.problems}


def test_what_is_not_given_has_a_default() -> None:
    settings = load()
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.invoicexpress_requests_per_minute == 780
    assert settings.data_dir == Path("data")
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert (settings.log_level, settings.log_format, settings.default_language) == ("INFO", "text", "en")
    assert (settings.catalog_refresh_minutes, settings.catalog_clients) == (15.0, "disk")


def test_every_variable_is_read() -> None:
    settings = load(
        SLACK_API_URL="http://127.0.0.1:8080/api",
        INVOICEXPRESS_URL="http://localhost:9/",
        INVOICEXPRESS_REQUESTS_PER_MINUTE="100",
        DATA_DIR="/srv/bot",
        DEFAULT_LANGUAGE="pt",
        HOST="0.0.0.0",  # noqa: S104 - read, not listened on
        PORT="0",
        LOG_LEVEL="debug",
        LOG_FORMAT="json",
        CATALOG_REFRESH_MINUTES="0.5",
        CATALOG_CLIENTS="memory",
    )
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1-made-up"
    assert settings.invoicexpress_api_key.get_secret_value() == "made-up-key"
    assert settings.slack_api_url == "http://127.0.0.1:8080/api/"
    assert settings.base_url == "http://localhost:9"
    assert settings.invoicexpress_requests_per_minute == 100
    assert settings.data_dir == Path("/srv/bot")
    assert (settings.host, settings.port) == ("0.0.0.0", 0)  # noqa: S104 - as above
    assert (settings.log_level, settings.log_format, settings.default_language) == ("DEBUG", "json", "pt")
    assert (settings.catalog_refresh_minutes, settings.catalog_clients) == (0.5, "memory")


@pytest.mark.parametrize(
    "pasted",
    [
        "acme",
        "ACME",
        "acme/",
        "acme.app.invoicexpress.com",
        "Acme.App.InvoiceXpress.com.",
        "acme.app.invoicexpress.com:443/items",
        "//acme.app.invoicexpress.com",
        "https://acme.app.invoicexpress.com",
        "https://acme.app.invoicexpress.com/anything/at?all=1#here",
        "http://acme.app.invoicexpress.com/items.json?api_key=made-up-key",
    ],
)
def test_an_account_is_its_name_or_any_address_of_it(pasted: str) -> None:
    settings = load(INVOICEXPRESS_ACCOUNT=pasted)
    assert settings.invoicexpress_account == "acme"
    assert settings.base_url == "https://acme.app.invoicexpress.com"


@pytest.mark.parametrize(
    "pasted",
    [
        "https://www.invoicexpress.com",
        "app.invoicexpress.com",
        "acme.evil.example",
        "acme_1",
        "-acme",
        "https://[acme",
        "https://acme.app.invoicexpress.com:99999",
        "https://",
        "a b",
        "ana@acme.example",
        "xn--",
    ],
)
def test_what_names_no_account_is_refused(pasted: str) -> None:
    found = problems({"INVOICEXPRESS_ACCOUNT": pasted})
    assert list(found) == ["INVOICEXPRESS_ACCOUNT"]
    assert "https://acme.app.invoicexpress.com" in found["INVOICEXPRESS_ACCOUNT"]


def test_an_address_stands_in_for_the_account() -> None:
    settings = load(without=("INVOICEXPRESS_ACCOUNT",), INVOICEXPRESS_URL="https://proxy.example/ix/")
    assert settings.base_url == "https://proxy.example/ix"


def test_an_address_overrides_the_account() -> None:
    assert load(INVOICEXPRESS_URL="https://proxy.example").base_url == "https://proxy.example"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://proxy.example", "this machine only"),
        ("http://10.0.0.1", "this machine only"),
        ("ftp://proxy.example", "begins with https://"),
        ("proxy.example", "begins with https://"),
        ("https://", "begins with https://"),
        ("https://proxy .example", "begins with https://"),
        ("https://[proxy", "is no web address"),
        ("https://proxy.example:x", "is no web address"),
        ("https://xn--", "is no web address"),
        ("https://proxy.XN--a-ecp.example", "is no web address"),
        ("https://[::1]x", "is no web address"),
        ("https://[1:2]", "is no web address"),
        ("https://.", "is no web address"),
        ("https://proxy..example", "is no web address"),
        ("https://proxy\N{ZERO WIDTH SPACE}.example", "is no web address"),
        ("https://proxy\\.example", "is no web address"),
        ("https://" + "a" * 64 + ".example", "is no web address"),
        ("https://proxy.example/\x7f", "is no web address"),
        ("https://proxy.example/" + "a" * 2000, "is no web address"),
        ("https://proxy.example?api_key=made-up-key", "neither a key nor a password"),
        ("https://ana:made-up@proxy.example", "neither a key nor a password"),
        ("https://proxy.example#part", "neither a key nor a password"),
    ],
)
@pytest.mark.parametrize("variable", ["INVOICEXPRESS_URL", "SLACK_API_URL"])
def test_an_address_that_could_leak_or_lead_nowhere_is_refused(variable: str, address: str, words: str) -> None:
    found = problems({variable: address})
    assert list(found) == [variable]
    assert words in found[variable]


@given(address=st.text("ab.:/[]x-1%\\\0é\u200b", max_size=20) | st.from_regex(r"xn--[a-z0-9-]*(\.xn--[a-z0-9]*)?"))
def test_an_address_that_is_taken_is_one_that_can_be_asked(address: str) -> None:
    settings = read_settings(None, GOOD | {"INVOICEXPRESS_URL": f"https://{address}"}).settings
    assert settings.base_url is not None  # the account's own, where the other is refused
    network = httpx.MockTransport(lambda _: httpx.Response(200))  # never asked
    account = InvoiceXpress(settings.base_url, SecretStr("made-up-key"), transport=network)
    assert account.address.startswith("https://")


@pytest.mark.parametrize("address", ["http://127.0.0.2:80", "http://[::1]:80", "http://localhost:80"])
def test_plain_http_is_for_this_machine(address: str) -> None:
    assert load(INVOICEXPRESS_URL=address).base_url == address


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-made-up", "belongs in SLACK_APP_TOKEN"),
        ("SLACK_BOT_TOKEN", "xoxp-1-made-up", "user token"),
        ("SLACK_BOT_TOKEN", "xoxe.xoxb-1-made-up", "token rotation"),
        ("SLACK_BOT_TOKEN", "made-up", "does not begin with xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-your token", "something other"),
        ("SLACK_BOT_TOKEN", "xoxb-", "something other"),
        ("SLACK_APP_TOKEN", "xoxb-1-made-up", "belongs in SLACK_BOT_TOKEN"),
        ("SLACK_APP_TOKEN", "made-up", "does not begin with xapp-"),
        ("SLACK_SIGNING_SECRET", "xoxb-1-made-up", "belongs in SLACK_BOT_TOKEN"),
        ("SLACK_SIGNING_SECRET", SIGNING_SECRET[:-1], "32 characters"),
        ("SLACK_SIGNING_SECRET", SIGNING_SECRET.upper(), "32 characters"),
        ("INVOICEXPRESS_API_KEY", "https://acme.app.invoicexpress.com/items.json?api_key=made-up", "web address"),
        ("INVOICEXPRESS_API_KEY", "xoxb-1-made-up", "belongs in SLACK_BOT_TOKEN"),
        ("INVOICEXPRESS_API_KEY", "api_key=made-up", "after api_key="),
        ("INVOICEXPRESS_API_KEY", "made up", "no key has"),
        ("INVOICEXPRESS_API_KEY", "chavé-inventada", "no key has"),
        ("INVOICEXPRESS_REQUESTS_PER_MINUTE", "0", "greater than or equal to 1"),
        ("INVOICEXPRESS_REQUESTS_PER_MINUTE", "many", "valid integer"),
        ("INVOICEXPRESS_REQUESTS_PER_MINUTE", "9" * 400, "less than or equal to 100000"),
        ("INVOICEXPRESS_REQUESTS_PER_MINUTE", "9" * 5000, "is far too large"),
        ("DATA_DIR", "da\0ta", "null character"),
        ("HOST", "127.0.0.1\0", "null character"),
        ("DEFAULT_LANGUAGE", "fr", "'en' or 'pt'"),
        ("PORT", "65536", "less than or equal to 65535"),
        ("PORT", "-1", "greater than or equal to 0"),
        ("PORT", "http", "valid integer"),
        ("START_SECONDS", "-1", "greater than or equal to 0"),
        ("STOP_SECONDS", "0", "greater than or equal to 1"),
        ("STOP_SECONDS", "inf", "finite"),
        ("STOP_DELAY", "-0.1", "greater than or equal to 0"),
        ("STOP_DELAY", "25", "leaves nothing of STOP_SECONDS"),
        ("LOG_LEVEL", "loud", "'DEBUG', 'INFO', 'WARNING', 'ERROR' or 'CRITICAL'"),
        ("LOG_FORMAT", "xml", "'text' or 'json'"),
        ("CATALOG_REFRESH_MINUTES", "0", "greater than 0"),
        ("CATALOG_REFRESH_MINUTES", "inf", "finite"),
        ("CATALOG_REFRESH_MINUTES", "1e308", "less than or equal to 525600"),
        ("CATALOG_REFRESH_MINUTES", "soon", "valid number"),
        ("CATALOG_CLIENTS", "paper", "'disk' or 'memory'"),
        ("AUDIT_CHANNEL", "#general", "id of a channel"),
        ("HISTORY_DAYS", "0", "greater than or equal to 1"),
        ("HISTORY_DAYS", "999999999999", "less than or equal to 36500"),
    ],
)
def test_a_malformed_value_is_named_with_what_is_wrong_and_where_to_get_it(
    variable: str, value: str, words: str
) -> None:
    found = problems({variable: value})
    assert list(found) == [variable]
    assert found[variable].startswith(variable + " ")
    assert words in found[variable]
    assert "; " in found[variable]
    assert found[variable].endswith(".")


@pytest.mark.parametrize("wrapped", ['"{}"', "'{}'", " {}", "{}\n", "“{}”"])
@pytest.mark.parametrize("variable", [*GOOD, "DATA_DIR"])
def test_quotation_marks_and_spaces_around_a_value_are_named(variable: str, wrapped: str) -> None:
    found = problems({variable: wrapped.format(GOOD.get(variable, "data"))})
    assert list(found) == [variable]
    assert "around its value" in found[variable]


@pytest.mark.parametrize("empty", [None, "", "  "])
@pytest.mark.parametrize("variable", ["SLACK_BOT_TOKEN", "INVOICEXPRESS_ACCOUNT", "INVOICEXPRESS_API_KEY"])
def test_a_missing_value_is_named(variable: str, empty: str | None) -> None:
    found = problems(without=(variable,)) if empty is None else problems({variable: empty})
    assert list(found) == [variable]
    assert f"{variable} is missing; " in found[variable]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(None, {"PORT": "http"})
    assert [problem.variable for problem in caught.value.problems] == [
        "SLACK_BOT_TOKEN",
        "INVOICEXPRESS_API_KEY",
        "INVOICEXPRESS_ACCOUNT",
        "SLACK_APP_TOKEN",
        "PORT",
    ]


def test_an_app_token_means_socket_mode_and_none_http() -> None:
    assert load(without=("SLACK_SIGNING_SECRET",)).mode == "socket"
    assert load(without=("SLACK_APP_TOKEN",)).mode == "http"


def test_without_either_mode_s_secret_both_are_named() -> None:
    found = problems(without=("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"))
    assert list(found) == ["SLACK_APP_TOKEN"]
    assert "SLACK_SIGNING_SECRET" in found["SLACK_APP_TOKEN"]


def test_a_forced_mode_asks_for_its_own_secret() -> None:
    assert list(problems(without=("SLACK_APP_TOKEN",), mode="socket")) == ["SLACK_APP_TOKEN"]
    assert list(problems(without=("SLACK_SIGNING_SECRET",), mode="http")) == ["SLACK_SIGNING_SECRET"]
    assert load(without=("SLACK_SIGNING_SECRET",), mode="socket").slack_signing_secret is None


def test_a_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    lines = [f"{name}='{value}'" for name, value in GOOD.items()]
    file.write_text("\n".join([*lines, "PORT=1", "HOST=", "SOMEBODY_ELSES=1", "LOG_FORMAT=json # for the collector"]))
    settings = load_settings(file, {"PORT": "2", "LOG_FORMAT": "", "PATH": "/bin"})
    assert settings.slack_bot_token.get_secret_value() == GOOD["SLACK_BOT_TOKEN"]
    assert (settings.port, settings.host, settings.log_format) == (2, "127.0.0.1", "json")


def test_every_setting_may_stand_in_the_file(tmp_path: Path) -> None:
    given = {
        **GOOD,
        "SLACK_API_URL": "http://127.0.0.1:8080/api/",
        "INVOICEXPRESS_URL": "http://127.0.0.1:9",
        "INVOICEXPRESS_REQUESTS_PER_MINUTE": "100",
        "DATA_DIR": "/srv/bot",
        "DEFAULT_LANGUAGE": "pt",
        "HOST": "::",
        "PORT": "1",
        "START_SECONDS": "30",
        "STOP_SECONDS": "60",
        "STOP_DELAY": "5.5",
        "LOG_LEVEL": "debug",
        "LOG_FORMAT": "json",
        "CATALOG_REFRESH_MINUTES": "0.5",
        "CATALOG_CLIENTS": "memory",
        "VIEWERS": "everyone",
        "EDITORS": "U0AB12CD, S0AB12CD",
        "MANAGERS": "admins,C0AB12CD",
        "AUDIT_CHANNEL": "C0AB12",
        "HISTORY_DAYS": "30",
    }
    assert given.keys() == {name.upper() for name in Settings.model_fields}
    file = tmp_path / ".env"
    file.write_text("\n".join(f"{name}={value}" for name, value in given.items()))
    assert load_settings(file, {}) == load_settings(None, given)
    file.write_text("VIEWERS=members, made up")
    (problem,) = read_settings(file, GOOD).problems
    assert problem.sentence.startswith("VIEWERS holds a word, number 2, that is neither")


def test_a_file_may_begin_with_an_editor_s_signature(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"\xef\xbb\xbfSLACK_BOT_TOKEN=xoxb-1-other\r\n")
    assert load_settings(file, GOOD | {"SLACK_BOT_TOKEN": ""}).slack_bot_token.get_secret_value() == "xoxb-1-other"


def test_a_file_need_not_exist(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none", GOOD).mode == "socket"


def test_a_file_in_another_coding_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("SLACK_BOT_TOKEN=xoxb-1-made-up", encoding="utf-16")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, GOOD)
    (problem,) = caught.value.problems
    assert problem.sentence == f"{file} cannot be read: it is not saved as UTF-8 text."


def test_a_line_that_means_nothing_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# ours\nLOG_FORMAT=json\nPORT: 3001\nexport HOST='::1'\nLOG_LEVEL\n=xoxb-1-secret\n")
    reading = read_settings(file, GOOD)
    assert [problem.sentence for problem in reading.problems] == [
        f"{file} has something on line {line} that is no NAME=value, nor a remark after a #." for line in (3, 6)
    ]
    assert (reading.settings.log_format, reading.settings.host, reading.settings.port) == ("json", "::1", 3000)


def test_a_directory_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (problem,) = read_settings(tmp_path, GOOD).problems
    assert problem.sentence == f"{tmp_path} cannot be read: Is a directory."


def test_the_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PORT=4")
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    assert load_settings().port == 4
    assert load_settings(None).port == 3000


def test_the_models_read_nothing_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-made-up")
    assert PartialSettings().slack_bot_token is None


def test_the_roles_make_the_policy() -> None:
    settings = load(VIEWERS="members", EDITORS="U0AB12CD, admins", AUDIT_CHANNEL="C0AB12", HISTORY_DAYS="30")
    assert settings.policy == Policy(viewers=settings.viewers, editors=settings.editors, managers=settings.managers)
    assert settings.editors == {"U0AB12CD", "admins"}
    assert settings.managers == Policy().managers
    assert (settings.audit_channel, settings.history_days) == ("C0AB12", 30)


def test_secrets_are_secret_and_listed() -> None:
    settings = load()
    for variable in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "INVOICEXPRESS_API_KEY"):
        assert GOOD[variable] not in repr(settings) + str(settings) + settings.model_dump_json()
        assert GOOD[variable] in [secret.get_secret_value() for secret in settings.secrets]
    assert len(load(without=("SLACK_APP_TOKEN",)).secrets) == 3


def test_what_is_sound_can_be_read_beside_what_is_not() -> None:
    reading = read_settings(None, GOOD | {"SLACK_BOT_TOKEN": "made-up", "INVOICEXPRESS_ACCOUNT": ""})
    assert reading.settings.slack_bot_token is None
    assert reading.settings.base_url is None
    assert reading.settings.invoicexpress_api_key is not None
    assert [problem.variable for problem in reading.problems] == ["INVOICEXPRESS_ACCOUNT", "SLACK_BOT_TOKEN"]


def test_settings_built_by_hand_miss_their_address_when_it_is_asked_for() -> None:
    settings = Settings.model_validate({"slack_bot_token": "xoxb-1-made-up", "invoicexpress_api_key": "made-up-key"})
    with pytest.raises(SettingsError, match="INVOICEXPRESS_ACCOUNT is missing"):
        settings.base_url  # noqa: B018 - reading it is the test
