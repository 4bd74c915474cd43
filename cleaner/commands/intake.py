"""From paths to cleaned articles: what `clean`, `group`, `diff` and `run` have in common."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from cleaner import records
from cleaner.clean import clean_many, load_model, site_of
from cleaner.commands.ledger import Ledger, Usage
from cleaner.engine import Engine, batches
from cleaner.extract import ExtractionError, extract, load_extractor
from cleaner.model import Article, CleanResult, Failure
from cleaner.records import Fields, Line, Source
from cleaner.rules import Rule, RuleSet, default, merge, shipped

if TYPE_CHECKING:
    from cleaner.group.collection import Summary

Out = TypeVar("Out")


class Bookkeeper(Protocol):
    """What hears of inputs that cannot be used: a Ledger, or a batch that keeps a manifest too."""

    def fail(self, failure: Failure) -> None: ...

    def skip(self, name: str, why: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Inputs:
    """What to read, and how."""

    paths: tuple[str, ...] = ()
    format: str | None = None
    fields: Fields = field(default_factory=Fields)
    lang: str | None = None  # of the articles, where it is told
    rules: tuple[Rule, ...] = ()  # the user's own
    caution: float = 0.0  # see clean.clean
    include: frozenset[str] = frozenset()  # of rules.PARTS

    def in_force(self, learned: Iterable[Rule] = ()) -> tuple[Rule, ...]:
        """The shipped rules, what was learned over them, and the user's own over both."""
        return merge(shipped(), learned, self.rules)

    def sources(self, ledger: Bookkeeper) -> list[Source]:
        """The inputs that can be opened; the others are failures, or notes where a directory held them."""
        if self.format and self.format not in records.FORMATS:
            raise Usage(f"--from {self.format}: unknown format; it is one of {', '.join(records.FORMATS)}")
        paths = self.paths or ("-",)
        if paths.count("-") > 1:
            raise Usage("-: standard input can be read only once")
        return list(records.discover(paths, self.format, ledger.fail, ledger.skip))

    @property
    def nothing_to_read(self) -> bool:
        """Whether no path was named and standard input is a terminal: then the help is what is wanted."""
        return not self.paths and sys.stdin.isatty()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An article (extracted, where it was a page), and what cleaning made of its text."""

    article: Article
    result: CleanResult
    page: bool  # whether it came as HTML
    summary: Summary | None = None  # for grouping, where that was asked for

    def as_article(self) -> Article:
        """The article with its cleaned text, as grouping and comparing want it."""
        return replace(self.article, text=self.result.text, blocks=(), date=self.article.date or self.result.date)

    @property
    def empty(self) -> str:
        """Why nothing is left of the article; "" where something is."""
        if not self.result.text.strip() and self.result.source.strip():
            return "nothing but boilerplate"
        return why_empty(self.result.source, self.page)


def why_empty(source: str, page: bool) -> str:
    """Why there is nothing in an article to begin with; "" where there is."""
    return "" if source and not source.isspace() else "no article in it" if page else "empty"


@dataclass(frozen=True, slots=True)
class Summed:
    """What `group` is told of some articles that stand one after the other: no text. `numbers` says of each whether its id
    was given as a whole number, `empty` why nothing is left of it ("" where something is), and `openings`, where people are
    to know it, how it begins."""

    summary: Summary
    numbers: bytes
    empty: list[str]
    openings: list[Article]

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class _Work:
    """What workers do with a batch. Rules travel as data, and each process compiles them once."""

    rules: tuple[Rule, ...] | None = None
    metadata: bool = False
    cleaning: bool = True
    lang: str | None = None
    caution: float = 0.0
    include: frozenset[str] = frozenset()
    grouping: Literal["", "copies", "stories"] = ""  # what it is summed up for

    def __call__(self, batch: Sequence[Article | Failure]) -> list[Cleaned | Failure]:
        extracted = [self.extracted(item) for item in batch]
        articles = [item for item in extracted if isinstance(item, Article)]
        if self.cleaning:
            results = clean_many(articles, self._ruleset(), self.lang, caution=self.caution, include=self.include)
        else:
            results = (CleanResult(article.text, article.text) for article in articles)
        pages = (isinstance(item, Article) and item.html is not None for item in batch)
        found = [
            # Nobody asks for the blocks any more, and they are many to carry from a worker.
            item if isinstance(item, Failure) else Cleaned(replace(item, blocks=()), next(results), page)
            for item, page in zip(extracted, pages, strict=True)
        ]
        return self._summed_up(found) if self.grouping else found

    def _summed_up(self, found: list[Cleaned | Failure]) -> list[Cleaned | Failure]:
        from cleaner.group.collection import summarise

        ready = [item.as_article() for item in found if isinstance(item, Cleaned)]
        made = iter(summarise(ready, self.grouping == "stories").each())
        return [replace(item, summary=next(made)) if isinstance(item, Cleaned) else item for item in found]

    def prepare(self, html: bool) -> None:
        """Load what the work needs, for pages too where there are `html` ones: processes that are started afterwards have
        it from the start."""
        if html:
            load_extractor()
        if self.cleaning:
            load_model()
            self._ruleset().check()
        if self.grouping:
            import cleaner.group.collection  # noqa: F401

    def _ruleset(self) -> RuleSet:
        return default() if self.rules is None else compiled(self.rules)

    def extracted(self, item: Article | Failure) -> Article | Failure:
        """The item, extracted where it is a page."""
        if isinstance(item, Failure):
            return item
        try:
            return extract(item, self.metadata)
        except ExtractionError as error:
            return Failure(item.id, str(error))


@dataclass(frozen=True, slots=True)
class _SumUp:
    """What workers do for `group`: as _Work, from lines as they stand, and the texts stay with them."""

    work: _Work
    fields: Fields
    grouping: Literal["copies", "stories"]
    openings: bool

    def __call__(self, batch: Sequence[Line | Article | Failure]) -> list[Summed | Failure]:
        items = [records.parsed(item, self.fields) if isinstance(item, Line) else item for item in batch]
        # Where texts are taken as they are, half the work would be to make other objects of them.
        done = self.work(items) if self.work.cleaning else [self.work.extracted(item) for item in items]
        found: list[Summed | Failure] = []
        for good, run in groupby(zip(items, done, strict=True), key=lambda both: not isinstance(both[1], Failure)):
            pairs = list(run)
            found += [self._summed(pairs)] if good else [failure for _, failure in pairs]  # type: ignore[misc, arg-type]
        return found

    def _summed(self, run: Sequence[tuple[Article, Article | Cleaned]]) -> Summed:
        from cleaner.group.collection import summarise

        ready = [done.as_article() if isinstance(done, Cleaned) else done for _, done in run]
        return Summed(
            summarise(ready, self.grouping == "stories"),
            bytes(is_number(item, self.fields) for item, _ in run),
            [done.empty if isinstance(done, Cleaned) else why_empty(done.text, item.html is not None) for item, done in run],
            [
                Article(
                    id=article.id,
                    title=article.title,
                    date=article.date,
                    site=article.site or (site_of(article) if article.url else None),
                    text=article.text.lstrip()[:200],
                )
                for article in ready
            ]
            if self.openings
            else [],
        )


def is_number(article: Article, fields: Fields) -> bool:
    """Whether an article's id was given as a whole number: it is one in results, too."""
    given = article.record.get(fields.id)
    return isinstance(given, int) and str(given) == article.id


