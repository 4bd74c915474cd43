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
from cleaner.group.stories.dates import WEEK
from cleaner.group.stories.features import KIND_SHIFT, NAMED, NAMES, WEIGHTS, WORDS, StoryFeatures
from cleaner.group.stories.idf import char_ngram_idfs, shares_of
from cleaner.group.stories.tokens import CHAR_NGRAM_BUCKETS

BACKGROUND = 300  # articles that the shipped tables count for beside the collection's own
COMMON = 1.0  # of its weight, what all articles of the collection have loses
BESIDE_NAMES = 1.5  # times the cosine of what is told beside the names is the most that these may count
NEAR_DAYS = 5  # days between two dates that are one event's

Floats = NDArray[np.float64]
_KINDS = 8
_ARTICLES = 1 << 12  # whose lengths are computed at once
_AT_ONCE = 1 << 14  # pairs whose rows are multiplied at once: some 100 MB


class Coefficients(NamedTuple):
    """What each piece of evidence counts in log odds. Made by scripts/fit_stories.py."""

    terms: float
    char_ngrams: float
    names: float
    words: float
    other_weekdays: float
    same_weekday: float
    same_first_weekday: float
    same_date: float
    other_numbers: float
    other_date: float
    two_contradictions: float
    intercept: float


COEFFICIENTS = Coefficients(2.97, 6.54, 1.74, 2.66, -1.00, 0.97, 0.43, 0.00, -2.49, -0.54, -1.08, -6.32)

# The mean number of likely partners of an article shifts the log odds by DENSITY times its logarithm. It is estimated as if
# USUAL articles with USUAL_PARTNERS each stood beside the collection's own, which keeps small ones steady.
DENSITY = 0.6
USUAL, USUAL_PARTNERS = 20, 0.5
_FLOOR = 0.3  # partners: what is told once in every case is not impossible to be told twice
_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Similarities:
    """What speaks for a pair being one story: one value a pair; cosines are 0 to 1, the rest is 0 or 1."""

    terms: Floats
    char_ngrams: Floats
    names: Floats
    words: Floats
    other_weekdays: Floats  # both name some, and no day is the same
    same_weekday: Floats
    same_first_weekday: Floats
    same_date: Floats  # dates in their openings are a few days apart at most

    def columns(self) -> Floats:
        """One row a pair, in the order of the first of COEFFICIENTS."""
        cosines = (self.terms, self.char_ngrams, self.names, self.words)
        days = (self.other_weekdays, self.same_weekday, self.same_first_weekday, self.same_date)
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
        self._terms = np.bincount(_folded(terms, self._bits)).astype(np.float32)
        self.char_ngrams = count_char_ngrams(features)

    def of_terms(self, terms: NDArray[Any]) -> NDArray[np.float32]:
        """For each of their terms in how many articles it occurs."""
        found: NDArray[np.float32] = self._terms[_folded(terms, self._bits)]
        return found


def count_char_ngrams(features: Sequence[StoryFeatures]) -> NDArray[np.float32]:
    """In how many of some articles each character n-gram occurs."""
    hashes = _concatenated([d.char_ngrams for d in features])
    return np.bincount(hashes, minlength=CHAR_NGRAM_BUCKETS).astype(np.float32)


