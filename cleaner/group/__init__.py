"""Grouping: copies first, then the stories that their representatives tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cleaner.clean import article_of, clean_many
from cleaner.engine import Engine, Serial, batches
from cleaner.extract import extract
from cleaner.model import Article, Failure, Grouping
from cleaner.options import WINDOW, StoryOptions, Strictness

if TYPE_CHECKING:
    from cleaner.group.collection import Summary


def group(
    articles: Iterable[str | Article],
    *,
    clean: bool = True,
    copies_only: bool = False,
    strictness: Strictness = "normal",
    window: int = WINDOW,
    engine: Engine | None = None,
) -> Grouping:
    """Group articles into copies and stories.

    Articles are cleaned first unless `clean` is false; the id of one without is its place, from 1. A repeated id gets "~2",
    "~3". With `copies_only` every story is its copy group. The representative of a group is its earliest dated article,
    then the longest, then the one with the smallest id. The groups do not depend on the order of the articles. They may
    come from a generator: with `copies_only`, no text is held.

    `strictness` is "strict" (fewer false pairs), "normal" or "loose" (fewer missed ones); `window` is how many days two
    dated articles of one story may be apart.
    """
    from cleaner.group.collection import Collection  # numpy: only grouping pays for it

    if isinstance(articles, str):
        raise TypeError("group takes several articles, and a string is one")
    options = StoryOptions(strictness, window)
    engine = engine or Serial()
    collection = Collection()
    ready = _cleaned(articles) if clean else map(extract, _named(articles))
    for summary in engine.map(_Sums(not copies_only), batches(ready, lambda article: len(article.text))):
        if isinstance(summary, Failure):
            raise RuntimeError(summary.reason)
        collection.add(summary)
    collection.make_unique()
    return collection.groups(copies_only, options).grouping()


@dataclass(frozen=True, slots=True)
class _Sums:
    """What workers do with a batch of articles that are ready."""

    stories: bool

    def __call__(self, batch: Sequence[Article]) -> list[Summary]:
        from cleaner.group.collection import summarise

        return [summarise(batch, self.stories)]


def _named(articles: Iterable[str | Article]) -> Iterator[Article]:
    return (article_of(article, str(number)) for number, article in enumerate(articles, 1))


def _cleaned(articles: Iterable[str | Article]) -> Iterator[Article]:
    for batch in batches((extract(article) for article in _named(articles)), lambda article: len(article.text)):
        for article, result in zip(batch, clean_many(batch), strict=True):
            yield replace(article, text=result.text, blocks=(), date=article.date or result.date)
