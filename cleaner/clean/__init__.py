"""Cleaning: find what to remove, settle overlaps, cut."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from cleaner import rules as rulebook
from cleaner.clean.page import Page, site_of
from cleaner.engine import batches
from cleaner.extract import extract
from cleaner.model import Article, CleanResult
from cleaner.rules import RuleSet

# Far more than any page of the training sites needed; without a bound a page could be made that takes a line a round.
ROUNDS = 40

__all__ = ["article_of", "clean", "clean_by_rules", "clean_many", "load_model", "site_of"]


def clean(
    article: str | Article,
    ruleset: RuleSet | None = None,
    lang: str | None = None,
    *,
    caution: float = 0.0,
    include: Collection[str] = (),
) -> CleanResult:
    """Remove the boilerplate from one article.

    `article` is its text, or an Article: a page (its `html`) is extracted first, and `blocks` say what the markup knew.
    `lang` is its language (ISO 639-1), which is found out where it is not told. `caution` is added to the log odds that
    the model asks for before it takes a line: 1.5 is `--gentle`, -1 `--aggressive`. `include` names what stays although it
    is not the article's text: any of `rules.PARTS`. The result's `text` is the source minus the recorded removals, to the
    character; cleaning it again removes nothing.
    """
    return _cleaned([extract(article_of(article))], ruleset or rulebook.default(), lang, caution, include)[0]


def clean_many(
    articles: Iterable[str | Article],
    ruleset: RuleSet | None = None,
    lang: str | None = None,
    *,
    caution: float = 0.0,
    include: Collection[str] = (),
) -> Iterator[CleanResult]:
    """Clean articles as `clean` does, one result an article, in order; in batches, at several times its speed.

    Where `clean` would raise on an article, the results of those before it come first.
    """
    if isinstance(articles, str):
        raise TypeError("clean_many takes several articles; a string is one: clean takes that")
    ruleset = ruleset or rulebook.default()
    fault: list[Exception] = []

    def ready() -> Iterator[Article]:
        try:
            for article in articles:
                yield extract(article_of(article))
        except Exception as error:
            fault.append(error)

    for batch in batches(ready(), lambda article: len(article.text)):
        yield from _cleaned(batch, ruleset, lang, caution, include)
    if fault:
        raise fault[0]


def _cleaned(
    articles: Sequence[Article], ruleset: RuleSet, lang: str | None, caution: float, include: Collection[str]
) -> list[CleanResult]:
    """What is left of each article when nothing goes any more. Rules and model look at the same lines: what a rule is sure
    of tells the model what kind of page it is; and its verdict on a line changes with what stands around it."""
    from cleaner.clean.judge import by_model  # numpy and the weights

    pages = [Page(article, ruleset, lang, include) for article in articles]
    judged = pages
    for _ in range(ROUNDS):
        for page in judged:
            page.by_rules()
        by_model(judged, caution)
        judged = [page for page in judged if page.lost]
        if not judged:
            break
    return [page.result() for page in pages]


def clean_by_rules(text: str, ruleset: RuleSet, lang: str) -> CleanResult:
    """What the rules alone make of a text: for their own examples."""
    page = Page(Article(text=text), ruleset, lang, ())
    page.by_rules(all_sure=True)
    return page.result()


def load_model() -> None:
    """Load what cleaning needs, so that processes that are started afterwards have it."""
    from cleaner.clean.forest import shipped

    shipped()


def article_of(value: str | Article, id: str = "") -> Article:
    """What the library's functions take, as an Article; `id` is its id where it has none. Raises TypeError."""
    if isinstance(value, str):
        return Article(text=value, id=id)
    if not isinstance(value, Article):
        raise TypeError(f"an article is a string or a cleaner.Article, not {type(value).__name__}")
    return value if value.id else replace(value, id=id)
