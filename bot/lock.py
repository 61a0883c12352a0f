"""One process for each data directory: two would answer everything twice and write over each other's records."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import filelock

from bot.errors import StartFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.clock import Clock

LOCK_NAME: Final = "lock"
_LOOK_SECONDS: Final = 0.1


def prepare(directory: Path) -> None:
    """Create the directory, for its owner alone, unless it exists.

    Raises:
        StartFailed: it cannot be created, or is no directory.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartFailed(f"DATA_DIR: {directory} cannot be used as a directory: {error.strerror}.") from None


class DirectoryLock:
    """The lock of a directory, which is created when it is missing.

    It is the operating system's, so that it ends with the process however that ends.

    Args:
        directory: the directory.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = filelock.FileLock(directory / LOCK_NAME, timeout=0, mode=0o600)

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            StartFailed: another process holds it, or the directory cannot be written to.
        """
        if not self._is_acquired():
            raise self._is_held()

    async def wait(self, seconds: float, clock: Clock, tell: Callable[[], None]) -> None:
        """Take the lock as soon as it is free.

        Args:
            seconds: for how long it is waited for.
            clock: the time.
            tell: called once where it has to be waited for.

        Raises:
            StartFailed: another process holds it after so long, or the directory cannot be written to.
        """
        until, told = clock.monotonic() + seconds, False
        while not self._is_acquired():
            if clock.monotonic() >= until:
                raise self._is_held()
            if not told:
                tell()
                told = True
            await clock.sleep(_LOOK_SECONDS)

    def release(self) -> None:
        """Give the lock up; where it is not held, nothing happens."""
        self._lock.release()

    def _is_acquired(self) -> bool:
        prepare(self._directory)
        try:
            _refuse_link(self._directory / LOCK_NAME)
            self._lock.acquire()
        except filelock.Timeout:
            return False
        except OSError as error:
            raise StartFailed(f"DATA_DIR: {self._directory} cannot be written to: {error.strerror}.") from None
        return True

    def _is_held(self) -> StartFailed:
        return StartFailed(
            f"Another process already works with {self._directory}: stop it first, or give this one a DATA_DIR of its "
            "own."
        )


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold a directory's lock for as long as the block runs.

    Raises:
        StartFailed: another process holds it, or the directory cannot be written to.
    """
    lock = DirectoryLock(directory)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise OSError(errno.ELOOP, "the lock is a symbolic link, and none is followed there")
