"""Records in their tables."""

from __future__ import annotations

import re
import sqlite3
from decimal import Decimal
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog.layout import LARGEST_ID
from bot.catalog.model import Tally
from bot.invoicexpress.models import Contact, ItemTax
from tests.catalog.support import Index, client, index_of, index_of_names, item

LATTE = item(
    1, "Galão\nescuro", unit_price=Decimal("24.3902000"), unit="unit", tax=ItemTax(name="IVA23", value=Decimal("23.0"))
)


def all_names(index: Index) -> list[str]:
    return [record.name for record in index.shelf.page(index.connection, 100, 0)]


def test_a_record_comes_back_as_it_was_put() -> None:
    with index_of(LATTE) as index:
        kept = index.shelf.get(index.connection, 1)
        assert kept == LATTE
        assert str(kept.unit_price) == "24.3902000"
    baker = client(1, "Padaria", phone="21 300", preferred_contact=Contact(name="Inês"))
    with index_of(baker) as index:
        assert index.shelf.get(index.connection, 1) == baker


def test_prices_are_kept_as_decimal_text() -> None:
    with index_of(LATTE) as index:
        (body,) = index.connection.execute("SELECT body FROM items").fetchone()
        assert '"unit_price":"24.3902000"' in body
        assert '"value":"23.0"' in body


def test_a_batch_takes_one_statement_a_table() -> None:
    with index_of_names("Copo") as index:
        statements: list[str] = []
        index.connection.set_trace_callback(statements.append)
        index.shelf.put(index.connection, [item(number, f"Prato {number} fundo") for number in range(2, 102)])
        index.connection.set_trace_callback(None)
        # Those of FTS5 name its tables with the database before them.
        filled = [re.findall(r"^INSERT (?:OR IGNORE )?INTO (items\w*)", statement) for statement in statements]
        tables = ["items", "items_key", "items_text", "items_word", "items_part", "items_begun", "items_spoken"]
        assert sorted(chain.from_iterable(filled)) == sorted(tables)
        assert sum(statement.startswith("SELECT id, name") for statement in statements) == 1
        assert index.shelf.count(index.connection) == 101


def test_what_is_new_and_what_is_changed_is_told_apart() -> None:
    with index_of_names("Copo", "Prato") as index:
        put = index.shelf.put
        assert put(index.connection, [item(2, "Prato"), item(3, "Taça")]) == Tally(new=1)
        assert put(index.connection, [item(1, "Copo"), item(2, "Prato", unit_price=Decimal(1))]) == Tally(changed=1)
        assert put(index.connection, [item(2, "Travessa"), item(2, "Pires", unit_price=Decimal(1))]) == Tally(changed=1)
        assert put(index.connection, []) == Tally()
        assert index.shelf.count(index.connection) == 3
        assert sorted(index.shelf.ids(index.connection)) == [1, 2, 3]
        assert all_names(index) == ["Copo", "Pires", "Taça"]


def test_a_changed_record_is_found_by_its_new_words_only() -> None:
    with index_of(client(1, "Padaria Raposo", code="A1", email="a@x.pt"), client(2, "Talho")) as index:
        index.shelf.put(index.connection, [client(1, "Peixaria Neves", code="B2", email="a@x.pt")])
        assert [index.find(text) for text in ("raposo", "a1", "padaria")] == [[], [], []]
        assert [index.find(text) for text in ("neves", "b2", "peix", "eixar", "a@x")] == [[1]] * 5


def test_a_dropped_record_is_gone_from_everywhere() -> None:
    with index_of_names("Copo", "Copo alto", "Prato") as index:
        assert index.shelf.drop(index.connection, [2, 99]) == 1
        assert index.shelf.get(index.connection, 2) is None
        assert index.find("copo") == [1]
        assert index.find("alto") == []
        assert index.shelf.drop(index.connection, [1, 3]) == 2
        assert index.shelf.page(index.connection, 10, 0) == ()


def test_pages_go_by_name_without_case_and_accents_then_by_id() -> None:
    with index_of_names("zebra", "Água", "agua", "Abacate", "☕", "ÁGUA", "Ábaco") as index:
        shelf, connection = index.shelf, index.connection
        order = [record.id for record in shelf.page(connection, 100, 0)]
        assert order == [5, 4, 7, 2, 3, 6, 1]
        assert [record.id for record in shelf.page(connection, 2, 3)] == order[3:5]


def test_several_come_in_the_order_asked_for_without_those_that_are_not_there() -> None:
    with index_of_names("a", "b", "c") as index:
        assert [record.id for record in index.shelf.several(index.connection, [3, 9, 1])] == [3, 1]


@pytest.mark.parametrize("number", [-1, LARGEST_ID + 1, 10**30])
def test_an_id_that_no_account_has_is_left_out(number: int) -> None:
    with index_of_names("Copo") as index:
        assert index.shelf.put(index.connection, [item(number, "Copo de longe")]) == Tally()
        assert index.shelf.get(index.connection, number) is None
        assert index.shelf.drop(index.connection, [number]) == 0
        assert index.find("longe") == []


def test_the_largest_id_is_found() -> None:
    with index_of(item(LARGEST_ID, "Copo")) as index:
        assert index.find("copo") == index.find("opo") == index.find(str(LARGEST_ID)) == [LARGEST_ID]


NAMES = st.sampled_from(["Copo", "Copo alto", "Prato", "Água", "Prato fundo 12", "Um copo", "Descafeinado 1 2 3", ""])
OPERATIONS = st.lists(st.tuples(st.integers(1, 6), st.none() | NAMES), max_size=30)


@settings(max_examples=100, deadline=None)
@given(OPERATIONS)
def test_after_any_writes_the_index_answers_as_one_built_anew(operations: list[tuple[int, str | None]]) -> None:
    truth: dict[int, str] = {}
    with index_of_names("Copo") as index:
        truth[1] = "Copo"
        for number, name in operations:
            if name is None:
                index.shelf.drop(index.connection, [number])
                truth.pop(number, None)
            else:
                index.shelf.put(index.connection, [item(number, name)])
                truth[number] = name
        with index_of(item(0, "x"), *(item(number, name) for number, name in truth.items())) as anew:
            anew.shelf.drop(anew.connection, [0])
            for text in ("copo", "alto", "prato", "agua", "afein", "cpoo", "1", "12", "123", "u c", "pra fun"):
                assert index.found(text) == anew.found(text)
            assert all_names(index) == all_names(anew)
            assert begun(index.connection) == begun(anew.connection)


def test_the_index_is_merged_into_one_piece_and_finds_the_same() -> None:
    with index_of_names("Copo") as index:
        for start in range(0, 3000, 50):
            with_names = [item(number, f"Copo {number} {number % 7}") for number in range(start, start + 50)]
            index.shelf.put(index.connection, with_names)
        before = [index.found(text) for text in ("copo 12", "opo", "6")]
        assert pieces(index.connection) > 1
        steps = [index.shelf.tidy(index.connection, begin=True)]
        while steps[-1]:
            steps.append(index.shelf.tidy(index.connection, begin=False))
        assert pieces(index.connection) == 1
        assert [index.found(text) for text in ("copo 12", "opo", "6")] == before


def begun(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    return connection.execute("SELECT * FROM items_begun WHERE records <> 0").fetchall()


def pieces(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(DISTINCT segid) FROM items_text_idx").fetchone()[0])
