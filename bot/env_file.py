"""The `.env` file: lines of `NAME=value`, in the form that python-dotenv reads."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dotenv import dotenv_values
from dotenv.parser import parse_stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# The signature that some editors put in front of UTF-8 would become part of the first name.
_ENCODING = "utf-8-sig"


@dataclass(frozen=True, slots=True)
class EnvFile:
    """What a file says.

    Attributes:
        path: where it was looked for.
        is_there: whether there is one.
        values: what it says, by the names in capitals.
        problems: a sentence for each thing that is wrong with it. None holds a value.
    """

    path: Path
    is_there: bool = True
    values: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read_env_file(path: Path) -> EnvFile:
    """Read a file, which need not be there.

    A line that cannot be read must not be passed over: whoever wrote it means it to count.
    """
    try:
        text = path.read_text(_ENCODING)
    except FileNotFoundError:
        return EnvFile(path, is_there=False)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not saved as UTF-8 text"
        return EnvFile(path, problems=(f"{path} cannot be read: {reason}.",))
    bindings = tuple(parse_stream(io.StringIO(text)))
    sound = "".join(binding.original.string for binding in bindings if not binding.error)
    problems = (
        f"{path} has something on line {binding.original.line} that is no NAME=value, nor a remark after a #."
        for binding in bindings
        if binding.error
    )
    return EnvFile(path, values=dict(_named(sound)), problems=tuple(problems))


def _named(text: str) -> Iterator[tuple[str, str]]:
    for name, value in dotenv_values(stream=io.StringIO(text)).items():
        if value is not None:
            yield name.upper(), value
