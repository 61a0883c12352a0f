"""`python -m tests.mutations`: make each change for the worse, and see that the tests notice.

Ends with 1 where one survives, where one can no longer be made, or where the tests fail without any.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.mutations.listed import MUTATIONS
from tests.mutations.trying import Mutation, Verdict, attempt, copy_tree, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutations and print what came of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("--sample", type=int, metavar="N", help="only so many, others each day")
    parser.add_argument("--seconds", type=float, default=120.0, help="how long the tests of one may take")
    parser.add_argument("--only", metavar="WORD", default="", help="only those whose file or description has this word")
    chosen = parser.parse_args(arguments)
    wanted = [mutation for mutation in MUTATIONS if chosen.only in f"{mutation.file} {mutation.what}"]
    mutations = sample(wanted, chosen.sample, datetime.now(UTC).toordinal()) if chosen.sample else wanted
    with tempfile.TemporaryDirectory() as folder:
        return _tried(mutations, copy_tree(Path(folder)), chosen.seconds)


def sample(mutations: Sequence[Mutation], many: int, day: int) -> list[Mutation]:
    """Return so many mutations, the next ones each day, until all had their turn."""
    first = day * many % len(mutations)
    return [*mutations[first:], *mutations[:first]][:many]


def _tried(mutations: Sequence[Mutation], tree: Path, seconds: float) -> int:
    console = Console()
    tests = list(dict.fromkeys(test for mutation in mutations for test in mutation.tests))
    status = run(tests, tree, seconds * len(mutations))
    if status != 0:
        console.print(f"Without any mutation the tests do not pass (pytest: {status}).", style="bold red")
        return 1
    table = Table("what must never happen", "where", "", "s")
    verdicts = []
    for mutation in mutations:
        started = time.monotonic()
        verdict = attempt(mutation, tree, seconds)
        verdicts.append(verdict)
        row = (mutation.what, mutation.file, str(verdict), f"{time.monotonic() - started:.1f}")
        table.add_row(*row, style="" if verdict is Verdict.KILLED else "bold red")
        print(" | ".join(row), file=sys.stderr, flush=True)  # noqa: T201 - a sign of life
    console.print(table)
    killed = verdicts.count(Verdict.KILLED)
    console.print(f"{killed} of {len(verdicts)} killed")
    return 0 if killed == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
