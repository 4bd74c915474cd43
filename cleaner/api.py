"""The library: what the commands do, as functions, with the same options in the same words."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from hashlib import blake2b
from itertools import takewhile
from typing import TYPE_CHECKING, Self

from msgspec.structs import replace

import cleaner.diff  # imported later, the packages would take the names of the functions
import cleaner.group  # noqa: F401
from cleaner.clean import clean_articles
from cleaner.engine import Engine, Serial, batches
from cleaner.model import Article, CleanResult, Failure, Grouping
from cleaner.options import WINDOW, Caution, CleanOptions, StoryOptions, Strictness
from cleaner.pages import extract, extract_all
from cleaner.pipeline import Cleaned, Summaries, Work, done, size_of
from cleaner.rules import Rule

if TYPE_CHECKING:
    from cleaner.diff import Comparison
    from cleaner.index.contents import IndexedStory
    from cleaner.index.news import News
    from cleaner.index.rows import Given


def clean(
    article: str | Article,
    rules: Iterable[Rule] = (),
    lang: str | None = None,
    *,
    caution: Caution = "normal",
    include: Collection[str] = (),
) -> CleanResult:
    """Remove the boilerplate from one article.

    `article` is its text, or an Article: a page (its `html`) is extracted first, and `blocks` say what the markup knew.
    The others are the command's options, see options.CleanOptions; `rules` are your own, see `load_rules`. The result's
    `text` is the source minus the recorded removals, to the character; cleaning it again removes nothing.
    """
    return clean_articles([extract(_article(article))], CleanOptions(tuple(rules), lang, caution, frozenset(include)))[0]


def clean_many(
    articles: Iterable[str | Article],
    rules: Iterable[Rule] = (),
    lang: str | None = None,
    *,
    caution: Caution = "normal",
    include: Collection[str] = (),
) -> Iterator[CleanResult]:
    """Clean articles as `clean` does, one result an article, in order; in batches, at several times its speed.

    Where `clean` would raise on an article, the results of those before it come first.
    """
    if isinstance(articles, str):
        raise TypeError("clean_many takes several articles; a string is one: clean takes that")
    return _clean_many(articles, CleanOptions(tuple(rules), lang, caution, frozenset(include)))


def _clean_many(articles: Iterable[str | Article], options: CleanOptions) -> Iterator[CleanResult]:
    fault: list[Exception] = []

    def ready() -> Iterator[Article]:
        try:
            for article in articles:
                yield _article(article)
        except Exception as error:
            fault.append(error)

    for batch in batches(ready(), size_of):
        extracted = extract_all(batch)
        good = list(takewhile(lambda found: isinstance(found, Article), extracted))
        yield from clean_articles(good, options)  # type: ignore[arg-type]
        for error in extracted[len(good) :][:1]:
            raise error  # type: ignore[misc]
    if fault:
        raise fault[0]


def group(
    articles: Iterable[str | Article],
    *,
    clean: bool | CleanOptions = True,
    copies_only: bool = False,
    strictness: Strictness = "normal",
    window: int = WINDOW,
    engine: Engine | None = None,
) -> Grouping:
    """Group articles into copies and stories.

    Articles are cleaned first, as CleanOptions say where they are given, unless `clean` is false; the id of one without is
    its place, from 1. A repeated id gets "~2", "~3". With `copies_only` every story is its copy group. The representative of
    a group is its earliest dated article, then the longest, then the one with the smallest id. The groups do not depend on
    the order of the articles. They may come from a generator: with `copies_only`, no text is held.

    `strictness` and `window` are those of options.StoryOptions. Raises RuntimeError where an article cannot be used.
    """
    from cleaner.group.collection import Collection  # numpy: only grouping pays for it

    if isinstance(articles, str):
        raise TypeError("group takes several articles, and a string is one")
    options = StoryOptions(strictness, window)
    work = Work(_options(clean), metadata=True, summary="copies" if copies_only else "stories", keep=False)
    collection = Collection()
    named = ((None, _article(article, str(number))) for number, article in enumerate(articles, 1))
    for _, _, found in done(named, work, engine or Serial()):
        if isinstance(found, Failure):
            raise RuntimeError(f"{found.where}: {found.reason}")
        assert isinstance(found, Summaries)
        collection.add(found.summary)
    collection.make_unique()
    return collection.groups(copies_only, options).grouping()


class Index:
    """Articles in a file, and their stories, that new articles are put to: a context manager.

    Raises IndexFault where the file cannot be used; it is made where there is none.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        from cleaner.index.file import IndexFile  # sqlite3: only an index pays for it

        self._file = IndexFile(path, make=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was added is there."""
        self._file.close()

    def add(
        self,
        articles: Iterable[str | Article],
        *,
        clean: bool | CleanOptions = True,
        strictness: Strictness = "normal",
        window: int = WINDOW,
        engine: Engine | None = None,
    ) -> tuple[News, ...]:
        """Add articles, as a whole or not at all: what each is to those before, in their order.

        They are cleaned first, as by `group`. An article without an id gets one that is made of its text. Raises
        RuntimeError where an article cannot be used; then none is added. Waits where another process writes.
        """
        from cleaner.index import news

        given = self._given(articles, clean, engine)
        return tuple(news.add(self._file, [given], StoryOptions(strictness, window)).articles)

    def query(
        self,
        articles: Iterable[str | Article],
        *,
        clean: bool | CleanOptions = True,
        strictness: Strictness = "normal",
        window: int = WINDOW,
        engine: Engine | None = None,
    ) -> tuple[News, ...]:
        """What `add` would say of articles, of which nothing is kept."""
        from cleaner.index import news

        given = self._given(articles, clean, engine)
        return tuple(news.query(self._file, given, StoryOptions(strictness, window)).articles)

    def stories(self, since: str | date | None = None, *, grew: bool = False) -> tuple[IndexedStory, ...]:
        """The stories, by their age: with `since` (ISO 8601) those of which something was told on that day or later, with
        `grew` those that were continued by a later addition, and since then."""
        from cleaner.index import contents

        with self._file.reading():
            return tuple(contents.stories(self._file, _day(since) if since else None, grew))

    def forget(self, before: str | date) -> int:
        """Take out the stories of which nothing was told on that day (ISO 8601) or later; how many articles these were."""
        from cleaner.index import contents

        with self._file.writing():
            return contents.forget(self._file, _day(before))[0]

    def _given(self, articles: Iterable[str | Article], clean: bool | CleanOptions, engine: Engine | None) -> list[Given]:
        from cleaner.index import rows

        if isinstance(articles, str):
            raise TypeError("an index takes several articles, and a string is one")
        work = Work(_options(clean), metadata=True, summary="stories", keep=False, openings=True)
        found: list[Given] = []
        for _, _, done_ones in done(((None, _named(article)) for article in articles), work, engine or Serial()):
            if isinstance(done_ones, Failure):
                raise RuntimeError(f"{done_ones.where}: {done_ones.reason}")
            assert isinstance(done_ones, Summaries)
            found += rows.given(done_ones)
        return found


def _named(value: str | Article) -> Article:
    """An article with an id: where it has none, one of its text."""
    article = _article(value)
    return _article(
        article, blake2b((article.html or article.text).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    )


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def diff(a: str | Article, b: str | Article, *, clean: bool | CleanOptions = True) -> Comparison:
    """Compare two articles, cleaned first, as CleanOptions say where they are given, unless `clean` is false."""
    from cleaner.diff import story  # what compares is loaded late: cleaning does without

    work = Work(_options(clean), metadata=True)
    ready = []
    for found in work([_article(a), _article(b)]):
        if not isinstance(found, Cleaned):
            raise RuntimeError(found.reason if isinstance(found, Failure) else "no article")
        ready.append(found.as_article())
    return story(ready).comparison(1)


def _options(clean: bool | CleanOptions) -> CleanOptions | None:
    return CleanOptions() if clean is True else clean or None


def _article(value: str | Article, id: str = "") -> Article:
    """What the library's functions take, as an Article; `id` is its id where it has none. Raises TypeError."""
    if isinstance(value, str):
        return Article(text=value, id=id)
    if not isinstance(value, Article):
        raise TypeError(f"an article is a string or a cleaner.Article, not {type(value).__name__}")
    return value if value.id else replace(value, id=id)
