"""The two passes of a run over its inputs: reading, to learn of their sites; and cleaning. What is done is kept in a journal
each, by chunks of the inputs, and what is there and unchanged is not done again."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from cleaner import learn, records
from cleaner.commands import kept
from cleaner.commands.chunks import Chunk, Stage, chunks, digest
from cleaner.commands.kept import Kept
from cleaner.commands.outdir import OutDirectory
from cleaner.commands.records_out import written_record
from cleaner.engine import Engine
from cleaner.journal import Entry, packed, unpacked
from cleaner.learn import PageLines
from cleaner.model import Article, Failure
from cleaner.pipeline import Cleaned, Extracted, Item, Lines, Work, done, unpack_text
from cleaner.pipeline import read as read_item
from cleaner.records import Fields, Source, SourceList
from cleaner.rules import Rule


def read(sources: Iterable[Source], fields: Fields, stage: Stage, engine: Engine) -> Iterator[int]:
    """Read every article to learn from; how many at a time."""

    def todo() -> Iterator[tuple[Chunk, Item]]:
        for source in sources:
            if not stage.finished(source):
                for chunk in chunks(source, fields):
                    before = stage.same(chunk)
                    if before and before.head[3] == chunk.digests and all(chunk.digests):
                        stage.renew(chunk, before)
                    else:
                        chunk.left = len(chunk.items)
                        yield from ((chunk, item) for item in chunk.items)

    for chunk, _, result in done(todo(), Lines(fields), engine):
        chunk.results.append(result)
        if len(chunk.results) == chunk.left:
            stage.put(chunk, _lines_body(chunk))
        yield 1


def _lines_body(chunk: Chunk) -> bytes:
    """What was read of a chunk, as the body of an entry: of each article its site, unless that is its folder, and its
    lines, with the article of a page, or the text of a record."""
    values: list[Any] = []
    blobs: list[bytes] = []
    for i, result in enumerate(chunk.results):
        if isinstance(result, Failure):
            values.append(kept.failure_value(result, chunk.source))
            if result.lost:
                chunk.digests[i] = ""
        else:
            page, data = result
            values.append([None if page.site == chunk.source.folder else page.site])
            blobs += (page.hashes, page.lengths, data)
    return packed(values, blobs)


class Page(NamedTuple):
    """What was read of an item: what is learned from of it, and the article of a page, or the text of a record; b"" of a
    text."""

    lines: PageLines
    data: bytes


class Pages:
    """What the first pass read of the sources, which is in its journal; a chunk of it at a time is here."""

    def __init__(self, sources: SourceList, stage: Stage) -> None:
        self.sources, self.stage = sources, stage
        gone = stage.journal.names()
        gone.difference_update(source.rel for source in sources)
        for name in gone:
            stage.journal.cut(name)
        self.count = 0  # of the items, once there was something to be learned from them
        # Of each chunk: its source's place, its number, and how many good pages there are up to its end.
        self._source, self._number, self._ends = array("I"), array("I"), array("Q")

    def of(self, source: Source, number: int) -> list[Page | Failure]:
        """What was read of each item of a chunk; nothing where there is no such chunk."""
        entry = self.stage.journal.get(source.rel, number)
        return list(self._read(source, entry)) if entry else []

    def _read(self, source: Source, entry: Entry) -> Iterator[Page | Failure]:
        values, blobs = unpacked(self.stage.journal.body(entry))
        at = 0
        for value in values:
            if isinstance(value, dict):
                yield kept.as_failure(value, source)
            else:
                site = source.folder if value[0] is None else value[0]
                yield Page(PageLines(site, blobs[at], blobs[at + 1]), blobs[at + 2])
                at += 3

    def learned(self) -> list[Rule]:
        """The rules that the pages teach."""
        return learn.learned(self._lines(), self._text)

    def _lines(self) -> Iterator[PageLines]:
        good = 0
        for place, source in enumerate(self.sources):
            for number, entry in enumerate(self.stage.journal.all(source.rel)):
                found = list(self._read(source, entry))
                self.count += len(found)
                lines = [page.lines for page in found if isinstance(page, Page)]
                yield from lines
                good += len(lines)
                self._source.append(place)
                self._number.append(number)
                self._ends.append(good)

    def _text(self, number: int) -> str:
        chunk = bisect_right(self._ends, number)
        source = self.sources[self._source[chunk]]
        pages = [page for page in self.of(source, self._number[chunk]) if isinstance(page, Page)]
        data = pages[number - self._ends[chunk]].data  # counted from the chunk's end
        if not source.single:
            return unpack_text(data)
        item = Work(None, metadata=True).extracted([read_item(Extracted(data, source) if data else source)])[0]
        return item.text if isinstance(item, Article) else ""


class Hits:
    """Which of the learned lines an article has: all that its cleaning depends on of them."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._of_site: dict[str, list[tuple[Rule, frozenset[int]]]] = {}
        for rule in rules:
            self._of_site.setdefault(rule.site, []).append((rule, frozenset(map(learn.hash_of, rule.lines))))

    def of(self, page: PageLines | None, rests: Sequence[int] = ()) -> str:
        """The lines that an article of a page has, with the `rests` of its lines, as a fingerprint; "" for none."""
        if not page or page.site not in self._of_site:
            return ""
        said: list[bytes] = []
        for rule, lines in self._of_site[page.site]:
            has = lines.intersection(array("Q", page.hashes)) | lines.intersection(rests)
            if has:
                said += (rule.id.encode(), rule.why.encode(errors="replace"), repr(sorted(has)).encode())
        return digest(*said) if said else ""


