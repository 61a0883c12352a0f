"""What goes wrong at a click."""

from __future__ import annotations

from typing import Any, Final, Literal

from bot.sandbox.account import Account
from bot.sandbox.page.requests import Switched
from bot.sandbox.slack import CannotDo, Workspace

CHANGE: Final = "faults"
"""The kind of change under which the workspace's feed announces that a fault was turned on or off."""
SLOW_SECONDS: Final = 4.0
"""Longer than the three seconds for which Slack waits, shorter than the bot's patience."""

Mode = Literal["http", "socket"]


class FaultButtons:
    """The faults of the account and of Slack.

    Args:
        account: the account.
        workspace: the workspace.
        mode: how Slack reaches the bot.
    """

    def __init__(self, account: Account, workspace: Workspace, mode: Mode) -> None:
        self._account = account
        self._workspace = workspace
        self._mode = mode

    def shown(self) -> dict[str, Any]:
        """Return which faults are on, and how many sockets there are to cut; None over HTTP."""
        switches = self._account.faults.switches
        return {
            "slow": switches.slow > 0,
            "down": switches.down,
            "limiting": switches.limit_per_minute is not None,
            "refusing": switches.refusing,
            "sockets": len(self._workspace.sockets.connections) if self._mode == "socket" else None,
            "slow_seconds": SLOW_SECONDS,
        }

    def switch(self, asked: Switched) -> None:
        """Turn faults of the account on or off."""
        faults = self._account.faults
        if asked.slow is not None:
            faults.switch(slow=SLOW_SECONDS if asked.slow else 0.0)
        if asked.down is not None:
            faults.switch(down=asked.down)
        if asked.limiting is not None:
            faults.switch(limit_per_minute=0 if asked.limiting else None)
        if asked.refusing is not None:
            faults.switch(refusing=asked.refusing)
        self._announce()

    def clear(self) -> None:
        """Turn everything off."""
        self._account.faults.clear()
        self._workspace.faults.clear()
        self._announce()

    def cut(self) -> int:
        """Break the bot's connections to Slack without a word; return how many there were.

        Raises:
            CannotDo: the bot is not connected over Socket Mode.
        """
        if self._mode != "socket":
            raise CannotDo("The bot listens for signed requests: there is no socket to cut. Start with --mode socket.")
        return self._workspace.sockets.cut()

    def _announce(self) -> None:
        self._workspace.feed.publish(CHANGE, "")
