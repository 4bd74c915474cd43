"""An index on a Redis server: the pages of its SQLite file, a key each. Whoever uses it works on a copy of these.

NAME             a hash: what this is, its schema, its version, and how many pages it has
NAME:page:N      a page, packed by zlib, whose checksum tells what is damaged
NAME:changed     a sorted set: the version that each page was last changed by, so that copies are brought up to date
NAME:lock        the token of the one that writes; it expires where that one is gone
NAME:new:TOKEN:N pages that wait to take their places, all at one moment; they expire too
"""

from __future__ import annotations

import secrets
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from cleaner.index.file import PAGE, SCHEMA, WAIT, IndexFile
from cleaner.model import IndexFault

EXPIRES = 30.0  # seconds until others take a writer that is not heard of for gone
TIMEOUT = 30.0  # seconds until a server is taken for gone

_WHAT = b"index of cleaner's"
_CONNECTS = 5.0  # seconds that a connection may take
_WAITING = 3600  # seconds that pages wait at most to take their places
_AT_ONCE = 64  # pages that are sent or asked for at once: one megabyte

# Whether others wrote meanwhile, or keys of our names are somebody else's, is asked before anything is written: a script
# that fails half-way leaves half its work.
_PUBLISH = """
local head, lock, changed = KEYS[1], KEYS[2], KEYS[3]
local token, before, version, pages, old, new = unpack(ARGV, 3, 8)
if redis.call('GET', lock) ~= token or (redis.call('HGET', head, 'version') or '0') ~= before then return 'late' end
local had = tonumber(redis.call('HGET', head, 'pages') or '0')
if had == 0 and redis.call('EXISTS', changed) == 1 then return 'taken' end
for i = 9, #ARGV do
  if redis.call('EXISTS', new .. ARGV[i]) == 0 then return 'late' end
  if tonumber(ARGV[i]) > had and redis.call('EXISTS', old .. ARGV[i]) == 1 then return 'taken' end
end
for i = 9, #ARGV do
  redis.call('RENAME', new .. ARGV[i], old .. ARGV[i])
  redis.call('PERSIST', old .. ARGV[i])
  redis.call('ZADD', changed, version, ARGV[i])
end
redis.call('HSET', head, 'what', ARGV[1], 'schema', ARGV[2], 'version', version, 'pages', pages)
return 'kept'
"""
_IF_OURS = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call({}) end"
_HOLD = _IF_OURS.format("'PEXPIRE', KEYS[1], ARGV[2]")
_RELEASE = _IF_OURS.format("'DEL', KEYS[1]")


