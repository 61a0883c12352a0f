"""The switches over HTTP."""

import httpx
import pytest

from bot.sandbox.account import Account, Switches
from bot.sandbox.account.control import CONTROL_PATH

OFF = {"slow": 0, "down": False, "limit_per_minute": None, "refusing": False}


@pytest.fixture
def page(ask: httpx.AsyncClient) -> httpx.AsyncClient:
    """A page in a browser has no key."""
    ask.params = httpx.QueryParams()
    return ask


async def test_switches_are_read_and_turned(account: Account, page: httpx.AsyncClient) -> None:
    assert (await page.get(CONTROL_PATH)).json() == OFF
    answer = await page.post(CONTROL_PATH, json={"slow": 2.5, "down": True})
    assert (answer.status_code, answer.json()) == (200, {**OFF, "slow": 2.5, "down": True})
    assert account.faults.switches == Switches(slow=2.5, down=True)
    answer = await page.post(CONTROL_PATH, json={"down": False, "limit_per_minute": 5})
    assert answer.json() == {**OFF, "slow": 2.5, "limit_per_minute": 5}
    assert (await page.delete(CONTROL_PATH)).json() == OFF
    assert account.faults.switches == Switches()
    assert len(account.requests) == 0


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('{"slow": -1}', "slow: Input should be greater than or equal to 0"),
        ('{"slow": NaN}', "slow: Input should be a finite number"),
        ('{"self": 1}', "self: Extra inputs are not permitted"),
        ('{"down": "yes"}', "down: Input should be a valid boolean"),
        ("[]", "The body must be an object."),
        ("{", "The body must be JSON."),
        ("[" * 100_000, "The body must be JSON."),
    ],
)
async def test_what_makes_no_sense_turns_nothing(
    account: Account, page: httpx.AsyncClient, body: str, problem: str
) -> None:
    answer = await page.post(CONTROL_PATH, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (400, {"error": problem})
    assert account.faults.switches == Switches()


async def test_a_page_of_another_site_turns_nothing(account: Account, page: httpx.AsyncClient) -> None:
    form = await page.post(CONTROL_PATH, content='{"down": true}', headers={"Content-Type": "text/plain"})
    assert (form.status_code, form.json()) == (400, {"error": "The body must be JSON."})
    elsewhere = await page.post(CONTROL_PATH, json={"down": True}, headers={"Host": "rebound.example"})
    assert elsewhere.status_code == 403
    assert account.faults.switches == Switches()
    assert (await page.get(CONTROL_PATH, headers={"Host": "localhost"})).status_code == 200


async def test_other_methods_are_refused(page: httpx.AsyncClient) -> None:
    assert (await page.put(CONTROL_PATH, json={})).status_code == 405
