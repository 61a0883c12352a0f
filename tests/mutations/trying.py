"""Trying a mutation: a copy of the tree in which one text stands for another, and the tests that must fail there."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent
_LEFT_OUT: Final = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", "*.egg-info", "data")
_FAILED: Final = 1
"""What pytest ends with where tests failed, and only then."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change for the worse.

    Attributes:
        what: what must never happen, and would.
        file: where, from the root of the tree.
        old: what stands there, exactly once.
        new: what is put in its place.
        tests: files of tests, or single ones, of which at least one must fail.
    """

    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


class Verdict(StrEnum):
    """What came of a mutation."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"
    STALE = "STALE: its text no longer stands there exactly once"
    SLOW = "TIMED OUT"
    BROKEN = "BROKEN: the tests can't be run"


def is_stale(mutation: Mutation, root: Path = ROOT) -> bool:
    """Say whether a mutation can no longer be made, or changes nothing."""
    path = root / mutation.file
    found = path.read_text(encoding="utf-8").count(mutation.old) if path.is_file() else 0
    return found != 1 or mutation.old == mutation.new


def copy_tree(target: Path) -> Path:
    """Copy the tree and return where it lies."""
    return Path(shutil.copytree(ROOT, target / "tree", ignore=_LEFT_OUT))


def attempt(mutation: Mutation, tree: Path, seconds: float) -> Verdict:
    """Make a mutation in a copy of the tree, run its tests there, and take it back."""
    if is_stale(mutation, tree):
        return Verdict.STALE
    path = tree / mutation.file
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(mutation.old, mutation.new), encoding="utf-8")
    try:
        status = run(mutation.tests, tree, seconds)
    finally:
        path.write_text(before, encoding="utf-8")
    if status is None:
        return Verdict.SLOW
    return {0: Verdict.SURVIVED, _FAILED: Verdict.KILLED}.get(status, Verdict.BROKEN)


def run(tests: Iterable[str], tree: Path, seconds: float) -> int | None:
    """Run tests up to the first that fails; return what pytest ends with, or None where that takes too long."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    # No compiled files: those of a text and of its mutation could have the same size and time. And people wait less for
    # what a mutation keeps from them.
    environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "TESTS_PATIENCE": "8"}
    process = subprocess.Popen(  # noqa: S603 - tests of ours
        command,
        cwd=tree,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
