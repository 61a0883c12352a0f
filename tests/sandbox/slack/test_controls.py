from __future__ import annotations

from itertools import count

from bot.sandbox.slack.controls import controls, find_control, with_ids
from tests.sandbox.slack.parts import actions, button, field_of, section


def test_every_block_and_element_gets_an_id_and_the_original_stays_as_it_was() -> None:
    inner = section("x", accessory={"type": "users_select"})
    blocks = [actions(button("Edit", "edit")), {"type": "container", "child_blocks": [inner]}]
    numbers = count(1)
    stored = with_ids(blocks, lambda: f"id{next(numbers)}")
    assert [control.key for control in controls(stored)] == [("id1", "edit"), ("id3", "id4")]
    assert "block_id" not in blocks[0]


def test_an_element_is_found_by_its_ids() -> None:
    blocks = with_ids([field_of("name", {"type": "plain_text_input"}, dispatch_action=True)], str)
    found = find_control(blocks, "name", "name")
    assert found is not None
    assert (found.type, found.is_input, found.dispatches) == ("plain_text_input", True, True)
    assert find_control(blocks, "name", "other") is None
