"""The library: what the commands do, as functions, with the same options in the same words."""

from __future__ import annotations

import os
import warnings
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal, Self, get_args

from msgspec.structs import replace

import cleaner.diff  # imported later, the packages would take the names of the functions
import cleaner.group  # noqa: F401
from cleaner.clean import clean_articles
from cleaner.engine import Engine, Serial
from cleaner.model import Article, CleanResult, Failure, Grouping
from cleaner.options import WINDOW, Caution, CleanOptions, StoryOptions, Strictness, one_of
from cleaner.pages import ExtractionError, extract
from cleaner.pipeline import Cleaned, Summaries, Work, done
from cleaner.records.fields import as_page, holds_html
from cleaner.rules import Rule

if TYPE_CHECKING:
    from cleaner.diff import Comparison
    from cleaner.index.contents import IndexedStory
    from cleaner.index.news import News
    from cleaner.index.rows import Given

Errors = Literal["raise", "skip"]


class ArticleError(RuntimeError):
    """An article cannot be used: the message says which, by its place from 1 and its id, and why."""


class SkippedArticle(UserWarning):
    """The same, of an article that was skipped since `errors="skip"` asked for that."""


def clean(
    article: str | Article,
    rules: Iterable[Rule] = (),
    lang: str | None = None,
    *,
    caution: Caution = "normal",
    include: Collection[str] = (),
) -> CleanResult:
    """Remove the boilerplate from one article.

    `article` is its text, or an Article: a page (its `html`) is extracted first, and `blocks` say what the markup knew. A
    string that holds HTML is taken for a page; an Article's `text` stands as it is. The others are the command's options,
    see options.CleanOptions; `rules` are your own, see `load_rules`. The result's `text` is the source minus the recorded
    removals, to the character; cleaning it again removes nothing. Raises ArticleError for a page that cannot be read,
    TypeError for what is no article, ValueError for options that are none.
    """
    options = _told(rules, lang, caution, include)
    try:
        return clean_articles([extract(_article(article))], options)[0]
    except ExtractionError as error:
        raise ArticleError(str(error)) from None


def clean_text(
    text: str,
    rules: Iterable[Rule] = (),
    lang: str | None = None,
    *,
    caution: Caution = "normal",
    include: Collection[str] = (),
) -> str:
    """The text of `clean`, and nothing else: for the cells of a table. Takes and raises what `clean` does."""
    return clean(text, rules, lang, caution=caution, include=include).text


def clean_many(
    articles: Iterable[str | Article],
    rules: Iterable[Rule] = (),
    lang: str | None = None,
    *,
    caution: Caution = "normal",
    include: Collection[str] = (),
    errors: Errors = "raise",
) -> Iterator[CleanResult]:
    """Clean articles as `clean` does, one result an article, in order; in batches, at several times its speed.

    Where `clean` would raise on an article, the results of those before it come first, and the error says which it was; with
    `errors="skip"` it has no result, and a SkippedArticle warning says so.
    """
    if isinstance(articles, str):
        raise TypeError("clean_many takes several articles; a string is one: clean takes that")
    one_of("errors", errors, get_args(Errors))
    work = Work(_told(rules, lang, caution, include))
    return (found.result for found in _done(articles, work, None, errors) if isinstance(found, Cleaned))


def group(
    articles: Iterable[str | Article],
    *,
    clean: bool | CleanOptions = True,
    copies_only: bool = False,
    strictness: Strictness = "normal",
    window: int = WINDOW,
    engine: Engine | None = None,
    errors: Errors = "raise",
) -> Grouping:
    """Group articles into copies and stories.

    Articles are cleaned first, as CleanOptions say where they are given, unless `clean` is false; the id of one without is
    its place, from 1. A repeated id gets "~2", "~3". With `copies_only` every story is its copy group. The representative of
    a group is its earliest dated article, then the longest, then the one with the smallest id. The groups do not depend on
    the order of the articles. They may come from a generator: with `copies_only`, no text is held.

    `strictness` and `window` are those of options.StoryOptions. Raises ArticleError where an article cannot be used; with
    `errors="skip"` it is in no group, and a SkippedArticle warning says so.
    """
    from cleaner.group.collection import Collection  # numpy: only grouping pays for it

    if isinstance(articles, str):
        raise TypeError("group takes several articles, and a string is one")
    one_of("errors", errors, get_args(Errors))
    options = StoryOptions(strictness, window)
    work = Work(_options(clean), metadata=True, summary="copies" if copies_only else "stories", keep=False)
    collection = Collection()
    for found in _done(articles, work, engine, errors):
        assert isinstance(found, Summaries)
        collection.add(found.summary)
    collection.make_unique()
    return collection.groups(copies_only, options).grouping()


