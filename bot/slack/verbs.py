"""The words after a slash command: one declaration gives a verb its names, its permission and its line in the help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from slackblocks import Block

from bot.access import Permission
from bot.i18n import Language, Words
from bot.slack.blocks import Content, glossary, heading, note

_QUOTES: Final = {'"': '"', "'": "'", "“": "”", "”": "”", "„": "“", "‘": "’", "’": "’", "«": "»"}


@dataclass(frozen=True, slots=True)
class Verb:
    """A word that may follow a command.

    Attributes:
        id: what the handler knows it by; its help stands under `verb.<command>.<id>` in the catalogue.
        names: what people type, by language; the first is the one that the help shows. No names: what is done
            with a text that starts with no verb.
        needs: the permission.
        example: what stands behind the verb in the help's example.
    """

    id: str
    names: dict[Language, tuple[str, ...]]
    needs: Permission
    example: dict[Language, str]


@dataclass(frozen=True)
class Usage:
    """A command with its verbs.

    Attributes:
        id: under which the catalogue has its texts.
        names: the command by language.
        verbs: what it understands, in the order of the help.
    """

    id: str
    names: dict[Language, str]
    verbs: tuple[Verb, ...]

    @cached_property
    def verb_called(self) -> dict[str, str]:
        """The id of each verb by each of its names, in every language: a person may use either."""
        return {name: verb.id for verb in self.verbs for names in verb.names.values() for name in names}


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a person typed after the command.

    Attributes:
        verb: its id; empty where the text is to be looked up.
        argument: the rest, without quotes around it.
    """

    verb: str
    argument: str


def read_invocation(text: str, usage: Usage) -> Invocation:
    """Read the text of a command. A text in quotes, straight or curly, is always looked up."""
    stripped = text.strip()
    unquoted = _unquoted(stripped)
    if unquoted != stripped:
        return Invocation("", unquoted)
    first, rest = (*stripped.split(maxsplit=1), "", "")[:2]
    verb = usage.verb_called.get(first.casefold())
    return Invocation("", stripped) if verb is None else Invocation(verb, _unquoted(rest))


def _unquoted(text: str) -> str:
    closing = _QUOTES.get(text[:1])
    if closing and len(text) > 1 and text[-1] in {closing, text[0]}:
        return text[1:-1].strip()
    return text


def help_content(words: Words, usages: Sequence[Usage], granted: Iterable[Permission]) -> Content:
    """Return the help for commands: what this person may do, each with its example, in their language."""
    may = frozenset(granted)
    blocks: list[Block] = [heading(words.text("help.title"))]
    for usage in usages:
        command = usage.names[words.language]
        shown = [
            (_example(command, verb, words.language), words.text(f"verb.{usage.id}.{verb.id}"))
            for verb in usage.verbs
            if verb.needs in may
        ]
        if shown:
            blocks.append(glossary(shown))
    others = [name for usage in usages for language, name in usage.names.items() if language != words.language]
    same = words.plural("help.same", len(others), others=words.listing(others))
    blocks.append(note(f"{same} {words.text('help.note')}"))
    return Content(words.text("app.name"), words.text("help.title"), tuple(blocks))


def _example(command: str, verb: Verb, language: Language) -> str:
    names = verb.names.get(language, ())
    return " ".join(part for part in (command, *names[:1], verb.example[language]) if part)