@cache
def compiled(rules: tuple[Rule, ...]) -> RuleSet:
    """Rules that are not the shipped ones alone, compiled once a process."""
    return RuleSet(rules)


def cleaned(
    sources: Iterable[Source],
    inputs: Inputs,
    engine: Engine,
    *,
    rules: tuple[Rule, ...] | None = None,
    metadata: bool = False,
    cleaning: bool = True,
    grouping: Literal["", "copies", "stories"] = "",
    wanted: Sequence[int] | None = None,
) -> Iterator[tuple[Source, Cleaned | Failure]]:
    """Every article of the sources, extracted and cleaned, in order, with a Failure in the place of each that failed.

    `rules` are those in force unless given. `metadata` asks for a page's title, date, author and site as well, `grouping`
    for what grouping needs. `wanted`, where given, says of each item whether it is to be done at all.
    """
    if rules is None and inputs.rules:
        rules = inputs.in_force()
    work = _Work(rules, metadata, cleaning, inputs.lang, inputs.caution, inputs.include, grouping)

    def without_record(item: Line | Article) -> Line | Article:
        # Workers have no use for the record, and it may be large.
        return replace(item, record={}) if isinstance(item, Article) else item

    items = (
        (source, item)
        for number, (source, item) in enumerate(
            (source, item) for source in sources for item in records.read(source, inputs.fields)
        )
        if wanted is None or (number < len(wanted) and wanted[number])
    )
    for source, item, result in _done(items, engine, work, work.prepare, without_record):
        if isinstance(result, Cleaned) and isinstance(item, Article):
            result = replace(result, article=replace(result.article, record=item.record))
        yield source, result


