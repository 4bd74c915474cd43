"""How likely two articles are to tell the same event: similarities of their features, weighed.

The likelihood of a pair is a logistic function of six similarities (see COEFFICIENTS). Two of them are cosines scaled
by the neighbourhood, the known cure for hubs (local scaling, CSLS): a raw cosine means different things in a crowded topic
and in an empty one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cleaner.fingerprint.words import Indexes
from cleaner.group.stories.features import KIND_SHIFT, NUMBERS, WEIGHTS, StoryFeatures
from cleaner.group.stories.idf import char_ngram_idfs, shares_of
from cleaner.group.stories.tokens import CHAR_NGRAM_BUCKETS

BACKGROUND = 300  # articles that the shipped tables count for beside the collection's own
NEIGHBOURS = 5  # nearest articles whose mean similarity is an article's neighbourhood
NEAR_DAYS = 5  # days between two dates that are one event's

# For the cosine of terms, and that of character n-grams: a neighbour that is missing, or less similar than FLOOR, counts as
# FLOOR, for small collections have few; DAMPING keeps an empty neighbourhood from making much of little.
FLOOR = (0.1, 0.1)
DAMPING = (0.15, 0.3)

# Fitted by logistic regression on pairs of ECB+, of NewsWCL50 and of a sample of both among unlabelled news, by topic in
# four folds: root of the scaled cosine of terms and of character n-grams, root of the cosine of numbers, cosine of the
# weekdays and whether both name any, dates in the text that agree.
COEFFICIENTS = (14.6, 12.2, 1.4, 1.9, -1.4, 4.9)
INTERCEPT = -13.6

Floats = NDArray[np.float64]
_AT_ONCE = 1 << 14  # pairs whose rows are multiplied at once: some 100 MB


@dataclass(frozen=True, slots=True)
class Similarities:
    """What speaks for and against pairs of articles: one value a pair; cosines are 0 to 1."""

    terms: Floats
    char_ngrams: Floats
    numbers: Floats
    weekdays: Floats  # -1 where one of the two names none
    dated: Floats  # 1 where dates in their openings agree, else 0


class TfidfVectors:
    """The articles of a collection as tf-idf vectors of length one, and their dates."""

    def __init__(self, features: Sequence[StoryFeatures]) -> None:
        total = sum(1 for d in features if len(d.terms))
        ends = _ends([d.terms for d in features])
        terms = _concatenated([d.terms for d in features])
        shares = shares_of(_concatenated([d.idfs for d in features]))
        weights = _weights(_concatenated([d.counts for d in features]), shares, _document_frequency(terms), total)
        kinds = terms >> KIND_SHIFT
        weights *= WEIGHTS.astype(np.float32)[kinds]
        self._terms = _unit_rows(terms, weights, ends)
        numbers = kinds == NUMBERS
        self._numbers = _unit_rows(terms[numbers], weights[numbers], np.concatenate([[0], np.cumsum(numbers)])[ends])
        char_ngrams = _concatenated([d.char_ngrams for d in features])
        shares = shares_of(char_ngram_idfs())[char_ngrams]
        document_frequency = np.bincount(char_ngrams, minlength=CHAR_NGRAM_BUCKETS).astype(np.float32)[char_ngrams]
        weights = _weights(_concatenated([d.char_ngram_counts for d in features]), shares, document_frequency, total)
        self._char_ngrams = _unit_rows(char_ngrams, weights, _ends([d.char_ngrams for d in features]))
        self._published = np.array([d.dates.published for d in features], dtype=np.int64)
        self._in_text = np.array([d.dates.in_text for d in features], dtype=np.int64)
        self._weekdays = np.array([d.dates.weekdays for d in features]).reshape(-1, 7)

    def similarities(self, a: Indexes, b: Indexes) -> Similarities:
        """The similarities of each pair (a[i], b[i])."""
        both = (self._weekdays[a].any(axis=1)) & (self._weekdays[b].any(axis=1))
        # Where both articles are dated, a weekday is a day: the last one of that name.
        dated = (self._published[a] > 0) & (self._published[b] > 0)
        week = np.arange(1, 8)  # ordinal 1 was a Monday
        days = [self._published[i][:, None] - (self._published[i][:, None] - week) % 7 for i in (a, b)]
        same = ~dated[:, None] | (days[0] == days[1])
        agree = (self._weekdays[a] * self._weekdays[b] * same).sum(axis=1)
        in_text = (
            (self._in_text[a] > 0) & (self._in_text[b] > 0) & (np.abs(self._in_text[a] - self._in_text[b]) <= NEAR_DAYS)
        )
        return Similarities(
            _cosines(self._terms, a, b),
            _cosines(self._char_ngrams, a, b),
            _cosines(self._numbers, a, b),
            np.where(both, agree, -1.0),
            in_text.astype(np.float64),
        )


def log_odds(count: int, a: Indexes, b: Indexes, found: Similarities) -> Floats:
    """For each pair of `count` articles the log odds that it tells one event; the pairs given are the neighbourhood."""
    both = found.weekdays >= 0
    columns = [
        np.sqrt(_locally_scaled(count, a, b, found.terms, FLOOR[0], DAMPING[0])),
        np.sqrt(_locally_scaled(count, a, b, found.char_ngrams, FLOOR[1], DAMPING[1])),
        np.sqrt(found.numbers),
        np.where(both, found.weekdays, 0),
        both.astype(np.float64),
        found.dated,
    ]
    total = np.full(len(a), INTERCEPT)
    for coefficient, column in zip(COEFFICIENTS, columns, strict=True):
        total += coefficient * column
    return total


def logistic(odds: Floats) -> Floats:
    """Log odds as a likelihood, 0 to 1."""
    likely: Floats = 1 / (1 + np.exp(-odds))
    return likely


def _locally_scaled(count: int, a: Indexes, b: Indexes, cosines: Floats, floor: float, damping: float) -> Floats:
    """The cosine of each pair, divided by how similar its two articles are to their nearest ones."""
    ends, values = np.concatenate([a, b]), np.concatenate([cosines, cosines])
    order = np.lexsort((-values, ends))
    ends, values = ends[order], values[order]
    starts = np.searchsorted(ends, np.arange(count))
    near = np.full((count, NEIGHBOURS), floor)
    place = np.arange(len(ends)) - starts[ends]
    first = place < NEIGHBOURS
    near[ends[first], place[first]] = np.maximum(values[first], floor)
    crowd = near.mean(axis=1)
    scaled: Floats = cosines / (crowd[a] + crowd[b] + damping)
    return scaled


def _concatenated(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.uint8)


def _ends(parts: Sequence[NDArray[Any]]) -> Indexes:
    return np.cumsum([0, *map(len, parts)])


def _document_frequency(terms: NDArray[Any]) -> NDArray[np.float32]:
    """For each term in how many articles it occurs; a few share a count, which spares sorting them all."""
    bits = min(24, max(12, len(terms).bit_length() + 1))
    folded = (terms.astype(np.uint32) * np.uint32(0x9E3779B1)) >> np.uint32(32 - bits)
    document_frequency: NDArray[np.float32] = np.bincount(folded).astype(np.float32)[folded]
    return document_frequency


def _weights(
    counts: NDArray[Any], shares: NDArray[np.float32], document_frequency: NDArray[np.float32], total: int
) -> NDArray[np.float32]:
    """(1 + log tf) * idf: the background's share and the collection's own, blended. `document_frequency` is overwritten.

    What is common in the background stays so, or a language that is rare in the collection would seem to be all rare words.
    """
    blended = document_frequency
    blended += shares * np.float32(BACKGROUND)
    blended /= np.float32(BACKGROUND + total)
    np.clip(blended, shares, 1, out=blended)
    np.log(blended, out=blended)
    weights: NDArray[np.float32] = np.log(counts, dtype=np.float32)
    weights += 1
    weights *= blended
    return np.negative(weights, out=weights)


def _unit_rows(columns: NDArray[Any], weights: NDArray[np.float32], ends: Indexes) -> sparse.csr_matrix:
    """One row of length one an article. `weights` is overwritten."""
    rows = np.repeat(np.arange(len(ends) - 1, dtype=np.int32), np.diff(ends))
    lengths = np.sqrt(np.bincount(rows, weights=weights * weights, minlength=len(ends) - 1)).astype(np.float32)
    weights /= np.where(lengths > 0, lengths, np.float32(1))[rows]
    return sparse.csr_matrix(
        (weights, columns.astype(np.int32), ends.astype(np.int32)), shape=(len(ends) - 1, (1 << 31) - 1)
    )


def _cosines(matrix: sparse.csr_matrix, a: Indexes, b: Indexes) -> Floats:
    """The cosine of each pair of rows, 0 to 1."""
    dots = [
        np.asarray(
            matrix[a[at : at + _AT_ONCE]].multiply(matrix[b[at : at + _AT_ONCE]]).sum(axis=1), dtype=np.float64
        ).ravel()
        for at in range(0, len(a), _AT_ONCE)
    ]
    return np.clip(np.concatenate(dots), 0, 1) if dots else np.empty(0)
