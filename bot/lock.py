"""One process for each data directory: two would answer everything twice and write over each other's records."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import filelock

from bot.errors import StartFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_NAME = "lock"


def prepare(directory: Path) -> None:
    """Create the directory, for its owner alone, unless it exists.

    Raises:
        StartFailed: it cannot be created, or is no directory.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartFailed(f"DATA_DIR: {directory} cannot be used as a directory: {error.strerror}.") from None


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the directory, which is created when it is missing, for as long as the block runs.

    The lock is the operating system's, so that it ends with the process however that ends.

    Raises:
        StartFailed: another process holds it, or it cannot be written to.
    """
    prepare(directory)
    lock = filelock.FileLock(directory / LOCK_NAME, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise StartFailed(
            f"Another process already works with {directory}: stop it first, or give this one a DATA_DIR of its own."
        ) from None
    except OSError as error:
        raise StartFailed(f"DATA_DIR: {directory} cannot be written to: {error.strerror}.") from None
    try:
        yield
    finally:
        lock.release()
