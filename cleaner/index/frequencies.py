"""How common terms are among the articles of late, and how often events are told: the index's own counts, which age.

They are counted by periods of some windows, and the present one and the one before are kept. As the present one grows,
the one before fades: what was everywhere last month is as rare as anything by the next.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.group.stories.features import StoryFeatures
from cleaner.group.stories.similarity import DocumentFrequencies, Partners
from cleaner.index.file import IndexFile

BITS = 22  # of the hashes that terms are counted by: a month of 20,000 articles has some two million terms
PERIOD = 6  # windows: a month of 30 days where stories are told within five


@dataclass(frozen=True)
class _Period:
    first: int
    counts: DocumentFrequencies
    partners: Partners


class Frequencies:
    """The counts with those of some new articles."""

    def __init__(self, file: IndexFile, features: Sequence[StoryFeatures], window: int) -> None:
        days = np.array([one.dates.published for one in features if one.dates.published], dtype=np.int64)
        kept = [(now, _period(row)) for now, *row in file.rows(_KEPT)]
        # The middle of the days, since one article may state any date; time does not run backwards.
        self._now = max([int(np.median(days)) if len(days) else 0, *(now for now, _ in kept)])
        periods = [period for _, period in kept]
        length = max(1, PERIOD * window)
        if not periods or (periods[0].first and self._now - periods[0].first >= length):
            periods.insert(0, _Period(self._now, _NONE, Partners()))
        elif not periods[0].first:  # so far nothing was dated
            periods[0] = _Period(self._now, periods[0].counts, periods[0].partners)
        self._present = periods[0]
        new = DocumentFrequencies.of(features, BITS)
        self._counts = _sum(self._present.counts, new, 1.0)
        self._before, self._faded = None, 0.0
        if len(periods) > 1:
            self._before = periods[1]
            self._faded = min(1.0, max(0.0, 2 - (self._now - self._before.first) / length))

    @property
    def counts(self) -> DocumentFrequencies:
        """In how many articles of late each term occurs."""
        return _sum(self._counts, self._before.counts, self._faded) if self._before and self._faded else self._counts

    @property
    def partners(self) -> Partners:
        """The likely partners of the articles of late, without the new ones."""
        present = self._present.partners
        before = self._before.partners if self._before else Partners()
        return Partners(*(one + self._faded * other for one, other in zip(present, before, strict=True)))

    def keep(self, file: IndexFile, partners: Partners) -> None:
        """Write the counts down, and what the new articles add to the partners."""
        present = Partners(*(one + other for one, other in zip(self._present.partners, partners, strict=True)))
        blobs = (zlib.compress(one.astype(np.uint32).tobytes(), 1) for one in (self._counts.terms, self._counts.char_ngrams))
        oldest = self._before.first if self._before else self._present.first
        file.write("DELETE FROM periods WHERE first < ? OR first IN (0, ?)", [(oldest, self._present.first)])
        file.write(
            "INSERT INTO periods VALUES (?, ?, ?, ?, ?, ?)", [(self._present.first, self._now, *present[::-1], *blobs)]
        )


_KEPT = "SELECT now, first, articles, likely, terms, char_ngrams FROM periods ORDER BY first DESC LIMIT 2"
_NONE = DocumentFrequencies.of([], BITS)


def _period(row: Sequence[object]) -> _Period:
    first, articles, likely, *blobs = row
    terms, char_ngrams = (_counted(zlib.decompress(blob)) for blob in blobs)  # type: ignore[arg-type]
    assert isinstance(first, int)
    partners = Partners(float(likely), float(articles))  # type: ignore[arg-type]
    return _Period(first, DocumentFrequencies(partners.articles, terms, char_ngrams), partners)


def _counted(data: bytes) -> NDArray[np.float32]:
    return np.frombuffer(data, dtype=np.uint32).astype(np.float32)


def _sum(one: DocumentFrequencies, other: DocumentFrequencies, weight: float) -> DocumentFrequencies:
    share = np.float32(weight)
    return DocumentFrequencies(
        one.total + weight * other.total, one.terms + share * other.terms, one.char_ngrams + share * other.char_ngrams
    )
