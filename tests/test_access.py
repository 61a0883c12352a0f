from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access import Permission, Person, Policy, Role, read_grantees

MEMBER = Person("U1", is_member=True)
ADMIN = Person("U2", is_member=True, is_admin=True)
GUEST = Person("U3")
IN_GROUP = Person("U4", is_member=True, groups=frozenset({"S1"}))

LOOK = {Permission.LOOK_UP}
WRITE = LOOK | {Permission.CREATE, Permission.EDIT, Permission.UNDO, Permission.HISTORY}
ALL = set(Permission)


@pytest.mark.parametrize(
    ("person", "role"), [(MEMBER, Role.VIEWER), (ADMIN, Role.MANAGER), (GUEST, Role.NOBODY), (IN_GROUP, Role.VIEWER)]
)
def test_at_the_start_members_look_up_and_admins_manage(person: Person, role: Role) -> None:
    assert Policy().role(person) is role


@pytest.mark.parametrize(
    ("role", "permissions"),
    [("viewers", LOOK), ("editors", WRITE), ("managers", ALL)],
    ids=["viewer", "editor", "manager"],
)
@pytest.mark.parametrize(
    ("named", "person", "channel"),
    [
        ("U3", GUEST, ""),
        ("S1", IN_GROUP, ""),
        ("C1", GUEST, "C1"),
        ("everyone", GUEST, ""),
        ("members", MEMBER, ""),
        ("admins", ADMIN, ""),
    ],
)
def test_whoever_a_setting_names_has_the_role(
    role: str, permissions: set[Permission], named: str, person: Person, channel: str
) -> None:
    nobody: dict[str, frozenset[str]] = {"viewers": frozenset(), "editors": frozenset(), "managers": frozenset()}
    policy = Policy(**{**nobody, role: frozenset({named})})
    assert policy.permissions(person, channel) == permissions


@given(
    named=st.frozensets(st.sampled_from(["members", "admins", "S9", "C9", "U9", "G9"])),
    channel=st.sampled_from(["", "C1"]),
)
def test_a_guest_whom_nothing_names_may_nothing(named: frozenset[str], channel: str) -> None:
    assert Policy(named, named, named).permissions(GUEST, channel) == frozenset()


def test_an_admin_of_another_organisation_is_no_admin_here() -> None:
    assert Policy().role(Person("U8", is_admin=True)) is Role.NOBODY


def test_a_refusal_names_whoever_manages() -> None:
    denial = Policy(managers=frozenset({"C3", "U2", "W1", "S1", "members"})).denial
    assert (denial.to_ask, denial.key) == (("U2", "W1", "S1", "C3"), "error.access-denied")
    assert (Policy().denial.to_ask, Policy().denial.key) == ((), "error.access-denied-ask-admin")


def test_the_groups_that_are_named_are_known() -> None:
    assert Policy(viewers=frozenset({"S1", "U1"}), editors=frozenset({"S2"})).groups == {"S1", "S2"}


@pytest.mark.parametrize(
    ("text", "names"),
    [("", set()), ("members", {"members"}), (" U1A, S2B;C3D  admins ", {"U1A", "S2B", "C3D", "admins"})],
)
def test_grantees_are_read(text: str, names: set[str]) -> None:
    assert read_grantees(text) == names


@pytest.mark.parametrize("text", ["member", "@ana", "U1A, x", "u1a"])
def test_a_name_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither members, admins, everyone nor a Slack id"):
        read_grantees(text)
