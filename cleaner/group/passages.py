"""Partial copies: a statement, or a wire story inside a longer one, that two articles share without being copies."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.shingles import SIZE
from cleaner.group.copies import Pairs, in_buckets, pair_keys
from cleaner.group.prints import Places, Prints, distinct

LEAST = 50  # words of a passage; shorter ones are quotations and set phrases
_COMMON = 50  # articles beyond which a run of words is furniture, not a passage
_CROWD = 8
_AT_ONCE = 1 << 22  # anchors that are sorted at once


def find(prints: Prints, heads: Places) -> tuple[Places, Places, Places]:
    """The pairs of articles that share a passage, and its length in words: the longest run of their words that is the
    same but for single words. `heads` are the articles to compare, one a copy group, in the order of their ranks.
    """
    a, b = _candidates(prints, heads)
    a, b = heads[a], heads[b]
    words = _longest(prints, a, b)
    long = words >= LEAST
    return a[long], b[long], words[long]


def _candidates(prints: Prints, heads: Places) -> Pairs:
    """The pairs of ranks that share an anchor, the smaller first."""
    rank = np.full(len(prints), -1)
    rank[heads] = np.arange(len(heads))
    total = sum(len(anchors) for _, anchors in prints.anchors())
    parts = 1 + total // _AT_ONCE
    found = [np.empty(0, dtype=np.uint64)]
    for part in range(parts):
        keyed = distinct(np.concatenate([np.empty(0, dtype=np.uint64), *_of_part(prints, rank, part, parts)]))
        key, at = keyed >> np.uint64(32), keyed & np.uint64(0xFFFFFFFF)
        starts = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1]))) if len(key) else np.empty(0, dtype=np.int64)
        sizes = np.diff(np.append(starts, len(key)))
        few = np.repeat((sizes > 1) & (sizes <= _COMMON), sizes)
        key, at = key[few], at[few]
        found += [(at[a] << np.uint64(32)) | at[b] for a, b in in_buckets(key, _CROWD)]
    pairs = distinct(np.concatenate(found))
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _of_part(prints: Prints, rank: Places, part: int, parts: int) -> Iterator[NDArray[np.uint64]]:
    for articles, anchors in prints.anchors():
        chosen = (rank[articles] >= 0) & ((anchors >> np.uint32(8)) % np.uint32(parts) == part)
        yield (anchors[chosen].astype(np.uint64) << np.uint64(32)) | rank[articles[chosen]].astype(np.uint64)


def _longest(prints: Prints, first: Places, second: Places) -> Places:
    """The words of the longest run that the two articles of each pair share."""
    longest = np.zeros(len(first), dtype=np.int64)
    for block, keys in pair_keys(prints, first, second):
        sides = keys & np.uint64(1)
        ours, theirs = keys[sides == 0] >> np.uint64(1), distinct(keys[sides == 1] >> np.uint64(1))
        at = np.minimum(np.searchsorted(theirs, ours), len(theirs) - 1)
        shared = np.flatnonzero(theirs[at] == ours)
        if not len(shared):
            continue
        pair = (ours[shared] >> np.uint64(32)).astype(np.int64)
        # One word that differs takes SIZE shingles with it: a run goes on across so many.
        breaks = np.flatnonzero((np.diff(shared) > SIZE + 1) | (np.diff(pair) != 0)) + 1
        starts, stops = np.append(0, breaks), np.append(breaks, len(shared)) - 1
        words = shared[stops] - shared[starts] + SIZE
        np.maximum.at(longest, block.start + pair[starts], words)
    return longest
