"""How a write ended, told in what the account now holds. Pure: records in, blocks out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from slackblocks import Block

from bot.access import Permission
from bot.history import Entry, Outcome
from bot.i18n import Words
from bot.invoicexpress.models import Item, ItemDraft, Tax
from bot.items import ids
from bot.items.fields import Field, Stored, compared
from bot.items.views import (
    answer,
    card,
    changes,
    exact_price,
    field_label,
    item_rows,
    rated,
    short_name,
    tax_label,
    unit_label,
)
from bot.slack.blocks import BUTTON_VALUE, Button, Content, Row, actions, button, note, paragraph, rows
from bot.slack.text import clip, escape, one_line

_EXCERPT = 300


def value_text(words: Words, draft: ItemDraft, field: Field) -> str:
    """Return a field of a draft as people read it."""
    if field in draft.unknown:
        return words.text("value.unknown")
    match field:
        case Field.PRICE:
            return exact_price(words, draft.unit_price)
        case Field.UNIT:
            return unit_label(words, draft.unit)
        case Field.TAX:
            return draft.tax or words.text("tax.none")
        case _:
            return clip(one_line(str(getattr(draft, field))), _EXCERPT) or words.text("item.no-description")


def warnings(words: Words, sent: ItemDraft, stored: Stored) -> list[Block]:
    """Return what the account holds otherwise than it was sent, or that this could not be seen."""
    if stored.item is None:
        return [paragraph(f"⚠️ {words.text('write.not-read-back')}")]
    held = stored.item.draft()
    differing = [
        Row(
            f"{field_label(words, field)}:",
            words.text(
                "write.sent-and-stored",
                sent=_sent_text(words, sent, field, stored.rate),
                stored=_stored_text(words, stored.item, held, field),
            ),
        )
        for field in stored.deviations
    ]
    if stored.cleared:
        what = words.listing(clip(one_line(name), _EXCERPT) for name in stored.cleared)
        differing.append(Row(f"{what}:", words.text("write.cleared")))
    return [paragraph(f"⚠️ {words.text('write.deviates')}"), rows(*differing)] if differing else []


def _sent_text(words: Words, sent: ItemDraft, field: Field, rate: Decimal | None) -> str:
    """Return a field as it was sent; a tax with the rate that the account's own list gives it."""
    text = value_text(words, sent, field)
    return rated(words, text, rate) if field is Field.TAX and sent.tax and rate is not None else text


def _stored_text(words: Words, item: Item, held: ItemDraft, field: Field) -> str:
    return tax_label(words, item) if field is Field.TAX else value_text(words, held, field)


def created(
    words: Words, sent: ItemDraft, item: Item, granted: Iterable[Permission], taxes: Sequence[Tax] = ()
) -> Content:
    """Return that an item was created, with its card."""
    return _with_card(words, words.text("write.created"), item, granted, _doubts(words, sent, item, taxes))


def found_after_all(
    words: Words, sent: ItemDraft | None, item: Item, granted: Iterable[Permission], taxes: Sequence[Tax] = ()
) -> Content:
    """Return that the answer to a create was lost, but that the account holds an item of that name."""
    doubts = _doubts(words, sent or item.draft(), item, taxes)
    return _with_card(words, words.text("write.created-after-all"), item, granted, doubts)


def _doubts(words: Words, sent: ItemDraft, item: Item, taxes: Sequence[Tax]) -> list[Block]:
    return warnings(words, sent, compared(sent, item, taxes))


def _with_card(words: Words, sentence: str, item: Item, granted: Iterable[Permission], doubts: list[Block]) -> Content:
    shown = card(words, item, granted)
    return Content(shown.title, f"{escape(sentence)} {shown.text}", (paragraph(sentence), *doubts, *shown.blocks))


def saved(words: Words, before: Item, sent: ItemDraft, stored: Stored, undo: Button | None = None) -> Content:
    """Return what an edit changed, before → after, as the account holds it, with the button that undoes it."""
    blocks: list[Block] = [paragraph(words.text("write.saved", name=short_name(sent, words)))]
    text = escape(words.text("write.saved", name=short_name(sent, words)))
    if stored.item is not None:
        changed = changes(words, before, stored.item)
        if changed:
            blocks.append(rows(*changed))
        text = f"{text} {answer(words, stored.item)}"
    blocks += [*warnings(words, sent, stored), *actions(*([undo] if undo else []))]
    return Content(words.text("item.title"), text, tuple(blocks))


