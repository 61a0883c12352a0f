"""What an administrator sets: environment variables, and the same names in a `.env` file.

`load_settings` reads them, once, for `bot.__main__`; the models themselves read nothing but their arguments. The
environment wins over the file, an empty value counts as missing, and variables that are not ours are ignored. Every
sentence about a problem names the variable, what is wrong and where to get it right, and never the value.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.access import Policy, read_grantees
from bot.env_file import EnvFile, read_env_file
from bot.errors import Problem, SettingsError
from bot.setting_shapes import (
    account_name,
    api_key,
    app_token,
    base_address,
    bot_token,
    channel_id,
    signing_secret,
    slack_api_address,
    what_is_wrong,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Mode = Literal["socket", "http"]

CATALOG: Final = "catalog.db"
"""The local copy of the account, in the data directory."""
RECORDS: Final = "records.db"
"""The history, beside it."""

_SLACK_APPS = "your app on https://api.slack.com/apps"
_WRAPPED = re.compile(r"\A[\s\"'`“”‘’«»]|[\s\"'`“”‘’«»]\Z")


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _grantees(value: object) -> object:
    return read_grantees(value) if isinstance(value, str) else value


BotToken = Annotated[SecretStr, AfterValidator(bot_token)]
AppToken = Annotated[SecretStr, AfterValidator(app_token)]
SigningSecret = Annotated[SecretStr, AfterValidator(signing_secret)]
ApiKey = Annotated[SecretStr, AfterValidator(api_key)]
Grantees = Annotated[frozenset[str], BeforeValidator(_grantees)]
Seconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(_upper)]


class PartialSettings(BaseSettings):
    """The settings as far as they are given and sound: what `bot.check` looks at.

    A field's description is the end of the sentence that is shown when the value is missing or malformed.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    slack_bot_token: BotToken | None = Field(
        None, description=f'copy the "Bot User OAuth Token" from "OAuth & Permissions" of {_SLACK_APPS}'
    )
    slack_signing_secret: SigningSecret | None = Field(
        None, description=f'copy the "Signing Secret" from "Basic Information" of {_SLACK_APPS}'
    )
    slack_app_token: AppToken | None = Field(
        None,
        description='generate one with the scope connections:write under "App-Level Tokens" in "Basic Information" '
        f"of {_SLACK_APPS}",
    )
    slack_api_url: Annotated[str, AfterValidator(slack_api_address)] = Field(
        "https://slack.com/api/", description="leave it out to use Slack's own"
    )
    invoicexpress_account: Annotated[str, AfterValidator(account_name)] | None = Field(
        None, description='it is the "acme" of https://acme.app.invoicexpress.com, the address of your account'
    )
    invoicexpress_api_key: ApiKey | None = Field(
        None, description='copy it from "API" in the settings of your InvoiceXpress account'
    )
    invoicexpress_url: Annotated[str, AfterValidator(base_address)] | None = Field(
        None, description="leave it out to use the address of INVOICEXPRESS_ACCOUNT"
    )
    invoicexpress_requests_per_minute: int = Field(
        780, ge=1, le=100_000, description="leave it out for the 780 that InvoiceXpress allows"
    )
    data_dir: Path = Field(Path("data"), description="it is the directory that the bot keeps its data in")
    default_language: Literal["en", "pt"] = Field("en", description="leave it out for English")
    host: str = Field("127.0.0.1", description="it is the address to listen on; 0.0.0.0 is every address")
    port: int = Field(3000, ge=0, le=65535, description="leave it out for 3000")
    start_seconds: Seconds = Field(120.0, description="leave it out to try for two minutes")
    stop_seconds: float = Field(
        25.0, ge=1, le=3600, allow_inf_nan=False, description="leave it out for 25, below the 30 that most hosts give"
    )
    stop_delay: Seconds = Field(0.0, description="leave it out to stop at once")
    log_level: LogLevel = Field("INFO", description="leave it out for INFO")
    log_format: Literal["text", "json"] = Field("text", description="leave it out for text")
    catalog_refresh_minutes: float = Field(
        15.0, gt=0, le=525_600, allow_inf_nan=False, description="leave it out for a refresh every 15 minutes"
    )
    catalog_clients: Literal["disk", "memory"] = Field("disk", description="leave it out for disk")
    viewers: Grantees = Field(Policy().viewers, description="leave it out for members")
    editors: Grantees = Field(Policy().editors, description="leave it out for admins")
    managers: Grantees = Field(Policy().managers, description="leave it out for admins")
    audit_channel: Annotated[str, AfterValidator(channel_id)] | None = Field(
        None, description="it is the channel's id, at the foot of what its name opens in Slack"
    )
    history_days: int | None = Field(None, ge=1, le=36_500, description="leave it out to keep the history for ever")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is the library's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is the library's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read nothing but the arguments: `read_settings` is the one place that looks at the surroundings."""
        return (init_settings,)

    @field_validator("*", mode="before")
    @classmethod
    def _unwrapped(cls, value: object) -> object:
        if isinstance(value, str) and _WRAPPED.search(value):
            raise ValueError("has a space, a line break or a quotation mark around its value, which must go")
        if isinstance(value, str) and "\0" in value:
            raise ValueError("holds a null character, which no value can")
        return value

    @field_validator("stop_delay")
    @classmethod
    def _leaves_time_to_stop(cls, value: float, info: ValidationInfo) -> float:
        if value >= info.data.get("stop_seconds", float("inf")):
            raise ValueError("leaves nothing of STOP_SECONDS, the time for the whole stop")
        return value

    @property
    def base_url(self) -> str | None:
        """The account's base address without a slash at its end, or None while neither variable tells it."""
        if self.invoicexpress_url is not None or self.invoicexpress_account is None:
            return self.invoicexpress_url
        return f"https://{self.invoicexpress_account}.app.invoicexpress.com"

    @property
    def catalog_path(self) -> Path:
        """Where the local copy of the account lies."""
        return self.data_dir / CATALOG

    @property
    def records_path(self) -> Path:
        """Where the history lies."""
        return self.data_dir / RECORDS

    @property
    def secrets(self) -> tuple[SecretStr, ...]:
        """Every secret that is set, for the log to hide."""
        given = (self.slack_bot_token, self.slack_signing_secret, self.slack_app_token, self.invoicexpress_api_key)
        return tuple(secret for secret in given if secret is not None)

    @property
    def policy(self) -> Policy:
        """Who may do what."""
        return Policy(self.viewers, self.editors, self.managers)

    @property
    def mode(self) -> Mode:
        """Socket Mode when an app token is given, else HTTP."""
        return "http" if self.slack_app_token is None else "socket"


