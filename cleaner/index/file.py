"""The index's file: SQLite in WAL mode. Made, opened, refused; one writer and many readers."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from cleaner.model import IndexFault

APPLICATION = 0x636C6E72  # "clnr", in the file's header
SCHEMA = 3  # the version of the tables below, in the file's header too

PAGE = 16384  # bytes: what articles are compared by takes kilobytes, and few of those fit into the usual page
WAIT = 0.1  # seconds between two looks whether another writer is done

_MAGIC = b"SQLite format 3\0"
_AT_ONCE = 500  # values that one statement asks for

_TABLES = """
-- Articles by the order in which they were told. `copy` is the number of the one that represents the copy group, `story`
-- of the first of the story; `day` (an ordinal) is that of its date, `added` the number of the addition, `kind` whether it
-- reports (headlines.py). What has no title has its `opening`.
CREATE TABLE articles (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, numeric INTEGER NOT NULL,
  copy INTEGER NOT NULL, story INTEGER NOT NULL, added INTEGER NOT NULL, day INTEGER NOT NULL,
  kind INTEGER NOT NULL, length INTEGER NOT NULL, shingles INTEGER NOT NULL, digest BLOB NOT NULL,
  title TEXT, opening TEXT, site TEXT, date TEXT, url TEXT
);
CREATE INDEX articles_by_story ON articles (story);
CREATE INDEX articles_by_copy ON articles (copy) WHERE copy <> number;
CREATE INDEX short_articles ON articles (digest) WHERE shingles = 0;
-- What articles are compared by (packing.py): apart, since small rows leave less of a page empty. Stories are told by
-- those alone that represent a copy group.
CREATE TABLE copy_features (number INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE story_features (number INTEGER PRIMARY KEY, packed BLOB NOT NULL);
-- MinHash bands and story signatures, a column a band, of many articles at once (blocks.py).
CREATE TABLE blocks (
  number INTEGER PRIMARY KEY, kind TEXT NOT NULL, count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  undated INTEGER NOT NULL, articles BLOB NOT NULL, days BLOB NOT NULL, hashes BLOB NOT NULL
);
-- The stories that turned out to be another one.
CREATE TABLE merged (story INTEGER PRIMARY KEY, target INTEGER NOT NULL);
CREATE TABLE additions (number INTEGER PRIMARY KEY, day INTEGER NOT NULL);
-- How common terms are, and how often events are told: of the present period, and of the one before (frequencies.py).
CREATE TABLE periods (
  first INTEGER PRIMARY KEY, now INTEGER NOT NULL, articles REAL NOT NULL, likely REAL NOT NULL,
  distinct_terms INTEGER NOT NULL, terms BLOB NOT NULL, char_ngrams BLOB NOT NULL
);
"""


class IndexFile:
    """An open index. Raises IndexFault where it cannot be one, and never writes to such a file."""

    def __init__(self, path: str | os.PathLike[str], make: bool = False) -> None:
        self.path = os.fspath(path)
        with self.faults():
            _look(Path(self.path), make)
            self._db = sqlite3.connect(self.path, timeout=60, isolation_level=None)
            try:
                self._open(make)
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        self._db.close()

    def _open(self, make: bool) -> None:
        (application,) = self.one("PRAGMA application_id")
        if not application and make:
            self._make()
            (application,) = self.one("PRAGMA application_id")
        if application != APPLICATION:
            raise IndexFault(f"{self.path}: is no index of cleaner's, and is left alone")
        (version,) = self.one("PRAGMA user_version")
        self._compare(version)
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA cache_size = -32000")  # kibibytes, as a negative number

    def _compare(self, version: int) -> None:
        """Raises IndexFault where the index has other tables than these."""
        if version != SCHEMA:
            made = "a newer" if version > SCHEMA else "an older"
            raise IndexFault(
                f"{self.path}: was made by {made} version of cleaner (its schema is {version}, this one reads {SCHEMA}): "
                "make it anew, or use that version"
            )

    def _make(self) -> None:
        """Make the tables in an empty file, as one transaction, before the journal is a log: then the header is in the file
        itself from the start, for `_look`."""
        self._db.execute(f"PRAGMA page_size = {PAGE}")
        with self.writing():
            self._make_tables()
        if self.one("PRAGMA application_id") == (APPLICATION,):
            self._db.execute("PRAGMA journal_mode = WAL")

    def _make_tables(self) -> None:
        if self.one("SELECT count(*) FROM sqlite_master") == (0,):
            for statement in _TABLES.split(";\n"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA application_id = {APPLICATION}")
            self._db.execute(f"PRAGMA user_version = {SCHEMA}")

    def room(self) -> int:
        """The bytes that the index takes, without those that are free for more."""
        (pages,), (page,), (free,) = (self.one(f"PRAGMA {name}") for name in ("page_count", "page_size", "freelist_count"))
        return int((pages - free) * page)

    def one(self, statement: str, *values: Any) -> Any:
        """The first row of a query, or None."""
        return self._db.execute(statement, values).fetchone()

    def rows(self, statement: str, *values: Any) -> Iterator[Any]:
        """The rows of a query."""
        return self._db.execute(statement, values)

    def among(self, statement: str, values: Sequence[Any]) -> Iterator[Any]:
        """The rows of a query that has `IN (?)`, for any number of values."""
        for start in range(0, len(values), _AT_ONCE):
            some = values[start : start + _AT_ONCE]
            yield from self._db.execute(statement.replace("IN (?)", f"IN ({','.join('?' * len(some))})"), some)

    def write(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Carry out a statement for each of some rows of values."""
        self._db.executemany(statement, rows)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What is read meanwhile is the index as it was at one moment."""
        with self.faults():
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("ROLLBACK")

    @contextmanager
    def writing(self, waits: Callable[[], None] = lambda: None) -> Iterator[None]:
        """What is written meanwhile is written as a whole or not at all. Waits for another writer, and calls `waits` once
        where it must."""
        with self.faults():
            self._begin(waits)
            try:
                yield
            except BaseException:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _begin(self, waits: Callable[[], None]) -> None:
        said = False
        while True:
            try:
                self._db.execute("PRAGMA busy_timeout = 0")
                self._db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise
                if not said:
                    waits()
                    said = True
                time.sleep(WAIT)
            else:
                self._db.execute("PRAGMA busy_timeout = 60000")
                return

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Say what SQLite complains of in a line that names the file."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise IndexFault(f"{self.path}: {error}") from None
        except sqlite3.DatabaseError as error:
            raise IndexFault(f"{self.path}: is damaged, and is left alone ({error})") from None


def _look(path: Path, make: bool) -> None:
    """Raises IndexFault where a file is not there, or is surely no index: then SQLite is not let near it."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        if make:
            return
        raise IndexFault(f"{path}: there is no such index") from None
    except OSError as error:
        raise IndexFault(f"{path}: {error.strerror}") from None
    if not header and make:
        return
    if Path(f"{path}-journal").exists():  # it was being made when that was cut short: SQLite undoes it
        return
    if header[:16] != _MAGIC or int.from_bytes(header[68:72], "big") != APPLICATION:
        raise IndexFault(f"{path}: is no index of cleaner's, and is left alone")