def unchanged(words: Words, item: Item) -> Content:
    """Return that there was nothing to save."""
    sentence = words.text("write.unchanged", name=short_name(item, words))
    return Content(words.text("item.title"), escape(sentence), (paragraph(sentence), rows(*item_rows(words, item))))


def not_confirmed(words: Words, name: str) -> Content:
    """Return that nobody knows yet whether a create was carried out, with a button to look again."""
    sentence = words.text("write.not-confirmed", name=clip(one_line(name), _EXCERPT))
    blocks: list[Block] = [paragraph(sentence)]
    if len(name) <= BUTTON_VALUE:
        blocks += actions(button(words.text("action.check-again"), ids.CHECK, name, style="primary"))
    blocks.append(note(words.text("write.not-confirmed-note")))
    return Content(words.text("item.title"), escape(sentence), tuple(blocks))


def not_saved(
    words: Words, current: Item, typed: ItemDraft, clash: Iterable[Field], granted: Iterable[Permission]
) -> Content:
    """Return that an edit was not saved because of what somebody else changed, with what was typed and the item."""
    sentence = words.text("write.conflict", name=short_name(current, words))
    yours = [Row(f"{field_label(words, field)}:", value_text(words, typed, field)) for field in clash]
    shown = card(words, current, granted)
    return Content(shown.title, f"{escape(sentence)} {shown.text}", (paragraph(sentence), rows(*yours), *shown.blocks))


def not_deleted(words: Words, current: Item, granted: Iterable[Permission]) -> Content:
    """Return that an item was not deleted because it was changed meanwhile, with the item."""
    sentence, shown = words.text("delete.changed"), card(words, current, granted)
    return Content(shown.title, f"{escape(sentence)} {shown.text}", (paragraph(sentence), *shown.blocks))


def deleted(words: Words, item: Item, undo: Button | None = None) -> Content:
    """Return that an item was deleted, with what it was and the button that undoes it."""
    sentence = words.text("write.deleted", name=short_name(item, words), id=str(item.id))
    blocks = (paragraph(sentence), rows(*item_rows(words, item)), *actions(*([undo] if undo else [])))
    return Content(words.text("item.title"), escape(sentence), blocks)


def created_anew(
    words: Words, sent: ItemDraft, item: Item, old_id: int, granted: Iterable[Permission], *, taxes: Sequence[Tax] = ()
) -> Content:
    """Return that a deleted item was created anew, under another number."""
    sentence = words.text("write.created-anew", old=str(old_id), new=str(item.id))
    return _with_card(words, sentence, item, granted, _doubts(words, sent, item, taxes))


def undo_clash(
    words: Words, current: Item, meant: ItemDraft, clash: Iterable[Field], granted: Iterable[Permission]
) -> Content:
    """Return that an edit was not undone because what it changed was changed again since, with both values."""
    sentence = words.text("write.undo-conflict", name=short_name(current, words))
    held = current.draft()
    both = [
        Row(
            f"{field_label(words, field)}:",
            words.text(
                "write.now-and-undone", now=value_text(words, held, field), undone=value_text(words, meant, field)
            ),
        )
        for field in clash
    ]
    shown = card(words, current, granted)
    return Content(shown.title, escape(sentence), (paragraph(sentence), rows(*both), *shown.blocks))


def settled(words: Words, entry: Entry, outcome: Outcome) -> Content:
    """Return what became of a write, with its time, to somebody who may not know it yet."""
    how = {Outcome.SUCCEEDED: "done", Outcome.UNKNOWN: "unknown"}.get(outcome, "not-done")
    name = clip(one_line(entry.name), _EXCERPT)
    sentence = words.text(f"settled.{entry.action}-{how}", name=name, when=words.moment(entry.at))
    return Content(words.text("item.title"), escape(sentence), (paragraph(sentence),))


def interrupted(words: Words, asked_at: datetime) -> Content:
    """Return that what somebody asked for was never begun."""
    sentence = words.text("settled.interrupted", when=words.moment(asked_at))
    return Content(words.text("app.name"), escape(sentence), (paragraph(sentence),))


def unreadable(words: Words, asked_at: datetime) -> Content:
    """Return that nothing is known of what somebody asked for, because its record can't be read."""
    sentence = words.text("settled.unreadable", when=words.moment(asked_at))
    return Content(words.text("app.name"), escape(sentence), (paragraph(sentence),))


def already_gone(words: Words, item_id: int) -> Content:
    """Return that an item to be deleted was no longer there."""
    sentence = words.text("write.already-gone", id=str(item_id))
    return Content(words.text("item.title"), escape(sentence), (paragraph(sentence),))
