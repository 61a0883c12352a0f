"""What around the settings is not as it should be, though the bot can work with it: names, and who may read what."""

from __future__ import annotations

import difflib
import os
import re
import stat
from typing import TYPE_CHECKING, Final

from bot.config import PartialSettings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from bot.config import Reading

STRAY: Final = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
"""What the library that speaks to Slack reads by itself."""

_NAMES: Final = frozenset(name.upper() for name in PartialSettings.model_fields)
_USUAL: Final = frozenset({"EDITOR", "HOSTNAME"})
"""Variables that many machines have, and that only look like ours."""
_NAME: Final = re.compile(r"[A-Z_][A-Z0-9_]{0,60}")
_ALIKE: Final = 0.8
_SHORT: Final = 5
_OTHERS: Final = 0o077


def warnings(reading: Reading, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each thing that an administrator should know; none holds a value."""
    yield from misspelt(reading, environ)
    yield from too_open(reading)


def misspelt(reading: Reading, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each name in the `.env` file that is none of ours, or in the environment and like ours."""
    file = reading.env_file
    for name in sorted(set(file.values) - _NAMES - set(STRAY)) if file else ():
        if not _NAME.fullmatch(name):
            continue  # whatever it is, it may be a secret that stands in the wrong place
        meant = _meant(name)
        hint = f"did you mean {meant}?" if meant else "it is ignored."
        yield f"{name} in {file.path if file else ''} is none of the bot's settings: {hint}"
    for name in sorted(set(environ) - _NAMES - set(STRAY) - _USUAL):
        meant = _meant(name, short=False)
        if meant:
            yield f"{name} in the environment is none of the bot's settings: did you mean {meant}?"


def too_open(reading: Reading) -> Iterator[str]:
    """Yield a sentence for the data directory and the `.env` file, where others than their owner may use them."""
    directory = reading.settings.data_dir
    if reading.env_file and reading.env_file.is_there:
        yield from _too_open(reading.env_file.path, "which holds keys", "chmod 600")
    yield from _too_open(directory, "where records and a copy of the account lie", "chmod 700")


def _too_open(path: Path, what: str, remedy: str) -> Iterator[str]:
    try:
        found = path.stat()
    except OSError:  # one that is missing is created as it should be, and what else is wrong is told elsewhere
        return
    if not hasattr(os, "geteuid"):
        return  # pragma: no cover - Windows has other permissions, which the mode does not tell
    mode = stat.S_IMODE(found.st_mode)
    if mode & _OTHERS:
        yield f"{path}, {what}, is open to others ({mode:04o}): `{remedy} {path}` keeps it to its owner."
    if found.st_uid not in {os.geteuid(), 0}:
        yield f"{path}, {what}, belongs to another user of this machine, who may change it."


def _meant(name: str, *, short: bool = True) -> str | None:
    """Return the setting that a name was probably meant to be.

    Args:
        name: the name.
        short: whether a part of a setting's name will do, and likeness to a short one.
    """
    name = name.strip().upper()
    if name in _NAMES:
        return name
    near = difflib.get_close_matches(name, _candidates(short=short), n=1, cutoff=_ALIKE)
    if near:
        return near[0]
    parts = [one for one in sorted(_NAMES) if one.startswith(f"{name}_") or one.endswith(f"_{name}")]
    return parts[0] if short and parts else None


def _candidates(*, short: bool) -> Collection[str]:
    return [name for name in sorted(_NAMES) if short or len(name) > _SHORT]
