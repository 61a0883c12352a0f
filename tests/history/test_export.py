"""The history in an accountant's own tools: every digit, every letter, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.history import Change, Entry, Kept, Outcome
from bot.history.export import BYTE_ORDER_MARK, COLUMNS, Sheet, write_csv, write_json_lines
from bot.history.records import everything
from bot.invoicexpress.models import ItemTax
from tests.clocks import ManualClock, ShiftedClock
from tests.history.support import BEN, create, delete, edit, item, opened, record

NOW = ManualClock().now()
HOSTILE = 'Pão "de forma"; 1,5 kg,\r\nfatiado\n=1+1'


def entry(name: str = "Café", description: str = "") -> Entry:
    before = item(7, name, "24.3902", description=description, tax=ItemTax(name="IVA23", value=Decimal(23)))
    sent = before.draft().model_copy(update={"unit_price": Decimal("1E+3")})
    after = before.model_copy(update={"unit_price": Decimal("1000.0000")})
    return Entry(
        "r1", NOW, BEN, Change.EDIT, 7, name, before, sent, after, undoes="", outcome=Outcome.SUCCEEDED, ended_at=NOW
    )


def as_csv(*entries: Kept, sheet: Sheet | None = None) -> str:
    file = io.StringIO(newline="")
    write_csv(entries, file, sheet)
    return file.getvalue()


def table(*entries: Kept, sheet: Sheet | None = None) -> list[dict[str, str]]:
    text = as_csv(*entries, sheet=sheet).removeprefix(BYTE_ORDER_MARK)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def as_lines(*entries: Entry) -> str:
    file = io.StringIO()
    write_json_lines(entries, file)
    return file.getvalue()


def test_a_table_for_a_spreadsheet() -> None:
    text = as_csv(entry("Açúcar"))
    assert text.encode().startswith(b"\xef\xbb\xbf"), "a spreadsheet knows the coding by this"
    [row] = table(entry("Açúcar"), sheet=Sheet(ZoneInfo("Europe/Lisbon"), {BEN: "Ben Nunes"}))
    assert tuple(row) == COLUMNS
    assert (row["reference"], row["person"], row["action"], row["outcome"], row["item"]) == (
        *("r1", BEN, "edit", "succeeded", "7"),
    )
    assert (row["at"], row["person_name"]) == ("2026-01-01 00:00:00", "Ben Nunes")
    assert (row["name"], row["before_tax"]) == ("Açúcar", "IVA23")
    prices = [row[f"{when}_unit_price"] for when in ("before", "sent", "after")]
    assert prices == ["24,3902", "1000", "1000,0000"]


@pytest.mark.parametrize(
    "text",
    [
        *("=cmd|' /C calc'!A0", "+1", "-1+cmd()", "@SUM(A1)", " =1", "\u00a0=1", '"=1"', "\ufeff=1", "\tx", "\nx"),
        *("＝1", "＋1", "－1", "＠1", '=HYPERLINK("http://evil.example")'),
    ],
)
def test_no_text_is_a_formula(text: str) -> None:
    [row] = table(entry(text, text))
    for column in ("name", "before_name", "before_description", "sent_name", "after_description"):
        assert row[column] == f"'{text}"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("x;=1+cmd|' /C calc'!A0", "x;'=1+cmd|' /C calc'!A0"),
        ("x,=1", "x,'=1"),
        ('x,"=1', "x,\"'=1"),
        ("x; -1", "x; '-1"),
        ("x\t@SUM(A1)", "x\t'@SUM(A1)"),
        ("x\n=1", "x\n'=1"),
        ("x\r\n\r\n+1,=2", "x\r\n\r\n'+1,'=2"),
        ("x\u2028=1", "x\u2028'=1"),
        ("\t=1", "'\t'=1"),
        ("\n=1", "'\n'=1"),
        (";=1", ";'=1"),
        ("x,＝1", "x,'＝1"),
    ],
)
def test_no_part_of_a_text_is_a_formula_whatever_separates_the_cells(text: str, cell: str) -> None:
    written = as_csv(entry(text, text), sheet=Sheet(names={BEN: text}))
    [row] = csv.DictReader(io.StringIO(written.removeprefix(BYTE_ORDER_MARK), newline=""), delimiter=";")
    assert {row[column] for column in ("name", "before_description", "person_name")} == {cell}
    for separator in ",;\t|":
        for cells in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
            for found in cells:
                assert found.strip(' \t\r\n"')[:1] not in set("=+-@＝")


@pytest.mark.parametrize("text", ["Café", "1 kg", "'quoted", "a=b", "Modelo 3-B", "a; b, c", "1,5 + 2"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    [row] = table(entry(text))
    assert row["name"] == text


def test_a_negative_price_stays_a_number() -> None:
    one = entry()
    odd = item(7, "Desconto", "-2.5")
    [row] = table(Entry(**{**{name: getattr(one, name) for name in one.__dataclass_fields__}, "before": odd}))
    assert row["before_unit_price"] == "-2,5"


def test_newlines_and_quotes_stay_within_their_cell() -> None:
    rows = table(entry(HOSTILE, HOSTILE), entry())
    assert [row["name"] for row in rows] == [HOSTILE.replace("=1+1", "'=1+1"), "Café"]


def test_one_object_a_line() -> None:
    text = as_lines(entry(HOSTILE), entry("Açúcar"))
    first, second = (json.loads(line) for line in text.splitlines())
    assert first["name"] == HOSTILE
    assert "Açúcar" in text
    assert second["before"] == {
        "id": 7,
        "name": "Açúcar",
        "description": "",
        "unit_price": "24.3902",
        "unit": "",
        "tax": {"id": None, "name": "IVA23", "value": "23"},
        "unread": [],
        "others": [],
    }
    assert (second["sent"]["tax"], second["undoes"], second["ended_at"]) == ("IVA23", None, NOW.isoformat())
    assert Decimal(second["sent"]["unit_price"]) == 1000


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_comes_back(text: str) -> None:
    lines = as_lines(entry(text))
    assert len(lines.splitlines()) == 1
    assert json.loads(lines)["name"] == text
    assert lines.removesuffix("\n").isprintable()
    [row] = table(entry(text))
    assert row["name"].replace("'", "") == text.replace("'", "")


async def test_everything_is_exported_the_oldest_first(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    async with opened(path, ShiftedClock()) as history:
        await record(history, create("r1"))
        await record(history, edit("r2"), Outcome.REFUSED)
        await record(history, delete("r3"))
        await record(history, create("r4", undoes="r3"), Outcome.UNKNOWN)
    with closing(sqlite3.connect(path)) as connection:
        rows = table(*everything(connection))
    facts: list[tuple[Any, ...]] = [
        (row["reference"], row["action"], row["outcome"], row["undoes"], row["after_unit_price"]) for row in rows
    ]
    assert facts == [
        ("r1", "create", "succeeded", "", "12"),
        ("r2", "edit", "refused", "", ""),
        ("r3", "delete", "succeeded", "", ""),
        ("r4", "create", "unknown", "r3", ""),
    ]
