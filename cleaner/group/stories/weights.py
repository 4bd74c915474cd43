"""How much the terms of articles weigh: how often each occurs there, and how rare it is in news, in the collection, and in
the days around the article.

What is in the news of a week is rare in years of news, and still no sign of one event: every report of a shutdown has its
words. So a term is as common as it is among the articles of the days around, where an article is dated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.words import Hashes, Indexes
from cleaner.group.stories.features import CHAR_NGRAMS, KIND_SHIFT, StoryFeatures
from cleaner.group.stories.idf import char_ngram_idfs, shares_of
from cleaner.group.stories.tokens import CHAR_NGRAM_BUCKETS

BACKGROUND = 300  # articles that the shipped tables count for beside the collection's own
COMMON = 1.0  # of its weight, what all articles of the collection have loses
# Days around an article that its terms are counted in, and articles that the whole collection counts for beside these. Of
# labelled pairs of real news, dated ones, the area under the curve is .67 without and .76 with them; with 3 to 15 days and
# 10 to 100 articles it is .73 to .76.
AROUND = 7
BEYOND = 100

_AT_ONCE = 1 << 10  # articles that are weighed at once: some 20 MB
_BITS = 22  # of the hashes that terms are counted by in the days around
_ONE = np.int32(1)  # of the counts' type: numpy adds a Python number twenty times as slowly

Weights = NDArray[np.float32]


class DocumentFrequencies(Protocol):
    """In how many of `total` articles terms and character n-grams occur."""

    @property
    def total(self) -> float: ...

    @property
    def char_ngrams(self) -> Weights: ...  # by their hashes

    def of_terms(self, terms: NDArray[Any]) -> Weights:
        """For each of some terms in how many articles it occurs."""
        ...


class OwnFrequencies:
    """Those of some articles themselves. Terms are counted by the highest bits of their mixed hashes, so that a few share a
    count, which spares sorting them all."""

    def __init__(self, features: Sequence[StoryFeatures]) -> None:
        self._bits = min(24, max(16, len(features).bit_length() + 9))
        counts = np.zeros(1 << self._bits, dtype=np.int32)
        self.total: float = 0
        self.char_ngrams = np.zeros(CHAR_NGRAM_BUCKETS, dtype=np.float32)
        for places in _parts(np.arange(len(features))):
            some = [features[i] for i in places.tolist()]
            self.total += sum(1 for one in some if len(one.terms))
            np.add.at(counts, _folded(np.concatenate([one.terms for one in some]), self._bits), _ONE)
            self.char_ngrams += count_char_ngrams(some)
        self._terms = counts.astype(np.float32)

    def of_terms(self, terms: NDArray[Any]) -> Weights:
        """For each of their terms in how many articles it occurs."""
        found: Weights = self._terms[_folded(terms, self._bits)]
        return found


def count_char_ngrams(features: Sequence[StoryFeatures]) -> Weights:
    """In how many of some articles each character n-gram occurs."""
    hashes = np.concatenate([np.empty(0, dtype=np.uint16), *(one.char_ngrams for one in features)])
    return np.bincount(hashes, minlength=CHAR_NGRAM_BUCKETS).astype(np.float32)


class Weighed(NamedTuple):
    """The terms and the character n-grams of some articles (their places), with what each weighs, (1 + log tf) * idf, and
    the number of articles of the collection that have it. Those of each article are sorted by their hashes, of which
    CHAR_NGRAMS is the kind of the latter; `ends` says where they begin and end."""

    articles: Indexes
    hashes: Hashes
    weights: Weights
    document_frequencies: Weights
    ends: Indexes


def weigh(features: Sequence[StoryFeatures], frequencies: DocumentFrequencies, days: Indexes) -> Iterator[Weighed]:
    """The articles weighed, some at a time. `days` are theirs, 0 where nothing of the days around is to be told."""
    char_ngrams = char_ngram_idfs()
    for articles, around, count in _by_days(features, days):
        some = [features[i] for i in articles.tolist()]
        hashes, ends = _hashes(some)
        is_ngram = hashes >> KIND_SHIFT == CHAR_NGRAMS
        ngrams = hashes[is_ngram] & np.uint32(CHAR_NGRAM_BUCKETS - 1)
        known = np.empty(len(hashes), dtype=np.float32)
        known[is_ngram] = frequencies.char_ngrams[ngrams]
        known[~is_ngram] = frequencies.of_terms(hashes[~is_ngram])
        idfs, counts = np.empty(len(hashes), dtype=np.uint8), np.empty(len(hashes), dtype=np.uint8)
        idfs[is_ngram], idfs[~is_ngram] = char_ngrams[ngrams], np.concatenate([one.idfs for one in some])
        counts[is_ngram] = np.concatenate([one.char_ngram_counts for one in some])
        counts[~is_ngram] = np.concatenate([one.counts for one in some])
        around_it = around[_slots(hashes)].astype(np.float32) if count else np.empty(0, dtype=np.float32)
        weights = (1 + np.log(counts, dtype=np.float32)) * _idfs(shares_of(idfs), known, frequencies.total, around_it, count)
        yield Weighed(articles, hashes, weights, known, ends)


def _hashes(features: Sequence[StoryFeatures]) -> tuple[Hashes, Indexes]:
    ngrams = np.uint32(CHAR_NGRAMS << KIND_SHIFT)
    parts = [hashes for one in features for hashes in (one.terms, one.char_ngrams | ngrams)]
    return np.concatenate(parts), np.cumsum([0, *(len(one.terms) + len(one.char_ngrams) for one in features)])


def _idfs(shares: Weights, document_frequency: Weights, total: float, around: Weights, articles: int) -> Weights:
    """The background's shares blended with the collection's, and those with the ones of the `articles` of the days around.

    What is common in the background stays so, or a language that is rare in the collection would seem to be all rare words.
    And what more than two articles have counts the less the more of the collection has it: thirteen reports of one police
    force have its name, its town and the day in common. Of the many tellings of one event this spares the proportions.
    """
    common = np.float32(1) - np.maximum(document_frequency - 2, 0) * np.float32(COMMON / max(1, total))
    blended = (document_frequency + shares * np.float32(BACKGROUND)) / np.float32(BACKGROUND + total)
    np.clip(blended, shares, 1, out=blended)
    if articles:
        blended = np.clip((around + blended * np.float32(BEYOND)) / np.float32(articles + BEYOND), blended, 1)
    idfs: Weights = np.negative(np.log(blended)) * common
    return idfs


def _by_days(features: Sequence[StoryFeatures], days: Indexes) -> Iterator[tuple[Indexes, NDArray[np.int32], int]]:
    """The places of some articles at a time, by their days; in how many articles of the days around what stands in each slot
    occurs; and how many these are, 0 for those that are not dated."""
    order = np.argsort(days, kind="stable")
    inside = days[order]
    undated = int(np.searchsorted(inside, 1))
    counts = np.zeros((1 << _BITS) + CHAR_NGRAM_BUCKETS if undated < len(order) else 0, dtype=np.int32)
    for some in _parts(order[:undated]):
        yield some, counts, 0
    entered = left = undated
    each = np.unique(inside[undated:])
    bounds = zip(
        np.searchsorted(inside, each).tolist(),
        np.searchsorted(inside, each, "right").tolist(),
        np.maximum(np.searchsorted(inside, each - AROUND), undated).tolist(),
        np.searchsorted(inside, each + AROUND, "right").tolist(),
        strict=True,
    )
    for begin, end, since, until in bounds:
        for some in _parts(order[entered:until]):
            np.add.at(counts, _slots(_hashes([features[i] for i in some.tolist()])[0]), _ONE)
        for some in _parts(order[left:since]):
            np.subtract.at(counts, _slots(_hashes([features[i] for i in some.tolist()])[0]), _ONE)
        entered, left = until, since
        for some in _parts(order[begin:end]):
            yield some, counts, entered - left


def _parts(articles: Indexes) -> Iterator[Indexes]:
    return (articles[start : start + _AT_ONCE] for start in range(0, len(articles), _AT_ONCE))


def _slots(hashes: Hashes) -> NDArray[np.uint32]:
    """Where terms and character n-grams are counted: the former by their folded hashes, a few of them together."""
    ngrams = (hashes & np.uint32(CHAR_NGRAM_BUCKETS - 1)) + np.uint32(1 << _BITS)
    return np.where(hashes >> KIND_SHIFT == CHAR_NGRAMS, ngrams, _folded(hashes, _BITS))


def _folded(hashes: NDArray[Any], bits: int) -> NDArray[np.uint32]:
    """The highest bits of hashes, which are mixed first."""
    return (hashes.astype(np.uint32) * np.uint32(0x9E3779B1)) >> np.uint32(32 - bits)
