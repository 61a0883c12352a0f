"""The list of mutations fits the code, and trying one tells what came of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.mutations.__main__ import sample
from tests.mutations.listed import MUTATIONS
from tests.mutations.trying import ROOT, Mutation, Verdict, attempt, is_stale

CODE = "LIMIT = 3\n\n\ndef is_much(number):\n    return number > LIMIT\n"
TESTS = "from code_of_ours import is_much\n\n\ndef test_much():\n    assert is_much(5)\n"
SLEEPS = "import time\n\n\ndef test_sleepy():\n    time.sleep(60)\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in (("code_of_ours.py", CODE), ("test_ours.py", TESTS), ("test_sleepy.py", SLEEPS)):
        (tmp_path / name).write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new", "tests", "verdict"),
    [
        ("number > LIMIT", "number < LIMIT", "test_ours.py", Verdict.KILLED),
        ("LIMIT = 3", "LIMIT = 4", "test_ours.py", Verdict.SURVIVED),
        ("LIMIT = 9", "LIMIT = 4", "test_ours.py", Verdict.STALE),
        ("LIMIT", "LEAST", "test_ours.py", Verdict.STALE),
        ("LIMIT = 3", "LIMIT = 3", "test_ours.py", Verdict.STALE),
        ("LIMIT = 3", "LIMIT = 4", "test_gone.py", Verdict.BROKEN),
        ("LIMIT = 3", "LIMIT = 4", "test_sleepy.py", Verdict.SLOW),
    ],
)
def test_what_came_of_it(tree: Path, old: str, new: str, tests: str, verdict: Verdict) -> None:
    mutation = Mutation("too much", "code_of_ours.py", old, new, (tests,))
    assert attempt(mutation, tree, 3 if verdict is Verdict.SLOW else 60) is verdict
    assert (tree / "code_of_ours.py").read_text() == CODE


def test_a_file_that_is_gone_makes_it_stale(tree: Path) -> None:
    assert is_stale(Mutation("too much", "gone.py", "a", "b", ("test_ours.py",)), tree)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.what)
def test_each_can_be_made(mutation: Mutation) -> None:
    assert not is_stale(mutation)
    mutated = (ROOT / mutation.file).read_text(encoding="utf-8").replace(mutation.old, mutation.new)
    compile(mutated, mutation.file, "exec")  # one that can't be read would be killed by any test
    assert mutation.file.startswith("bot/")
    for test in mutation.tests:
        assert (ROOT / test.partition("::")[0]).is_file()


def test_they_are_told_apart() -> None:
    assert len(MUTATIONS) >= 30
    assert Counter(mutation.what for mutation in MUTATIONS).most_common(1)[0][1] == 1


def test_each_has_its_turn_in_a_sample() -> None:
    days = range(740_000, 740_000 + len(MUTATIONS))
    assert {mutation.what for day in days for mutation in sample(MUTATIONS, 3, day)} == {one.what for one in MUTATIONS}
    assert len(sample(MUTATIONS, 3, 740_000)) == 3