class Settings(PartialSettings):
    """Settings that a bot can run with. `load_settings` makes sure that those of its mode are all there."""

    slack_bot_token: BotToken
    invoicexpress_api_key: ApiKey

    @property
    def base_url(self) -> str:
        """The account's base address, such as `https://acme.app.invoicexpress.com`, without a slash at its end.

        Raises:
            SettingsError: neither INVOICEXPRESS_ACCOUNT nor INVOICEXPRESS_URL is set.
        """
        address = super().base_url
        if address is None:
            raise SettingsError((_missing("invoicexpress_account"),))
        return address


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found: the sound part, and what stands in the way of a start.

    Attributes:
        settings: the sound part.
        problems: what stands in the way.
        env_file: the file that was looked at; None where none was to be.
    """

    settings: PartialSettings
    problems: tuple[Problem, ...]
    env_file: EnvFile | None = None

    def complete(self) -> Settings:
        """Return the settings that a start needs.

        Raises:
            SettingsError: with one sentence for each problem, all of them at once.
        """
        if self.problems:
            raise SettingsError(self.problems)
        return Settings(**self.settings.model_dump())


def load_settings(
    env_file: str | Path | None = ".env", environ: Mapping[str, str] | None = None, *, mode: Mode | None = None
) -> Settings:
    """Read the settings that a start needs.

    Args:
        env_file: a file of `NAME=value` lines, which need not exist; None reads none.
        environ: stands in for the process's environment.
        mode: the mode that is asked for; None takes Socket Mode when an app token is given, else HTTP.

    Raises:
        SettingsError: with one sentence for each problem, all of them at once.
    """
    return read_settings(env_file, environ, mode=mode).complete()


def read_settings(
    env_file: str | Path | None = ".env", environ: Mapping[str, str] | None = None, *, mode: Mode | None = None
) -> Reading:
    """Read whatever is sound and name the rest; arguments as for `load_settings`. Raises nothing."""
    file = None if env_file is None else read_env_file(Path(env_file))
    values = _given(file.values if file else {}) | _given(os.environ if environ is None else environ)
    settings, malformed = _validated(values)
    in_file = [Problem(str(file.path), sentence) for sentence in file.problems] if file else []
    return Reading(settings, (*in_file, *_absent(values, mode), *malformed), file)


def _given(environ: Mapping[str, str]) -> dict[str, str]:
    found = {name: environ.get(name.upper(), "") for name in PartialSettings.model_fields}
    return {name: value for name, value in found.items() if value.strip()}


def _validated(values: Mapping[str, Any]) -> tuple[PartialSettings, tuple[Problem, ...]]:
    """Return the sound part, and a problem for each value that is not."""
    try:
        return PartialSettings(**values), ()
    except ValidationError as error:
        # Only names and sentences leave this block: the error itself holds the values.
        details = error.errors(include_url=False, include_input=False)
    wrong = {str(detail["loc"][0]): what_is_wrong(detail) for detail in details}
    sound = {name: value for name, value in values.items() if name not in wrong}
    return PartialSettings(**sound), tuple(_problem(name, what) for name, what in wrong.items())


def _absent(values: Mapping[str, str], mode: Mode | None) -> tuple[Problem, ...]:
    needed = ["slack_bot_token", "invoicexpress_api_key"]
    if "invoicexpress_url" not in values:
        needed.append("invoicexpress_account")
    if mode is not None:
        needed.append("slack_app_token" if mode == "socket" else "slack_signing_secret")
    problems = [_missing(name) for name in needed if name not in values]
    if mode is None and not values.keys() & {"slack_app_token", "slack_signing_secret"}:
        problems.append(
            _problem("slack_app_token", "is missing, and so is SLACK_SIGNING_SECRET, which HTTP mode needs instead")
        )
    return tuple(problems)


def _missing(name: str) -> Problem:
    return _problem(name, "is missing")


def _problem(name: str, what: str) -> Problem:
    variable = name.upper()
    return Problem(variable, f"{variable} {what}; {PartialSettings.model_fields[name].description}.")
