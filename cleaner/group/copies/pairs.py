"""Pairs of articles: found in buckets, compared by their shingles, a block of pairs at a time, and linked to components."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint import shingles
from cleaner.fingerprint.words import Hashes, Indexes
from cleaner.group.copies.store import SignatureStore

Pairs = tuple[Indexes, Indexes]
Keys = NDArray[np.uint64]

_KEYS = 1 << 14  # shingles that are sorted at once, to stay in the cache
_BRIDGE = 64  # shingles between two frequent long shingles that count as frequent too: farther ones are rare (7/8 ** 64)
_LEFT = 0.2  # the share of two articles that must be left without what is frequent, to judge them by it


def distinct(values: Keys) -> Keys:
    """The values in order, each once. (numpy's own `unique` hashes them first, and takes ten times as long.)"""
    values = np.sort(values)
    return values[np.concatenate(([True], values[1:] != values[:-1]))] if len(values) else values


def packed(a: Keys, b: Keys) -> Keys:
    """Two numbers below 2^32 as one, sorted by the first."""
    return (a << np.uint64(32)) | b


def unpacked(pairs: Keys) -> Pairs:
    """What `packed` packed."""
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


def run_starts(sorted_keys: Keys) -> Indexes:
    """Where each value begins among sorted ones."""
    if not len(sorted_keys):
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate(([True], sorted_keys[1:] != sorted_keys[:-1])))


def in_buckets(key: Keys, crowd: int) -> Iterator[Pairs]:
    """The pairs of places with one value, of sorted values: all of a value that at most `crowd` have, else each with the
    first and the next, so that it stays linear."""
    starts = run_starts(key)
    sizes = np.diff(np.append(starts, len(key)))
    at = np.flatnonzero(key[1:] == key[:-1])
    yield at, at + 1
    large = sizes > crowd
    if large.any():
        size = sizes[large] - 2
        first = np.repeat(starts[large], size)
        yield first, first + 2 + np.arange(len(first)) - np.repeat(np.cumsum(size) - size, size)
        at = at[~np.repeat(large, sizes)[at]]
    for distance in range(2, crowd):
        at = at[at + distance < len(key)]
        at = at[key[at] == key[at + distance]]
        if not len(at):
            return
        yield at, at + distance


def pair_blocks(
    store: SignatureStore, first: Indexes, second: Indexes
) -> Iterator[tuple[slice, list[Hashes], list[Indexes]]]:
    """The shingles of the first and of the second articles of some pairs at a time, one article after the other in the
    order of the words, and how many each has."""
    sizes = np.cumsum(store.counts[first].astype(np.int64) + store.counts[second])
    start = 0
    while start < len(first):
        before = sizes[start - 1] if start else 0
        stop = min(len(first), max(start + 1, int(np.searchsorted(sizes, before + _KEYS))))
        both = first[start:stop], second[start:stop]
        found = [np.concatenate(list(store.shingles(articles))) for articles in both]
        yield slice(start, stop), found, [store.counts[articles].astype(np.int64) for articles in both]
        start = stop


def keyed_by_pair(found: Hashes, counts: Indexes) -> Keys:
    """The shingles of one side of some pairs, with the number of their pair before them."""
    return packed(np.repeat(np.arange(len(counts), dtype=np.uint64), counts), found.astype(np.uint64))


def jaccards(store: SignatureStore, first: Indexes, second: Indexes, frequent: Hashes | None = None) -> NDArray[np.float64]:
    """The exact Jaccard index of each pair of articles; without what the `frequent` long shingles (in order)
    cover, if they are given and enough is left of both together."""
    index = np.zeros(len(first))
    for block, found, counts in pair_blocks(store, first, second):
        keys = [keyed_by_pair(*side) for side in zip(found, counts, strict=True)]
        if frequent is not None and len(frequent):
            keys = _without(frequent, found, counts, keys)
        # A shingle of both sides of a pair stands twice in a row, but for the side in its last bit.
        sets = distinct(np.concatenate([(key << np.uint64(1)) | np.uint64(side) for side, key in enumerate(keys)]))
        pair = (sets >> np.uint64(33)).astype(np.int64)
        both = pair[1:][(sets[1:] ^ sets[:-1]) == 1]
        size = len(counts[0])
        shared = np.bincount(both, minlength=size)
        index[block] = shared / np.maximum(1, np.bincount(pair, minlength=size) - shared)
    return index


def _without(frequent: Hashes, found: list[Hashes], counts: list[Indexes], keys: list[Keys]) -> list[Keys]:
    """The keys that `frequent` does not cover; all those of a pair of which too little would be left."""
    bare = [~_covered(frequent, *side) for side in zip(found, counts, strict=True)]
    size = len(counts[0])
    left = sum(
        np.bincount((key[own] >> np.uint64(32)).astype(np.int64), minlength=size)
        for key, own in zip(keys, bare, strict=True)
    )
    little = left < _LEFT * sum(counts)
    return [key[own | np.repeat(little, count)] for key, own, count in zip(keys, bare, counts, strict=True)]


def _covered(frequent: Hashes, found: Hashes, counts: Indexes) -> NDArray[np.bool_]:
    """Whether each shingle stands in a frequent long one, or between two that are near."""
    at, sampled = shingles.sampled(found, counts)
    known = frequent[np.minimum(np.searchsorted(frequent, sampled), len(frequent) - 1)] == sampled
    at = at[known]
    article = np.searchsorted(np.cumsum(counts), at, side="right")
    edges = np.zeros(len(found) + 1, dtype=np.int32)
    np.add.at(edges, at, 1)
    np.add.at(edges, at + shingles.LONG - shingles.SIZE + 1, -1)
    near = (np.diff(at) <= _BRIDGE) & (np.diff(article) == 0)
    np.add.at(edges, at[:-1][near], 1)
    np.add.at(edges, at[1:][near], -1)
    covered: NDArray[np.bool_] = np.cumsum(edges[:-1]) > 0
    return covered


def components(size: int, links: Pairs) -> Indexes:
    """For each of `size` nodes the smallest one that links lead to."""
    label = np.arange(size)
    a, b = links
    while True:
        apart = label[a] != label[b]
        a, b = a[apart], b[apart]
        if not len(a):
            return label
        one, other = label[a], label[b]
        np.minimum.at(label, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(label, above := label[label]):
            label = above
