"""How common terms are among the articles of late, and how often events are told: the index's own counts, which age.

They are counted by periods of some windows, and of LEAST articles at least; the present one and the one before are kept. As
the present one grows, the one before fades: what was everywhere last month is as rare as anything by the next.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.words import Hashes
from cleaner.group.stories.features import StoryFeatures
from cleaner.group.stories.similarity import Partners
from cleaner.group.stories.weights import count_char_ngrams
from cleaner.index.file import IndexFile
from cleaner.index.packing import from_steps, steps

LEAST = 1000  # articles of a period, however long it takes: fewer say little of what is common
PERIOD = 6  # windows: a month of 30 days where stories are told within five
MOST = 1 << 20  # terms that are counted; of more, those of the fewest articles are forgotten, as Manku and Motwani 2002 do

Counted = NDArray[np.float32]


@dataclass(frozen=True)
class Counts:
    """In how many of `total` articles each term (by their sorted hashes) and each character n-gram (by its hash) occurs."""

    total: float
    hashes: Hashes
    terms: Counted
    char_ngrams: Counted

    @classmethod
    def of(cls, features: Sequence[StoryFeatures]) -> Counts:
        """Those of some articles."""
        found = np.concatenate([np.empty(0, dtype=np.uint32), *(one.terms for one in features)])
        hashes, counts = np.unique(found, return_counts=True)
        total = sum(1 for one in features if len(one.terms))
        return cls(total, hashes, counts.astype(np.float32), count_char_ngrams(features))

    def of_terms(self, terms: NDArray[Any]) -> Counted:
        """For each of some terms in how many articles it occurs."""
        if not len(self.hashes):
            return np.zeros(len(terms), dtype=np.float32)
        at = np.minimum(np.searchsorted(self.hashes, terms), len(self.hashes) - 1)
        return np.where(self.hashes[at] == terms, self.terms[at], np.float32(0))

    def plus(self, other: Counts, weight: float = 1.0) -> Counts:
        """These and those of others, which count `weight` as much."""
        hashes, at = np.unique(np.concatenate((self.hashes, other.hashes)), return_inverse=True)
        share = np.float32(weight)
        counts = np.bincount(at, np.concatenate((self.terms, share * other.terms)), minlength=len(hashes))
        return Counts(
            self.total + weight * other.total,
            hashes,
            counts.astype(np.float32),
            self.char_ngrams + share * other.char_ngrams,
        )

    def common(self) -> Counts:
        """The MOST terms that most articles have, or fewer."""
        hashes, terms, least = self.hashes, self.terms, 1
        while len(hashes) > MOST:
            least += 1
            hashes, terms = hashes[terms >= least], terms[terms >= least]
        return Counts(self.total, hashes, terms, self.char_ngrams)


@dataclass(frozen=True)
class _Period:
    first: int  # its first day, 0 where nothing was dated so far
    counts: Counts
    partners: Partners


class Frequencies:
    """The counts with those of some new articles."""

    def __init__(self, file: IndexFile, features: Sequence[StoryFeatures], window: int) -> None:
        days = [one.dates.published for one in features if one.dates.published]
        kept = [(now, _period(row)) for now, *row in file.rows(_KEPT)]
        # The middle of the days, since one article may state any date; and time does not run backwards.
        self._now = max([int(np.median(days)) if days else 0, *(now for now, _ in kept)])
        periods = [period for _, period in kept]
        length = max(1, PERIOD * window)
        if not periods or (periods[0].first and self._now - periods[0].first >= length and periods[0].counts.total >= LEAST):
            periods.insert(0, _Period(self._now, Counts.of([]), Partners()))
        elif not periods[0].first:
            periods[0] = _Period(self._now, periods[0].counts, periods[0].partners)
        self._present, self._before = periods[0], periods[1] if len(periods) > 1 else None
        few = 1 - self._present.counts.total / LEAST
        self._faded = min(1.0, max(0.0, few, 1 - (self._now - self._present.first) / length)) if self._before else 0.0
        self._counts = self._present.counts.plus(Counts.of(features))
        self.counts = self._counts.plus(self._before.counts, self._faded) if self._before else self._counts
        before = self._before.partners if self._before else Partners()
        both = zip(self._present.partners, before, strict=True)
        self.partners = Partners(*(one + self._faded * other for one, other in both))  # without those of the new articles

    def keep(self, file: IndexFile, partners: Partners) -> None:
        """Write the counts down, and what the new articles add to the partners."""
        likely, articles = (one + other for one, other in zip(self._present.partners, partners, strict=True))
        counts, first = self._counts.common(), self._present.first
        terms = zlib.compress(steps(counts.hashes) + _bytes(counts.terms), 1)
        oldest = self._before.first if self._before else first
        file.write("DELETE FROM periods WHERE first < ? OR first IN (0, ?)", [(oldest, first)])
        row = (first, self._now, articles, likely, len(counts.hashes), terms, zlib.compress(_bytes(counts.char_ngrams), 1))
        file.write("INSERT INTO periods VALUES (?, ?, ?, ?, ?, ?, ?)", [row])


_KEPT = "SELECT now, first, articles, likely, distinct_terms, terms, char_ngrams FROM periods ORDER BY first DESC LIMIT 2"


def _bytes(counts: Counted) -> bytes:
    return counts.astype(np.uint32).tobytes()


def _period(row: Sequence[Any]) -> _Period:
    first, articles, likely, count, terms, char_ngrams = row
    data = np.frombuffer(zlib.decompress(terms), dtype=np.uint8)
    numbers = data[4 * count :].view(np.uint32).astype(np.float32)
    ngrams = np.frombuffer(zlib.decompress(char_ngrams), dtype=np.uint32).astype(np.float32)
    counts = Counts(articles, from_steps(data[: 4 * count], np.uint32), numbers, ngrams)
    return _Period(first, counts, Partners(likely, articles))
