"""How likely two articles are to tell the same event: what speaks for it, weighed.

The log odds of a pair are a weighted sum (see WEIGHTS_OF) of roots of cosines, which mean the same however often events are
told, and of what the articles say of their days. How often they are told in this collection then shifts them all
(`shift_here`): where few pairs are likely, a likely one is rather a look-alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cleaner.fingerprint.words import Indexes
from cleaner.group.stories.dates import WEEK, days_apart_odds
from cleaner.group.stories.features import KIND_SHIFT, NAMED, NAMES, QUOTES, WEIGHTS, WORDS, StoryFeatures
from cleaner.group.stories.idf import char_ngram_idfs, shares_of
from cleaner.group.stories.tokens import CHAR_NGRAM_BUCKETS
from cleaner.group.stories.weights import Entries, folded, weigh

# Terms of an article, the heaviest in its collection, which say best what it is about. With 3, 5 and 8 of them the mean over
# seven sources, each left out of the fit, is .961, .965 and .965; without, .961.
HEAVIEST = 8
BESIDE_NAMES = 1.5  # times the cosine of what is told beside the names is the most that these may count

Floats = NDArray[np.float64]
_KINDS = 8
_ARTICLES = 1 << 12  # whose lengths are computed at once
_AT_ONCE = 1 << 14  # pairs whose rows are multiplied at once: some 100 MB


class Coefficients(NamedTuple):
    """What each piece of evidence counts in log odds. Made by scripts/fit_stories.py."""

    char_ngrams: float
    names: float
    words: float
    quotes: float
    heaviest: float
    other_weekdays: float
    same_weekday: float
    same_first_weekday: float
    days_apart: float
    other_numbers: float
    other_date: float
    two_contradictions: float
    intercept: float


COEFFICIENTS = Coefficients(7.09, 1.91, 1.70, 1.17, 1.50, -0.71, 0.44, 0.90, 1.16, -2.15, -0.49, -0.95, -5.71)

# The mean number of likely partners of an article shifts the log odds by DENSITY times its logarithm. It is estimated as if
# USUAL articles with USUAL_PARTNERS each stood beside the collection's own, which keeps small ones steady.
DENSITY = 0.7
USUAL, USUAL_PARTNERS = 20, 0.5
_FLOOR = 0.3  # partners: what is told once in every case is not impossible to be told twice
_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Similarities:
    """What speaks for a pair being one story: one value a pair; cosines are 0 to 1, of weekdays it is 0 or 1."""

    char_ngrams: Floats
    names: Floats
    words: Floats
    quotes: Floats
    heaviest: Floats  # the share of the weight of the HEAVIEST terms of either one that the other one has too
    other_weekdays: Floats  # both name some, and no day is the same
    same_weekday: Floats
    same_first_weekday: Floats
    days_apart: Floats  # log odds, see days_apart_odds; 0 where one is not dated

    def columns(self) -> Floats:
        """One row a pair, in the order of the first of COEFFICIENTS."""
        cosines = (self.char_ngrams, self.names, self.words, self.quotes)
        days = (self.heaviest, self.other_weekdays, self.same_weekday, self.same_first_weekday, self.days_apart)
        return np.stack([*map(np.sqrt, cosines), *days], axis=1)


class DocumentFrequencies(Protocol):
    """In how many of `total` articles terms and character n-grams occur."""

    @property
    def total(self) -> float: ...

    @property
    def char_ngrams(self) -> NDArray[np.float32]: ...  # by their hashes

    def of_terms(self, terms: NDArray[Any]) -> NDArray[np.float32]:
        """For each of some terms in how many articles it occurs."""
        ...


class OwnFrequencies:
    """Those of some articles themselves. Terms are counted by the highest bits of their mixed hashes, so that a few share a
    count, which spares sorting them all."""

    def __init__(self, features: Sequence[StoryFeatures]) -> None:
        self.total: float = sum(1 for d in features if len(d.terms))
        terms = _concatenated([d.terms for d in features])
        self._bits = min(24, max(12, len(terms).bit_length() + 1))
        self._terms = np.bincount(folded(terms, self._bits)).astype(np.float32)
        self.char_ngrams = count_char_ngrams(features)

    def of_terms(self, terms: NDArray[Any]) -> NDArray[np.float32]:
        """For each of their terms in how many articles it occurs."""
        found: NDArray[np.float32] = self._terms[folded(terms, self._bits)]
        return found


def count_char_ngrams(features: Sequence[StoryFeatures]) -> NDArray[np.float32]:
    """In how many of some articles each character n-gram occurs."""
    hashes = _concatenated([d.char_ngrams for d in features])
    return np.bincount(hashes, minlength=CHAR_NGRAM_BUCKETS).astype(np.float32)


class TfidfVectors:
    """The articles of a collection as tf-idf vectors, and their dates; the frequencies are the collection's own, unless
    others are given."""

    def __init__(self, features: Sequence[StoryFeatures], frequencies: DocumentFrequencies | None = None) -> None:
        self._published = np.array([d.dates.published for d in features], dtype=np.int64)
        self._weekdays = np.array([d.dates.weekdays for d in features]).reshape(-1, 7)
        self._days_apart = days_apart_odds(self._published)
        # An index's counts are of its last weeks alone: of the days around as they are.
        days = None if frequencies else self._published
        frequencies = frequencies or OwnFrequencies(features)
        terms = _entries([d.terms for d in features], [d.counts for d in features])
        idfs = _concatenated([d.idfs for d in features])
        weights = weigh(terms, lambda at: shares_of(idfs[at]), frequencies.of_terms, frequencies.total, days)
        self._squares = _squares(terms.hashes, weights, terms.ends)
        self._heaviest, self._heavy = _heaviest(terms.hashes, weights, terms.ends)
        self._terms = _rows(terms.hashes, weights, terms.ends)
        grams = _entries([d.char_ngrams for d in features], [d.char_ngram_counts for d in features])
        shares, document_frequency = shares_of(char_ngram_idfs()), frequencies.char_ngrams
        weights = weigh(
            grams, lambda at: shares[grams.hashes[at]], lambda hashes: document_frequency[hashes], frequencies.total, days
        )
        self._char_ngrams = _unit_rows(grams.hashes, weights, grams.ends)

    def similarities(self, a: Indexes, b: Indexes) -> Similarities:
        """The similarities of each pair (a[i], b[i])."""
        dots, heaviest = self._dots(a, b)
        squares = WEIGHTS**2

        def cosine(weights: Floats, otherwise: Floats) -> Floats:
            own = self._squares @ weights
            lengths = np.sqrt(own[a] * own[b])
            return np.clip(np.divide(dots @ weights, lengths, out=otherwise.copy(), where=lengths > 0), 0, 1)

        both = (self._weekdays[a].any(axis=1)) & (self._weekdays[b].any(axis=1))
        # Where both articles are dated, in one week, a weekday is a day: the last one of that name.
        dated = (
            (self._published[a] > 0) & (self._published[b] > 0) & (np.abs(self._published[a] - self._published[b]) < WEEK)
        )
        week = np.arange(1, 8)  # ordinal 1 was a Monday
        days = [self._published[i][:, None] - (self._published[i][:, None] - week) % 7 for i in (a, b)]
        same_day = ~dated[:, None] | (days[0] == days[1])
        shared = ((self._weekdays[a] > 0) & (self._weekdays[b] > 0) & same_day).any(axis=1)
        first = self._weekdays[a].argmax(axis=1) == self._weekdays[b].argmax(axis=1)
        known = (self._published[a] > 0) & (self._published[b] > 0)
        apart = np.minimum(np.abs(self._published[a] - self._published[b]), len(self._days_apart) - 1)
        kinds = np.arange(_KINDS)
        terms = cosine(squares, np.zeros(len(a)))
        beside = cosine((kinds == WORDS).astype(np.float64), terms)
        # No names, as in a script without capitals, say nothing.
        names = cosine((kinds == NAMES).astype(np.float64), terms)
        return Similarities(
            _cosines(self._char_ngrams, a, b),
            # Reports of one court on one day have its name, its town's and its spokesman's in common, and nothing else.
            np.minimum(names, BESIDE_NAMES * beside),
            cosine(np.isin(kinds, (WORDS, NAMED)).astype(np.float64), terms),
            cosine((kinds == QUOTES).astype(np.float64), np.zeros(len(a))),
            heaviest,
            (both & ~shared).astype(np.float64),
            shared.astype(np.float64),
            (shared & first).astype(np.float64),
            np.where(known, self._days_apart[apart], 0.0),
        )

    def _dots(self, a: Indexes, b: Indexes) -> tuple[Floats, Floats]:
        """The dot product of each pair of rows, by the kind of the terms; and the weight of the heaviest of either row that
        the other one has, as a share."""
        dots, heaviest = np.zeros((len(a), _KINDS)), np.zeros(len(a))
        for at in range(0, len(a), _AT_ONCE):
            block = slice(at, at + _AT_ONCE)
            product = self._terms[a[block]].multiply(self._terms[b[block]]).tocsr()
            row = np.repeat(np.arange(product.shape[0]), np.diff(product.indptr))
            place = row * _KINDS + (product.indices >> KIND_SHIFT)
            summed = np.bincount(place, weights=product.data, minlength=product.shape[0] * _KINDS)
            dots[block] = summed.reshape(-1, _KINDS)
            for rows in (a[block], b[block]):
                for terms, shares in zip(self._heaviest[rows].T, self._heavy[rows].T, strict=True):
                    shared = row[product.indices == terms[row]]
                    heaviest[block] += np.bincount(shared, minlength=len(rows)) * shares / 2
        return dots, heaviest


def log_odds(found: Similarities) -> Floats:
    """For each pair the log odds that it tells one event, as far as nothing contradicts it."""
    columns = found.columns()
    total: Floats = COEFFICIENTS.intercept + columns @ np.array(COEFFICIENTS[: columns.shape[1]])
    return total


class Partners(NamedTuple):
    """How many likely partners some articles have in all, and how many these are."""

    likely: float = 0.0
    articles: float = 0.0


def shift_here(odds: Floats, count: int) -> float:
    """What to add to the log odds of the pairs of `count` articles, given how often events are told among these."""
    return told_often(partners_among(odds, count))


def told_as_here(odds: Floats, count: int) -> Floats:
    """The log odds of the pairs of `count` articles, given how often events are told among these."""
    return odds + shift_here(odds, count)


def partners_among(odds: Floats, count: int, before: Partners = Partners()) -> Partners:  # noqa: B008 (it is frozen)
    """The partners of `count` articles by the log odds of their pairs, beside those of others `before`."""
    found = before
    for _ in range(_ROUNDS):
        likely = 2 * float(logistic(odds + told_often(found)).sum())
        now, known = _mean(Partners(before.likely + likely, before.articles + count)), _mean(found)
        mean = (known + now) / 2
        found = Partners(mean * (before.articles + count + USUAL) - USUAL * USUAL_PARTNERS, before.articles + count)
    return found


def _mean(found: Partners) -> float:
    """The mean number of partners, as if the usual ones stood beside."""
    return (found.likely + USUAL * USUAL_PARTNERS) / (found.articles + USUAL)


def told_often(found: Partners) -> float:
    """What is added to the log odds where articles have so many partners."""
    return DENSITY * float(np.log((_mean(found) + _FLOOR) / (USUAL_PARTNERS + _FLOOR)))


def logistic(odds: Floats) -> Floats:
    """Log odds as a likelihood, 0 to 1."""
    likely: Floats = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
    return likely


def _concatenated(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.uint8)


def _entries(hashes: Sequence[NDArray[Any]], counts: Sequence[NDArray[Any]]) -> Entries:
    return Entries(_concatenated(hashes), _concatenated(counts), np.cumsum([0, *map(len, hashes)]))


def _squares(terms: NDArray[Any], weights: NDArray[np.float32], ends: Indexes) -> Floats:
    """The square of the length of each article's terms, by their kind: some articles at a time, to hold little."""
    found = np.zeros((len(ends) - 1, _KINDS))
    for start in range(0, len(found), _ARTICLES):
        some = ends[start : start + _ARTICLES + 1]
        here = slice(some[0], some[-1])
        place = np.repeat(np.arange(len(some) - 1) * _KINDS, np.diff(some)) + (terms[here] >> KIND_SHIFT)
        squares = np.bincount(place, weights=weights[here] ** 2, minlength=(len(some) - 1) * _KINDS)
        found[start : start + _ARTICLES] = squares.reshape(-1, _KINDS)
    return found


