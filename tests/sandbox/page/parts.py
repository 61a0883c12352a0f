"""A browser's side of the page, without a browser: requests as it sends them, and the news as it reads them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.sandbox.page import Page

Json = dict[str, Any]


@dataclass
class News:
    """The stream of one page."""

    response: aiohttp.ClientResponse

    async def next(self) -> tuple[str, Json]:
        """Return the next event: its kind and what it says."""
        kind, data = "", ""
        while True:
            line = (await self.response.content.readline()).decode().rstrip("\n")
            if not line and kind:
                return kind, json.loads(data)
            name, _, value = line.partition(": ")
            kind = value if name == "event" else kind
            data = value if name == "data" else data

    async def until(self, key: str) -> Any:
        """Return what the next event that says something of this says of it."""
        while True:
            _, content = await self.next()
            if key in content:
                return content[key]

    async def over(self) -> bool:
        """Whether the stream ends without another word."""
        return await self.response.content.read() == b""


@dataclass
class Window:
    """A browser's window that shows the page."""

    page: Page
    session: aiohttp.ClientSession

    @property
    def origin(self) -> str:
        return self.page.url.rstrip("/")

    async def post(self, path: str, body: Any = None, **headers: str) -> tuple[int, Json]:
        """Ask as the page does; headers replace its own."""
        url = f"{self.origin}/api/{path}"
        async with self.session.post(url, json=body or {}, headers={"Origin": self.origin} | headers) as response:
            return response.status, await response.json()

    async def done(self, path: str, **body: Any) -> Json:
        """Ask for what can be done, and return the answer."""
        status, answer = await self.post(path, body)
        assert status == 200, answer
        return answer

    async def refused(self, path: str, **body: Any) -> str:
        """Ask for what cannot be done, and return why."""
        status, answer = await self.post(path, body)
        assert (status, answer["ok"]) == (409, False)
        return str(answer["error"])

    async def get(self, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        async with self.session.get(f"{self.origin}{path}", headers=headers) as response:
            return response.status, await response.text(), dict(response.headers)

    @asynccontextmanager
    async def news(self, person: str = "") -> AsyncIterator[News]:
        """Listen as somebody."""
        async with self.session.get(f"{self.origin}/api/news", params={"person": person}) as response:
            yield News(response)

    async def everything(self, person: str = "") -> Json:
        """Return what somebody's page shows now."""
        async with self.news(person) as news:
            return (await news.next())[1]
