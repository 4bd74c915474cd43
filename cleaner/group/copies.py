"""Near-verbatim copies: bands, candidates, verified pairs, groups that do not chain.

Inside, an article goes by its rank among the distinct ones: the smaller of two represents the other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cleaner.group.prints import BANDS, Places, Prints, distinct

LINK = 0.5  # two articles are linked where the Jaccard index of their shingles reaches this
REACH = 0.25  # and a member must reach this with its group's representative, or chains would form
# Signatures of 128 values miss the index by .044 (one standard deviation) at .5: nearer than this, it is computed.
_UNSURE = 0.15
_CROWD = 32  # articles in a bucket beyond which each is paired with the first and with the next alone: that is linear
_KEYS = 1 << 14  # shingles that are sorted at once, to stay in the cache
_PENDING = 1 << 22  # pairs that may wait to be made unique

Pairs = tuple[Places, Places]


def find(prints: Prints, order: Places) -> tuple[Places, NDArray[np.float64]]:
    """For each article its copy group's representative and its Jaccard index with it.

    `order` has the articles by rank, the one first that represents the others. Articles of fewer than five words stay
    alone. No group rests on a pair that was not verified.
    """
    head = np.arange(len(prints))
    similarity = np.ones(len(prints))
    if not len(head):
        return head, similarity
    first = _first_of_equals(prints, order)
    articles = order[(first[order] == order) & (prints.counts[order] > 0)]
    links = _linked(prints, articles, candidates(prints, articles))
    for heads, members, alike in _groups(prints, articles, links):
        head[articles[members]] = articles[heads]
        similarity[articles[members]] = alike
    return head[first], similarity[first]


def _first_of_equals(prints: Prints, order: Places) -> Places:
    """For each article the first with the same words, which may be itself."""
    first = np.arange(len(order))
    some = order[prints.counts[order] > 0]
    low, high = prints.digests[some].T
    by_digest = np.lexsort((low, high))  # stable: equal ones stay in the order of their ranks
    new = np.ones(len(some), dtype=np.bool_)
    new[1:] = (np.diff(low[by_digest]) != 0) | (np.diff(high[by_digest]) != 0)
    starts = np.flatnonzero(new)
    first[some[by_digest]] = np.repeat(some[by_digest][starts], np.diff(np.append(starts, len(some))))
    return first


def candidates(prints: Prints, articles: Places) -> Pairs:
    """The pairs of ranks, the smaller first, whose articles share a band."""
    seen = np.empty(0, dtype=np.uint64)
    pending = [seen]
    for number in range(BANDS):
        pending.append(_of_band(prints.band(number)[articles]))
        if number == BANDS - 1 or sum(map(len, pending)) > _PENDING:
            seen = distinct(np.concatenate([seen, *pending]))
            pending = []
    return (seen >> np.uint64(32)).astype(np.int64), (seen & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _of_band(band: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """The pairs that share a value of a band, as (rank of the one << 32 | rank of the other)."""
    keyed = (band.astype(np.uint64) << np.uint64(32)) | np.arange(len(band), dtype=np.uint64)
    keyed.sort()
    key, rank = keyed >> np.uint64(32), keyed & np.uint64(0xFFFFFFFF)
    return np.concatenate([(rank[a] << np.uint64(32)) | rank[b] for a, b in in_buckets(key, _CROWD)] or [key[:0]])


def in_buckets(key: NDArray[np.uint64], crowd: int) -> Iterator[Pairs]:
    """The pairs of places with one value, of sorted values: all of a value that at most `crowd` have, else each with the
    first and the next."""
    new = np.ones(len(key), dtype=np.bool_)
    new[1:] = key[1:] != key[:-1]
    starts = np.flatnonzero(new)
    sizes = np.diff(np.append(starts, len(key)))
    at = np.flatnonzero(~new) - 1
    yield at, at + 1
    large = sizes > crowd
    if large.any():
        size = sizes[large] - 2
        begin = np.repeat(starts[large], size)
        yield begin, begin + 2 + np.arange(len(begin)) - np.repeat(np.cumsum(size) - size, size)
        at = at[~np.repeat(large, sizes)[at]]
    for distance in range(2, crowd):
        at = at[at + distance < len(key)]
        at = at[key[at] == key[at + distance]]
        if not len(at):
            return
        yield at, at + distance


def _linked(prints: Prints, articles: Places, pairs: Pairs) -> Pairs:
    """Those of the pairs that reach LINK, by their signatures, and by their shingles where those are not sure."""
    a, b = pairs
    bits = prints.bits
    kept = np.zeros(len(a), dtype=np.bool_)
    for start in range(0, len(a), 1 << 14):
        block = slice(start, start + (1 << 14))
        first, second = articles[a[block]], articles[b[block]]
        agree = np.add.reduce(bits[first] == bits[second], axis=1, dtype=np.uint16) / bits.shape[1]
        alike = (agree - 1 / 256) / (1 - 1 / 256)  # one value in 256 agrees by chance
        unsure = np.abs(alike - LINK) < _UNSURE
        alike[unsure] = jaccards(prints, first[unsure], second[unsure])
        kept[block] = alike >= LINK
    return a[kept], b[kept]


def jaccards(prints: Prints, first: Places, second: Places) -> NDArray[np.float64]:
    """The exact Jaccard index of each pair of articles."""
    found = np.zeros(len(first))
    for block, keys in pair_keys(prints, first, second):
        # A shingle of both sides of a pair stands twice in a row, but for the side in its last bit.
        sets = distinct(keys)
        pair = (sets >> np.uint64(33)).astype(np.int64)
        both = pair[1:][(sets[1:] ^ sets[:-1]) == 1]
        size = block.stop - block.start
        shared = np.bincount(both, minlength=size)
        found[block] = shared / np.maximum(1, np.bincount(pair, minlength=size) - shared)
    return found


def pair_keys(prints: Prints, first: Places, second: Places) -> Iterator[tuple[slice, NDArray[np.uint64]]]:
    """The shingles of pairs of articles, some pairs at a time, as (pair << 33 | shingle << 1 | side): first those of all
    first articles, then those of all second ones, each in the order of the words."""
    sizes = np.cumsum(prints.counts[first].astype(np.int64) + prints.counts[second])
    start = 0
    while start < len(first):
        before = sizes[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(sizes, before + _KEYS)))
        sides = []
        for side, articles in enumerate((first[start:stop], second[start:stop])):
            values = np.concatenate(list(prints.shingles(articles))).astype(np.uint64)
            pair = np.repeat(np.arange(len(articles), dtype=np.uint64), prints.counts[articles])
            sides.append((pair << np.uint64(33)) | (values << np.uint64(1)) | np.uint64(side))
        yield slice(start, min(stop, len(first))), np.concatenate(sides)
        start = stop


def components(size: int, links: Pairs) -> Places:
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


def _groups(prints: Prints, articles: Places, links: Pairs) -> Iterator[tuple[Places, Places, NDArray[np.float64]]]:
    """Representatives, their members and how alike they are: of each component the smallest, and for those that do not
    reach it, the smallest of the rest that still hang together."""
    members = np.unique(np.concatenate(links))
    while len(members):
        place = np.searchsorted(members, links[0]), np.searchsorted(members, links[1])
        head = members[components(len(members), place)]
        others = head != members
        head, members = head[others], members[others]
        alike = jaccards(prints, articles[head], articles[members])
        reached = alike >= REACH
        yield head[reached], members[reached], alike[reached]
        members = members[~reached]
        inside = np.isin(links[0], members) & np.isin(links[1], members)
        links = links[0][inside], links[1][inside]
