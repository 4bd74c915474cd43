"""What the tellings of a story say, sentence by sentence: each point once, with its wording in every telling."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleaner.diff.sentences import ALIKE, Comparable

_TELLING = re.compile(r"\d[\d.,]*|(?<=[\w,] )[^\W\d_a-z]\w+|[\"“”«»]")
_LONG = 320  # characters: a longer sentence is no summary
_OFTEN = 60  # points: a word that more of them have finds too many
_WORDINGS = 4  # of a point that others are held against


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


def points(sides: Sequence[Sequence[Comparable]]) -> tuple[Point, ...]:
    """The points of texts, given as sentences: those of the first, in order, and then what the others add.

    All texts are held against each other: a sentence belongs to the point of which any wording is most like it.
    """
    found = _Points(sides)
    for number, side in enumerate(sides):
        found.add(number, side)
    return found.found(len(sides))


class _Points:
    def __init__(self, sides: Sequence[Sequence[Comparable]]) -> None:
        frequency: dict[str, int] = defaultdict(int)
        for side in sides:
            for sentence in side:
                for word in sentence.words:
                    frequency[word] += 1
        self._frequency = frequency
        self._wordings: list[dict[int, str]] = []
        self._distinct: list[list[frozenset[str]]] = []
        self._same: dict[str, list[int]] = defaultdict(list)
        self._holders: dict[str, list[int]] = defaultdict(list)

    def add(self, number: int, side: Sequence[Comparable]) -> None:
        """Put another text's sentences to the points so far: equal ones, then the most alike; and the rest as new ones."""
        taken: set[int] = set()
        left = []
        for place, sentence in enumerate(side):
            point = next((one for one in self._same.get(sentence.normalised, ()) if one not in taken), None)
            if point is None:
                left.append(place)
            else:
                taken.add(point)
                self._wordings[point][number] = sentence.text
        placed: set[int] = set()
        pairs = [pair for place in left for pair in self._alike(place, side[place])]
        for _, _, place, point in sorted(pairs):
            if place not in placed and point not in taken:
                placed.add(place)
                taken.add(point)
                self._reword(point, number, side[place])
        for place in left:
            if place not in placed:
                self._wordings.append({})
                self._distinct.append([])
                self._reword(len(self._wordings) - 1, number, side[place])

    def _reword(self, point: int, number: int, sentence: Comparable) -> None:
        """Give a point a wording that it did not have."""
        self._wordings[point][number] = sentence.text
        self._same[sentence.normalised].append(point)
        if len(self._distinct[point]) < _WORDINGS:
            self._distinct[point].append(sentence.words)
            for word in self._telling_words(sentence.words):
                self._holders[word].append(point)

    def _telling_words(self, words: Iterable[str]) -> list[str]:
        """The rarest words of a sentence: two that are alike share one of these."""
        rarest = sorted(words, key=lambda word: (self._frequency[word], word))
        return rarest[: len(rarest) - int(ALIKE * len(rarest)) + 1]

    def _alike(self, place: int, sentence: Comparable) -> Iterable[tuple[float, int, int, int]]:
        """The points that a sentence may belong to: (how little alike, how far apart, the sentence's place, the point)."""
        words = sentence.words
        held = [self._holders.get(word, []) for word in self._telling_words(words)]
        near = {point for some in held if len(some) <= _OFTEN for point in some}
        for point in near:
            best = 0.0
            for other in self._distinct[point]:
                shared = len(words & other)
                best = max(best, shared / max(1, len(words) + len(other) - shared))
            if best >= ALIKE:
                yield -best, abs(place - point), place, point

    def found(self, count: int) -> tuple[Point, ...]:
        return tuple(Point(tuple(wordings.get(i) for i in range(count))) for wordings in self._wordings)


def most_telling(sentences: Sequence[str]) -> str:
    """Of some sentences the one that says most: the most figures, names and quotations, if it is not overlong."""
    return max(sentences, key=lambda text: (len(text) <= _LONG, len(set(_TELLING.findall(text))), -len(text)))