def summed(
    sources: Iterable[Source],
    inputs: Inputs,
    engine: Engine,
    *,
    cleaning: bool,
    grouping: Literal["copies", "stories"],
    openings: bool,
) -> Iterator[Summed | Failure]:
    """Every article of the sources, summed up for grouping with those beside it, in order, with a Failure in the place of
    each that failed."""
    rules = inputs.in_force() if inputs.rules else None
    work = _Work(rules, True, cleaning, inputs.lang, inputs.caution, inputs.include)
    items: Iterator[tuple[Source, Line | Article | Failure]] = (
        (source, item) for source in sources for item in records.read_lines(source, inputs.fields)
    )
    sum_up = _SumUp(work, inputs.fields, grouping, openings)

    def as_it_stands(item: Line | Article) -> Line | Article:
        return item

    for _, _, result in _done(items, engine, sum_up, work.prepare, as_it_stands):
        yield result


def _done(
    items: Iterable[tuple[Source, Line | Article | Failure]],
    engine: Engine,
    work: Callable[[Sequence[Any]], Sequence[Out | Failure]],
    prepare: Callable[[bool], None],
    given: Callable[[Line | Article], Line | Article],
) -> Iterator[tuple[Source, Line | Article | Failure, Out | Failure]]:
    """Every item, and what the work made of what it is `given` of it; the first one of those that were summed up."""
    waiting: deque[tuple[Source, Line | Article | Failure]] = deque()
    prepared: set[bool] = set()

    def feed() -> Iterator[Line | Article | Failure]:
        for source, item in items:
            waiting.append((source, item))
            if isinstance(item, Failure):
                yield item
                continue
            html = b'"html"' in item.data if isinstance(item, Line) else item.html is not None
            if html not in prepared:
                prepare(html)
                prepared.add(html)
            yield given(item)

    for result in engine.map(work, batches(feed(), _size)):
        source, item = waiting.popleft()
        for _ in range(len(result) - 1 if isinstance(result, Summed) else 0):
            waiting.popleft()
        if isinstance(result, Failure) and not result.where:
            name = source.name if isinstance(item, Failure) else item.name if isinstance(item, Line) else item.id
            result = replace(result, where=name)
        yield source, item, result


def _size(item: Line | Article | Failure) -> int:
    """About how much text an item holds: of a page, hardly a tenth is."""
    if isinstance(item, Line):
        return len(item.data)
    return len(item.text) + len(item.html or "") // 8 if isinstance(item, Article) else 0


def note_if_empty(name: str, why: str, ledger: Ledger) -> None:
    """Say that an article came out empty, if there is a reason `why`."""
    if why:
        ledger.note("empty articles", name, f"{why}: the result is empty")
