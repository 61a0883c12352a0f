"""Whether the bot can do its work: what `/readyz` answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Readiness:
    """Which of the two services that the bot stands between answered lately.

    Attributes:
        slack: Slack did.
        invoicexpress: InvoiceXpress did.
    """

    slack: bool
    invoicexpress: bool

    @property
    def ready(self) -> bool:
        """True when both did."""
        return self.slack and self.invoicexpress
