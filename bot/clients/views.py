"""Clients as people see them: the card and the list. Pure: records in, blocks out."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from slackblocks import Block

from bot.clients import ids
from bot.i18n import Language, Words
from bot.invoicexpress.models import Client
from bot.slack.blocks import Content, Row, actions, button, heading, note, quoted, rows
from bot.slack.finder import KEPT, plain_option
from bot.slack.lists import KEPT_PAGES, PAGE_SIZE, list_row
from bot.slack.sharing import shared_content
from bot.slack.text import clip, escape, one_line

_NAME = 120
"""Characters of a name, or of a detail, that an answer in one line shows."""


def short_name(client: Client, words: Words) -> str:
    """Return the name on one line."""
    key = "client.name-unknown" if "name" in client.unknown else "client.unnamed"
    return clip(one_line(client.name), _NAME) or words.text(key)


def details(words: Words, client: Client) -> str:
    """Return what a list shows beside the name: fiscal id, code, city, e-mail, as far as they are known."""
    texts = (client.fiscal_id, client.code, client.city, client.email)
    fiscal_id, code, city, email = (clip(one_line(text), _NAME) for text in texts)
    fiscal_id = words.text("client.fiscal-id-short", id=fiscal_id) if fiscal_id else ""
    code = words.text("client.code-short", code=code) if code else ""
    is_unknown = not client.unknown.isdisjoint(("fiscal_id", "code", "city", "email"))
    rest = words.text("value.in-part") if is_unknown else ""
    return " · ".join(part for part in (fiscal_id, code, city, email, rest) if part) or words.text("client.no-details")


@lru_cache(maxsize=PAGE_SIZE * KEPT_PAGES)
def row(client: Client, language: Language) -> Block:
    """Return a client as a row of a list."""
    words = Words(language)
    return list_row(words, short_name(client, words), details(words, client), ids.OPEN, str(client.id))


@lru_cache(maxsize=KEPT)
def option(client: Client, language: Language) -> dict[str, Any]:
    """Return a client as an option of the select that finds one."""
    words = Words(language)
    return plain_option(f"{short_name(client, words)} · {details(words, client)}", str(client.id))


def client_blocks(words: Words, client: Client) -> list[Block]:
    """Return a client without buttons; what the account does not hold is left out."""

    def text(name: str) -> str:
        return words.text("value.unknown") if name in client.unknown else one_line(getattr(client, name))

    labelled = [
        Row(words.text("client.fiscal-id"), text("fiscal_id"), code="fiscal_id" not in client.unknown),
        Row(words.text("client.code"), text("code")),
        Row(words.text("client.email"), text("email")),
        Row(words.text("client.phone"), text("phone")),
        Row(words.text("client.address"), _address(words, client)),
        Row(words.text("client.website"), text("website")),
        Row(words.text("client.fax"), text("fax")),
        Row(words.text("client.preferred-contact"), _contact(words, client)),
    ]
    known = [row for row in labelled if row.value]
    blocks: list[Block] = [heading(short_name(client, words))]
    if known:
        blocks.append(rows(*known))
    if client.observations.strip():
        blocks += [rows(Row(words.text("client.observations"), "")), quoted(client.observations)]
    elif "observations" in client.unknown:
        blocks.append(rows(Row(words.text("client.observations"), words.text("value.unknown"))))
    return blocks


def card(words: Words, client: Client, *, remarks: str = "") -> Content:
    """Return a client with its button.

    Args:
        words: the reader's language.
        client: the client.
        remarks: how far it can be relied on; empty where the client has just been read.
    """
    label = words.text("client.share-label", name=short_name(client, words))
    share = button(words.text("action.share"), ids.SHARE, str(client.id), label=label)
    small = " ".join(part for part in (words.text("client.number", id=str(client.id)), remarks) if part)
    blocks = (*client_blocks(words, client), *actions(share), note(small))
    return Content(words.text("client.title"), answer(words, client), blocks)


def answer(words: Words, client: Client) -> str:
    """Return a client in one line, for a notification or a screen reader."""
    return escape(words.text("client.answer", name=short_name(client, words), details=details(words, client)))


def shared(words: Words, client: Client, person: str) -> Content:
    """Return a client for everybody in a channel, with who shared it."""
    title, blocks = words.text("client.title"), client_blocks(words, client)
    return shared_content(words, person, title, answer(words, client), blocks)


def _address(words: Words, client: Client) -> str:
    """Return the address over its lines, as on an envelope."""
    town = f"{one_line(client.postal_code)} {one_line(client.city)}".strip()
    is_unknown = not client.unknown.isdisjoint(("address", "postal_code", "city", "country"))
    lines = [*client.address.splitlines(), town, client.country, words.text("value.in-part") if is_unknown else ""]
    return "\n".join(line.strip() for line in lines if line.strip())


def _contact(words: Words, client: Client) -> str:
    contact = client.preferred_contact
    parts = (contact.name, contact.email, contact.phone) if contact else ()
    rest = words.text("value.in-part") if "preferred_contact" in client.unread else ""
    return " · ".join(one_line(part) for part in (*parts, rest) if part.strip())
