"""From paths to cleaned articles: what `clean`, `group`, `diff` and `run` have in common."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Protocol

from cleaner import records
from cleaner.clean import clean_many, load_model
from cleaner.commands.ledger import Ledger, Usage
from cleaner.engine import Engine, batches
from cleaner.extract import ExtractionError, extract, load_extractor
from cleaner.model import Article, CleanResult, Failure
from cleaner.records import Fields, Source
from cleaner.rules import Rule, RuleSet, default, merge, shipped


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

    def as_article(self) -> Article:
        """The article with its cleaned text, as grouping and comparing want it."""
        return replace(self.article, text=self.result.text, blocks=(), date=self.article.date or self.result.date)


@dataclass(frozen=True, slots=True)
class _Work:
    """What workers do with a batch. Rules travel as data, and each process compiles them once."""

    rules: tuple[Rule, ...] | None = None
    metadata: bool = False
    cleaning: bool = True
    lang: str | None = None
    caution: float = 0.0
    include: frozenset[str] = frozenset()

    def __call__(self, batch: Sequence[Article | Failure]) -> list[Cleaned | Failure]:
        extracted = [self._extracted(item) for item in batch]
        articles = [item for item in extracted if isinstance(item, Article)]
        if self.cleaning:
            results = clean_many(articles, self._ruleset(), self.lang, caution=self.caution, include=self.include)
        else:
            results = (CleanResult(article.text, article.text) for article in articles)
        pages = (isinstance(item, Article) and item.html is not None for item in batch)
        return [
            # Nobody asks for the blocks any more, and they are many to carry from a worker.
            item if isinstance(item, Failure) else Cleaned(replace(item, blocks=()), next(results), page)
            for item, page in zip(extracted, pages, strict=True)
        ]

    def prepare(self, html: bool) -> None:
        """Load what the work needs, for pages too where there are `html` ones: processes that are started afterwards have
        it from the start."""
        if html:
            load_extractor()
        if self.cleaning:
            load_model()
            self._ruleset().check()

    def _ruleset(self) -> RuleSet:
        return default() if self.rules is None else compiled(self.rules)

    def _extracted(self, item: Article | Failure) -> Article | Failure:
        if isinstance(item, Failure):
            return item
        try:
            return extract(item, self.metadata)
        except ExtractionError as error:
            return Failure(item.id, str(error))


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
) -> Iterator[tuple[Source, Cleaned | Failure]]:
    """Every article of the sources, extracted and cleaned, in order, with a Failure in the place of each that failed.

    `rules` are those in force unless given. `metadata` asks for a page's title, date, author and site as well.
    """
    waiting: deque[tuple[Source, Article | Failure]] = deque()
    if rules is None and inputs.rules:
        rules = inputs.in_force()
    work = _Work(rules, metadata, cleaning, inputs.lang, inputs.caution, inputs.include)
    prepared: set[bool] = set()

    def feed() -> Iterator[Article | Failure]:
        for source in sources:
            for item in records.read(source, inputs.fields):
                waiting.append((source, item))
                if isinstance(item, Article) and (html := item.html is not None) not in prepared:
                    work.prepare(html)
                    prepared.add(html)
                # The record stays here: workers have no use for it, and it may be large.
                yield replace(item, record={}) if isinstance(item, Article) else item

    for result in engine.map(work, batches(feed(), _size)):
        source, item = waiting.popleft()
        if isinstance(result, Cleaned) and isinstance(item, Article):
            result = replace(result, article=replace(result.article, record=item.record))
        elif isinstance(result, Failure) and not result.where:
            result = replace(result, where=item.id if isinstance(item, Article) else source.name)
        yield source, result


def _size(item: Article | Failure) -> int:
    """About how much text an item holds: of a page, hardly a tenth is."""
    return len(item.text) + len(item.html or "") // 8 if isinstance(item, Article) else 0


def note_if_empty(item: Cleaned, ledger: Ledger) -> None:
    """Say that an article came out empty, and why."""
    if not item.result.text.strip():
        why = "nothing but boilerplate" if item.result.source.strip() else "no article in it" if item.page else "empty"
        ledger.note("empty articles", item.article.id, f"{why}: the result is empty")
