from __future__ import annotations

import json
from decimal import Decimal

import pytest

from bot.invoicexpress import wire
from bot.invoicexpress.models import ItemDraft
from bot.invoicexpress.wire import Kind, Request

DRAFT = ItemDraft(name="Café <\n>", description="x", unit_price=Decimal("24.3902"), unit="service", tax="IVA23")


@pytest.mark.parametrize(
    ("request_", "method", "path", "kind"),
    [
        (wire.list_items(1), "GET", "/items.json", Kind.READ),
        (wire.list_clients(1), "GET", "/clients.json", Kind.READ),
        (wire.list_taxes(), "GET", "/taxes.json", Kind.READ),
        (wire.get_item(42), "GET", "/items/42.json", Kind.READ),
        (wire.create_item(DRAFT), "POST", "/items.json", Kind.CREATE),
        (wire.update_item(42, DRAFT), "PUT", "/items/42.json", Kind.REPLACE),
        (wire.delete_item(42), "DELETE", "/items/42.json", Kind.REPLACE),
        (wire.get_client(42), "GET", "/clients/42.json", Kind.READ),
        (wire.find_client_by_name("A"), "GET", "/clients/find-by-name.json", Kind.READ),
        (wire.find_client_by_code("A"), "GET", "/clients/find-by-code.json", Kind.READ),
    ],
)
def test_each_operation_has_its_request(request_: Request, method: str, path: str, kind: Kind) -> None:
    assert (request_.method, request_.path, request_.kind) == (method, path, kind)


def test_the_size_of_a_page_is_always_sent() -> None:
    assert wire.list_items(3).query == (("page", "3"), ("per_page", "30"))
    assert wire.list_clients(2, 10).query == (("page", "2"), ("per_page", "10"))


@pytest.mark.parametrize("request_", [wire.create_item(DRAFT), wire.update_item(1, DRAFT)])
def test_an_item_is_sent_whole_with_every_digit(request_: Request) -> None:
    assert request_.body is not None
    assert json.loads(request_.body) == {
        "item": {
            "name": "Café <\n>",
            "description": "x",
            "unit_price": "24.3902",
            "unit": "service",
            "tax": {"name": "IVA23"},
        }
    }


def test_what_a_request_carries_is_not_in_its_repr() -> None:
    assert "Café" not in repr(wire.create_item(DRAFT))
    assert "Silva" not in repr(wire.find_client_by_name("Silva"))
