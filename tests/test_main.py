"""The commands, as processes of their own."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import bot
from bot.__main__ import main
from bot.sandbox.account import serve_account
from bot.sandbox.slack import serve_workspace
from bot.slack.scopes import SCOPES

from .tiny_slack import serve_tiny_slack

HEAVY = ("aiohttp", "asyncio", "httpx", "pydantic", "slack_bolt", "slack_sdk", "structlog")
SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "INVOICEXPRESS_API_KEY")


@dataclass
class Program:
    """A place to run the program in, without settings of its own."""

    directory: Path

    def environ(self, changes: Mapping[str, str]) -> dict[str, str]:
        """Return the surrounding environment without any setting, and these."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "INVOICEXPRESS_"))}
        return {**kept, "PYTHONPATH": str(Path(bot.__file__).parent.parent), "DATA_DIR": str(self.directory), **changes}

    @asynccontextmanager
    async def started(
        self, *arguments: str, environ: Mapping[str, str], out: int = asyncio.subprocess.PIPE
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=self.directory,
            env=self.environ(environ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def run(self, *arguments: str, environ: Mapping[str, str] | None = None) -> tuple[int | None, str, str]:
        """Run to the end; return the status, and what was written to either stream."""
        async with self.started("-m", "bot", *arguments, environ=environ or {}) as process:
            out, err = await process.communicate()
            return process.returncode, out.decode(), err.decode()


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture
async def settings() -> AsyncIterator[dict[str, str]]:
    """Settings that a bot can run with, on this machine alone."""
    async with serve_workspace(scopes=SCOPES) as slack, serve_account() as account:
        yield {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.url,
            "INVOICEXPRESS_URL": account.url,
            "INVOICEXPRESS_API_KEY": account.api_key,
            "PORT": "0",
            "LOG_LEVEL": "DEBUG",
        }


async def until(stream: asyncio.StreamReader | None, words: str) -> str:
    """Read lines up to the one with these words; return them all."""
    assert stream is not None
    read = ""
    while words not in read:
        line = await stream.readline()
        assert line, f"it ended before it said {words!r}: {read}"
        read += line.decode()
    return read


def test_importing_the_commands_runs_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("usage: python -m bot")


async def test_help_is_quick_because_it_loads_nothing(program: Program) -> None:
    async with program.started("-X", "importtime", "-m", "bot", "--help", environ={}) as process:
        out, err = await process.communicate()
    assert process.returncode == 0
    for command in ("run", "check", "sandbox"):
        assert f"    {command} " in out.decode()
    loaded = {line.rpartition("|")[2].strip() for line in err.decode().splitlines()}
    assert "bot" in loaded
    assert not loaded & set(HEAVY)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("dance",),
        ("run", "--mode", "telepathy"),
        ("sandbox", "--port", "65536"),
        ("sandbox", "--port", "-1"),
        ("sandbox", "--port", "http"),
        ("sandbox", "--port", "9" * 5000),
    ],
)
async def test_a_wrong_command_line_is_refused(program: Program, arguments: tuple[str, ...]) -> None:
    status, _, err = await program.run(*arguments)
    assert status == 2
    assert err.startswith("usage: python -m bot")


async def test_it_says_its_version(program: Program) -> None:
    status, out, err = await program.run("--version")
    assert (status, out, err) == (0, f"InvoiceXpress for Slack {bot.__version__}\n", "")


async def test_run_without_settings_says_what_is_missing(program: Program) -> None:
    status, out, err = await program.run("run")
    assert (status, out) == (2, "")
    assert [line.partition(" is missing")[0] for line in err.splitlines()] == [
        "SLACK_BOT_TOKEN",
        "INVOICEXPRESS_API_KEY",
        "INVOICEXPRESS_ACCOUNT",
        "SLACK_APP_TOKEN",
    ]


async def test_run_asks_for_what_the_forced_mode_needs(program: Program, settings: dict[str, str]) -> None:
    status, _, err = await program.run("run", "--mode", "http", environ=settings | {"SLACK_SIGNING_SECRET": ""})
    assert status == 2
    assert err.startswith("SLACK_SIGNING_SECRET is missing; ")


async def test_check_without_settings_fails_without_a_traceback(program: Program) -> None:
    status, out, err = await program.run("check")
    assert (status, err) == (1, "")
    assert out.startswith("ok           settings file: there is no ")
    assert "failed       settings: SLACK_BOT_TOKEN is missing; " in out
    assert "not checked  InvoiceXpress: " in out


