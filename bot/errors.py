"""The errors that a person may read.

Each carries the key of its sentence in the catalogue of texts and the values that the sentence names; whoever
shows it looks the sentence up in the reader's language. Whatever is not one of these is a fault of ours: the
reader gets a reference id and the log gets the traceback.

::

    BotError
    ├── AccessDenied             this person may not do this (bot.access)
    ├── PersonUnknown            Slack did not say who is asking (bot.slack.directory)
    ├── FormExpired              a click or a form from a version that is no longer understood
    ├── ChangedMeanwhile         somebody else changed the item (bot.items.writing)
    ├── Unsettled                an earlier write may still be carried out (bot.items.settling)
    ├── UndoTooLate              the ten minutes are over (bot.items.undo)
    ├── AlreadyUndone            it was undone already (bot.items.undo)
    ├── Restarting               the process is about to end, so nothing new is begun
    ├── NotRecorded              the history can't be written, so nothing was sent (bot.history.disk)
    ├── NotReadable              the history can't be read (bot.history.disk)
    └── AccountError             InvoiceXpress did not do what was asked (bot.invoicexpress.errors)
        ├── CredentialsRejected  the key is wrong, or the account does not exist (401)
        ├── AccountUnknown       no account has this name (530)
        ├── NotFound             the record does not exist (404)
        ├── Rejected             a value was refused, with the service's own sentences (422)
        ├── RateLimited          too many requests, and waiting did not help (429)
        ├── Overloaded           too many requests of ours are already waiting; nothing was sent
        ├── Unavailable          the service cannot be reached or fails; nothing was written
        ├── OutcomeUnknown       a write was sent and its answer was lost
        └── UnexpectedAnswer     an answer that we cannot read

An administrator at a terminal reads `StartFailed`, which stands beside the tree: the program cannot start, or cannot
go on, and its sentence says what to do. `SettingsError` is one: settings are missing or malformed.
"""

from __future__ import annotations

from dataclasses import dataclass


class BotError(Exception):
    """An error with a sentence for the person who ran into it.

    Args:
        **values: what the sentence names, by placeholder.
    """

    key: str

    def __init__(self, **values: object) -> None:
        super().__init__(self.key, values)
        self.values = values


class FormExpired(BotError):
    """A click or a submission whose state this version does not understand."""

    key = "error.form-expired"


class Restarting(BotError):
    """The process is about to end, so nothing is begun that would have to be recorded; nothing was done."""

    key = "error.restarting"


class StartFailed(Exception):
    """The program cannot start or go on; its text is a sentence for the administrator, without any secret."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right.

    Attributes:
        variable: the variable's name, or the file's.
        sentence: what is wrong with it and where to get it right; never its value.
    """

    variable: str
    sentence: str


class SettingsError(StartFailed):
    """Settings are missing or malformed. Its text is one sentence a line, one for each problem."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.sentence for problem in problems))
        self.problems = problems
