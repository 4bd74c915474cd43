"""The tellings of a story: its representative, the others against it, and all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from cleaner import text as texts
from cleaner.diff.disagreements import Disagreement, disagreements
from cleaner.diff.passages import runs_of_all, shared_runs
from cleaner.diff.sentences import Comparable, Sentence, comparable, partners, rows
from cleaner.diff.statements import agreement, stated_in
from cleaner.diff.tokens import PlacedWords
from cleaner.model import Article, Shared
from cleaner.options import StoryOptions

if TYPE_CHECKING:
    from cleaner.group.stories.compare import StoryComparison


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two articles differ.

    `similarity` is that of the stories they tell, 0 to 1; `jaccard` that of their word 5-grams, 0 to 1. `sentences` are
    in the order of the first article, with those of the second alone where they stand in it. `passages` are the runs of
    passages.PASSAGE words or more that both have, whatever sentences they stand in, as the first article has them:
    quotations, most of them. `disagreements` are figures and names that differ where both seem to speak of the same.

    `shared` is what speaks for one story, `apart` what speaks against it: (what, the first's, the second's), as ("dates",
    "2024-03-18", "2024-09-01") or ("numbers of passengers", "43", "41").
    """

    similarity: float
    jaccard: float
    same_story: bool
    same_copy: bool
    sentences: tuple[Sentence, ...]
    passages: tuple[str, ...]
    disagreements: tuple[Disagreement, ...] = ()
    shared: Shared = field(default_factory=Shared)
    apart: tuple[tuple[str, str, str], ...] = ()

    @property
    def relation(self) -> Literal["copies", "one story", "two stories"]:
        """What the two articles are to each other; copies tell one story too."""
        return "copies" if self.same_copy else "one story" if self.same_story else "two stories"


@dataclass(frozen=True, slots=True)
class Telling:
    """An article of a story, and how it differs from the story's representative."""

    article: Article
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a story says: its wording in each article, the representative first, None where one lacks it."""

    wordings: tuple[str | None, ...]

    @property
    def tellers(self) -> tuple[int, ...]:
        """The numbers of the articles that say it."""
        return tuple(i for i, wording in enumerate(self.wordings) if wording is not None)

    @property
    def text(self) -> str:
        """The first wording."""
        return next(wording for wording in self.wordings if wording is not None)


@dataclass(frozen=True, slots=True)
class Story:
    """The tellings of a story: the representative, the others against it, and all of them together.

    `points` are the representative's sentences, in order, and then what only others say. `dates`, `figures`, `names` and
    `quotes` are what every article has, `passages` the other runs of words that all of them have.
    """

    representative: Article
    tellings: tuple[Telling, ...]
    points: tuple[Point, ...]
    dates: tuple[str, ...]
    figures: tuple[str, ...]
    names: tuple[str, ...]
    quotes: tuple[str, ...]
    passages: tuple[str, ...]

    @property
    def articles(self) -> tuple[Article, ...]:
        return (self.representative, *(telling.article for telling in self.tellings))

    def only(self, number: int) -> list[str]:
        """What the article of a number says and no other, in its order."""
        return [point.text for point in self.points if point.tellers == (number,)]


def story(articles: Sequence[Article]) -> Story:
    """The tellings of a story against the first one, none of them cleaned again."""
    first, *others = sides = [_Side(article) for article in articles]
    points = _Points(first.comparable)
    runs, tellings = [], []
    for other in others:
        partner = partners(first.comparable, other.comparable)
        runs.append(shared_runs(first.words, other.words))
        verdict, jaccard, same_copy = _likeness(first.article, other.article)
        compared = Comparison(
            round(verdict.similarity, 4),
            round(jaccard, 4),
            verdict.same or same_copy,
            same_copy,
            rows(first.sentences, other.sentences, partner),
            first.words.at(runs[-1]),
            disagreements(first.stated, other.stated, partner),
            verdict.shared,
            verdict.apart,
        )
        tellings.append(Telling(other.article, compared))
        points.add(other.comparable, partner)
    agreed = agreement([side.stated for side in sides])
    passages = first.words.at(runs_of_all(runs))
    return Story(
        first.article,
        tuple(tellings),
        points.found(),
        agreed.dates,
        agreed.figures,
        agreed.names,
        tuple(quote for quote in agreed.quotes if not any(quote in passage for passage in passages)),
        passages,
    )


class _Side:
    """An article, and what each way of comparing it needs."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.sentences = texts.sentences(article.text)
        self.comparable = comparable(self.sentences)
        self.stated = stated_in(self.sentences)
        self.words = PlacedWords(article.text)


class _Points:
    """What tellings say so far: the first wording of each point, and the wordings of the tellings so far."""

    def __init__(self, representative: Sequence[Comparable]) -> None:
        self._firsts = list(representative)
        self._wordings: list[list[str | None]] = [[sentence.text] for sentence in representative]
        self._own = len(representative)
        self._tellings = 1

    def add(self, side: Sequence[Comparable], partner: dict[int, int]) -> None:
        """Put another telling's sentences to the representative's by its partners, and then to what the others say."""
        taken = set(partner.values())
        left = [j for j in range(len(side)) if j not in taken]
        extra = partners(self._firsts[self._own :], [side[j] for j in left])
        placed = {**partner, **{self._own + i: left[j] for i, j in extra.items()}}
        for i, wordings in enumerate(self._wordings):
            wordings.append(side[placed[i]].text if i in placed else None)
        known = set(placed.values())
        for j in left:
            if j not in known:
                self._firsts.append(side[j])
                self._wordings.append([*[None] * self._tellings, side[j].text])
        self._tellings += 1

    def found(self) -> tuple[Point, ...]:
        return tuple(Point(tuple(wordings)) for wordings in self._wordings)


def _likeness(a: Article, b: Article) -> tuple[StoryComparison, float, bool]:
    """Whether two articles tell one story, the Jaccard index of their shingles, and whether they are copies of each
    other."""
    from cleaner.fingerprint import shingles  # numpy: only a comparison of articles pays for it
    from cleaner.group.copies.forms import LINK_THRESHOLD, texts_of_one_form
    from cleaner.group.stories.compare import compare
    from cleaner.group.stories.features import story_features

    jaccard = shingles.jaccard(shingles.of_text(a.text), shingles.of_text(b.text))
    first, second = story_features([a, b])
    verdict = compare(first, second, StoryOptions())
    if texts_of_one_form(a.text, b.text, jaccard):  # neither a story nor copies, whatever they share
        return replace(verdict, same=False), jaccard, False
    words = texts.words(a.text)
    return verdict, jaccard, jaccard >= LINK_THRESHOLD or (bool(words) and words == texts.words(b.text))
