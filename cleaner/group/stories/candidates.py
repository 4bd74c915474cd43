"""Which pairs of articles are looked at: those that share MinHash bands, bounded for each article."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.signatures import PERMUTATIONS
from cleaner.fingerprint.words import Indexes
from cleaner.group.stories.features import StoryFeatures

EXHAUSTIVE = 64  # articles among which every pair is looked at
BUCKET_REACH = 16  # articles of a bucket on either side that an article is paired with: a crowded bucket stays linear
MAX_CANDIDATES = 48  # candidates of an article, those that share the most bands; and any that share as many as copies do
SURE_BANDS = 24  # bands of 128
_PENDING = 1 << 22  # pairs that are gathered before they are counted: some 100 MB


def candidates(features: Sequence[StoryFeatures], days: Indexes, window: int) -> tuple[Indexes, Indexes]:
    """The pairs (a[i] < b[i]) to look at, in order, each once.

    `days` are the articles' days, 0 for one that is not dated; two dated ones are paired within the window (days) only.
    Bands are of one row: an article's 128 MinHash values are 128 buckets. Within a bucket articles meet their neighbours by
    day, then in an order that is another in each row, so that the candidates of an article are bounded, however large the
    collection.
    """
    signed = np.empty((len(features), PERMUTATIONS), dtype=np.uint32)
    long_enough = np.zeros(len(features), dtype=np.bool_)
    for i, one in enumerate(features):
        if len(one.terms):
            long_enough[i], signed[i] = True, one.signature
    nonempty = np.flatnonzero(long_enough)
    if len(nonempty) <= EXHAUSTIVE:
        left, right = np.triu_indices(len(nonempty), 1)
        return _within(nonempty[left], nonempty[right], days, window)
    signed = signed[nonempty]
    pairs, counts = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    waiting: list[Indexes] = []
    for row in range(signed.shape[1]):
        waiting.extend(_bucket_pairs(signed[:, row], days[nonempty], window, row))
        if sum(map(len, waiting)) > _PENDING or row == signed.shape[1] - 1:
            new, fresh = np.unique(np.concatenate(waiting), return_counts=True)
            pairs, where = np.unique(np.concatenate([pairs, new]), return_inverse=True)
            counts = np.bincount(where, weights=np.concatenate([counts, fresh])).astype(np.int64)
            waiting = []
    left, right = np.divmod(pairs, len(nonempty))
    keep = _strongest(len(nonempty), left, right, counts)
    return nonempty[left[keep]], nonempty[right[keep]]


def _within(a: Indexes, b: Indexes, days: Indexes, window: int) -> tuple[Indexes, Indexes]:
    near = (days[a] == 0) | (days[b] == 0) | (np.abs(days[a] - days[b]) <= window)
    return a[near], b[near]


def _bucket_pairs(values: NDArray[np.uint32], days: Indexes, window: int, row: int) -> list[Indexes]:
    """The pairs that meet in the buckets of one row, as smaller * count + larger."""
    count = len(values)
    # Another order in each row, so that in a crowded bucket an article meets others each time.
    shuffled = _mixed(np.arange(count, dtype=np.uint32) + _mixed(np.full(1, row, dtype=np.uint32)))
    found = []
    dated = np.flatnonzero(days > 0)
    if len(dated):
        order = dated[np.lexsort((shuffled[dated], days[dated], values[dated]))]
        found += _neighbours(order, values, lambda a, b: np.abs(days[a] - days[b]) <= window)
    if len(dated) < count:
        order = np.lexsort((shuffled, values))
        found += _neighbours(order, values, lambda a, b: (days[a] == 0) | (days[b] == 0))
    return [np.minimum(a, b) * count + np.maximum(a, b) for a, b in found]


def _mixed(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The numbers in another order: the finaliser of MurmurHash3, which takes no two to one."""
    numbers = (numbers ^ (numbers >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    numbers = (numbers ^ (numbers >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return numbers ^ (numbers >> np.uint32(16))


def _neighbours(
    order: Indexes, values: NDArray[np.uint32], meet: Callable[[Indexes, Indexes], NDArray[np.bool_]]
) -> list[tuple[Indexes, Indexes]]:
    """The pairs of equal value at most BUCKET_REACH places apart in an order that has equal values together."""
    found = []
    for step in range(1, BUCKET_REACH + 1):
        a, b = order[:-step], order[step:]
        equal = values[a] == values[b]
        if not equal.any():
            break
        a, b = a[equal], b[equal]
        near = meet(a, b)
        found.append((a[near], b[near]))
    return found


def _strongest(count: int, a: Indexes, b: Indexes, shared: Indexes) -> NDArray[np.bool_]:
    """The pairs that are among the MAX_CANDIDATES of one of their articles by the bands they share, or share SURE_BANDS."""
    ends, others = np.concatenate([a, b]), np.concatenate([shared, shared])
    order = np.lexsort((np.tile(np.arange(len(a)), 2), -others, ends))
    place = np.empty(len(ends), dtype=np.int64)
    starts = np.searchsorted(ends[order], np.arange(count))
    place[order] = np.arange(len(ends)) - starts[ends[order]]
    near = place < MAX_CANDIDATES
    return near[: len(a)] | near[len(a) :] | (shared >= SURE_BANDS)
