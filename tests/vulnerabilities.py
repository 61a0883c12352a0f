"""Whether what the bot depends on has known vulnerabilities: `python -m tests.vulnerabilities`.

Asks PyPI's data, then OSV's, through pip-audit. A known vulnerability ends with 1. Where the data cannot be reached
from this machine, or does not tell of a package, that is said, and fails nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

SERVICES = ("pypi", "osv")
SECONDS = 300


@dataclass(frozen=True)
class Report:
    """What one service tells.

    Attributes:
        checked: packages of which it knows, as `name 1.2.3`.
        unchecked: packages of which it knows nothing.
        found: a line for each known vulnerability.
    """

    checked: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    found: tuple[str, ...] = ()


def read_report(text: str) -> Report:
    """Read pip-audit's JSON; anything else means that the service could not be reached."""
    try:
        dependencies = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Report()
    known = [package for package in dependencies if "vulns" in package]
    return Report(
        tuple(f"{package['name']} {package['version']}" for package in known),
        tuple(package["name"] for package in dependencies if "vulns" not in package),
        tuple(_line(package, vulnerability) for package in known for vulnerability in package["vulns"]),
    )


def _line(package: dict[str, Any], vulnerability: dict[str, Any]) -> str:
    mended = ", ".join(vulnerability.get("fix_versions") or ()) or "no version yet"
    return f"{package['name']} {package['version']}: {vulnerability['id']}, mended in {mended}"


def verdict(service: str, report: Report) -> tuple[int, str] | None:
    """Return the status to end with and what is said; None where the service tells of nothing."""
    if report.found:
        return 1, "\n".join(("Known vulnerabilities:", *report.found))
    if not report.checked:
        return None
    said = f"No known vulnerabilities in {len(report.checked)} packages, by the data of {service}."
    if report.unchecked:
        said += f" It does not tell of {', '.join(report.unchecked)}."
    return 0, said


def audit(service: str) -> Report:
    """Ask one service about everything that is pinned."""
    # What the requirements pin is all there is, so nothing need be resolved or installed.
    command = [sys.executable, "-m", "pip_audit", "--requirement", "requirements.txt", "--no-deps", "--disable-pip"]
    options = ["--vulnerability-service", service, "--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    try:
        ended = subprocess.run([*command, *options], capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603 - our own command
    except subprocess.TimeoutExpired:
        return Report()
    return read_report(ended.stdout)


def main() -> int:
    """Ask one service after the other until one tells."""
    for service in SERVICES:
        told = verdict(service, audit(service))
        if told is not None:
            status, said = told
            print(said)  # noqa: T201 - a command prints
            return status
    print("Known vulnerabilities were not looked for: neither PyPI's nor OSV's data can be reached from here.")  # noqa: T201 - as above
    return 0


if __name__ == "__main__":
    sys.exit(main())
