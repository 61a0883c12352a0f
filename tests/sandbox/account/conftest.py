"""An account with the usual taxes and nothing else, and a client that has its key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.sandbox.account import Account, serve_account
from bot.sandbox.account.samples import usual_taxes

from .hand_clock import HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def account(clock: HandClock) -> AsyncIterator[Account]:
    async with serve_account(samples=False, clock=clock) as account:
        account.stock(taxes=usual_taxes())
        yield account


@asynccontextmanager
async def asking(account: Account) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=account.url, params={"api_key": account.api_key}, trust_env=False) as client:
        yield client


@pytest.fixture
async def ask(account: Account) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(account) as client:
        yield client
