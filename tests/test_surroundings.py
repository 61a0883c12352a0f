"""What is said of names that look like settings, and of files that are open to others."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.config import read_settings
from bot.surroundings import misspelt, too_open


def told(tmp_path: Path, text: str, environ: Mapping[str, str] | None = None) -> list[str]:
    file = tmp_path / ".env"
    file.write_text(text)
    return list(misspelt(read_settings(file, environ or {}), environ or {}))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("EDITRS", "EDITORS"),
        ("EDITOR", "EDITORS"),
        ("editorss", "EDITORS"),
        ("MANGERS", "MANAGERS"),
        ("VIEWER", "VIEWERS"),
        ("SLACK_TOKEN", "SLACK_BOT_TOKEN"),
        ("SLACK_BOT_TOKN", "SLACK_BOT_TOKEN"),
        ("INVOICEXPRESS_KEY", "INVOICEXPRESS_API_KEY"),
        ("API_KEY", "INVOICEXPRESS_API_KEY"),
        ("DATADIR", "DATA_DIR"),
        ("HOSTS", "HOST"),
        ("CATALOG_REFRESH", "CATALOG_REFRESH_MINUTES"),
        ("STOP_SECOND", "STOP_SECONDS"),
    ],
)
def test_a_misspelt_name_in_the_file_is_told_with_what_was_meant(tmp_path: Path, name: str, meant: str) -> None:
    [sentence] = told(tmp_path, f"{name}=made-up")
    assert sentence.startswith(f"{name.upper()} in {tmp_path / '.env'} is none of the bot's settings")
    assert sentence.endswith(f"did you mean {meant}?")
    assert "made-up" not in sentence


def test_a_name_in_the_file_that_is_like_none_is_told_too(tmp_path: Path) -> None:
    [sentence] = told(tmp_path, "PORT=3\nSLACK_CLIENT_ID=1\nCOMPOSE_PROJECT=x\nxoxb-1-made-up=1\n# EDITRS=1\n")
    assert sentence.startswith("COMPOSE_PROJECT in ")
    assert sentence.endswith("it is ignored.")


@pytest.mark.parametrize(("name", "meant"), [("EDITRS", "EDITORS"), ("editors", "EDITORS"), ("port", "PORT")])
def test_a_misspelt_name_in_the_environment_is_told(tmp_path: Path, name: str, meant: str) -> None:
    expected = f"{name} in the environment is none of the bot's settings: did you mean {meant}?"
    assert told(tmp_path, "", {name: "made-up"}) == [expected]


def test_what_every_machine_has_in_its_environment_is_not_told(tmp_path: Path) -> None:
    usual = "PATH HOME LANG LANGUAGE EDITOR VISUAL PAGER HOSTNAME HOSTTYPE LOGNAME SHELL TERM USER PWD SHLVL DISPLAY \
        XDG_DATA_DIRS XDG_DATA_HOME PYTHONPATH VIRTUAL_ENV HTTPS_PROXY API_KEY SLACK_CLIENT_SECRET SPORT POST TZ DYNO"
    assert told(tmp_path, "", dict.fromkeys(usual.split(), "x")) == []
    assert told(tmp_path, "", os.environ) == []


def test_what_is_open_to_others_is_told_with_the_remedy(tmp_path: Path) -> None:
    file, directory = tmp_path / ".env", tmp_path / "data"
    reading = read_settings(file, {"DATA_DIR": str(directory)})
    assert list(too_open(reading)) == [], "neither is there yet"
    file.touch(0o600)
    directory.mkdir(0o700)
    reading = read_settings(file, {"DATA_DIR": str(directory)})
    assert list(too_open(reading)) == []
    for mode in (0o666, 0o644, 0o620):
        file.chmod(mode)
        [sentence] = too_open(reading)
        assert (
            sentence
            == f"{file}, which holds keys, is open to others ({mode:04o}): `chmod 600 {file}` keeps it to its owner."
        )
    file.chmod(0o600)
    for mode in (0o777, 0o755, 0o710):
        directory.chmod(mode)
        [sentence] = too_open(reading)
        assert f"({mode:04o}): `chmod 700 {directory}`" in sentence


@pytest.mark.skipif(os.geteuid() != 0, reason="only the administrator can give a file away")
def test_a_file_of_another_user_is_told(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.touch(0o600)
    os.chown(file, 12345, -1)
    reading = read_settings(file, {"DATA_DIR": str(tmp_path / "none")})
    assert list(too_open(reading)) == [
        f"{file}, which holds keys, belongs to another user of this machine, who may change it."
    ]