@dataclass(slots=True)
class Cleaning:
    """The second pass: every article is cleaned, and what comes of it is kept; that of a source of one article is written
    to `target`, in the format `to`, unless `texts` are kept of all, to be put together later. To an entry's head it adds
    the hits of each item, the rests of their lines, and the output's name and size, or None."""

    stage: Stage
    work: Work
    pages: Pages | None
    hits: Hits
    target: OutDirectory
    to: str
    texts: bool
    done_before: int = 0
    done: int = 0

    def over(self, sources: Iterable[Source], engine: Engine) -> Iterator[int]:
        """Clean the articles of the sources; how many at a time."""
        for (chunk, i), _, result in done(self._todo(sources), self.work, engine):
            chunk.results[i] = result
            chunk.left -= 1
            self.done += 1
            if not chunk.left:
                self._keep(chunk)
            yield 1

    def kept_of(self, source: Source) -> Iterator[Kept | Failure]:
        """What the journal says of the items of a source, in order."""
        first = 1
        for entry in self.stage.journal.all(source.rel):
            yield from kept.of_body(self.stage.journal.body(entry), source, first)
            first += len(entry.head[3])

    def _todo(self, sources: Iterable[Source]) -> Iterator[tuple[tuple[Chunk, int], Item]]:
        for source in sources:
            if self._finished(source):
                continue
            for chunk in chunks(source, self.work.fields):
                chunk.pages = self._pages(source, chunk.number)
                yield from self._of_chunk(chunk)

    def _pages(self, source: Source, number: int) -> list[Page | Failure]:
        return self.pages.of(source, number) if self.pages else []

    def _finished(self, source: Source) -> bool:
        if not self.stage.finished(source):
            return False
        done = number = 0
        for number, entry in enumerate(self.stage.journal.all(source.rel), 1):
            hits, rests, output = entry.head[4:]
            pages = self._pages(source, number - 1)
            if (self.pages and len(hits) != len(pages)) or not self._there(source, output):
                return False
            if any(before != self._hits(pages, i, rests.get(str(i), ())) for i, before in enumerate(hits)):
                return False
            done += len(hits)
        if self._pages(source, number):
            return False
        self.done_before += done
        return True

    def _hits(self, pages: Sequence[Page | Failure], number: int, rests: Sequence[int]) -> str:
        page = pages[number] if number < len(pages) else None
        return self.hits.of(page.lines if isinstance(page, Page) else None, rests)

    def _of_chunk(self, chunk: Chunk) -> Iterator[tuple[tuple[Chunk, int], Item]]:
        before = self._before(chunk)
        chunk.results = [before.get(i) for i in range(len(chunk.items))]
        todo: list[tuple[int, Item]] = []
        for i, item in enumerate(chunk.items):
            page = chunk.pages[i] if i < len(chunk.pages) else None
            if isinstance(page, Failure):
                chunk.results[i] = page
            elif chunk.results[i] is None:
                data = page.data if page and isinstance(item, Source) else b""
                todo.append((i, Extracted(data, item) if data and isinstance(item, Source) else item))
        chunk.left = len(todo)
        self.done_before += len(before)
        entry = self.stage.same(chunk)
        if entry and len(before) == len(chunk.items) == len(entry.head[3]):
            self.stage.renew(chunk, entry)
        elif not todo:
            self._keep(chunk)
        for i, item in todo:
            yield (chunk, i), item

    def _before(self, chunk: Chunk) -> dict[int, tuple[Kept | Failure, list[int]]]:
        """What was made of the chunk's items before, where that still holds, and the rests of their lines."""
        entry = self.stage.same(chunk)
        if entry is None:
            return {}
        hits, rests, output = entry.head[4:]
        if not self._there(chunk.source, output):
            return {}
        items = list(kept.of_body(self.stage.journal.body(entry), chunk.source, chunk.first))
        found = {}
        for i, (was, now) in enumerate(zip(entry.head[3], chunk.digests, strict=False)):
            rest = rests.get(str(i), [])
            if was and was == now and hits[i] == self._hits(chunk.pages, i, rest):
                found[i] = (items[i], rest)
        return found

    def _keep(self, chunk: Chunk) -> None:
        """Write what came of a chunk, and then remember it."""
        source = chunk.source
        output: list[Any] | None = None
        items: list[Kept | Failure] = []
        rests: dict[str, list[int]] = {}
        hits = []
        for i, result in enumerate(chunk.results):
            if isinstance(result, Cleaned):
                if source.single and not self.texts:
                    output = self._written(source, result)
                rest = kept.rests(result.result)
                items.append(kept.kept(result, self.work.fields, self.texts or not source.single))
            elif isinstance(result, Failure):
                rest = []
                items.append(result)
                if result.lost:
                    chunk.digests[i] = ""
            else:
                item, rest = result
                items.append(item)
            if rest:
                rests[str(i)] = rest
            hits.append(self._hits(chunk.pages, i, rest))
        before = self.stage.journal.get(source.rel, chunk.number)
        self.stage.put(chunk, kept.as_body(items, source, chunk.first), hits, rests, output)
        if before and before.head[6] and before.head[6][0] != (output and output[0]):
            self.target.remove(before.head[6][0])

    def output(self, source: Source) -> str:
        """The output of a source, by its path below the target."""
        return f"articles/{records.output_name(source, self.to)}"

    def _there(self, source: Source, output: Sequence[Any] | None) -> bool:
        """Whether the output of a source, if it had one, is still what was written."""
        return output is None or (output[0] == self.output(source) and self.target.size(output[0]) == output[1])

    def _written(self, source: Source, item: Cleaned) -> list[Any]:
        """Write the output of a source of one article: its name and size."""
        name, text = self.output(source), item.result.text
        if self.to in ("", "text"):
            return [name, self.target.write(name, [(text + "\n" if item.page and text else text).encode(errors="replace")])]
        encoder = records.encoder(self.to)
        record = written_record(item, self.work.fields, False, self.to)
        return [name, self.target.write(name, chain([encoder.add(record, text)], encoder.close()))]