async def test_whoever_has_read_enough_of_a_check_may_go(program: Program) -> None:
    async with program.started("-m", "bot", "check", environ={}) as process:
        assert process.stdout is not None
        process.stdout._transport.close()  # type: ignore[attr-defined]  # the reading end of the pipe
        assert process.stderr is not None
        err = await process.stderr.read()
        assert (await process.wait(), err) == (1, b"")


async def test_check_reads_the_file(program: Program, settings: dict[str, str]) -> None:
    file = program.directory / ".env"
    file.touch(0o600)
    file.write_text("\n".join(f"{name}={value}" for name, value in settings.items()))
    status, out, err = await program.run("check")
    assert (status, err) == (0, "")
    assert {line.partition(" ")[0] for line in out.splitlines()} == {"ok"}
    assert not [name for name in SECRETS if settings[name] in out]


async def test_what_is_open_to_others_or_misspelt_is_told_at_the_start(
    program: Program, settings: dict[str, str]
) -> None:
    file, directory = program.directory / ".env", program.directory / "data"
    file.write_text("EDITRS=members")
    file.chmod(0o666)
    directory.mkdir()
    directory.chmod(0o777)
    environ = settings | {"DATA_DIR": str(directory)}
    async with program.started("-m", "bot", "run", "--mode", "http", environ=environ) as process:
        said = await until(process.stderr, "listening on http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    assert "did you mean EDITORS?" in said
    assert "is open to others (0666)" in said
    assert "is open to others (0777)" in said
    assert "ready as @invoicexpress in Oficina, for http://127.0.0.1:" in said


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_it_runs_once_until_it_is_told_to_stop(program: Program, settings: dict[str, str], mode: str) -> None:
    async with program.started("-m", "bot", "run", "--mode", mode, environ=settings) as first:
        read = await until(first.stderr, "listening on http://127.0.0.1:")
        status, _, err = await program.run("run", "--mode", mode, environ=settings | {"START_SECONDS": "0"})
        assert status == 1
        assert f"Another process already works with {program.directory}" in err
        assert "Traceback" not in err
        first.send_signal(signal.SIGTERM)
        _, rest = await first.communicate()
    assert first.returncode == 0
    read += rest.decode()
    assert "Traceback" not in read
    assert not [name for name in SECRETS if settings[name] in read]


async def test_a_start_that_fails_says_why(program: Program, settings: dict[str, str]) -> None:
    status, out, err = await program.run(
        "run", environ=settings | {"SLACK_BOT_TOKEN": "xoxb-wrong", "LOG_LEVEL": "ERROR"}
    )
    assert (status, out) == (1, "")
    assert "invalid_auth" in err
    assert "Traceback" not in err


async def test_an_interruption_ends_it_quietly(program: Program, settings: dict[str, str]) -> None:
    async with serve_tiny_slack() as slack:
        slack.held.clear()
        environ = settings | {"SLACK_API_URL": slack.url}
        async with program.started("-m", "bot", "check", environ=environ) as process:
            await slack.asked.wait()
            process.send_signal(signal.SIGINT)
            _, err = await process.communicate()
    assert (process.returncode, err) == (130, b"")


@pytest.fixture
def full() -> Iterator[int]:
    """Something to write to that has no room."""
    with Path("/dev/full").open("wb") as device:
        yield device.fileno()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="takes a device that is always full")
async def test_an_error_that_nobody_expected_goes_through_the_log(program: Program, full: int) -> None:
    async with program.started("-u", "-m", "bot", "check", environ={}, out=full) as process:
        _, err = await process.communicate()
    assert process.returncode == 1
    assert "CRITICAL" in err.decode()
    assert "    | OSError: [Errno 28]" in err.decode()


async def test_an_error_before_the_log_is_set_up_shows_no_variable(program: Program) -> None:
    broken = "def load(token='xoxb-made' + '-up'):\n    raise RuntimeError('half installed')\nload()\n"
    (program.directory / "pydantic_settings.py").write_text(broken)
    environ = {"PYTHONPATH": f"{program.directory}{os.pathsep}{Path(bot.__file__).parent.parent}"}
    status, out, err = await program.run("check", environ=environ)
    assert (status, out) == (1, "")
    assert "CRITICAL bot: ended by an error that nobody expected" in err
    assert "    | RuntimeError: half installed" in err
    assert "xoxb-made-up" not in err
