"""Made-up catalogues and the sample data."""

from collections import Counter

import pytest

from bot.sandbox.account.samples import MOST_ITEMS, fiscal_id, made_up_clients, made_up_items, usual_taxes
from bot.sandbox.account.starter import sample_clients, sample_items
from bot.sandbox.account.trades import TRADES


def valid(number: str) -> bool:
    return fiscal_id(int(number[:8])) == number


def test_catalogues_are_the_same_for_the_same_seed() -> None:
    assert list(made_up_items(500, seed=1)) == list(made_up_items(500, seed=1))
    assert list(made_up_items(500, seed=1)) != list(made_up_items(500, seed=2))
    assert list(made_up_clients(500, seed=1)) == list(made_up_clients(500, seed=1))
    assert list(made_up_clients(500, seed=1)) != list(made_up_clients(500, seed=2))


def test_names_and_ids_of_made_up_items_are_unique() -> None:
    items = list(made_up_items(30_000, first_id=5))
    assert len({item.name for item in items}) == 30_000
    assert [item.id for item in items] == list(range(5, 30_005))


def test_every_trade_has_as_much_as_every_other() -> None:
    sizes = {(len(trade.things), len(trade.cents), len(trade.variants), len(trade.packs)) for trade in TRADES}
    assert sizes == {(25, 25, 12, 12)}
    assert len({thing for trade in TRADES for thing in trade.things}) == 200


def test_made_up_items_vary_as_real_ones_do() -> None:
    items = list(made_up_items(2000))
    assert {item.unit for item in items} == {"hour", "day", "month", "unit", "service", "other", None}
    assert {item.tax for item in items} == {"IVA23", "IVA13", "IVA6", None}
    assert all(item.unit_price > 0 for item in items)
    assert any(item.unit_price.as_tuple().exponent == -4 for item in items)
    assert any("\n" in (item.description or "") for item in items)
    assert any(item.description is None for item in items)


def test_fiscal_ids_of_made_up_clients_are_valid_and_unique() -> None:
    clients = list(made_up_clients(5_000))
    numbers = {client.fiscal_id for client in clients}
    assert len(numbers) == 5_000
    assert all(number and valid(number) for number in numbers)
    assert len({client.code for client in clients}) == 5_000


def test_the_check_digit_of_a_known_fiscal_id() -> None:
    assert fiscal_id(50802533) == "508025338"
    assert fiscal_id(12345678) == "123456789"
    assert fiscal_id(50000000) == "500000000"


def test_no_more_is_made_up_than_there_are_words_for() -> None:
    assert next(made_up_items(MOST_ITEMS)).name == "Café expresso"
    with pytest.raises(ValueError, match="At most"):
        made_up_items(MOST_ITEMS + 1)
    with pytest.raises(ValueError, match="At most"):
        made_up_clients(10_000_001)


def test_the_samples_contain_what_the_documentation_shows() -> None:
    items = {item.id: item for item in sample_items()}
    assert len(items) == 320
    assert (items[402321].name, str(items[402321].unit_price)) == ("Medium", "16.2602")
    assert (items[402322].name, str(items[402322].unit_price)) == ("Large", "24.3902")
    clients = sample_clients()
    assert len(clients) == len({client.id for client in clients}) == 180
    assert any(client.fiscal_id == "508025338" for client in clients)


def test_the_samples_contain_what_makes_life_hard() -> None:
    items = sample_items()
    names = [item.name for item in items]
    assert len({name.casefold() for name in names}) == 320
    assert "Café Expresso" in names
    assert all(any(sign in name for name in names) for sign in '<>&*_~\n"')
    clients = sample_clients()
    assert max(Counter(client.name for client in clients).values()) > 1
    numbers = Counter(client.fiscal_id for client in clients if client.fiscal_id)
    assert max(numbers.values()) > 1
    assert any(" " in number for number in numbers)
    assert all(valid(number.replace(" ", "")) for number in numbers if not number.startswith("ES"))
    assert {None, "Portugal", "Espanha"} <= {client.country for client in clients}
    assert any("\n" in (client.address or "") for client in clients)
    assert any(client.preferred_contact for client in clients)


def test_the_usual_taxes_have_one_default() -> None:
    taxes = usual_taxes()
    assert [tax.name for tax in taxes if tax.default] == ["IVA23"]
    assert {tax.region for tax in taxes} == {"PT", "PT-MA", "PT-AC", None}
