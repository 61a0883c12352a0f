"""The `.env` file: lines of `NAME=value`, in the form that python-dotenv reads."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values
from dotenv.parser import parse_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

# The signature that some editors put in front of UTF-8 would become part of the first name.
_ENCODING = "utf-8-sig"


def read_env_file(path: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what a file says, by the names in capitals, and a sentence for each thing that is wrong with it.

    A file that is not there says nothing. A line that cannot be read must not be passed over: whoever wrote it means
    it to count. No sentence holds a value.
    """
    try:
        text = path.read_text(_ENCODING)
    except FileNotFoundError:
        return {}, ()
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not saved as UTF-8 text"
        return {}, (f"{path} cannot be read: {reason}.",)
    bindings = tuple(parse_stream(io.StringIO(text)))
    sound = "".join(binding.original.string for binding in bindings if not binding.error)
    problems = (
        f"{path} has something on line {binding.original.line} that is no NAME=value, nor a remark after a #."
        for binding in bindings
        if binding.error
    )
    return dict(_named(sound)), tuple(problems)


def _named(text: str) -> Iterator[tuple[str, str]]:
    for name, value in dotenv_values(stream=io.StringIO(text)).items():
        if value is not None:
            yield name.upper(), value
