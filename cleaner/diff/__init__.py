"""How articles differ, as data: what cleaning removes, two articles sentence by sentence, the tellings of a story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleaner import text as texts
from cleaner.diff import disputes
from cleaner.diff.disputes import Disagreement
from cleaner.diff.sentences import Read, Sentence, Spelled, common_runs, partners, read, rows, runs
from cleaner.model import Article, Shared

if TYPE_CHECKING:
    from cleaner.group.stories import Verdict

__all__ = ["Comparison", "Disagreement", "Point", "Sentence", "Story", "Telling", "story"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two articles differ.

    `similarity` is that of the stories they tell, 0 to 1; `jaccard` that of their word 5-grams, 0 to 1. `sentences` are
    in the order of the first article, with those of the second alone where they stand in it. `passages` are the runs of
    sentences.PASSAGE words or more that both have, whatever sentences they stand in, as the first article has them:
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

    head: Article
    tellings: tuple[Telling, ...]
    points: tuple[Point, ...]
    dates: tuple[str, ...]
    figures: tuple[str, ...]
    names: tuple[str, ...]
    quotes: tuple[str, ...]
    passages: tuple[str, ...]

    @property
    def articles(self) -> tuple[Article, ...]:
        return (self.head, *(telling.article for telling in self.tellings))


def story(articles: Sequence[Article]) -> Story:
    """The tellings of a story against the first one, none of them cleaned again."""
    head, *others = articles
    sides = [texts.sentences(article.text) for article in articles]
    stated = [disputes.read(side) for side in sides]
    spelled = [Spelled(article.text) for article in articles]
    passages = [runs(spelled[0], other) for other in spelled[1:]]
    tellings = []
    heard = [read(side) for side in sides]
    points: _Points = [(sentence, [sentence.text]) for sentence in heard[0]]
    for number, (article, side) in enumerate(zip(others, sides[1:], strict=True), 1):
        partner = partners(heard[0], heard[number])
        verdict, jaccard, same_copy = _likeness(head, article)
        compared = Comparison(
            round(verdict.similarity, 4),
            round(jaccard, 4),
            verdict.same or same_copy,
            same_copy,
            rows(sides[0], side, partner),
            spelled[0].texts(passages[number - 1]),
            disputes.disagreements(stated[0], stated[number], partner),
            verdict.shared,
            verdict.apart,
        )
        tellings.append(Telling(article, compared))
        _join(points, len(sides[0]), number, heard[number], partner)
    common = disputes.shared(stated)
    everywhere = spelled[0].texts(common_runs(passages))
    return Story(
        head,
        tuple(tellings),
        tuple(Point(tuple(wordings)) for _, wordings in points),
        common["dates"],
        common["figures"],
        common["names"],
        tuple(quote for quote in common["quotes"] if not any(quote in passage for passage in everywhere)),
        everywhere,
    )


def _join(points: _Points, own: int, number: int, side: Sequence[Read], partner: dict[int, int]) -> None:
    """Put an article's sentences to the points: to the representative's by its partners, and then to the others'."""
    taken = set(partner.values())
    left = [j for j in range(len(side)) if j not in taken]
    extra = partners([first for first, _ in points[own:]], [side[j] for j in left])
    placed = {**partner, **{own + i: left[j] for i, j in extra.items()}}
    for i, (_, wordings) in enumerate(points):
        wordings.append(side[placed[i]].text if i in placed else None)
    known = set(placed.values())
    points.extend((side[j], [*[None] * number, side[j].text]) for j in left if j not in known)


# What tellings say so far: the first wording of each point, and the wordings of the tellings so far.
_Points = list[tuple[Read, list[str | None]]]


def _likeness(a: Article, b: Article) -> tuple[Verdict, float, bool]:
    """Whether two articles tell one story, the Jaccard index of their shingles, and whether they are copies of each
    other."""
    from cleaner.fingerprint import shingles  # numpy: only a comparison of articles pays for it
    from cleaner.group import copies, stories
    from cleaner.group.features import describe_all

    jaccard = shingles.jaccard(shingles.shingles(a.text), shingles.shingles(b.text))
    first, second = describe_all([a, b])
    return stories.compare(first, second), jaccard, jaccard >= copies.LINK
