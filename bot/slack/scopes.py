"""The permissions that the bot asks of a workspace, each with what it is used for. The manifest asks for the same."""

from __future__ import annotations

from typing import Final

SCOPES: Final = frozenset(
    {
        "chat:write",  # what can't be told where a person is, the progress of a refresh, changes to the audit channel
        "commands",  # slash commands
        "usergroups:read",  # who belongs to the user groups that the settings name
        "users:read",  # a person's language, and whether they are a guest or an admin
    }
)
