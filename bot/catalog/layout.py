"""The tables of the copy, and the statements that read and write them.

One set of tables for each kind of record. `$kind` holds the records, `$kind_key` what may be typed from its beginning
beside the name, `$kind_text` the words of each record (prefixes indexed), `$kind_word` every distinct word that any
record has ever had, `$kind_part` the trigrams of those words, for their insides, `$kind_spoken` the words that may be
misspelt, and `$kind_begun` how many records have a word with a certain beginning, because FTS5 would have to count.

FTS5 gives what it finds in the order of its row ids. So these carry a length above the id: records with short names
come first, and short words, without ranking anything.
"""

from __future__ import annotations

import unicodedata
from string import Template
from typing import Final

VERSION: Final = 2
"""Raised when the tables, the stored records or what is indexed change: a copy of another version is built anew."""

FOLDING: Final = unicodedata.unidata_version
"""The tables of Unicode that text was folded with; another Python may bring others."""

LENGTH_SHIFT: Final = 48
"""Where the length of a name stands in a row id."""

LARGEST_ID: Final = (1 << LENGTH_SHIFT) - 1
"""The largest id that leaves room for a length: nine digits are usual, this is fifteen."""

INDEXED: Final = 5
"""The longest beginnings of words that the index holds."""

_LONGEST: Final = 255

ABOUT: Final = "CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
"""What is known about the copy as a whole."""

# The ascii tokenizer cuts at the spaces that we put and folds nothing that we have not folded.
_TABLES: Final = (
    "CREATE TABLE $kind (id INTEGER PRIMARY KEY, name TEXT NOT NULL, rest TEXT NOT NULL, body TEXT NOT NULL)",
    "CREATE INDEX ${kind}_by_name ON $kind (name)",
    "CREATE TABLE ${kind}_key (key TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (key, id)) WITHOUT ROWID",
    (
        "CREATE VIRTUAL TABLE ${kind}_text USING "
        "fts5(name, rest, content='', detail=column, prefix='1 2 3 4 5', tokenize='ascii')"
    ),
    "CREATE TABLE ${kind}_word (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE)",
    "CREATE TABLE ${kind}_begun (beginning TEXT PRIMARY KEY, records INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE ${kind}_spoken (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE)",
    (
        "CREATE VIRTUAL TABLE ${kind}_part USING "
        "fts5(word, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1')"
    ),
)


def _columns(number: int) -> str:
    """Return the columns of rows that come as one JSON array of arrays."""
    return ", ".join(f"json_extract(value, '$[{column}]')" for column in range(number)) + " FROM json_each(?)"


def possible_id(record_id: int) -> bool:
    """Return whether the tables can hold this id; a person may have typed any number."""
    return 0 <= record_id <= LARGEST_ID


def row_id(record_id: int, name: str) -> int:
    """Return the row id of a record's words."""
    return min(len(name), _LONGEST) << LENGTH_SHIFT | record_id


