"""Cleaning: find what to remove, settle overlaps, cut."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.clean.page import Page, site_of
from cleaner.model import Article, CleanResult
from cleaner.options import CleanOptions
from cleaner.rules import RuleSet, in_force

# Far more than any page of the training sites needed; without a bound a page could be made that takes a line a round.
ROUNDS = 40

__all__ = ["clean_articles", "clean_by_rules", "load_model", "site_of"]


_CAUTION = {"gentle": 1.5, "normal": 0.0, "aggressive": -1.0}


def clean_articles(articles: Sequence[Article], options: CleanOptions) -> list[CleanResult]:
    """What is left of each article when nothing goes any more. Rules and model look at the same lines: what a rule is sure
    of tells the model what kind of page it is; and its verdict on a line changes with what stands around it."""
    from cleaner.clean.judge import by_model  # numpy and the weights

    pages = [Page(article, in_force(options.rules), options.lang, options.include) for article in articles]
    judged = pages
    for _ in range(ROUNDS):
        for page in judged:
            page.by_rules()
        by_model(judged, _CAUTION[options.caution])
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
