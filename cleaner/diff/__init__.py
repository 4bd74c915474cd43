"""How articles differ, as data, for report/ to show: what cleaning removes, and how the tellings of a story differ.

removals        what cleaning removed from one article, as lines with those around them
tellings        two articles, or all of a story's, compared in every way below
sentences       which sentences say the same, which say it in other words, which stand alone
wording         two wordings of a sentence, word by word
passages        runs of words that texts share, whatever sentences they stand in
claims          the dates, times, figures and names that a text states, and what it quotes
statements      all that a text states; what several texts all state
disagreements   where two texts state different things of what seems the same
tokens          the ways in which a text is taken apart for these
vocabulary      the English words that claims need
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cleaner.clean import article_of, clean_many
from cleaner.diff.disagreements import Disagreement
from cleaner.diff.sentences import Sentence
from cleaner.diff.tellings import Comparison, Point, Story, Telling, story
from cleaner.extract import extract
from cleaner.model import Article

__all__ = ["Comparison", "Disagreement", "Point", "Sentence", "Story", "Telling", "diff", "story"]


def diff(a: str | Article, b: str | Article, *, clean: bool = True) -> Comparison:
    """Compare two articles, cleaned first unless `clean` is false."""
    first, second = _ready((a, b), clean)
    return story((first, second)).tellings[0].comparison


def _ready(articles: Iterable[str | Article], clean: bool) -> list[Article]:
    given = [extract(article_of(a)) for a in articles]
    if not clean:
        return given
    results = clean_many(given)
    return [replace(a, text=r.text, blocks=(), date=a.date or r.date) for a, r in zip(given, results, strict=True)]
