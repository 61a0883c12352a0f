"""A disk that is full."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from tests.logs import Log, caught_log


@contextmanager
def full_disk() -> Iterator[Log]:
    """Let nothing in this process write to any file within the block; yield its log, which is kept off files, too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with caught_log() as log:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            yield log
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
