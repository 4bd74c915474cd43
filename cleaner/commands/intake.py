"""From paths to cleaned articles: what `clean`, `group`, `diff` and `run` have in common."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeVar

from cleaner import records
from cleaner.clean import clean_many, load_model
from cleaner.commands.ledger import Ledger, Usage
from cleaner.engine import Engine, batches
from cleaner.extract import ExtractionError, extract, load_extractor
from cleaner.model import Article, CleanResult, Failure
from cleaner.records import Fields, Source
from cleaner.rules import Rule, RuleSet, default, merge, shipped

if TYPE_CHECKING:
    from cleaner.group.collection import Summary

In = TypeVar("In")
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
        if self.result.text.strip():
            return ""
        return "nothing but boilerplate" if self.result.source.strip() else "no article in it" if self.page else "empty"


class Summed(NamedTuple):
    """What `group` is told of an article: no text of it, but where people are to know it, its opening."""

    summary: Summary
    empty: str
    opening: Article | None = None


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
        extracted = [self._extracted(item) for item in batch]
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
        from cleaner.group.collection import summaries

        ready = [item.as_article() for item in found if isinstance(item, Cleaned)]
        made = iter(summaries(ready, self.grouping == "stories"))
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

    def _extracted(self, item: Article | Failure) -> Article | Failure:
        if isinstance(item, Failure):
            return item
        try:
            return extract(item, self.metadata)
        except ExtractionError as error:
            return Failure(item.id, str(error))


@dataclass(frozen=True, slots=True)
class _SumUp:
    """What workers do for `group`: as _Work, but the texts stay with them. Texts that are taken as they are come bare."""

    work: _Work
    openings: bool

    def __call__(self, batch: Sequence[str | Article | Failure]) -> list[Summed | Failure]:
        from cleaner.group.collection import summaries

        bare = [Article(text=item) for item in batch if isinstance(item, str)]
        if len(bare) < len(batch):
            done = self.work([Article(text=item) if isinstance(item, str) else item for item in batch])
            return [self._summed(item) if isinstance(item, Cleaned) else item for item in done]
        made = summaries(bare, stories=False)
        return [Summed(one, "" if article.text.strip() else "empty") for one, article in zip(made, bare, strict=True)]

    def _summed(self, item: Cleaned) -> Summed:
        assert item.summary is not None
        if not self.openings:
            return Summed(item.summary, item.empty)
        article = item.as_article()
        opening = Article(title=article.title, date=article.date, text=article.text.lstrip()[:200])
        return Summed(item.summary, item.empty, opening)


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

    def without_record(item: Article) -> Article:
        return replace(item, record={})  # which workers have no use for, and which may be large

    for source, item, result in _done(sources, inputs, engine, work, work.prepare, without_record, wanted):
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
) -> Iterator[tuple[Article, Summed] | Failure]:
    """Every article of the sources, as it was read and summed up for grouping, in order, with a Failure in the place of
    each that failed."""
    rules = inputs.in_force() if inputs.rules else None
    work = _Work(rules, True, cleaning, inputs.lang, inputs.caution, inputs.include, grouping)
    lean = not cleaning and not openings and grouping == "copies"

    def text_alone(item: Article) -> str | Article:
        return item.text if lean and item.html is None else replace(item, record={})

    for _, item, result in _done(sources, inputs, engine, _SumUp(work, openings), work.prepare, text_alone):
        if isinstance(result, Failure):
            yield result
        else:
            assert isinstance(item, Article)
            yield item, result


def _done(
    sources: Iterable[Source],
    inputs: Inputs,
    engine: Engine,
    work: Callable[[Sequence[In | Failure]], Sequence[Out | Failure]],
    prepare: Callable[[bool], None],
    given: Callable[[Article], In],
    wanted: Sequence[int] | None = None,
) -> Iterator[tuple[Source, Article | Failure, Out | Failure]]:
    """Every item of the sources, and what the work made of what it is `given` of it."""
    waiting: deque[tuple[Source, Article | Failure]] = deque()
    prepared: set[bool] = set()
    sizes: deque[int] = deque()

    def feed() -> Iterator[In | Failure]:
        number = -1
        for source in sources:
            for item in records.read(source, inputs.fields):
                number += 1
                if wanted is not None and not (number < len(wanted) and wanted[number]):
                    continue
                waiting.append((source, item))
                if isinstance(item, Article) and (html := item.html is not None) not in prepared:
                    prepare(html)
                    prepared.add(html)
                sizes.append(_size(item))
                yield given(item) if isinstance(item, Article) else item

    for result in engine.map(work, batches(feed(), lambda _: sizes.popleft())):
        source, item = waiting.popleft()
        if isinstance(result, Failure) and not result.where:
            result = replace(result, where=item.id if isinstance(item, Article) else source.name)
        yield source, item, result


def _size(item: Article | Failure) -> int:
    """About how much text an item holds: of a page, hardly a tenth is."""
    return len(item.text) + len(item.html or "") // 8 if isinstance(item, Article) else 0


def note_if_empty(name: str, why: str, ledger: Ledger) -> None:
    """Say that an article came out empty, if there is a reason `why`."""
    if why:
        ledger.note("empty articles", name, f"{why}: the result is empty")
