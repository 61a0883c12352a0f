"""An account with many items that takes its time, as a server in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from typing import Final

from bot.sandbox.account import serve_account
from bot.sandbox.account.samples import made_up_items, usual_taxes

KEY: Final = "benchmark"


async def _main(items: int, seconds: float) -> None:
    async with serve_account(samples=False, api_key=KEY) as account:
        account.stock(items=made_up_items(items), taxes=usual_taxes())
        account.faults.slow(seconds)
        print(f"listening on {account.url}", file=sys.stderr, flush=True)  # noqa: T201 - the address
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), float(sys.argv[2])))
