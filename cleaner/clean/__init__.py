"""Cleaning: rules and a model take lines in turn, until nothing goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cleaner.clean.by_rules import by_rules
from cleaner.clean.no_article import judge, why_nothing
from cleaner.clean.page import JudgedPage, site_of
from cleaner.model import Article, CleanResult
from cleaner.options import CleanOptions
from cleaner.rules import RuleSet, in_force

if TYPE_CHECKING:
    from cleaner.clean.model.trees import LineModel

# Far more than any page of the training sites needed; without a bound a page could be made that takes a line a round.
ROUNDS = 40

__all__ = ["clean_articles", "clean_by_rules", "load_model", "site_of", "why_nothing"]


def clean_articles(articles: Sequence[Article], options: CleanOptions, model: LineModel | None = None) -> list[CleanResult]:
    """What is left of each article, which has been extracted, when nothing goes any more; `model` is the shipped one.

    Rules and model look at the same lines: what a rule is sure of tells the model what kind of page it is; and what the
    model makes of a line changes with what stands around it.
    """
    from cleaner.clean.by_model import by_model  # numpy and the weights

    ruleset = in_force(options.rules)
    pages = [JudgedPage(article, ruleset, options.lang, options.include) for article in articles]
    judged = pages
    for _ in range(ROUNDS):
        for page in judged:
            by_rules(page)
        by_model(judged, options.caution, model)
        judged = [page for page in judged if page.changed]
        if not judged:
            break
    verdicts = [judge(article, page) for article, page in zip(articles, pages, strict=True)]
    return [
        replace(page.result(), no_article=why) if why else page.result() for page, why in zip(pages, verdicts, strict=True)
    ]


def clean_by_rules(text: str, ruleset: RuleSet, lang: str, site: str = "") -> CleanResult:
    """What the rules alone make of a text, of a site: for their own examples."""
    page = JudgedPage(Article(text=text, folder=site), ruleset, lang, ())
    by_rules(page, all_sure=True)
    return page.result()


def load_model() -> None:
    """Load what cleaning needs, so that processes that are started afterwards have it."""
    from cleaner.clean.model.trees import shipped as shipped_model

    shipped_model()