def _heaviest(
    terms: NDArray[Any], weights: NDArray[np.float32], ends: Indexes
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The HEAVIEST terms of each article, -1 where it has fewer, and how large a part of their weight each has."""
    found = np.full((len(ends) - 1, HEAVIEST), -1, dtype=np.int32)
    parts = np.zeros((len(ends) - 1, HEAVIEST), dtype=np.float32)
    for start in range(0, len(found), _ARTICLES):
        some = ends[start : start + _ARTICLES + 1]
        here = slice(some[0], some[-1])
        counts = np.diff(some)
        row = np.repeat(np.arange(len(counts)), counts)
        place = np.arange(some[-1] - some[0]) - np.repeat(some[:-1] - some[0], counts)
        table = np.zeros((len(counts), max(HEAVIEST, int(counts.max(initial=0)))), dtype=np.float32)
        table[row, place] = weights[here] * WEIGHTS.astype(np.float32)[terms[here] >> KIND_SHIFT]
        top = np.argpartition(-table, HEAVIEST - 1, axis=1)[:, :HEAVIEST]
        heavy = np.take_along_axis(table, top, axis=1)
        at = np.minimum(some[:-1, None] + top, len(terms) - 1)
        found[start : start + _ARTICLES] = np.where(heavy > 0, terms[at].astype(np.int64), -1) if len(terms) else -1
        parts[start : start + _ARTICLES] = heavy / np.maximum(heavy.sum(axis=1, keepdims=True), 1e-9)
    return found, parts


def _rows(columns: NDArray[Any], weights: NDArray[np.float32], ends: Indexes) -> sparse.csr_matrix:
    """One row an article."""
    columns = columns.view(np.int32) if columns.dtype.itemsize == 4 else columns.astype(np.int32)  # no copy of the larger
    return sparse.csr_matrix((weights, columns, ends.astype(np.int32)), shape=(len(ends) - 1, (1 << 31) - 1))


def _unit_rows(columns: NDArray[Any], weights: NDArray[np.float32], ends: Indexes) -> sparse.csr_matrix:
    """One row of length one an article. `weights` is overwritten."""
    rows = np.repeat(np.arange(len(ends) - 1, dtype=np.int32), np.diff(ends))
    lengths = np.sqrt(np.bincount(rows, weights=weights * weights, minlength=len(ends) - 1)).astype(np.float32)
    weights /= np.where(lengths > 0, lengths, np.float32(1))[rows]
    return _rows(columns, weights, ends)


def _cosines(matrix: sparse.csr_matrix, a: Indexes, b: Indexes) -> Floats:
    """The cosine of each pair of rows, 0 to 1."""
    dots = [
        np.asarray(
            matrix[a[at : at + _AT_ONCE]].multiply(matrix[b[at : at + _AT_ONCE]]).sum(axis=1), dtype=np.float64
        ).ravel()
        for at in range(0, len(a), _AT_ONCE)
    ]
    return np.clip(np.concatenate(dots), 0, 1) if dots else np.empty(0)
