"""What must never happen, each as the smallest change that would let it."""

from __future__ import annotations

from typing import Final

from tests.mutations.trying import Mutation

_SETTLING: Final = "bot/items/settling.py"
_UNDO: Final = "bot/items/undo.py"
_WRITING: Final = "bot/items/writing.py"
_ENTRY: Final = "bot/items/entry.py"
_HISTORY: Final = "bot/history/history.py"
_RECORDS: Final = "bot/history/records.py"
_RETENTION: Final = "bot/history/retention.py"
_INSPECTION: Final = "bot/history/inspection.py"
_BOUNDARY: Final = "bot/slack/boundary.py"
_RECOVERY: Final = "bot/recovery.py"
_ACCESS: Final = "bot/access.py"

_ABOUT_SETTLING: Final = ("tests/items/test_settling.py",)
_ABOUT_UNDO: Final = ("tests/flows/items/test_undo.py",)
_ABOUT_WRITING: Final = ("tests/items/test_writing.py",)
_ABOUT_FORMS: Final = ("tests/items/test_entry.py",)
_ABOUT_HISTORY: Final = ("tests/history/test_history.py",)
_ABOUT_RETENTION: Final = ("tests/history/test_retention.py",)
_ABOUT_INSPECTION: Final = ("tests/history/test_inspection.py",)
_ABOUT_ONCE: Final = ("tests/flows/platform/test_once.py",)
_ABOUT_DYING: Final = ("tests/flows/test_dying.py", "tests/flows/test_recovery.py")
_ABOUT_ACCESS: Final = ("tests/test_access.py",)

