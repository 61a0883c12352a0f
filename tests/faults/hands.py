"""What people do: they open forms, fill them in and submit them, while things go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Final

from bot.i18n import Language
from bot.sandbox.account import Hold
from bot.sandbox.slack import Actor
from bot.sandbox.slack.controls import controls
from tests.faults.ears import Ears
from tests.faults.plans import FIELDS, Death, Deed, Manner, Meanwhile, Plan, Trouble
from tests.faults.scene import TAXES, UNITS, Scene, name_of
from tests.faults.told import Verdict
from tests.faults.troubles import METHODS, silence, trouble_slack, trouble_the_account
from tests.faults.truth import ByHand, Submission, Truth, values_of

_FORMS: Final = {Deed.CREATE: "items.new-form", Deed.EDIT: "items.form", Deed.DELETE: "items.delete-form"}
_PATIENCE: Final = 20.0
_CHECK: Final = "items.check"
_UNTIL_CERTAIN: Final = 130.0
"""Seconds after which it is certain that a lost create will not be carried out any more."""

Gesture = Callable[[], Awaitable[object]]


class Hands:
    """Carries out plans.

    Args:
        scene: where.
        truth: learns what is asked for, and what is done by hand.
        ears: hear what is told.
    """

    def __init__(self, scene: Scene, truth: Truth, ears: Ears) -> None:
        self._scene = scene
        self._truth = truth
        self._ears = ears

    async def carry_out(self, plan: Plan) -> list[Submission]:
        """Do what is planned, and return what was asked for."""
        actor = self._scene.person(plan.person)
        try:
            if plan.deed is Deed.UNDO:
                submissions = [await self._undo(plan, actor)]
            else:
                submissions = await self._use_form(plan, actor)
        finally:
            self._scene.clear_faults()
        if self._scene.workspace.state.views.top(actor.id):
            await actor.close(everything=True)
        return submissions

    # ── a form ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _use_form(self, plan: Plan, actor: Actor) -> list[Submission]:
        name = name_of(plan.target or plan.number)
        held = self._scene.account.item_named(name)
        async with self._dealt_with(1):
            await actor.command(f"/items new {name}" if held is None else f"/items {plan.deed} {held.id}")
        await actor.modal(callback_id=_FORMS[plan.deed])
        submission = Submission(plan.number, plan.person, plan.deed, name, _change(plan))
        if plan.deed is not Deed.DELETE:
            await actor.fill(_typed(submission, self._scene.words(plan.person).language))
        self._meanwhile(plan)
        await self._ask(plan, actor, submission, actor.submit)
        self._scene.clear_faults()
        return [submission, *await self._persist(plan, actor, submission)]

    def _meanwhile(self, plan: Plan) -> None:
        """Do by hand what somebody else does while the form is open."""
        account, name = self._scene.account, name_of(plan.target)
        held = account.item_named(name)
        if plan.meanwhile is Meanwhile.NOTHING or held is None:
            return
        if plan.meanwhile is Meanwhile.REMOVES:
            account.remove_item(held.id)
            self._truth.add(ByHand(name, None))
            return
        same = plan.meanwhile is Meanwhile.SAME_FIELD
        changed = plan.fields[0] if same else next(one for one in FIELDS if one not in plan.fields)
        values = {
            "unit_price": Decimal(90_000 + plan.number),
            "description": f"À mão {plan.number}",
            "unit": next(unit for unit in UNITS if unit != held.unit),
            "tax": next(tax for tax in TAXES if tax != held.tax),
        }
        self._truth.add(ByHand(name, values_of(account.change_item(held.id, **{changed: values[changed]}))))

    async def _persist(self, plan: Plan, actor: Actor, submission: Submission) -> list[Submission]:
        """Try again, or look again, where the form invites one to; now all goes well."""
        view = self._scene.workspace.state.views.top(actor.id)
        if view is None or not plan.persists:
            return []
        if any(control.action_id == _CHECK for control in controls(view.blocks)):
            await self._scene.bot.later(_UNTIL_CERTAIN)
            async with self._dealt_with(1):
                await actor.click(view, _CHECK)
            self._ears.hear(actor, submission)
        if submission.verdict is not Verdict.NOT_DONE or view.callback_id != _FORMS[plan.deed]:
            return []
        for control in controls(view.blocks):
            if control.type == "radio_buttons":  # whose value is to stay: mine
                await actor.choose(control.action_id, control.element["options"][0]["value"])
        again = Submission(plan.number, plan.person, plan.deed, submission.name, submission.change)
        self._truth.add(again)
        async with self._recorded(again), self._dealt_with(1):
            await actor.submit()
        self._ears.hear(actor, again)
        return [again]

    # ── an undo ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _undo(self, plan: Plan, actor: Actor) -> Submission:
        undone = next(
            one
            for one in reversed(self._truth.submissions())
            if one.number == plan.target and one.verdict is Verdict.DONE
        )
        async with self._dealt_with(1):
            await actor.command(f"/items history {undone.name}")
        shown = await actor.sees(undone.name)
        submission = Submission(plan.number, plan.person, plan.deed, undone.name, undoes=undone)

        async def press() -> None:
            await actor.click(shown, f"items.undo:{undone.reference}")

        await self._ask(plan, actor, submission, press)
        return submission

    # ── asking for a write ──────────────────────────────────────────────────────────────────────────────────────

    async def _ask(self, plan: Plan, actor: Actor, submission: Submission, gesture: Gesture) -> None:
        """Ask for it while things go wrong, and hear what the person is told."""
        scene, method = self._scene, _method(submission)
        self._truth.add(submission)
        trouble_slack(scene.workspace, plan.slack, "response_url" if plan.deed is Deed.UNDO else "views.update")
        async with self._recorded(submission):
            if plan.death is not Death.NEVER:
                await self._ask_in_vain(plan, actor, submission, gesture)
            elif plan.manner in (Manner.TWICE, Manner.CLOSING):
                await self._ask_in_haste(plan, actor, method, gesture)
            else:
                await self._ask_in_peace(plan, method, gesture)
        if plan.death is Death.NEVER:
            self._ears.hear(actor, submission)

    async def _ask_in_peace(self, plan: Plan, method: str, gesture: Gesture) -> None:
        scene = self._scene
        trouble_the_account(scene.account, plan.trouble, method, plan.seed)
        async with silence(scene.account, plan.trouble, method) as hold:
            async with self._dealt_with(1):
                await gesture()
            if hold is not None and hold.count:
                await self._let_through(hold, carries_out=plan.trouble is Trouble.SILENT_BEFORE)
        if plan.manner is Manner.ONCE_MORE:
            async with self._dealt_with(1):
                await self._repeat()

    async def _ask_in_haste(self, plan: Plan, actor: Actor, method: str, gesture: Gesture) -> None:
        """Submit twice, or close the form, before the bot has done anything."""
        is_twice = plan.manner is Manner.TWICE
        first = "POST" if plan.deed is Deed.CREATE else "GET"
        async with (
            self._dealt_with(2 if is_twice else 1),
            self._scene.account.faults.holding(first, "/items*", times=1) as hold,
        ):
            # After the hold, so that it acts after it.
            trouble_the_account(self._scene.account, plan.trouble, method, plan.seed)
            await gesture()
            await _arrived(hold)
            await (self._repeat() if is_twice else actor.close(everything=True))

    async def _ask_in_vain(self, plan: Plan, actor: Actor, submission: Submission, gesture: Gesture) -> None:
        """Kill the bot in the middle of it, and start another one."""
        scene, faults, method = self._scene, self._scene.account.faults, _method(submission)
        if plan.death is Death.TELLING:
            await self._die_telling(gesture)
            self._ears.hear(actor, submission)
            await self._ears.restart()
            return
        first = "GET" if plan.death is Death.READING else method
        async with faults.holding(first, "/items*", times=1, after=plan.death is Death.WRITTEN) as hold:
            if plan.death is Death.NOT_WRITTEN:
                faults.cut("before", method=method, times=1)
            await gesture()
            await _arrived(hold)
            await scene.bot.kill()
            self._ears.hear(actor, submission)
            if plan.death is Death.WRITTEN_LATER:
                assert submission not in await self._ears.restart(), "told before it was certain"
                await self._let_through(hold, carries_out=True)
                return
        await self._ears.restart()

    async def _die_telling(self, gesture: Gesture) -> None:
        released = asyncio.Event()
        fault = self._scene.workspace.faults.next("views.update", hold=released)
        await gesture()
        await self._scene.wait_until("the outcome is being told", lambda: fault.times == 0)
        await self._scene.bot.kill()
        released.set()

    async def _let_through(self, hold: Hold, *, carries_out: bool) -> None:
        """Let go of a request that nobody waits for any more."""
        account = self._scene.account
        writes = len(account.writes)
        hold.release()
        if carries_out:
            await self._scene.wait_until("it is carried out", lambda: len(account.writes) > writes)

    async def _repeat(self) -> None:
        """Send the last submission once more."""
        last = self._scene.workspace.calls_of("view_submission")[-1]
        answer = await self._scene.workspace.repeat(last)
        assert answer.ok, answer

    @asynccontextmanager
    async def _dealt_with(self, requests: int) -> AsyncIterator[None]:
        """Wait, at the end of the block, until the bot has dealt with so many requests that are made within it."""
        bot = self._scene.bot
        before = bot.ended
        yield
        await bot.has_ended(before + requests)

    @asynccontextmanager
    async def _recorded(self, submission: Submission) -> AsyncIterator[None]:
        """Learn, at the end of the block, under which reference the bot has recorded the write."""
        bot = self._scene.bot
        before = len(bot.intended)
        yield
        new = bot.intended[before:]
        assert len(new) <= 1, f"{submission} was recorded as {new}"
        submission.reference = new[0] if new else submission.reference


async def _arrived(hold: Hold) -> None:
    async with asyncio.timeout(_PATIENCE):
        await hold.arrived()


def _method(submission: Submission) -> str:
    """Return the method of the write that is asked for."""
    if submission.undoes is None:
        return METHODS[submission.deed]
    return "POST" if submission.undoes.deed is Deed.DELETE else "PUT"


def _change(plan: Plan) -> dict[str, object]:
    """Return what the fields are to hold; the price and the description are those of this operation alone."""
    values: dict[str, object] = {
        "unit_price": Decimal(100 + plan.number) + Decimal("0.25"),
        "description": f"Descrição {plan.number}\nem duas linhas",
        "unit": UNITS[plan.number % len(UNITS)],
        "tax": TAXES[plan.number % len(TAXES)],
    }
    chosen = FIELDS if plan.deed is Deed.CREATE else plan.fields if plan.deed is Deed.EDIT else ()
    return {name: values[name] for name in chosen}


def _typed(submission: Submission, language: Language) -> dict[str, str]:
    """Return what is typed and chosen in a form."""
    typed = {name: str(value) for name, value in submission.change.items()}
    if "unit_price" in typed and language == "pt":
        typed["unit_price"] = typed["unit_price"].replace(".", ",")
    return {name: f"is:{value}" if name in ("unit", "tax") else value for name, value in typed.items()}