def _done(
    articles: Iterable[str | Article], work: Work, engine: Engine | None, errors: Errors = "raise", by_text: bool = False
) -> Iterator[Cleaned | Summaries]:
    """What the work makes of articles, in order. The id of one without is its place, or made of its text (`by_text`).

    Raises ArticleError, and TypeError for what is no article, after the results of those before it; or warns."""
    fault: list[Exception] = []

    def numbered() -> Iterator[tuple[int, Article | Failure]]:
        try:
            for number, value in enumerate(articles, 1):
                try:
                    article = _article(value)
                except TypeError as error:
                    yield number, Failure("", str(error))
                else:
                    yield number, article if article.id else replace(article, id=_id(article) if by_text else str(number))
        except Exception as error:  # of whoever gives the articles
            fault.append(error)

    for number, item, found in done(numbered(), work, engine or Serial()):
        if isinstance(found, Failure):
            given = f" (id {item.id!r})" if isinstance(item, Article) and item.id != str(number) and not by_text else ""
            said = f"article {number}{given}: {found.reason}"
            if errors == "raise":
                raise TypeError(said) if isinstance(item, Failure) else ArticleError(said)
            warnings.warn(said, SkippedArticle, stacklevel=3)
        else:
            yield found
    if fault:
        raise fault[0]


class Index:
    """Articles and their stories, in a file or at redis://HOST:PORT/DB/NAME, that new ones are put to: a context manager.

    Raises IndexFault where the index cannot be used; it is made where there is none.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        from cleaner.index.opening import open_index  # sqlite3: only an index pays for it

        self._file = open_index(path, make=True)

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
        ArticleError where an article cannot be used; then none is added. Waits where another process writes.
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
        for summaries in _done(articles, work, engine, by_text=True):
            assert isinstance(summaries, Summaries)
            found += rows.given(summaries)
        return found


def _id(article: Article) -> str:
    """An id that is made of an article's text."""
    return blake2b((article.html or article.text).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def diff(a: str | Article, b: str | Article, *, clean: bool | CleanOptions = True) -> Comparison:
    """Compare two articles, cleaned first, as CleanOptions say where they are given, unless `clean` is false.

    Raises ArticleError where one cannot be used."""
    from cleaner.diff import story  # what compares is loaded late: cleaning does without

    work = Work(_options(clean), metadata=True)
    ready = [found.as_article() for found in _done((a, b), work, None) if isinstance(found, Cleaned)]
    return story(ready).comparison(1)


def _options(clean: bool | CleanOptions) -> CleanOptions | None:
    if not isinstance(clean, bool | CleanOptions):
        raise TypeError(f"clean is True, False or a cleaner.CleanOptions, not {type(clean).__name__}")
    return CleanOptions() if clean is True else clean or None


def _told(rules: Iterable[Rule], lang: str | None, caution: Caution, include: Collection[str]) -> CleanOptions:
    return CleanOptions(rules, lang, caution, include)  # type: ignore[arg-type] # which makes a tuple of them, and checks


def _article(value: object) -> Article:
    """What the library's functions take, as an Article. Raises TypeError."""
    if isinstance(value, str):
        return Article(html=as_page(value)) if "<" in value and holds_html(value) else Article(text=value)
    if not isinstance(value, Article):
        raise TypeError(f"an article is a string or a cleaner.Article, not {type(value).__name__}")
    if not isinstance(value.text, str):
        raise TypeError(f"the text of an article is a string, not {type(value.text).__name__}")
    return value
