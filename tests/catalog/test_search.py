"""Search in the index."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalog.folding import words
from bot.catalog.search import FEW, MOST_COUNTED, MOST_COUNTED_TOGETHER, MOST_INTERSECTED, MOST_SIFTED, RANKED
from bot.invoicexpress.models import Contact
from tests.catalog.support import client, index_of, index_of_names, item


@pytest.mark.parametrize(
    "text", ["água", "AGUA", "agua", "Água  das", "das aguas", "ped agu", "salgadas pedras", "água das p"]
)
def test_case_accents_and_the_order_of_words_do_not_matter(text: str) -> None:
    with index_of_names("Vinho tinto", "Água das Pedras Salgadas", "Pão") as index:
        assert index.find(text) == [2]


@pytest.mark.parametrize(
    "text", ["Caf", "cafeteira it", "afete", "eira ital", "ital afet", "teir", "1 l", "12", "500ml", "500 m"]
)
def test_beginnings_and_insides_of_words_are_found(text: str) -> None:
    with index_of(item(12, "Cafeteira italiana 1 L", description="500ml"), item(7, "Copo")) as index:
        assert index.find(text) == [12]


@pytest.mark.parametrize(
    "text",
    [
        "cafeteria",  # swapped
        "cafteira",  # missing
        "cafetwira",  # wrong
        "caffeteira",  # one too many
        "cfetwira",  # two, in a word of eight letters or more
        "cafteir",  # while it is still being typed
        "vermelja cafeteria",  # in both words
        "cafeteira vermelja",
        "xafeteira",  # in the first letter
    ],
)
def test_misspelt_words_are_found(text: str) -> None:
    with index_of_names("Cafeteira vermelha", "Copo verde", "Caneca") as index:
        assert index.find(text) == [1]


@pytest.mark.parametrize("text", ["vd", "cop vd", "cafeira", "ce", "copo 13", "opc", "copo vermelho"])
def test_more_errors_than_that_are_not_forgiven(text: str) -> None:
    with index_of_names("Cafeteira amarela", "Copo verde 12") as index:
        assert index.find(text) == []


def test_a_short_word_may_be_misspelt_but_for_its_first_letter() -> None:
    with index_of_names("Sal grosso") as index:
        assert index.find("sla") == [1]
        assert index.find("mal") == []


def test_a_word_that_is_right_elsewhere_is_corrected_when_nothing_else_is_found() -> None:
    with index_of_names("Caso de estudo", "Casa de férias") as index:
        assert index.find("caso feri") == [2]


@pytest.mark.parametrize(
    "text",
    [
        "796135007", "796 1350 07", "796 135 007", "7961", "796 13", "PT796135007", "PT 796 1350 07", "pt 796",
        "1350", "CLI-0042", "cli0042", "0042", "geral@raposo.pt", "Geral@Rap", "raposo.pt",
        "912345678", "912 345 678", "+351 912 345 678", "+351912345678", "00351 912 345", "345678",
        "ines@", "961000111", "évora", "EVORA padaria", "Sá inês",
    ],
)  # fmt: skip
def test_a_client_is_found_by_whatever_names_it(text: str) -> None:
    wanted = client(
        7,
        "Padaria Raposo",
        code="CLI-0042",
        email="geral@raposo.pt",
        fiscal_id="796 1350 07",
        phone="+351 912 345 678",
        city="Évora",
        preferred_contact=Contact(name="Inês Sá", email="ines@x.pt", phone="961000111"),
    )
    with index_of(wanted, client(8, "Talho Neves", code="CLI-0142", fiscal_id="508025338", phone="211111111")) as index:
        assert index.find(text) == [7]


def test_everybody_who_holds_a_fiscal_id_is_found() -> None:
    with index_of(*(client(number, f"Loja {number}", fiscal_id="508 025 338") for number in (3, 1, 2))) as index:
        assert index.find("PT508025338") == [1, 2, 3]


def test_an_exact_match_comes_first_then_what_begins_so_then_what_has_the_words() -> None:
    with index_of(
        item(1, "Saco de café"),
        item(2, "Café frio"),
        item(3, "Cafezinho"),
        item(4, "Café"),
        item(5, "Chávena", description="para café"),
        item(6, "Descafeinado"),
    ) as index:
        assert index.find("cafe") == [4, 2, 3, 1, 5, 6]


def test_an_id_comes_first() -> None:
    with index_of(item(1, "40 velas"), item(40, "Copo"), item(400, "Prato")) as index:
        assert index.find("40") == [40, 1, 400]


def test_words_side_by_side_whole_and_in_short_names_come_first() -> None:
    with index_of_names(
        "Kit chá frio e verde",
        "Kit chávena verdete",
        "Kit chá verde de menta",
        "Kit chá verde",
        "Kit verdete chávena",
    ) as index:
        assert index.find("cha verde") == [4, 3, 1, 2, 5]


def test_what_is_misspelt_less_comes_first() -> None:
    with index_of_names("Bolacha de arrouz", "Bolacha de arroba") as index:
        assert index.find("arrozz") == [1]
    with index_of_names("Esferográfica", "Esferograma") as index:
        assert index.find("esferogrfica") == [1]


def test_what_has_the_words_in_its_name_comes_first_however_many_have_them_elsewhere() -> None:
    elsewhere = [client(number, f"Loja {number:04}", city="Lisboa") for number in range(1, RANKED + 20)]
    with index_of(*elsewhere, client(5000, "Grande Padaria Central de Lisboa e Arredores", city="Porto")) as index:
        assert index.find("lisboa")[0] == 5000


def test_short_names_come_first_however_many_long_ones_there_are() -> None:
    long = [item(number, f"Grande copo vermelho número {number}") for number in range(1, RANKED + 20)]
    with index_of(*long, item(5000, "Um copo vermelho")) as index:
        assert index.find("vermelho copo")[0] == 5000


def test_of_many_words_all_must_be_there() -> None:
    near = [item(number, f"Sumo de limão fresco grande {number}") for number in range(100)]
    right = [item(200, "Um sumo de limão fresco pequeno"), item(201, "Sumo pequeno", description="De limão, fresco")]
    wrong = [item(300, "Um sumo de laranja fresco pequeno"), item(301, "Chá com limão fresco, pequeno")]
    with index_of(*near, *right, *wrong) as index:
        assert index.find("pequeno fresco sumo de limao") == [200, 201]
        assert index.find("pequeno fresco sumo de l") == [200, 300, 201]
        assert index.find("pequeno fresco sumo limao vermelho") == []


def test_of_many_words_in_very_many_names_all_must_be_there() -> None:
    names = [f"Copo azul de vidro {number}" for number in range(MOST_SIFTED + 20)]
    with index_of_names(*names, "Copo azul de vidro", "Copo azul de barro") as index:
        found = index.found("vidro azul de copo", limit=2 * MOST_SIFTED)
        assert (found.ids[0], found.total, found.total_is_exact) == (len(names) + 1, len(names) + 1, True)


def test_of_many_words_those_in_the_name_come_first() -> None:
    elsewhere = [item(number, f"Loja {number:03}", description="Copo azul de vidro") for number in range(RANKED + 20)]
    partly = item(6000, "Jarra de vidro azul", description="E copo")
    with index_of(*elsewhere, partly, item(5000, "Grande conjunto de copo azul feito de vidro")) as index:
        everything = index.find("vidro azul de copo", limit=1000)
        # After the first, the shortest names are looked at, and 6000 has a longer one.
        assert (everything[0], everything[-1], len(everything)) == (5000, 6000, len(elsewhere) + 2)


def test_parts_of_an_answer_fit_together() -> None:
    names = [
        f"{first} {second} {number}"
        for number in range(40)
        for first in ("Copo", "Um copo", "Grande")
        for second in ("azul", "verde copo")
    ]
    with index_of_names(*names) as index:
        everything = index.find("copo", limit=1000)
        parts = [number for offset in range(0, 210, 7) for number in index.find("copo", limit=7, offset=offset)]
        assert parts == everything
        assert sorted(everything) == [number for number, name in enumerate(names, start=1) if "copo" in name.lower()]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(alphabet="abçé 1", max_size=12), min_size=1, max_size=20, unique=True), st.randoms())
def test_every_record_is_found_by_its_name_in_any_order_and_equal_input_gives_equal_order(
    names: list[str], chance: random.Random
) -> None:
    with index_of_names(*names) as index:
        for number, name in enumerate(names, start=1):
            shuffled = words(name)
            chance.shuffle(shuffled)
            for text in (name, " ".join(shuffled)):
                ids = index.find(text, limit=100)
                assert number in ids or not words(name)
                assert len(set(ids)) == len(ids)
                assert ids == index.find(text, limit=100)
    other = list(enumerate(names, start=1))
    chance.shuffle(other)
    with index_of_names(*names) as index, index_of(*(item(number, name) for number, name in other)) as same:
        for name in names:
            assert index.find(name, limit=100) == same.find(name, limit=100)


def test_a_text_without_a_word_finds_nothing() -> None:
    with index_of_names("☕", "Copo") as index:
        assert index.found(" ☕ ").total == 0
        assert index.find("") == []


def test_the_total_is_exact_up_to_a_point() -> None:
    names = MOST_COUNTED + 30
    with index_of_names(*(f"Copo vidraria {number}" for number in range(names))) as index:
        asked = {
            ("cop", 10, 0): (10, names, True),  # kept
            ("vidrari", 10, 0): (10, MOST_COUNTED, False),
            ("vidraria copo", 10, 0): (10, MOST_COUNTED_TOGETHER, False),
            ("vidraria copo", 10, 500): (10, 520, False),
            ("copo vidraria", 10, 0): (10, MOST_COUNTED, False),
            ("copo vidraria 1", 100, 0): (100, 1100, False),  # 1,111 names begin so
            ("copo vidraria 12", 10, 0): (10, MOST_COUNTED_TOGETHER, False),
            ("copo vidraria 123", 10, 0): (10, 13, True),
            ("vidraria copo", 10, names - 15): (10, names, True),
            ("vidraria copo", 10, names - 5): (5, names, True),
            ("opo", 10, 0): (10, MOST_COUNTED_TOGETHER, False),
        }
        for (text, limit, offset), expected in asked.items():
            found = index.found(text, limit=limit, offset=offset)
            assert (text, len(found.ids), found.total, found.total_is_exact) == (text, *expected)


def test_what_resembles_a_word_in_the_name_comes_before_what_does_elsewhere() -> None:
    with index_of(item(1, "Obra", description="limpeza 5 6"), item(2, "Limpeza 56")) as index:
        assert index.find("limpexa 5 6") == [2, 1]


@pytest.mark.parametrize(("records", "total", "exact"), [(40, 40, True), (300, 100, False)])
def test_what_resembles_a_word_is_counted_too(records: int, total: int, *, exact: bool) -> None:
    with index_of_names(*(f"Limpeza {number}" for number in range(records))) as index:
        found = index.found("limpexa")
        assert (len(found.ids), found.total, found.total_is_exact) == (10, total, exact)


def test_where_enough_names_begin_so_the_others_are_counted_if_that_is_quick() -> None:
    names = [*(f"Copo azul {number}" for number in range(50)), "Um copo azul", "Azul copo"]
    with index_of_names(*names) as index:
        assert (index.found("copo azul").total, index.found("copo azul").total_is_exact) == (52, True)
    many = [item(number, f"Azul copo {number}") for number in range(100, 100 + MOST_INTERSECTED)]
    with index_of(*many, *(item(number, f"Copo azul {number}") for number in range(50))) as index:
        found = index.found("copo azul")
        assert (len(found.ids), found.total, found.total_is_exact) == (10, 40, False)


def test_insides_are_looked_at_where_they_help() -> None:
    with index_of_names("Saco de café", "Saco descafeinado", "Café em saco", "500123") as index:
        assert index.find("cafe") == [3, 1, 2]
        assert index.find("cafe saco") == [3, 1, 2]  # 2 would be missing if the words of 1 and 3 were enough
        assert index.find("saco de ca") == [1]  # the name of 1 is being typed
    with index_of(item(123, "Copo"), item(41234, "Prato")) as index:
        assert index.find("123") == [123]  # an id is exact
        assert index.find("234") == [41234]


@pytest.mark.parametrize("limit", [1, 3, 4, 100])
def test_the_total_does_not_depend_on_how_much_is_asked_for(limit: int) -> None:
    with index_of_names("Porta", "Portada", "Comporta", "Transporte") as index:
        found = index.found("porta", limit=limit)
        assert (list(found.ids), found.total, found.total_is_exact) == ([1, 2, 3][:limit], 3, True)
        found = index.found("port", limit=limit)
        assert (list(found.ids), found.total, found.total_is_exact) == ([1, 2, 3, 4][:limit], 4, True)


def test_many_words_with_the_same_inside_are_not_all_looked_at_and_the_total_says_so() -> None:
    names = [f"x{first}{second}cola" for first in "abcdefgh" for second in "abcdefgh"]
    with index_of_names(*names) as index:
        found = index.found("cola", limit=100)
        assert FEW < found.total < len(names)
        assert not found.total_is_exact


def test_a_beginning_that_very_many_long_words_share_is_found() -> None:
    names = [f"conserva{letter}" for letter in "abcdefghijklm"]
    with index_of_names(*names) as index:
        assert len(index.find("conserv", limit=100)) == len(names)


def test_text_that_means_something_to_the_engine_is_only_text() -> None:
    with index_of_names('Copo "AND" NOT (verde) OR name:x* ^a + NEAR(b, 2)', "DROP TABLE items; --") as index:
        assert index.find('"AND" NOT') == [1]
        assert index.find("NEAR(b, 2) name:x") == [1]
        assert index.find("'; drop table") == [2]
        assert index.find("* ^ ( \" ' -- \x00") == []


def test_words_of_other_scripts_are_found() -> None:
    with index_of_names("Чай зелёный", "咖啡 豆", "القهوة") as index:
        assert index.find("чай зеленыи") == [1]
        assert index.find("咖") == [2]
        assert index.find("القهوة") == [3]
