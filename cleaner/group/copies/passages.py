"""What articles share without being copies: the boilerplate of their sites, and passages (a statement, or a wire story
inside a longer one). Both are found by sampled shingles, runs of 15 words of which one in eight is looked at."""

from __future__ import annotations

import numpy as np

from cleaner.fingerprint.shingles import SIZE
from cleaner.fingerprint.words import Hashes, Indexes
from cleaner.group.copies.pairs import Pairs, distinct, in_buckets, keyed_by_pair, packed, pair_blocks, run_starts, unpacked
from cleaner.group.copies.store import SignatureStore

MIN_WORDS = 50  # words of a passage; shorter ones are quotations and set phrases
FREQUENT = 16  # groups that have it beyond which a sampled shingle is frequent: boilerplate
_CROWD = 8  # groups that share a sampled shingle beyond which each is paired with the first and the next alone


def frequent_and_shared(store: SignatureStore, group: Indexes) -> tuple[Hashes, Pairs]:
    """The sampled shingles of more than FREQUENT groups, in order, and the pairs of groups that share two of the others or
    more, as .95 of those with a passage of 50 words in common do, and .995 of those with one of 70.

    `group` has the number of each article's group, or -1 for articles that do not count.
    """
    frequent = [np.empty(0, dtype=np.uint32)]
    pairs = [np.empty(0, dtype=np.uint64)]
    for part in range(store.PARTITIONS):
        sampled, articles = store.sampled(part)
        of = group[articles]
        chosen = of >= 0
        keyed = distinct(packed(sampled[chosen].astype(np.uint64), of[chosen].astype(np.uint64)))
        key = keyed >> np.uint64(32)
        starts = run_starts(key)
        sizes = np.diff(np.append(starts, len(key)))
        frequent.append(key[starts[sizes > FREQUENT]].astype(np.uint32))
        some = np.repeat((sizes > 1) & (sizes <= FREQUENT), sizes)
        key, sharing = key[some], keyed[some] & np.uint64(0xFFFFFFFF)
        pairs += [packed(sharing[a], sharing[b]) for a, b in in_buckets(key, _CROWD)]
    found = np.sort(np.concatenate(pairs))
    starts = run_starts(found)
    often = starts[np.diff(np.append(starts, len(found))) > 1]
    return np.sort(np.concatenate(frequent)), unpacked(found[often])


def verified(store: SignatureStore, first: Indexes, second: Indexes) -> tuple[Indexes, Indexes, Indexes]:
    """Those of the pairs of articles that share a passage, each pair once, and its length in words: the longest run that is
    the same in both but for single words."""
    first, second = unpacked(distinct(packed(*(f(first, second).astype(np.uint64) for f in (np.minimum, np.maximum)))))
    words = np.zeros(len(first), dtype=np.int64)
    for block, found, counts in pair_blocks(store, first, second):
        ours, theirs = (keyed_by_pair(*side) for side in zip(found, counts, strict=True))
        theirs = distinct(theirs)
        at = np.minimum(np.searchsorted(theirs, ours), len(theirs) - 1)
        both = np.flatnonzero(theirs[at] == ours)
        if not len(both):
            continue
        pair = (ours[both] >> np.uint64(32)).astype(np.int64)
        # One word that differs takes SIZE shingles with it: a run goes on across so many.
        breaks = np.flatnonzero((np.diff(both) > SIZE + 1) | (np.diff(pair) != 0)) + 1
        starts, stops = np.append(0, breaks), np.append(breaks, len(both)) - 1
        np.maximum.at(words, block.start + pair[starts], both[stops] - both[starts] + SIZE)
    enough = words >= MIN_WORDS
    return first[enough], second[enough], words[enough]
