# ruff: noqa: T201 - a command prints
"""A long walk through faults: `python -m tests.faults --operations 10000`.

It is made of walks of a few hundred operations each, with one seed after another. What fails says with which seed it
can be seen again, exactly as it was.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from itertools import count
from pathlib import Path

from tests.faults.walk import walk

OPERATIONS_OF_A_WALK = 250


def main() -> int:
    """Walk, and print what it was like."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.partition("\n")[0])
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1, help="of the first walk")
    parser.add_argument("--trace", action="store_true", help="print every operation, and what was told of it")
    arguments = parser.parse_args()
    started, left, asked = time.monotonic(), arguments.operations, 0
    counts: Counter[str] = Counter()
    for seed in count(arguments.seed):
        operations = min(left, OPERATIONS_OF_A_WALK)
        with tempfile.TemporaryDirectory() as directory:
            try:
                tally = asyncio.run(walk(Path(directory), seed, operations))
            except AssertionError as error:
                print(error)
                return 1
        if arguments.trace:
            print(*tally.trace, sep="\n")
        counts += tally.counts
        asked += tally.operations
        left -= operations
        print(f"seed {seed}: {operations} operations, all told and all true", flush=True)
        if not left:
            break
    minutes = (time.monotonic() - started) / 60
    print(f"\n{arguments.operations:,} operations, {asked:,} submissions, {minutes:.1f} minutes")
    for name, number in sorted(counts.items()):
        print(f"  {number:>6,}  {name}")
    print("Nothing lost, nothing doubled, every outcome told, the history equal to the account's own log.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
