"""The road of an article: read, extracted, cleaned, and then kept or summed up. The engine that runs it is handed in."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, TypeVar

import msgspec

from cleaner import records
from cleaner.clean import clean_articles, load_model, site_of, why_nothing
from cleaner.dates import date_of
from cleaner.engine import Engine, batches
from cleaner.model import Article, CleanResult, Failure, Remark
from cleaner.options import CleanOptions
from cleaner.pages import ExtractionError, extract_all
from cleaner.pages import load as load_pages
from cleaner.records import Fields, Line, Source
from cleaner.rules import in_force

if TYPE_CHECKING:
    from cleaner.group.collection import Summary
    from cleaner.learn import PageLines

Item: TypeAlias = "Line | Article | Failure | Source | Extracted"  # what is read, wherever the work runs
Origin = TypeVar("Origin")  # whatever an item came with, and its result is to be known by

OPENING = 200  # code points of an article by which people know it


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An article (extracted, where it was a page), and what cleaning made of its text."""

    article: Article
    result: CleanResult
    page: bool  # whether it came as HTML
    summary: Summary | None = None  # for grouping, where that was asked for

    def as_article(self) -> Article:
        """The article with its cleaned text, as grouping and comparing want it."""
        date = self.article.date or self.result.date
        return msgspec.structs.replace(self.article, text=self.result.text, blocks=(), date=date)


