"""Made-up Portuguese catalogues of any size.

The same count and seed give the same records, so that a benchmark or a failing test can be repeated. Names of items
are unique by construction: small catalogues have plain names ("Galão"), and the larger one is, the longer they get
("Galão com gelo caixa 12 un. Serra Alta").
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from .records import ClientRecord, ContactRecord, ItemRecord, TaxRecord
from .trades import TRADES, Trade
from .words import (
    COMPANY_FORMS,
    COMPANY_WORDS,
    FAMILY_NAMES,
    FOREIGN_PLACES,
    GIVEN_NAMES,
    HOUSES,
    PLACES,
    STREETS,
)

RATES: Final = {"IVA23": Decimal(23), "IVA13": Decimal(13), "IVA6": Decimal(6)}
_THINGS: Final = len(TRADES[0].things)
_VARIANTS: Final = len(TRADES[0].variants)
_PACKS: Final = len(TRADES[0].packs)

MOST_ITEMS: Final = len(TRADES) * _THINGS * _VARIANTS * _PACKS * len(HOUSES)
"""How many items can be made up before a name comes twice: a little over a million."""

_NIF_BASES: Final = 10_000_000


def usual_taxes() -> tuple[TaxRecord, ...]:
    """Return the taxes of a Portuguese account: mainland, Madeira, Azores."""
    rates = (
        ("IVA23", 23, "PT", "NOR"), ("IVA13", 13, "PT", "INT"), ("IVA6", 6, "PT", "RED"), ("IVA0", 0, "PT", "ISE"),
        ("IVA22", 22, "PT-MA", "NOR"), ("IVA12", 12, "PT-MA", "INT"), ("IVA5", 5, "PT-MA", "RED"),
        ("IVA16", 16, "PT-AC", "NOR"), ("IVA9", 9, "PT-AC", "INT"), ("IVA4", 4, "PT-AC", "RED"),
        ("Isento", 0, None, None),
    )  # fmt: skip
    return tuple(
        TaxRecord(id=1001 + index, name=name, value=Decimal(rate), region=region, code=code, default=index == 0)
        for index, (name, rate, region, code) in enumerate(rates)
    )


def made_up_items(count: int, *, seed: int = 0, first_id: int = 1) -> Iterator[ItemRecord]:
    """Make up items with consecutive ids and unique names.

    Args:
        count: how many, at most `MOST_ITEMS`.
        seed: decides prices, units, taxes and descriptions; names depend on the position alone.
        first_id: the id of the first.

    Raises:
        ValueError: where there are not so many names.
    """
    if count > MOST_ITEMS:
        raise ValueError(f"At most {MOST_ITEMS} items can be made up, not {count}")
    chance = random.Random(seed)  # noqa: S311 - made-up data, no secret
    return (_item(first_id + index, index, chance) for index in range(count))


def made_up_clients(count: int, *, seed: int = 0, first_id: int = 1) -> Iterator[ClientRecord]:
    """Make up clients with consecutive ids, unique codes, and unique fiscal ids whose check digit is right.

    Args:
        count: how many, at most ten million.
        seed: decides everything but the ids and codes.
        first_id: the id of the first.

    Raises:
        ValueError: where there are not so many fiscal ids.
    """
    if count > _NIF_BASES:
        raise ValueError(f"At most {_NIF_BASES} clients can be made up, not {count}")
    chance = random.Random(seed)  # noqa: S311 - made-up data, no secret
    return (_client(first_id + index, index, chance) for index in range(count))


def fiscal_id(first_eight: int) -> str:
    """Return a Portuguese fiscal id (NIF) with its ninth digit, the check digit (modulo 11)."""
    digits = f"{first_eight:08d}"
    rest = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 1, -1), strict=True)) % 11
    return f"{digits}{0 if rest < 2 else 11 - rest}"  # noqa: PLR2004 - the rule: 0 and 1 both give 0


def _item(identity: int, index: int, chance: random.Random) -> ItemRecord:
    rest, trade_number = divmod(index, len(TRADES))
    rest, thing = divmod(rest, _THINGS)
    rest, variant = divmod(rest, _VARIANTS)
    house, pack = divmod(rest, _PACKS)
    trade = TRADES[trade_number]
    parts = (trade.things[thing], trade.variants[variant], trade.packs[pack], HOUSES[house])
    tax = chance.choice(trade.taxes)
    return ItemRecord(
        id=identity,
        name=" ".join(part for part in parts if part),
        unit_price=_price(trade.cents[thing], pack, chance),
        description=_description(trade, identity, chance),
        unit=chance.choice(trade.units),
        tax=tax,
        tax_value=RATES[tax] if tax else None,
    )


def _price(usual: int, pack: int, chance: random.Random) -> Decimal:
    """Return a net price. One in four was derived from a price with tax and has four decimals."""
    cents = usual * chance.randint(85, 125) * (10 + 6 * pack) // 1000
    if chance.random() < 0.25:  # noqa: PLR2004 - one in four
        return (Decimal(cents) / Decimal(123)).quantize(Decimal("0.0001"))
    return Decimal(cents).scaleb(-2)


def _description(trade: Trade, identity: int, chance: random.Random) -> str | None:
    reference = f"Ref. {identity % 97:02d}-{identity:06d}"
    first, second = chance.sample(trade.remarks, 2)
    return chance.choice(
        (None, None, first, f"{first} {second}", f"{reference}. {first}", f"{first}\n{second}\n{reference}")
    )


def _client(identity: int, index: int, chance: random.Random) -> ClientRecord:
    person = chance.random() < 0.35  # noqa: PLR2004 - about one in three
    name = _person(chance) if person else _company(chance)
    street = f"{chance.choice(STREETS)} {chance.randint(1, 280)}"
    city, postal_code, country = _place(chance)
    domain = f"{_slug(name)}.example"
    phone = chance.choice(("2", "91", "93", "96"))
    return ClientRecord(
        id=identity,
        name=name,
        code=f"C{identity:05d}",
        email=chance.choice((f"geral@{domain}", f"faturas@{domain}", f"geral@{domain}", None)),
        language="pt" if country in {None, "Portugal"} else "en",
        address=chance.choice(
            (street, f"{street}, {chance.randint(1, 9)}.º Esq.", f"{street}\nApartado {identity}", None)
        ),
        city=city,
        postal_code=postal_code,
        country=country,
        fiscal_id=_made_up_fiscal_id(index, chance, person=person),
        website=chance.choice((f"www.{domain}", None, None)),
        phone=chance.choice((phone + f"{chance.randrange(10**8):08d}"[: 9 - len(phone)], None)),
        preferred_contact=_contact(chance, domain),
        observations=chance.choice(
            (None, None, None, "Pagamento a 30 dias.", "Enviar fatura em papel.\nAtenção: Contabilidade.")
        ),
        send_options=chance.choice((1, 1, 2, 3, None)),
    )


def _made_up_fiscal_id(index: int, chance: random.Random, *, person: bool) -> str:
    """Return a fiscal id of its own: people's begin with 1 or 2, companies' with 5."""
    # Multiplying by a number prime to ten spreads the index over all bases without meeting one twice.
    base = (index * 7_654_321 + 1_234_567) % _NIF_BASES
    return fiscal_id(chance.choice((1, 2) if person else (5,)) * _NIF_BASES + base)


def _person(chance: random.Random) -> str:
    return " ".join((chance.choice(GIVEN_NAMES), *chance.sample(FAMILY_NAMES, 2)))


def _company(chance: random.Random) -> str:
    kind, form = chance.choice(COMPANY_WORDS), chance.choice(COMPANY_FORMS)
    named = chance.choice((chance.choice(FAMILY_NAMES), chance.choice(HOUSES[1:]), chance.choice(PLACES)[0]))
    return f"{kind} {named} {form}" if form.startswith("&") else f"{kind} {named}, {form}"


def _place(chance: random.Random) -> tuple[str, str, str | None]:
    """Return a city, a postal code and a country; the country is often left out by those at home."""
    if chance.random() < 0.08:  # noqa: PLR2004 - about one in twelve
        return chance.choice(FOREIGN_PLACES)
    city, postal_code = chance.choice(PLACES)
    return city, f"{postal_code}-{chance.randint(1, 999):03d}", chance.choice(("Portugal", "Portugal", None))


def _contact(chance: random.Random, domain: str) -> ContactRecord | None:
    if chance.random() < 0.6:  # noqa: PLR2004 - most have none
        return None
    name = _person(chance)
    given = _slug(name.split()[0])
    return ContactRecord(name=name, email=f"{given}@{domain}", phone=f"9{chance.randrange(10**8):08d}")


def _slug(text: str) -> str:
    """Return a name as it may stand in a host name: "Óptica São João" is "opticasaojoao"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "".join(letter for letter in plain if letter.isalnum())
