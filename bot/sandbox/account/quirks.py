"""How this account behaves where the live service varies, or where sources disagree about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Blank = Literal["null", "absent", "empty"]
"""How a text without a value is sent: null, left out, or as an empty string."""

NoObject = Literal["null", "absent", "empty", "nulls"]
"""How an object without a value is sent: null, left out, `{}`, or with null for each of its keys."""

PastEnd = Literal["empty-list", "not-found", "null", "null-list", "empty-object", "blank"]
"""What a page past the last one may be: a list without records, 404, null, null for the list, `{}`, or nothing."""

RefusalShape = Literal[
    "blank",
    "errors-objects",
    "pairs",
    "errors-object",
    "errors-strings",
    "errors-by-field",
    "by-field",
    "error",
    "message",
]
"""The bodies of 422 that the live service was seen to send; `answers.refused` shows each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """Switches of an account's behaviour; each default is what was seen most often.

    Attributes:
        default_per_page: the page size where the request names none (an account setting: 10, 20 or 30).
        most_per_page: the largest page; a request for more gets this many.
        repeat_last_page: a page after the last one shows the last one again, for ever, instead of nothing.
        past_end: what a page past the last one is otherwise.
        list_lag: for how many list requests an item just written is missing from the list.
        numbers_as_strings: prices, rates and flags travel as strings.
        ids_as_strings: ids travel as strings.
        send_options_as_numbers: a client's `send_options` travels as a number.
        blank: how a text without a value is sent.
        blank_country: the same for a client's country.
        no_tax: how an item without a tax says so.
        no_contact: how a client without a preferred contact says so.
        tax_comment: whether an item's tax carries its `comment`.
        put_clears: an update clears what it is not sent, instead of keeping it.
        unknown_tax: what an item gets whose tax name the account does not have.
        write_body: the body of a successful update or delete.
        unauthorised: the body of 401.
        not_found: the body of 404.
        refusal: the body of 422.
        name_not_found: the status of find-by-name without a match.
        retry_after: whether 429 by the limit carries `Retry-After`.
    """

    default_per_page: int = 10
    most_per_page: int = 30
    repeat_last_page: bool = False
    past_end: PastEnd = "empty-list"
    list_lag: int = 0
    numbers_as_strings: bool = False
    ids_as_strings: bool = False
    send_options_as_numbers: bool = False
    blank: Blank = "null"
    blank_country: Blank = "absent"
    no_tax: NoObject = "null"
    no_contact: NoObject = "nulls"
    tax_comment: bool = True
    put_clears: bool = False
    unknown_tax: Literal["none", "default"] = "none"
    write_body: Literal["", " "] = " "
    unauthorised: Literal["blank", "json"] = "json"
    not_found: Literal["blank", "space", "html"] = "blank"
    refusal: RefusalShape = "errors-objects"
    name_not_found: Literal[404, 500] = 404
    retry_after: bool = False
