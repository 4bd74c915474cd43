"""The tellings of a story: who says what, where they differ, and how each stands to the representative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from cleaner import text as texts
from cleaner.dates import date_of
from cleaner.diff.disagreements import Contested, Disagreement, contested, disagreements
from cleaner.diff.passages import runs_of_all, shared_runs
from cleaner.diff.points import Point, points
from cleaner.diff.sentences import Sentence, comparable, partners, rows
from cleaner.diff.statements import agreement, stated_in
from cleaner.diff.tokens import PlacedWords
from cleaner.diff.who_says_what import Stated, who_says_what
from cleaner.model import Article, Shared, Shown
from cleaner.options import StoryOptions

if TYPE_CHECKING:
    from cleaner.group.stories.compare import StoryComparison
    from cleaner.group.stories.features import StoryFeatures


@dataclass(frozen=True, slots=True)
class Kinship:
    """What an article is to another: `similarity` is that of the stories they tell, 0 to 1; `jaccard` that of their word
    5-grams, 0 to 1.

    `shared` is what speaks for one story, `apart` what speaks against it: (what, the first's, the second's), as ("dates",
    "2024-03-18", "2024-09-01") or ("numbers of passengers", "43", "41").
    """

    similarity: float
    jaccard: float
    same_story: bool
    same_copy: bool
    shared: Shared = field(default_factory=Shared)
    apart: tuple[tuple[str, str, str], ...] = ()

    @property
    def relation(self) -> Literal["copies", "one story", "two stories"]:
        """What the two articles are to each other; copies tell one story too."""
        return "copies" if self.same_copy else "one story" if self.same_story else "two stories"


@dataclass(frozen=True, slots=True)
class Comparison(Kinship, Shown):
    """How two articles differ.

    `sentences` are in the order of the first article, with those of the second alone where they stand in it. `passages` are
    the runs of passages.PASSAGE words or more that both have, whatever sentences they stand in, as the first article has
    them: quotations, most of them. `differences` are figures that differ where both speak of the same, and names in two
    spellings: each says how sure that is.
    """

    sentences: tuple[Sentence, ...] = ()
    passages: tuple[str, ...] = ()
    differences: tuple[Disagreement, ...] = ()

    @property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """The differences that are disagreements for sure."""
        return tuple(one for one in self.differences if one.how == "disagreement")

    def __repr__(self) -> str:
        known = ", ".join(f"{name}={getattr(self, name)}" for name in ("same_story", "same_copy"))
        figures = f"similarity={self.similarity:.2f}, jaccard={self.jaccard:.2f}"
        return f"Comparison({known}, {figures}, {len(self.disagreements)} disagreements)"


@dataclass(frozen=True, slots=True)
class Story:
    """The tellings of a story, the representative first.

    `kinships` are what the others are to it, in their order. `points` are the representative's sentences, in order, and then
    what the others add. `stated` says who makes which claim, `contested` where two differ. `dates`, `figures`, `names` and
    `quotes` are what every article has, `passages` the other runs of words that all of them have. `headline` is what a run
    calls it, where one does.
    """

    articles: tuple[Article, ...]
    kinships: tuple[Kinship, ...]
    points: tuple[Point, ...]
    stated: tuple[Stated, ...]
    contested: tuple[Contested, ...]
    dates: tuple[str, ...]
    figures: tuple[str, ...]
    names: tuple[str, ...]
    quotes: tuple[str, ...]
    passages: tuple[str, ...]
    headline: str = ""

    @property
    def representative(self) -> Article:
        return self.articles[0]

    def only(self, number: int) -> list[str]:
        """What the article of a number says and no other, in its order."""
        return [point.text for point in self.points if point.tellers == (number,)]

    def comparison(self, number: int) -> Comparison:
        """How the article of a number, from 1, differs from the representative."""
        sides = [comparable(texts.sentences(self.articles[i].text)) for i in (0, number)]
        words = [PlacedWords(self.articles[i].text) for i in (0, number)]
        known = self.kinships[number - 1]
        odd = [one for one in self.contested if {one.first.text_number, one.second.text_number} == {0, number}]
        return Comparison(
            known.similarity,
            known.jaccard,
            known.same_story,
            known.same_copy,
            known.shared,
            known.apart,
            rows([one.text for one in sides[0]], [one.text for one in sides[1]], partners(*sides)),
            words[0].at(shared_runs(*words)),
            disagreements(odd),
        )


def story(
    articles: Sequence[Article], kinships: Sequence[Kinship] | None = None, options: StoryOptions | None = None
) -> Story:
    """The tellings of a story, none of them cleaned again. What the others are to the first is found out, as `options` say,
    where it is not known."""
    sentences = [texts.sentences(article.text) for article in articles]
    sides = [stated_in(some, number) for number, some in enumerate(sentences)]
    odd = contested(sides, [_day(article) for article in articles])
    agreed = agreement(sides)
    placed = [PlacedWords(article.text) for article in articles]
    passages = placed[0].at(runs_of_all([shared_runs(placed[0], other) for other in placed[1:]]))
    return Story(
        tuple(articles),
        tuple(_kinships(articles, options or StoryOptions()) if kinships is None else kinships),
        points([comparable(some) for some in sentences]),
        who_says_what(sides, odd),
        odd,
        agreed.dates,
        agreed.figures,
        agreed.names,
        tuple(quote for quote in agreed.quotes if not any(quote in passage for passage in passages)),
        passages,
    )


def _day(article: Article) -> int:
    """The day on which an article was written, as an ordinal; 0 where it does not say."""
    found = date_of(article.date)
    return date.fromisoformat(found).toordinal() if found else 0


def _kinships(articles: Sequence[Article], options: StoryOptions) -> list[Kinship]:
    """What each article is to the first."""
    from cleaner.fingerprint import shingles  # numpy: only a comparison of articles pays for it
    from cleaner.group.stories.features import story_features

    first, *others = zip(articles, story_features(articles), strict=True)
    own = shingles.of_text(first[0].text)
    return [_kinship(first, other, shingles.jaccard(own, shingles.of_text(other[0].text)), options) for other in others]


def _kinship(
    first: tuple[Article, StoryFeatures], second: tuple[Article, StoryFeatures], jaccard: float, options: StoryOptions
) -> Kinship:
    """What two articles are to each other, if nobody has decided it; `jaccard` is that of their shingles."""
    from cleaner.group.copies.forms import LINK_THRESHOLD, texts_of_one_form
    from cleaner.group.stories.compare import compare

    (a, of_a), (b, of_b) = first, second
    verdict: StoryComparison = compare(of_a, of_b, options)
    copy = False
    if texts_of_one_form(a.text, b.text, jaccard):  # neither a story nor copies, whatever they share
        verdict = replace(verdict, same=False)
    else:
        words = texts.words(a.text)
        copy = jaccard >= LINK_THRESHOLD or (bool(words) and words == texts.words(b.text))
    return Kinship(
        round(verdict.similarity, 4), round(jaccard, 4), verdict.same or copy, copy, verdict.shared, verdict.apart
    )
