"""The inputs of a run by chunks, and what tells whether one was done before and still is what it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from cleaner import records
from cleaner.engine import batches
from cleaner.journal import Entry, Journal
from cleaner.model import Article, Failure
from cleaner.pipeline import Item
from cleaner.records import Fields, Line, Source

RECORDS = 64  # of an input in a chunk
_CHUNK_BYTES = 400_000


@dataclass(slots=True)
class Chunk:
    """Some items of a source, one after the other; all that there is of a text or a page. `digests` tell whether an item is
    what it was; of one that is to be done again in any case it is ""."""

    source: Source
    number: int
    first: int  # the number of its first item in the source, from 1
    items: list[Item]
    digests: list[str]
    last: bool = True
    results: list[Any] = field(default_factory=list)
    left: int = 0  # items that are being done
    pages: Sequence[Any] = ()  # what was read of its items, where that was done first


class Stage:
    """A journal, and what its entries depend on beside the inputs: `context`, a fingerprint. An entry's head is whether it
    is the last of its source, the source's stamp, the context, and a digest an item; then what a pass adds."""

    def __init__(self, journal: Journal, context: str) -> None:
        self.journal, self.context = journal, context

    def finished(self, source: Source) -> bool:
        """Whether a source is as it was when all of it was done."""
        if source.changed >= self.journal.trusted_before:
            return False
        stamp, context, last = stamp_of(source), self.context_of(source), False
        for entry in self.journal.all(source.rel):
            last = bool(entry.head[0])
            if entry.head[1] != stamp or entry.head[2] != context or not all(entry.head[3]):
                return False
        return last

    def same(self, chunk: Chunk) -> Entry | None:
        """The entry of a chunk, where that was done in this context."""
        entry = self.journal.get(chunk.source.rel, chunk.number)
        return entry if entry and entry.head[2] == self.context_of(chunk.source) else None

    def put(self, chunk: Chunk, body: bytes, *more: object) -> None:
        """Keep what was made of a chunk."""
        source = chunk.source
        self.journal.put(source.rel, chunk.number, self._head(chunk, more), body)
        if chunk.last:
            self.journal.cut(source.rel, chunk.number + 1)

    def renew(self, chunk: Chunk, entry: Entry) -> None:
        """Keep what was made of a chunk before, and still holds."""
        if entry.head != self._head(chunk, entry.head[4:]):
            self.put(chunk, self.journal.body(entry), *entry.head[4:])

    def _head(self, chunk: Chunk, more: Sequence[object]) -> list[object]:
        return [chunk.last, stamp_of(chunk.source), self.context_of(chunk.source), chunk.digests, *more]

    def context_of(self, source: Source) -> str:
        """The context of a source's entries."""
        return f"{self.context} {source.format}"


def stamp_of(source: Source) -> list[int]:
    """What tells, in nearly all cases, that a file was changed: its size, when it was changed last, and the same of the
    file that says a page's address."""
    beside = 0
    if source.format == "html":
        with suppress(OSError):
            beside = records.stat_of(f"{source.file}.url")[1]
    return [source.size, source.changed, beside]


def digest(*parts: bytes) -> str:
    """A fingerprint of bytes."""
    whole = blake2b(digest_size=12)
    for part in parts:
        whole.update(len(part).to_bytes(8, "little") + part)
    return whole.hexdigest()


def chunks(source: Source, fields: Fields) -> Iterator[Chunk]:
    """The items of a source as they are read, by chunks."""
    if source.single:
        assert source.file is not None
        try:
            beside = (records.address_beside(source) or "").encode(errors="replace") if source.format == "html" else b""
            with records.opened_raw(source.file) as file:
                yield Chunk(source, 0, 1, [source], [digest(file.read(), beside)])
        except OSError as error:
            yield Chunk(source, 0, 1, [Failure(source.name, records.reason(error), lost=True)], [""])
        return
    held: Chunk | None = None
    number, first = 0, 1
    for items in batches(records.read_lines(source, fields), _bytes_of, RECORDS, _CHUNK_BYTES):
        if held:
            yield held
        held = Chunk(source, number, first, list(items), [_digest_of(item) for item in items], last=False)
        number, first = number + 1, first + len(items)
    if held:
        held.last = True
        yield held


def _bytes_of(item: Line | Article | Failure) -> int:
    if isinstance(item, Line):
        return len(item.data)
    return len(item.text) + len(item.html or "") if isinstance(item, Article) else 0


def _digest_of(item: Line | Article | Failure) -> str:
    if isinstance(item, Line):
        return digest(item.data, str(item.reader.day_first).encode())
    return digest(repr(item).encode(errors="surrogatepass"))
