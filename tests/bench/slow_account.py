"""An account with many items that takes its time, as a server in a process of its own.

Its pages are made beforehand: what the sandbox takes to make one would come on top of the time that is asked for.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from typing import Final

from aiohttp import web

from bot.sandbox.account import Quirks
from bot.sandbox.account.samples import made_up_clients, made_up_items, usual_taxes
from bot.sandbox.account.wire import client_json, encode, item_json, tax_json

KEY: Final = "benchmark"
PER_PAGE: Final = 30
CLIENTS: Final = 300


def _pages(kind: str, records: Iterable[object], **more: object) -> dict[str, str]:
    """Return what a list answers, by path and page, with an empty page behind its end."""
    held = list(records)
    answers = {}
    for number in range(len(held) // PER_PAGE + 2):
        page = held[number * PER_PAGE : (number + 1) * PER_PAGE]
        answers[f"/{kind}.json?page={number + 1}"] = encode({kind: page, **more})
    return answers


def _answers(count: int) -> tuple[dict[str, str], str]:
    """Return what the account answers, and the empty page that stands behind every other."""
    quirks = Quirks()
    items = {item.id: item_json(item, quirks) for item in made_up_items(count)}
    answers = _pages("items", items.values())
    answers |= {f"/items/{number}.json?page=1": encode({"item": item}) for number, item in items.items()}
    clients = (client_json(client, quirks) for client in made_up_clients(CLIENTS))
    answers |= _pages("clients", clients, pagination={"total_entries": CLIENTS, "total_pages": CLIENTS // PER_PAGE})
    answers["/taxes.json?page=1"] = encode({"taxes": [tax_json(tax, quirks) for tax in usual_taxes()]})
    return answers, encode({"items": []})


async def _main(items: int, seconds: float) -> None:
    answers, empty = _answers(items)

    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(seconds)
        body = answers.get(f"{request.path}?page={request.query.get('page', '1')}")
        if body is None and request.path != "/items.json":
            raise web.HTTPNotFound
        return web.Response(text=body or empty, content_type="application/json")

    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"listening on http://127.0.0.1:{runner.addresses[0][1]}", file=sys.stderr, flush=True)  # noqa: T201 - the address
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), float(sys.argv[2])))