class TfidfVectors:
    """The articles of a collection as tf-idf vectors, and their dates; the frequencies are the collection's own, unless
    others are given."""

    def __init__(self, features: Sequence[StoryFeatures], frequencies: DocumentFrequencies | None = None) -> None:
        frequencies = frequencies or OwnFrequencies(features)
        total = frequencies.total
        ends = _ends([d.terms for d in features])
        terms = _concatenated([d.terms for d in features])
        shares = shares_of(_concatenated([d.idfs for d in features]))
        weights = _weights(_concatenated([d.counts for d in features]), shares, frequencies.of_terms(terms), total)
        self._squares = _squares(terms, weights, ends)
        self._terms = _rows(terms, weights, ends)
        char_ngrams = _concatenated([d.char_ngrams for d in features])
        shares = shares_of(char_ngram_idfs())[char_ngrams]
        document_frequency = frequencies.char_ngrams[char_ngrams]
        weights = _weights(_concatenated([d.char_ngram_counts for d in features]), shares, document_frequency, total)
        self._char_ngrams = _unit_rows(char_ngrams, weights, _ends([d.char_ngrams for d in features]))
        self._published = np.array([d.dates.published for d in features], dtype=np.int64)
        self._in_text = np.array([d.dates.in_text for d in features], dtype=np.int64)
        self._weekdays = np.array([d.dates.weekdays for d in features]).reshape(-1, 7)

    def similarities(self, a: Indexes, b: Indexes) -> Similarities:
        """The similarities of each pair (a[i], b[i])."""
        dots = self._dots(a, b)
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
        in_text = (
            (self._in_text[a] > 0) & (self._in_text[b] > 0) & (np.abs(self._in_text[a] - self._in_text[b]) <= NEAR_DAYS)
        )
        found = (both & ~shared, shared, shared & first, in_text)
        kinds = np.arange(_KINDS)
        terms = cosine(squares, np.zeros(len(a)))
        beside = cosine((kinds == WORDS).astype(np.float64), terms)
        # No names, as in a script without capitals, say nothing.
        names = cosine((kinds == NAMES).astype(np.float64), terms)
        return Similarities(
            terms,
            _cosines(self._char_ngrams, a, b),
            # Reports of one court on one day have its name, its town's and its spokesman's in common, and nothing else.
            np.minimum(names, BESIDE_NAMES * beside),
            cosine(np.isin(kinds, (WORDS, NAMED)).astype(np.float64), terms),
            *(one.astype(np.float64) for one in found),
        )

    def _dots(self, a: Indexes, b: Indexes) -> Floats:
        """The dot product of each pair of rows, by the kind of the terms."""
        dots = np.zeros((len(a), _KINDS))
        for at in range(0, len(a), _AT_ONCE):
            block = slice(at, at + _AT_ONCE)
            product = self._terms[a[block]].multiply(self._terms[b[block]]).tocsr()
            row = np.repeat(np.arange(product.shape[0]), np.diff(product.indptr))
            place = row * _KINDS + (product.indices >> KIND_SHIFT)
            summed = np.bincount(place, weights=product.data, minlength=product.shape[0] * _KINDS)
            dots[block] = summed.reshape(-1, _KINDS)
        return dots


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


def _ends(parts: Sequence[NDArray[Any]]) -> Indexes:
    return np.cumsum([0, *map(len, parts)])


def _folded(terms: NDArray[Any], bits: int) -> NDArray[np.uint32]:
    return (terms.astype(np.uint32) * np.uint32(0x9E3779B1)) >> np.uint32(32 - bits)


def _weights(
    counts: NDArray[Any], shares: NDArray[np.float32], document_frequency: NDArray[np.float32], total: float
) -> NDArray[np.float32]:
    """(1 + log tf) * idf: the background's share and the collection's own, blended. `document_frequency` is overwritten.

    What is common in the background stays so, or a language that is rare in the collection would seem to be all rare words.
    And what more than two articles have counts the less the more of the collection has it: thirteen reports of one police
    force have its name, its town and the day in common. Of the many tellings of one event this spares the proportions.
    """
    common = np.float32(1) - np.maximum(document_frequency - 2, 0) * np.float32(COMMON / max(1, total))
    blended = document_frequency
    blended += shares * np.float32(BACKGROUND)
    blended /= np.float32(BACKGROUND + total)
    np.clip(blended, shares, 1, out=blended)
    np.log(blended, out=blended)
    weights: NDArray[np.float32] = np.log(counts, dtype=np.float32)
    weights += 1
    weights *= blended
    weights *= common
    return np.negative(weights, out=weights)


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


def _rows(columns: NDArray[Any], weights: NDArray[np.float32], ends: Indexes) -> sparse.csr_matrix:
    """One row an article."""
    return sparse.csr_matrix(
        (weights, columns.astype(np.int32), ends.astype(np.int32)), shape=(len(ends) - 1, (1 << 31) - 1)
    )


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
