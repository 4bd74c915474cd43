"""Two texts sentence by sentence: which say the same, which say it in other words, which stand alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from cleaner import text as texts
from cleaner.diff.wording import Piece, word_changes

# Two sentences say the same in other words where this share of their words is common to both.
ALIKE = 0.5
_OFTEN = 40  # sentences


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one article or of both: `first` and `second` are its wordings, None where an article lacks it.

    `words` is the word-level difference of the two wordings; empty unless they differ.
    """

    first: str | None
    second: str | None
    words: tuple[Piece, ...] = ()

    @property
    def kind(self) -> Literal["same", "changed", "first", "second"]:
        """ "first": only the first article has it; "second" likewise."""
        if self.second is None:
            return "first"
        if self.first is None:
            return "second"
        return "changed" if self.words else "same"


class Comparable(NamedTuple):
    """A sentence, and what tells whether another is the same or alike."""

    text: str
    normalised: str
    words: frozenset[str]


def comparable(sentences: Iterable[str]) -> list[Comparable]:
    """Sentences as `partners` wants them."""
    return [Comparable(sentence, texts.normalise(sentence), frozenset(texts.words(sentence))) for sentence in sentences]


def partners(first: Sequence[Comparable], second: Sequence[Comparable]) -> dict[int, int]:
    """For sentences of the first their partners in the second: equal ones, then the most alike."""
    partner = _equal(first, second)
    taken = set(partner.values())
    left = [i for i in range(len(first)) if i not in partner]
    for _, _, i, j in sorted(_alike(first, second, left, taken)):
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    return partner


def _equal(first: Sequence[Comparable], second: Sequence[Comparable]) -> dict[int, int]:
    """The partners that say the same, in order where one is said more than once."""
    partner: dict[int, int] = {}
    places: dict[str, list[int]] = {}
    for j in range(len(second) - 1, -1, -1):
        places.setdefault(second[j].normalised, []).append(j)
    for i, sentence in enumerate(first):
        same = places.get(sentence.normalised)
        if same:
            partner[i] = same.pop()
    return partner


def _alike(
    first: Sequence[Comparable], second: Sequence[Comparable], left: Iterable[int], taken: set[int]
) -> Iterator[tuple[float, int, int, int]]:
    """Pairs of sentences without a partner that say the same in other words, as (how little alike, how far from each
    other, the first's place, the second's)."""
    holders: dict[str, list[int]] = {}
    for j, sentence in enumerate(second):
        for word in sentence.words if j not in taken else ():
            holders.setdefault(word, []).append(j)
    # A word that many sentences have finds too many of them, and no pair that a rarer word does not find.
    rare = {word: places for word, places in holders.items() if len(places) <= _OFTEN}
    for i in left:
        words = first[i].words
        for j in {j for word in words for j in rare.get(word, ())}:
            shared = len(words & second[j].words)
            alike = shared / (len(words) + len(second[j].words) - shared)
            if alike >= ALIKE:
                yield -alike, abs(i - j), i, j


def rows(first: Sequence[str], second: Sequence[str], partner: Mapping[int, int]) -> tuple[Sentence, ...]:
    """The sentences of two texts in the order of the first, by the places of their partners."""
    taken = set(partner.values())
    found: list[Sentence] = []
    shown = 0
    for i, sentence in enumerate(first):
        if i not in partner:
            found.append(Sentence(sentence, None))
            continue
        j = partner[i]
        found += [Sentence(None, second[k]) for k in range(shown, j) if k not in taken]
        shown = max(shown, j + 1)
        found.append(Sentence(sentence, second[j], word_changes(sentence, second[j])))
    found += [Sentence(None, second[k]) for k in range(shown, len(second)) if k not in taken]
    return tuple(found)