class RedisIndex(IndexFile):
    """An index at redis://HOST:PORT/DB/NAME. It is made by the first addition."""

    def __init__(self, address: str, make: bool = False) -> None:
        self.path, self._name, self._redis = _connected(address)
        self._version = 0  # of the copy
        self._sums: dict[int, bytes] = {}  # of the copy's pages as the server has them
        try:
            self._folder = TemporaryDirectory(prefix="cleaner-", ignore_cleanup_errors=True)
        except OSError as error:
            raise self._uncopied(error) from None
        self._copy = Path(self._folder.name, "index")
        with self.faults():
            self._db = self._attached()
        try:
            with self.faults():
                if not self._head()[0]:
                    if not make:
                        raise IndexFault(f"{self.path}: there is no such index")
                    self._make()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._db.close()
        self._folder.cleanup()
        self._redis.close()

    def room(self) -> int:
        """The bytes that the index takes in the memory of the server."""
        found = 0
        for some in _some(list(self._sums)):
            asked = self._redis.pipeline(transaction=False)
            for number in some:
                asked.memory_usage(self._page(number))
            found += sum(size or 0 for size in asked.execute())
        return found

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What is read meanwhile is the index as it was at one moment."""
        with self.faults():
            self._refresh()
            with super().reading():
                yield

    @contextmanager
    def writing(self, waits: Callable[[], None] = lambda: None) -> Iterator[None]:
        """What is written meanwhile is written as a whole or not at all. Waits for another writer, and calls `waits` once
        where it must."""
        with self.faults(), self._locked(waits) as token:
            self._refresh()
            with super().writing():
                yield
            try:
                self._publish(token)
            except BaseException:  # the copy has what the server has not
                self._db.close()
                self._copy.unlink()
                self._db, self._version = self._attached(), 0
                self._sums.clear()
                self._make()
                raise

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Say what SQLite and Redis complain of in a line that names the index."""
        with super().faults():
            try:
                yield
            except redis.RedisError as error:
                raise IndexFault(f"{self.path}: {' '.join(str(error).split())}") from None

    def _make(self) -> None:
        """Make the tables in the copy."""
        self._db.execute(f"PRAGMA page_size = {PAGE}")
        with super().writing():
            self._make_tables()

    def _attached(self) -> sqlite3.Connection:
        """The copy, which need not outlive this process."""
        db = sqlite3.connect(self._copy, isolation_level=None)
        db.execute("PRAGMA journal_mode = MEMORY")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -32000")  # kibibytes, as a negative number
        return db

    def _page(self, number: int) -> str:
        return f"{self._name}:page:{number}"

    def _head(self) -> tuple[int, int, list[int]]:
        """The version on the server, 0 where there is none, its number of pages, and those that changed since the copy's."""
        asked = self._redis.pipeline(transaction=True)
        asked.hgetall(self._name)
        asked.zrangebyscore(f"{self._name}:changed", f"({self._version}", "+inf")
        head, changed = asked.execute(raise_on_error=False)
        for found in (head, changed):
            if isinstance(found, redis.RedisError) and "WRONGTYPE" not in str(found):
                raise found
        if head == {}:
            return 0, 0, []
        if not isinstance(head, dict) or head.get(b"what") != _WHAT:
            raise IndexFault(f"{self.path}: is no index of cleaner's, and is left alone")
        try:
            schema, version, pages = (int(head[name]) for name in (b"schema", b"version", b"pages"))
            numbers = [int(number) for number in changed]
        except (KeyError, TypeError, ValueError):
            raise self._damaged("what it says of itself cannot be read") from None
        self._compare(schema)
        return version, pages, numbers

    def _damaged(self, why: str) -> IndexFault:
        return IndexFault(f"{self.path}: is damaged, and is left alone ({why})")

    def _uncopied(self, error: OSError) -> IndexFault:
        return IndexFault(f"{self.path}: a copy of it cannot be written: {error.strerror}")

    def _refresh(self) -> None:
        """Bring the copy up to date: it is the server's version where nothing was changed while it was read."""
        while True:
            version, pages, numbers = self._head()
            if version == self._version:
                return
            if version < self._version:
                if not version:
                    raise IndexFault(f"{self.path}: there is no such index any more")
                self._version = 0  # it was made anew, by a clock that is behind
                continue
            if not self._version:
                self._sums.clear()
            self._db.close()
            try:
                self._load(numbers, pages)
            except OSError as error:
                raise self._uncopied(error) from None
            finally:
                self._db = self._attached()  # anew, since SQLite remembers pages
            self._version = version

    def _load(self, numbers: Sequence[int], pages: int) -> None:
        with self._copy.open("r+b") as copy:
            for some in _some(numbers):
                for number, packed in zip(some, self._redis.mget([self._page(number) for number in some]), strict=True):
                    try:
                        page = zlib.decompress(packed or b"")
                    except zlib.error:
                        page = b""
                    if len(page) != PAGE:
                        raise self._damaged(f"page {number} is {'broken' if packed else 'not there'}")
                    copy.seek((number - 1) * PAGE)
                    copy.write(page)
                    self._sums[number] = _sum(page)
            copy.truncate(pages * PAGE)
        if self._sums.keys() != set(range(1, pages + 1)):
            raise self._damaged("pages are missing")

    def _publish(self, token: str) -> None:
        """Put the copy's changed pages in their places on the server, at one moment."""
        new = f"{self._name}:new:{token}:"
        sums: dict[int, bytes] = {}
        with self._copy.open("rb") as copy:
            pages = self._copy.stat().st_size // PAGE
            for some in _some(range(1, pages + 1)):
                sent = self._redis.pipeline(transaction=False)
                for number in some:
                    page = copy.read(PAGE)
                    if self._sums.get(number) != (digest := _sum(page)):
                        sums[number] = digest
                        sent.set(f"{new}{number}", zlib.compress(page, 1), ex=_WAITING)
                sent.execute()
        if not sums:
            return
        version = max(self._version + 1, int(time.time() * 1000))  # so that an index that is made anew has another one
        keys = (self._name, f"{self._name}:lock", f"{self._name}:changed")
        texts = (_WHAT, SCHEMA, token, self._version, version, pages, f"{self._name}:page:", new)
        answer = self._redis.eval(_PUBLISH, len(keys), *keys, *texts, *sums)
        if answer != b"kept":
            for some in _some(list(sums)):
                self._redis.delete(*(f"{new}{number}" for number in some))
            if answer == b"taken":
                raise IndexFault(f"{self.path}: keys of its name are not cleaner's, and are left alone")
            raise IndexFault(f"{self.path}: another writer came first, and nothing was kept")
        self._sums |= sums
        self._version = version

    @contextmanager
    def _locked(self, waits: Callable[[], None]) -> Iterator[str]:
        token, lock, said = secrets.token_hex(8), f"{self._name}:lock", False
        while not self._redis.set(lock, token, nx=True, px=int(EXPIRES * 1000)):
            if self._redis.pttl(lock) == -1:
                raise IndexFault(f"{self.path}: {lock} is not cleaner's, and is left alone")
            if not said:
                waits()
                said = True
            time.sleep(WAIT)
        done = Event()
        holding = Thread(target=self._hold, args=(lock, token, done), daemon=True)
        holding.start()
        try:
            yield token
        finally:
            done.set()
            holding.join()
            with suppress(redis.RedisError):
                self._redis.eval(_RELEASE, 1, lock, token)

    def _hold(self, lock: str, token: str, done: Event) -> None:
        while not done.wait(EXPIRES / 3):
            with suppress(redis.RedisError):  # whether it was held all the time is seen in the end
                self._redis.eval(_HOLD, 1, lock, token, int(EXPIRES * 1000))


def _connected(address: str) -> tuple[str, str, Any]:
    """What an address is called, without its password; the name of the index; the server, not asked anything yet."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise IndexFault(f"redis://: {error}") from None
    path = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
    db, _, name = parts.path.strip("/").partition("/")
    if not (db.isdecimal() and name):
        raise IndexFault(f"{path}: write an index on a server as redis://HOST:PORT/DB/NAME")
    try:
        server = redis.Redis.from_url(
            parts._replace(path=f"/{db}").geturl(),
            socket_connect_timeout=_CONNECTS,
            socket_timeout=TIMEOUT,
            retry=Retry(NoBackoff(), 0),  # what was done may not be done twice
        )
    except ValueError as error:
        raise IndexFault(f"{path}: {error}") from None
    return path, name, server


def _some(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]


def _sum(page: bytes) -> bytes:
    return blake2b(page, digest_size=16).digest()
