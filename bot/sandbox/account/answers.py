"""The account's answers, and the bodies in which the live service was seen to say no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from .quirks import Quirks, RefusalShape
from .wire import encode

Language = Literal["pt", "en"]
"""The language of an account, in which it says why it refuses a value."""

Flaw = Literal["blank", "taken", "unknown", "not-a-number", "negative", "invalid"]
"""What can be wrong with a value."""

_ATTRIBUTES: Final[Mapping[Language, Mapping[str, str]]] = {
    "pt": {"name": "Nome", "unit": "Unidade", "unit_price": "Preço unitário"},
    "en": {"name": "Name", "unit": "Unit", "unit_price": "Unit price"},
}
_COMPLAINTS: Final[Mapping[Language, Mapping[Flaw, str]]] = {
    "pt": {
        "blank": "não pode estar em branco",
        "taken": "não está disponível",
        "unknown": "não está incluído na lista",
        "not-a-number": "não é um número",
        "negative": "tem de ser maior ou igual a 0",
        "invalid": "não é válido",
    },
    "en": {
        "blank": "can't be blank",
        "taken": "has already been taken",
        "unknown": "is not included in the list",
        "not-a-number": "is not a number",
        "negative": "must be greater than or equal to 0",
        "invalid": "is invalid",
    },
}

_PAGE: Final = """<!DOCTYPE html>
<html>
<head><title>{title}</title></head>
<body>
<h1>{title}</h1>
<p>{text}</p>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back: a status, a body, its type, and further headers.

    Attributes:
        body: text, or bytes that are sent as they are, whatever the headers say of them.
        endless: the body is sent again and again until the caller hangs up.
    """

    status: int
    body: str | bytes = ""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    endless: bool = False

    @property
    def raw(self) -> bytes:
        """The body's bytes. Half a character, which UTF-8 can't carry, goes as JSON escapes it."""
        return self.body if isinstance(self.body, bytes) else self.body.encode(errors="backslashreplace")

    @property
    def text(self) -> str:
        """The body as text, to be shown."""
        return self.raw.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that is refused: which field, and what is wrong with it."""

    field: str
    flaw: Flaw

    def complaint(self, language: Language) -> str:
        """Return what is wrong, without the field."""
        return _COMPLAINTS[language][self.flaw]

    def sentence(self, language: Language) -> str:
        """Return the whole sentence, as a person reads it: "Nome não está disponível"."""
        return f"{_ATTRIBUTES[language][self.field]} {self.complaint(language)}"


def succeeded(record: object, status: int = 200) -> Answer:
    """Return a record as JSON."""
    return Answer(status, encode(record))


def written(quirks: Quirks) -> Answer:
    """Return the answer of a successful update or delete: nothing, or one space that claims to be JSON."""
    return Answer(200, quirks.write_body)


def html(status: int, title: str, text: str = "") -> Answer:
    """Return a page as a proxy or a web framework shows it."""
    return Answer(status, _PAGE.format(title=title, text=text), "text/html; charset=utf-8")


def unauthorised(quirks: Quirks) -> Answer:
    """Return 401 (documentation: an empty response; seen: a sentence)."""
    if quirks.unauthorised == "blank":
        return Answer(401)
    return succeeded({"errors": [{"error": "Invalid API key"}]}, 401)


def not_found(quirks: Quirks, status: int = 404) -> Answer:
    """Return 404 (documentation: an empty response; seen: one space, and a whole page)."""
    if quirks.not_found == "html":
        return html(status, "The page you were looking for doesn't exist (404)")
    return Answer(status, " " if quirks.not_found == "space" else "")


def past_the_end(listed: Mapping[str, object], quirks: Quirks) -> Answer:
    """Return what a page past the last one is; the live service's own answer is recorded nowhere."""
    if quirks.past_end == "not-found":
        return not_found(quirks)
    if quirks.past_end == "blank":
        return Answer(200)
    shapes: Mapping[str, object] = {
        "empty-list": listed,
        "null": None,
        "null-list": dict.fromkeys(listed),
        "empty-object": {},
    }
    return succeeded(shapes[quirks.past_end])


def refused(problems: Sequence[Problem], quirks: Quirks, language: Language) -> Answer:
    """Return 422 with its sentences in the account's language, in the shape that the quirks name."""
    if quirks.refusal == "blank":
        return Answer(422)
    return succeeded(_refusal(problems, quirks.refusal, language), 422)


def _refusal(problems: Sequence[Problem], shape: RefusalShape, language: Language) -> object:
    sentences = [problem.sentence(language) for problem in problems]
    together = ", ".join(sentences)
    by_field: dict[str, list[str]] = {}
    for problem in problems:
        by_field.setdefault(problem.field, []).append(problem.complaint(language))
    shapes: Mapping[RefusalShape, object] = {
        "errors-objects": {"errors": [{"error": sentence} for sentence in sentences]},
        "pairs": [[problem.field, problem.complaint(language)] for problem in problems],
        "errors-object": {"errors": {"error": together}},
        "errors-strings": {"errors": sentences},
        "errors-by-field": {"errors": by_field},
        "by-field": by_field,
        "error": {"error": together},
        "message": {"message": together},
    }
    return shapes[shape]