@dataclass(frozen=True, slots=True)
class Summaries:
    """What grouping is told of some articles that stand one after the other: no text.

    `numbers` says of each whether its id was given as a whole number, `no_article` why it is none ("" where it is one);
    `remarks` come with an article's id; `openings`, where people are to know it, say how each begins, `kinds` whether it
    reports (see headlines), and `statements`, where these are wanted, what it says.
    """

    summary: Summary
    numbers: bytes
    no_article: list[str]
    remarks: list[tuple[str, Remark]]
    openings: list[Article]
    kinds: bytes = b""
    statements: Sequence[tuple[str, ...]] = ()

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with a batch of articles, wherever it runs; rules travel as data.

    `clean` None takes the articles as they are. `only_articles` puts a Failure that is `left_out` for what is none.
    `metadata` asks for a page's title, date, author and site as well. `summary` is what they are summed up for; where
    `keep` is false, that comes back instead of them (with the `openings` and `statements` if so wanted), and the texts stay
    where they were cleaned.
    """

    clean: CleanOptions | None = field(default_factory=CleanOptions)
    fields: Fields = field(default_factory=Fields)
    metadata: bool = False
    only_articles: bool = False
    summary: Literal["", "copies", "stories"] = ""
    keep: bool = True
    openings: bool = False
    statements: bool = False

    def __call__(self, batch: Sequence[Item]) -> list[Cleaned | Failure] | list[Summaries | Failure]:
        given = [read(item) for item in batch]
        return self._kept(given) if self.keep else self._summed_up(given)

    def prepare(self, html: bool) -> None:
        """Load what the work needs, for pages too where there are `html` ones: processes that are started afterwards have
        it from the start."""
        if html:
            load_pages()
        if self.clean:
            load_model()
            in_force(self.clean.rules).check()
        if self.summary:
            import cleaner.group.collection  # noqa: F401

    def extracted(self, items: Sequence[Article | Failure]) -> list[Article | Failure]:
        """The items, extracted where they are pages."""
        found = iter(extract_all([item for item in items if isinstance(item, Article)], self.metadata))
        return [item if isinstance(item, Failure) else _or_failure(item, next(found)) for item in items]

    def _cleaned(self, articles: Sequence[Article]) -> list[CleanResult]:
        if self.clean:
            return clean_articles(articles, self.clean)
        return [CleanResult(article.text, article.text, no_article=why_nothing(article)) for article in articles]

    def _kept(self, given: Sequence[Article | Failure]) -> list[Cleaned | Failure]:
        extracted = self.extracted(given)
        results = iter(self._cleaned([item for item in extracted if isinstance(item, Article)]))
        pages = (isinstance(item, Article) and (item.html is not None or item.facts is not None) for item in given)
        done = [
            # Nobody asks for the blocks any more, and they are many to carry from a worker.
            item if isinstance(item, Failure) else Cleaned(msgspec.structs.replace(item, blocks=()), next(results), page)
            for item, page in zip(extracted, pages, strict=True)
        ]
        if self.only_articles:
            done = [_left_out(item) if isinstance(item, Cleaned) and item.result.no_article else item for item in done]
        return self._with_summaries(done) if self.summary else done

    def _with_summaries(self, done: list[Cleaned | Failure]) -> list[Cleaned | Failure]:
        from cleaner.group.collection import summarise

        ready = [item.as_article() for item in done if isinstance(item, Cleaned)]
        summaries = iter(summarise(ready, self.summary == "stories").each())
        return [replace(item, summary=next(summaries)) if isinstance(item, Cleaned) else item for item in done]

    def _summed_up(self, given: Sequence[Article | Failure]) -> list[Summaries | Failure]:
        # Where texts are taken as they are, half the work would be to make other objects of them.
        done = self._kept_only(given) if self.clean or self.only_articles else self.extracted(given)
        found: list[Summaries | Failure] = []
        for good, run in groupby(zip(given, done, strict=True), key=lambda both: not isinstance(both[1], Failure)):
            pairs = list(run)
            found += [self._summaries(pairs)] if good else [failure for _, failure in pairs]  # type: ignore[misc, arg-type]
        return found

    def _kept_only(self, given: Sequence[Article | Failure]) -> list[Cleaned | Failure]:
        return replace(self, summary="")._kept(given)

    def _summaries(self, run: Sequence[tuple[Article, Article | Cleaned]]) -> Summaries:
        from cleaner import headlines, statements
        from cleaner.group.collection import summarise

        ready = [done.as_article() if isinstance(done, Cleaned) else done for _, done in run]
        summary = summarise(ready, self.summary == "stories")
        return Summaries(
            summary,
            bytes(is_number(item, self.fields) for item, _ in run),
            [done.result.no_article if isinstance(done, Cleaned) else why_nothing(done) for _, done in run],
            [(item.id, remark) for item, _ in run for remark in item.remarks],
            [opening(article) for article in ready] if self.openings else [],
            bytes(map(headlines.kind_of, ready)) if self.openings else b"",
            list(map(statements.statements, ready, summary.features or ())) if self.statements else (),
        )


def _or_failure(item: Article, extracted: Article | ExtractionError) -> Article | Failure:
    return Failure(item.id, str(extracted)) if isinstance(extracted, ExtractionError) else extracted


@dataclass(frozen=True, slots=True)
class Lines:
    """The work of reading for learning: what is learned from of each article, and what saves reading it again: of a page
    the article, packed, of a record its text, of a text nothing."""

    fields: Fields

    def __call__(self, batch: Sequence[Item]) -> list[tuple[PageLines, bytes] | Failure]:
        found = Work(None, self.fields, metadata=True).extracted([read(item) for item in batch])
        return [self._lines(item, article) for item, article in zip(batch, found, strict=True)]

    def prepare(self, html: bool) -> None:
        """See Work.prepare."""
        Work(None, self.fields).prepare(html)

    def _lines(self, item: Item, article: Article | Failure) -> tuple[PageLines, bytes] | Failure:
        from cleaner.learn import page_lines  # only learning pays for it

        if isinstance(article, Failure):
            return article
        again = b""  # of a text, which is read again as quickly
        if not isinstance(item, Source):
            again = _compressed(article.text.encode(errors="surrogatepass"))
        elif item.format == "html":
            again = pack(article)
        return page_lines(article), again


class Extracted(NamedTuple):
    """The article of a page, as `pack` packed it, and the source that it was extracted from."""

    data: bytes
    source: Source


def pack(article: Article) -> bytes:
    """An article that came from a file of its own; b"" where it cannot be packed (a lone surrogate has no UTF-8)."""
    try:
        return _compressed(msgspec.msgpack.encode(msgspec.structs.replace(article, id="", folder="", record={})))
    except UnicodeEncodeError:
        return b""


def unpack(item: Extracted) -> Article:
    """The article again."""
    article = msgspec.msgpack.decode(_decompressed(item.data), type=Article)
    return msgspec.structs.replace(article, id=item.source.name, folder=item.source.folder)


def unpack_text(data: bytes) -> str:
    """The text of a record, as the work of Lines gives it back."""
    return _decompressed(data).decode(errors="surrogatepass")


def _compressed(data: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor(level=3).compress(data)


def _decompressed(data: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdDecompressor().decompress(data)


def read(item: Item) -> Article | Failure:
    """The article of an item; of a source, which then is a single one, what is in it."""
    if isinstance(item, Line):
        return records.parsed(item)
    if isinstance(item, Source):
        return next(records.read(item, Fields()))
    return unpack(item) if isinstance(item, Extracted) else item


def _left_out(item: Cleaned) -> Failure:
    return Failure(item.article.id, item.result.no_article, left_out=True)


def opening(article: Article) -> Article:
    """What people know an article by."""
    return Article(
        id=article.id,
        title=article.title,
        date=date_of(article.date),
        url=article.url,
        site=article.site or (site_of(article) if article.url else None),
        text="" if article.title else article.text.lstrip()[:OPENING],
    )


def is_number(article: Article, fields: Fields) -> bool:
    """Whether an article's id was given as a whole number: it is one in results, too."""
    given = article.record.get(fields.id)
    return isinstance(given, int) and str(given) == article.id


