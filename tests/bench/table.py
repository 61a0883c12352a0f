"""The table that the benchmarks print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was measured, what it should be, what it was."""

    measure: str
    goal: str
    found: str


HEAD = "| measure | goal | found |\n|---|---|---|"


def line(row: Row) -> str:
    """Return a row as Markdown."""
    return f"| {row.measure} | {row.goal} | {row.found} |"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies, 0 to 1."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def milliseconds(seconds: float) -> str:
    """Return a duration with two decimals."""
    return f"{seconds * 1000:.2f} ms"
