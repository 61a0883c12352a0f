"""An account with many items that takes its time, as a server in a process of its own.

Its pages are made beforehand: what the sandbox takes to make one would come on top of the time that is asked for.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Final

import httpx
from aiohttp import web

from bot.sandbox.account import serve_account
from bot.sandbox.account.samples import made_up_items, usual_taxes

KEY: Final = "benchmark"
PER_PAGE: Final = 30
_BEYOND: Final = 50
"""Empty pages at the end, for whoever reads ahead."""


async def _answers(items: int) -> dict[str, bytes]:
    """Return what the account answers, by path and page."""
    pages = [f"/items.json?page={number}" for number in range(1, items // PER_PAGE + _BEYOND)]
    async with serve_account(samples=False, api_key=KEY) as account, httpx.AsyncClient() as client:
        account.stock(items=made_up_items(items), taxes=usual_taxes())
        answers = {}
        for address in (*pages, "/clients.json?page=1", "/taxes.json?page=1"):
            answer = await client.get(f"{account.url}{address}&per_page={PER_PAGE}&api_key={KEY}")
            answers[address] = answer.raise_for_status().content
        return answers


async def _main(items: int, seconds: float) -> None:
    answers = await _answers(items)

    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(seconds)
        body = answers.get(f"{request.path}?page={request.query.get('page', '1')}")
        if body is None:
            raise web.HTTPNotFound
        return web.Response(body=body, content_type="application/json")

    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"listening on http://127.0.0.1:{runner.addresses[0][1]}", file=sys.stderr, flush=True)  # noqa: T201 - the address
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), float(sys.argv[2])))
