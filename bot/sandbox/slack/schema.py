"""Small pieces from which the shape of Block Kit is put together.

A check takes a value and where it stands (a JSON pointer) and yields what is wrong, in Slack's words as the Web API
was seen to write them: `must be less than 76 characters [json-pointer:/blocks/0/text/text]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Check = Callable[[Any, str], Iterator[str]]


def wrong(text: str, pointer: str) -> str:
    """Return a sentence with the place that it is about."""
    return f"{text} [json-pointer:{pointer}]"


def string(most: int | None = None, least: int = 1, one_of: frozenset[str] | None = None) -> Check:
    """Check a text and its length in characters, or that it is one of a few words."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield wrong("must provide a string", pointer)
        elif len(value) < least:
            yield wrong(f"must be more than {least - 1} characters", pointer)
        elif most is not None and len(value) > most:
            yield wrong(f"must be less than {most + 1} characters", pointer)
        elif one_of is not None and value not in one_of:
            yield wrong(f"must be a valid enum value: {', '.join(sorted(one_of))}", pointer)

    return check


def boolean() -> Check:
    """Check true or false."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, bool):
            yield wrong("must provide a boolean", pointer)

    return check


def integer(low: int, high: int) -> Check:
    """Check a whole number between two."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield wrong("must provide an integer", pointer)
        elif not low <= value <= high:
            yield wrong(f"must be between {low} and {high}", pointer)

    return check


def anything() -> Check:
    """Accept whatever it is: a shape that is not looked into."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        return iter(())

    return check


def array(item: Check, most: int, least: int = 1) -> Check:
    """Check a list, its length, and each of its items."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield wrong("must provide an array", pointer)
            return
        if len(value) < least:
            yield wrong(f"no less than {least} items allowed", pointer)
        if len(value) > most:
            yield wrong(f"no more than {most} items allowed", pointer)
            return
        for index, one in enumerate(value):
            yield from item(one, f"{pointer}/{index}")

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    """Check an object: its required fields are there, and there is no field that Slack does not know."""
    fields = {**required, **optional}

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield wrong("must provide an object", pointer)
            return
        for name in required:
            if value.get(name) is None:
                yield wrong(f"missing required field: {name}", pointer)
        for name, inner in value.items():
            if name not in fields:
                yield wrong(f"invalid additional property: {name}", pointer)
            elif inner is not None:
                yield from fields[name](inner, f"{pointer}/{name}")

    return check


def either(types: Mapping[str, Check]) -> Check:
    """Check an object by the shape that its `type` names."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield wrong("must provide an object", pointer)
            return
        kind = value.get("type")
        if kind is None:
            yield wrong("missing required field: type", pointer)
        elif not isinstance(kind, str) or kind not in types:
            yield wrong(f"unsupported type: {kind}", f"{pointer}/type")
        else:
            yield from types[kind](value, pointer)

    return check


def also(shape: Check, rule: Callable[[dict[str, Any]], str | None]) -> Check:
    """Check a shape and, when it is right, one rule more that looks at several fields."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        problems = list(shape(value, pointer))
        yield from problems
        if not problems and (text := rule(value)):
            yield wrong(text, pointer)

    return check
