"""Pages of lists, and how they mislead."""

import httpx
import pytest

from bot.sandbox.account import Account, Quirks


async def names(ask: httpx.AsyncClient, **query: object) -> list[str]:
    answer = await ask.get("/items.json", params={name: str(value) for name, value in query.items()})
    return [item["name"] for item in answer.json()["items"]]


@pytest.fixture
def seven(account: Account) -> Account:
    for number in range(1, 8):
        account.add_item(str(number))
        account.add_client(f"Client {number}")
    return account


async def test_a_list_comes_in_pages_and_ends_with_an_empty_one(seven: Account, ask: httpx.AsyncClient) -> None:
    assert await names(ask, page=1, per_page=3) == ["1", "2", "3"]
    assert await names(ask, page=3, per_page=3) == ["7"]
    assert await names(ask, page=4, per_page=3) == []


async def test_clients_say_how_many_there_are(seven: Account, ask: httpx.AsyncClient) -> None:
    answer = await ask.get("/clients.json", params={"page": 2, "per_page": 3})
    assert [client["name"] for client in answer.json()["clients"]] == ["Client 4", "Client 5", "Client 6"]
    assert answer.json()["pagination"] == {"total_entries": 7, "current_page": 2, "total_pages": 3, "per_page": 3}


async def test_an_empty_list_of_clients_has_one_page(ask: httpx.AsyncClient) -> None:
    answer = await ask.get("/clients.json")
    assert answer.json() == {
        "clients": [],
        "pagination": {"total_entries": 0, "current_page": 1, "total_pages": 1, "per_page": 10},
    }


async def test_a_page_has_at_most_thirty_and_by_default_what_the_account_says(
    seven: Account, ask: httpx.AsyncClient
) -> None:
    for number in range(8, 45):
        seven.add_item(str(number))
    assert len(await names(ask, per_page=1000)) == 30
    assert len(await names(ask)) == 10
    seven.quirks = Quirks(default_per_page=20, most_per_page=15)
    assert seven.quirks.default_per_page == 20
    assert len(await names(ask)) == 15


@pytest.mark.parametrize("nonsense", ["0", "-1", "x", "", "1.5", "９", "9" * 30])
async def test_nonsense_is_read_as_if_it_had_been_left_out(
    seven: Account, ask: httpx.AsyncClient, nonsense: str
) -> None:
    assert len(await names(ask, page=nonsense, per_page=nonsense)) == 7


async def test_the_last_page_may_repeat_for_ever(seven: Account, ask: httpx.AsyncClient) -> None:
    seven.quirks = Quirks(repeat_last_page=True)
    assert await names(ask, page=2, per_page=3) == ["4", "5", "6"]
    assert await names(ask, page=99, per_page=3) == ["7"]
    answer = await ask.get("/clients.json", params={"page": 99, "per_page": 3})
    assert [client["name"] for client in answer.json()["clients"]] == ["Client 7"]
    assert answer.json()["pagination"]["current_page"] == 3


async def test_an_item_just_written_may_be_missing_from_the_list_for_a_moment(
    seven: Account, ask: httpx.AsyncClient
) -> None:
    seven.quirks = Quirks(list_lag=2, repeat_last_page=True)
    created = (await ask.post("/items.json", json={"item": {"name": "8", "unit_price": 1}})).json()["item"]
    first = seven.items()[0]
    await ask.put(f"/items/{first.id}.json", json={"item": {"name": "one"}})
    assert await names(ask) == ["2", "3", "4", "5", "6", "7"]
    assert (await ask.get(f"/items/{created['id']}.json")).status_code == 200
    assert await names(ask, page=2) == ["2", "3", "4", "5", "6", "7"]
    assert await names(ask) == ["one", "2", "3", "4", "5", "6", "7", "8"]


async def test_a_page_can_shift_by_an_item_that_comes_before_all_others(seven: Account, ask: httpx.AsyncClient) -> None:
    fault = seven.faults.shift("insert")
    assert await names(ask, page=1, per_page=3) == ["1", "2", "3"]
    assert await names(ask, page=2, per_page=3) == ["3", "4", "5"]
    assert fault.hits == 1
    assert (await names(ask, per_page=3))[1:] == ["1", "2"]
    assert seven.writes[-1].what == "create"
    assert seven.writes[-1].request is None


async def test_a_page_can_shift_by_the_first_item_that_goes(seven: Account, ask: httpx.AsyncClient) -> None:
    seven.faults.shift("delete")
    assert await names(ask, page=1, per_page=3) == ["1", "2", "3"]
    assert await names(ask, page=2, per_page=3) == ["5", "6", "7"]
    assert seven.writes[-1].what == "delete"


async def test_an_empty_list_shifts_too(account: Account, ask: httpx.AsyncClient) -> None:
    account.faults.shift("delete")
    assert await names(ask) == []
    account.faults.shift("insert")
    assert await names(ask) == []
    assert len(await names(ask)) == 1