class Layout:
    """The statements for one kind of record.

    Args:
        kind: the name of its table.
    """

    def __init__(self, kind: str) -> None:
        rows = {"two": _columns(2), "three": _columns(3), "four": _columns(4)}

        def sql(text: str) -> str:
            return Template(text).substitute(rows, kind=kind, shift=LENGTH_SHIFT, id=LARGEST_ID)

        self.tables = tuple(sql(table) for table in _TABLES)
        self.count = sql("SELECT count(*) FROM $kind")
        self.ids = sql("SELECT id FROM $kind")
        self.body = sql("SELECT body FROM $kind WHERE id = ?")
        self.bodies = sql("SELECT id, body FROM $kind WHERE id IN (%s)")
        self.page = sql("SELECT body FROM $kind ORDER BY name, id LIMIT ? OFFSET ?")
        self.rows = sql("SELECT id, name, rest, body FROM $kind WHERE id IN (SELECT value FROM json_each(?))")
        self.insert = sql("INSERT INTO $kind (id, name, rest, body) SELECT $four")
        self.delete = sql("DELETE FROM $kind WHERE id = ?")
        self.insert_key = sql("INSERT INTO ${kind}_key (key, id) SELECT $two")
        self.delete_key = sql("DELETE FROM ${kind}_key WHERE key = ? AND id = ?")
        self.insert_text = sql("INSERT INTO ${kind}_text (rowid, name, rest) SELECT $three")
        self.delete_text = sql(
            "INSERT INTO ${kind}_text (${kind}_text, rowid, name, rest) VALUES ('delete', ?, ?, ?)",
        )
        self.merge_text = sql("INSERT INTO ${kind}_text (${kind}_text, rank) VALUES ('merge', ?)")
        self.merge_parts = sql("INSERT INTO ${kind}_part (${kind}_part, rank) VALUES ('merge', ?)")
        self.last_word = sql("SELECT coalesce(max(id), 0) FROM ${kind}_word")
        self.insert_word = sql("INSERT OR IGNORE INTO ${kind}_word (word) SELECT value FROM json_each(?)")
        self.insert_parts = sql(
            "INSERT INTO ${kind}_part (rowid, word) SELECT (length(word) << $shift) | id, word"
            " FROM ${kind}_word WHERE id > ? ORDER BY 1",
        )
        self.add_begun = sql(
            "INSERT INTO ${kind}_begun (beginning, records) SELECT $two WHERE true"
            " ON CONFLICT (beginning) DO UPDATE SET records = records + excluded.records",
        )
        self.begun = sql("SELECT records FROM ${kind}_begun WHERE beginning = ?")
        self.insert_spoken = sql("INSERT OR IGNORE INTO ${kind}_spoken (word) SELECT value FROM json_each(?)")
        self.new_spoken = sql("SELECT id, word FROM ${kind}_spoken WHERE id > ? ORDER BY id")
        self.words_begun = sql("SELECT word FROM ${kind}_word WHERE word >= ? AND word < ? ORDER BY word LIMIT ?")
        self.names_equal = sql("SELECT id FROM $kind WHERE name = ? ORDER BY id")
        self.keys_equal = sql("SELECT id FROM ${kind}_key WHERE key = ? ORDER BY id")
        self.names_begun = sql("SELECT id FROM $kind WHERE name > ? AND name < ? ORDER BY name, id")
        self.keys_begun = sql("SELECT id FROM ${kind}_key WHERE key > ? AND key < ? ORDER BY key, id")
        self.count_begun = sql(
            "SELECT count(*) FROM (SELECT 1 FROM $kind WHERE name >= ? AND name < ? LIMIT ?)",
        )
        self.misfits = (
            sql(
                "SELECT EXISTS (SELECT 1 FROM $kind"
                " WHERE typeof(name) <> 'text' OR typeof(rest) <> 'text' OR typeof(body) <> 'text')"
            ),
            sql("SELECT EXISTS (SELECT 1 FROM ${kind}_word WHERE typeof(word) <> 'text')"),
            sql("SELECT EXISTS (SELECT 1 FROM ${kind}_spoken WHERE typeof(word) <> 'text')"),
            sql("SELECT EXISTS (SELECT 1 FROM ${kind}_begun WHERE typeof(records) <> 'integer')"),
        )
        self.matches = sql(
            "SELECT $kind.id, $kind.name, $kind.rest FROM ${kind}_text"
            " CROSS JOIN $kind ON $kind.id = (${kind}_text.rowid & $id) WHERE ${kind}_text MATCH ?",
        )
        self.ids_matching = sql("SELECT rowid & $id FROM ${kind}_text WHERE ${kind}_text MATCH ?")
        self.count_matches = sql(
            "SELECT count(*) FROM (SELECT 1 FROM ${kind}_text WHERE ${kind}_text MATCH ? LIMIT ?)",
        )
        self.words_with = sql(
            "SELECT ${kind}_word.word FROM ${kind}_part"
            " CROSS JOIN ${kind}_word ON ${kind}_word.id = (${kind}_part.rowid & $id)"
            " WHERE ${kind}_part MATCH ? AND instr(${kind}_word.word, ?) LIMIT ?",
        )
