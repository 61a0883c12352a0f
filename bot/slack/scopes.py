"""The permissions that the bot asks of a workspace, each with what it is used for. The manifest asks for the same."""

from __future__ import annotations

from typing import Final

SCOPES: Final = frozenset(
    {
        "chat:write",  # tell a person the outcome of what they sent, where a form is no longer open
        "commands",  # slash commands and shortcuts
        "usergroups:read",  # who belongs to the user groups that the settings name
        "users:read",  # a person's language, and whether they are a guest
    }
)
