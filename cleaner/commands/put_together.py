"""The outputs of a run that are put together when all of an input is cleaned: files of records, and shards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

import zstandard

from cleaner import records
from cleaner.commands.chunks import digest
from cleaner.commands.kept import Kept
from cleaner.commands.outdir import OutDirectory
from cleaner.commands.passes import Cleaning
from cleaner.commands.records_out import written_record
from cleaner.model import Article, CleanResult, Failure
from cleaner.pipeline import Cleaned
from cleaner.records import Fields, Source


class _Changed(Exception):
    """An input is not what was cleaned."""


class Outputs:
    """Where the cleaned articles stand."""

    def __init__(self, target: OutDirectory, cleaning: Cleaning, fields: Fields, to: str, shard: int) -> None:
        self.target, self.cleaning, self.fields, self.to, self.shard = target, cleaning, fields, to, shard
        self.journal = target.journal("written")
        self._names: set[str] = set()  # of the outputs
        self._last, self._place = "", 0  # that an article was placed in, and how many are
        self._shards: list[int] = []  # the articles before the end of each
        self._taken = self._at = 0  # articles of which the place is known, and the shard that the last stands in

    def put_together(self, sources: Iterable[Source]) -> dict[str, str]:
        """Write what is not there yet; the inputs, by `rel`, of which that could not be done, and why."""
        if self.shard:
            self._write_shards(sources)
            return {}
        failed = {}
        for source in sources:
            if source.single:
                continue
            try:
                self._put_together(source)
            except _Changed:
                failed[source.rel] = "changed while it was read"
            except records.Unreadable as error:
                failed[source.rel] = f"its output could not be written: {error}"
            if source.rel in failed:
                self.cleaning.stage.journal.cut(source.rel)
        return failed

    def place(self, source: Source) -> tuple[str, int]:
        """The output that the next article stands in, and its place there."""
        if self.shard:
            self._at += self._taken == self._shards[self._at]
            name = _shard_name(self._at)
            self._taken += 1
        else:
            name = self.cleaning.output(source)
        if name != self._last:
            self._last, self._place = name, 0
            if self.shard or not source.single:
                self._names.add(name)
        self._place += 1
        return name, self._place - 1

    def remove_others(self, sources: Iterable[Source]) -> None:
        """Remove what earlier runs wrote and this one did not."""
        cleaned = self.cleaning.stage.journal
        gone = cleaned.names()
        gone.difference_update(source.rel for source in sources)
        stale = (self.journal.names() | set(filter(None, map(self._output_of, gone)))) - self._names
        for rel in gone:
            cleaned.cut(rel)
        for source in sources if stale else ():
            stale.discard(self._output_of(source.rel))
        for name in stale:
            self.target.remove(name)
            self.journal.cut(name)
        self.journal.rewritten(self.target.temporary / "journal")

    def _output_of(self, rel: str) -> str:
        """The output of a source of one article; "" where it has none."""
        entry = self.cleaning.stage.journal.get(rel)
        return entry.head[6][0] if entry and entry.head[6] else ""

    def _put_together(self, source: Source) -> None:
        name = self.cleaning.output(source)
        key = digest(*(repr(entry.head[2:6]).encode() for entry in self.cleaning.stage.journal.all(source.rel)))
        if self._there(name, key):
            return
        items = self.cleaning.kept_of(source)
        first = next((item for item in items if isinstance(item, Kept)), None)
        if first is None:
            return
        self.journal.put(name, 0, ["", 0], b"")  # so that it is known for ours
        size = self.target.write(name, self._encoded(source))
        self.journal.put(name, 0, [key, size], b"")

    def _there(self, name: str, key: str) -> bool:
        entry = self.journal.get(name)
        return entry is not None and entry.head[0] == key and self.target.size(name) == entry.head[1]

    def _encoded(self, source: Source) -> Iterator[bytes]:
        encoder = records.encoder(self.to)
        for given, item in zip_longest(records.read(source, self.fields), self.cleaning.kept_of(source)):
            if given is None or item is None or (isinstance(item, Kept) and isinstance(given, Failure)):
                raise _Changed
            if isinstance(item, Kept) and isinstance(given, Article):
                cleaned = Cleaned(given, CleanResult("", item.text or ""), given.html is not None)
                yield encoder.add(written_record(cleaned, self.fields, False, self.to), item.text or "")
        yield from encoder.close()

    def _write_shards(self, sources: Iterable[Source]) -> None:
        """All articles as records, in compressed files of so many bytes, before they are compressed."""
        lines: list[bytes] = []
        size = count = 0
        for source in sources:
            for item in self.cleaning.kept_of(source):
                if not isinstance(item, Kept):
                    continue
                lines.append(self._line(item))
                size, count = size + len(lines[-1]), count + 1
                if size >= self.shard:
                    self._write_shard(lines, count)
                    lines, size = [], 0
        if lines:
            self._write_shard(lines, count)

    def _line(self, item: Kept) -> bytes:
        known, fields = item.opening, self.fields
        record = {fields.id: known.id, fields.title: known.title, fields.date: known.date, fields.url: known.url}
        record = {key: value for key, value in {**record, fields.site: known.site}.items() if value is not None}
        return (records.dumps({**record, fields.text: item.text or ""}) + "\n").encode()

    def _write_shard(self, lines: Sequence[bytes], count: int) -> None:
        name = _shard_name(len(self._shards))
        self._shards.append(count)
        data = b"".join(lines)
        key = digest(data)
        if not self._there(name, key):
            self.journal.put(name, 0, ["", 0], b"")
            size = self.target.write(name, [zstandard.ZstdCompressor(level=3).compress(data)])
            self.journal.put(name, 0, [key, size], b"")


def _shard_name(number: int) -> str:
    return f"articles/{number:05}.jsonl.zst"