MUTATIONS: Final = (
    # What became of a write
    Mutation(
        "a write that may still be carried out counts as failed a minute too early",
        _SETTLING,
        "LATEST_UNATTENDED: Final = timedelta(minutes=2)",
        "LATEST_UNATTENDED: Final = timedelta(minutes=1)",
        _ABOUT_SETTLING,
    ),
    Mutation(
        "an answer that was given up is not waited for",
        _SETTLING,
        "LATEST: Final = timedelta(minutes=1)",
        "LATEST: Final = timedelta(seconds=59)",
        _ABOUT_SETTLING,
    ),
    Mutation(
        "a write without an outcome is judged by the shorter patience",
        _SETTLING,
        "patience = LATEST_UNATTENDED if entry.ended_at is None else LATEST",
        "patience = LATEST",
        _ABOUT_SETTLING,
    ),
    Mutation(
        "a write under a clock that was ahead blocks its item for years",
        _SETTLING,
        "max(now - (entry.ended_at or entry.at), seen)",
        "(now - (entry.ended_at or entry.at))",
        _ABOUT_SETTLING,
    ),
    Mutation(
        "an item of another description is taken for ours",
        _SETTLING,
        "for field in (Field.PRICE, Field.DESCRIPTION))",
        "for field in (Field.PRICE,))",
        _ABOUT_SETTLING,
    ),
    Mutation(
        "an item of another price is taken for ours",
        _SETTLING,
        "for field in (Field.PRICE, Field.DESCRIPTION))",
        "for field in (Field.DESCRIPTION,))",
        _ABOUT_SETTLING,
    ),
    Mutation(
        "an item that somebody else created through us is taken for the lost one",
        _SETTLING,
        "return creation is not None and creation.reference != entry.reference",
        "return False",
        ("tests/flows/items/test_settling.py",),
    ),
    Mutation(
        "something is sent to an item while an earlier write to it may be on its way",
        _SETTLING,
        "if _key_of(entry) == _key(action, item_id, name) and await _settle(services, entry) is None:",
        "if _key_of(entry) == _key(action, item_id, name) and await _settle(services, entry) is False:",
        ("tests/flows/items/test_settling.py",),
    ),
    Mutation(
        "an edit that stands in the account is told as not made",
        _SETTLING,
        "    if shown:\n        return Finding(Outcome.SUCCEEDED, item)\n",
        "",
        _ABOUT_SETTLING,
    ),
    Mutation(
        "an edit of an item that somebody deleted is told as made",
        _SETTLING,
        "outcome = Outcome.SUCCEEDED if entry.action is Change.DELETE else Outcome.UNKNOWN",
        "outcome = Outcome.SUCCEEDED",
        _ABOUT_SETTLING,
    ),
    Mutation(
        "an unexpected error is told as nothing done",
        "bot/history/model.py",
        "    return Outcome.UNKNOWN, True\n",
        "    return Outcome.FAILED, False\n",
        _ABOUT_HISTORY,
    ),
    # Undoing
    Mutation(
        "the ten minutes for an undo count from the intent",
        _UNDO,
        "abs(now - (entry.ended_at or entry.at)) > WITHIN",
        "abs(now - entry.at) > WITHIN",
        _ABOUT_UNDO,
    ),
    Mutation(
        "an undo is refused before its ten minutes are over",
        _UNDO,
        "WITHIN: Final = timedelta(minutes=10)",
        "WITHIN: Final = timedelta(minutes=9, seconds=59)",
        _ABOUT_UNDO,
    ),
    Mutation(
        "an undo is allowed after its ten minutes are over",
        _UNDO,
        "WITHIN: Final = timedelta(minutes=10)",
        "WITHIN: Final = timedelta(minutes=10, seconds=1)",
        _ABOUT_UNDO,
    ),
    Mutation(
        "an undo of what lies ahead, because the clock was put back, is allowed for years",
        _UNDO,
        "if abs(now - (entry.ended_at or entry.at)) > WITHIN:",
        "if (now - (entry.ended_at or entry.at)) > WITHIN:",
        _ABOUT_UNDO,
    ),
    Mutation(
        "editors undo what others did",
        _UNDO,
        "if entry.person != turn.person.id:",
        "if not entry.person:",
        _ABOUT_UNDO,
    ),
    Mutation(
        "what was undone is undone once more",
        _UNDO,
        'if entry.undone or not await history.claim(f"undo {entry.reference}", turn.reference, turn.person.id):',
        "if False:",
        _ABOUT_UNDO,
    ),
    Mutation(
        "an undo overwrites what somebody changed since",
        _UNDO,
        "if not alike(now, after, field))",
        "if after.unsendable)",
        _ABOUT_UNDO,
    ),
    # Writing
    Mutation(
        "what somebody changed while we waited is overwritten",
        _WRITING,
        "        if not lost:\n            raise ChangedMeanwhile\n        if shows",
        "        if not lost:\n            return False\n        if shows",
        _ABOUT_WRITING,
    ),
    Mutation(
        "an item that somebody else deleted is told as deleted by us",
        _WRITING,
        "            if lost:\n                return True\n            raise\n",
        "            return True\n",
        _ABOUT_WRITING,
    ),
    Mutation(
        "a delete that was answered with success and did nothing is told as done",
        _WRITING,
        "    if is_there is not False:",
        "    if is_there is not False and refusal:",
        ("tests/items/test_writing.py", "tests/flows/items/test_no_proof.py"),
    ),
    # Forms
    Mutation(
        "a form overwrites unseen what somebody else changed",
        _ENTRY,
        "    return tuple(\n        name\n        for name in sorted(touched(entry, state))",
        "    return tuple(\n        name\n        for name in ()",
        _ABOUT_FORMS,
    ),
    Mutation(
        "a choice for their value is sent as ours",
        _ENTRY,
        "if entry.choices.get(name) is not Side.THEIRS)",
        "if name)",
        _ABOUT_FORMS,
    ),
    Mutation(
        "the part of a description that no form shows is lost",
        _ENTRY,
        "entry.description + current.description[DESCRIPTION_LENGTH:]",
        "entry.description",
        _ABOUT_FORMS,
    ),
    Mutation(
        "012.345 is taken as a price",
        "bot/items/price.py",
        'bool(whole.strip("0"))',
        'not whole.startswith("0")',
        ("tests/items/test_price.py",),
    ),
    # Once
    Mutation(
        "a submission that failed gives its claim back, so that it does something when it comes again",
        _BOUNDARY,
        "elif turn.promised and isinstance(turn.payload, Action):",
        "elif turn.promised:",
        _ABOUT_ONCE,
    ),
    Mutation(
        "a request that is in hand is told once more, because a second claim of its was refused",
        _HISTORY,
        "if not claimed and not was_in_hand:",
        "if not claimed:",
        _ABOUT_HISTORY,
    ),
    Mutation(
        "two claims are granted for one key",
        _RECORDS,
        "INSERT OR IGNORE INTO claims",
        "INSERT OR REPLACE INTO claims",
        _ABOUT_HISTORY,
    ),
    Mutation(
        "what two people submit with one form's id counts as one",
        "bot/slack/routing.py",
        'f"form {payload.user} {payload.view.id} {attempt_in(payload.view.metadata)}"',
        'f"form {payload.view.id} {attempt_in(payload.view.metadata)}"',
        ("tests/slack/test_routing.py",),
    ),
    Mutation(
        "a write under way is settled by others",
        _HISTORY,
        "open_ends = tuple(entry for entry in found if entry.reference not in busy | self._under_way)",
        "open_ends = found",
        _ABOUT_HISTORY,
    ),
    # Telling
    Mutation(
        "a write whose outcome is unknown may be asked for again after it was told",
        _RECOVERY,
        "if outcome not in (Outcome.SUCCEEDED, Outcome.UNKNOWN):",
        "if outcome is not Outcome.SUCCEEDED:",
        _ABOUT_DYING,
    ),
    Mutation(
        "an outcome is told before it is known",
        _RECOVERY,
        "if isinstance(entry, Entry) and not entry.is_settled:",
        "if entry is False:",
        ("tests/flows/items/test_settling.py", *_ABOUT_DYING),
    ),
    Mutation(
        "somebody is never told, because Slack did not take the first try",
        _RECOVERY,
        "        if await self._tell(promise, entry):\n",
        "        if await self._tell(promise, entry) is not None:\n",
        _ABOUT_DYING,
    ),
    # Keeping
    Mutation(
        "a clock that is far ahead empties the history",
        _RETENTION,
        "if newest is not None and now - newest > FAR:",
        "if newest is None:",
        _ABOUT_RETENTION,
    ),
    Mutation(
        "much is dropped without a copy",
        _RETENTION,
        "if old > _MANY or old * _SHARE > total:",
        "if old > _MANY:",
        _ABOUT_RETENTION,
    ),
    Mutation(
        "what is still to be told is dropped",
        _RETENTION,
        " AND i.reference NOT IN ({_TO_TELL})",
        "",
        _ABOUT_HISTORY,
    ),
    Mutation(
        "what is still to be settled is dropped",
        _RETENTION,
        " AND NOT {OPEN}",
        "",
        _ABOUT_HISTORY,
    ),
    Mutation(
        "a backup is mixed with the log of another",
        _INSPECTION,
        "if unclean and _write_version(path) != _AHEAD:",
        "if unclean and not _AHEAD:",
        _ABOUT_INSPECTION,
    ),
    Mutation(
        "a loss is taken for a new installation",
        _INSPECTION,
        "if found is not None:",
        "if found is None and beside == path:",
        _ABOUT_INSPECTION,
    ),
    Mutation(
        "an older program writes a newer file",
        "bot/history/disk.py",
        "inspect(self._path, len(self._steps), newer=False)",
        "inspect(self._path, len(self._steps))",
        _ABOUT_INSPECTION,
    ),
    Mutation(
        "a link leads to a file that is not ours",
        "bot/store.py",
        "    if path.is_symlink():",
        "    if not path.name:",
        _ABOUT_INSPECTION,
    ),
    Mutation(
        "a text becomes a formula where ; separates the cells",
        "bot/history/export.py",
        'rf"([,;|',
        'rf"([,|',
        ("tests/history/test_export.py",),
    ),
    # Who may
    Mutation(
        "editors delete",
        _ACCESS,
        "Permission.DELETE: Role.MANAGER",
        "Permission.DELETE: Role.EDITOR",
        _ABOUT_ACCESS,
    ),
    Mutation(
        "an admin of another organisation manages",
        _ACCESS,
        "if person.is_member and person.is_admin:",
        "if person.is_admin:",
        _ABOUT_ACCESS,
    ),
    Mutation(
        "a person whom we did not know yet needs no permission",
        _BOUNDARY,
        "            await self._identify(turn)\n            turn.require(route.needs)\n",
        "            await self._identify(turn)\n",
        ("tests/test_roles.py",),
    ),
)