def cleaned(
    sources: Iterable[Source], work: Work, engine: Engine, wanted: Sequence[int] | None = None
) -> Iterator[tuple[Source, Cleaned | Failure]]:
    """Every article of the sources, extracted and cleaned, in order, with a Failure in the place of each that failed.

    `wanted`, where given, says of each item whether it is to be done at all.
    """
    items = (
        (source, item)
        for number, (source, item) in enumerate(
            (source, item) for source in sources for item in records.read(source, work.fields)
        )
        if wanted is None or (number < len(wanted) and wanted[number])
    )
    for source, item, result in done(items, work, engine):
        assert not isinstance(result, Summaries)
        if isinstance(result, Cleaned) and isinstance(item, Article):
            result = replace(result, article=msgspec.structs.replace(result.article, record=item.record))
        yield source, result


def summed_up(sources: Iterable[Source], work: Work, engine: Engine) -> Iterator[tuple[Source, Summaries | Failure]]:
    """Every article of the sources, summed up for grouping with those beside it, in order, with a Failure in the place of
    each that failed. With them comes the source of the first."""
    items = ((source, item) for source in sources for item in records.read_lines(source, work.fields))
    for source, _, result in done(items, replace(work, keep=False), engine):
        assert not isinstance(result, Cleaned)
        yield source, result


def done(items: Iterable[tuple[Origin, Item]], work: Work | Lines, engine: Engine) -> Iterator[tuple[Origin, Item, Any]]:
    """Every item with where it came from and what the work made of it, or a Failure; of those that were summed up together
    the first."""
    waiting: deque[tuple[Origin, Item]] = deque()
    met: set[bool] = set()  # pages, others

    def feed() -> Iterator[Item]:
        for origin, item in items:
            waiting.append((origin, item))
            if (html := _is_page(item)) is not None:
                met.add(html)
            # The record of an article that comes back is put to it again: it may be large to carry.
            back = isinstance(work, Lines) or work.keep
            yield msgspec.structs.replace(item, record={}) if back and isinstance(item, Article) else item

    def ready() -> Iterator[list[Item]]:
        alone = getattr(engine, "timeout", None) is None  # a single batch stays in this process then
        for number, batch in enumerate(batches(feed(), size_of)):
            while met and (number or not alone):
                work.prepare(met.pop())
            yield batch

    for result in engine.map(work, ready()):
        origin, item = waiting.popleft()
        for _ in range(len(result) - 1 if isinstance(result, Summaries) else 0):
            waiting.popleft()
        if isinstance(result, Failure) and not result.where:
            result = replace(result, where=_name(item))
        yield origin, item, result


def _is_page(item: Item) -> bool | None:
    """Whether an item is to be extracted; None for what is no article."""
    if isinstance(item, Failure):
        return None
    if isinstance(item, Line):
        return b'"html"' in item.data
    return item.html is not None if isinstance(item, Article) else isinstance(item, Source) and item.format == "html"


def _name(item: Item) -> str:
    if isinstance(item, Failure):
        return item.where
    if isinstance(item, Article):
        return item.id
    if isinstance(item, Line):
        return item.reader.name(item.number)
    return item.name if isinstance(item, Source) else item.source.name


def size_of(item: Item) -> int:
    """About how much text an item holds: of a page, hardly a tenth is."""
    if isinstance(item, Line | Extracted):
        return len(item.data)
    if isinstance(item, Source):
        return item.size // 8 if item.format == "html" else item.size
    return len(item.text) + len(item.html or "") // 8 if isinstance(item, Article) else 0
