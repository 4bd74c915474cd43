"""What articles share without being copies: furniture of their sites, and passages (a statement, or a wire story inside a
longer one). Both are found by anchors, runs of 15 words of which one in eight is looked at."""

from __future__ import annotations

import numpy as np

from cleaner.fingerprint.shingles import SIZE
from cleaner.fingerprint.words import Hashes
from cleaner.group.copies.pairs import Pairs, begins, distinct, in_buckets, of_pair, packed, sides, unpacked
from cleaner.group.copies.signatures import Places
from cleaner.group.copies.store import Prints

LEAST = 50  # words of a passage; shorter ones are quotations and set phrases
FURNITURE = 16  # groups beyond which a run of words is furniture
_CROWD = 8  # groups that share an anchor beyond which each is paired with the first and the next alone


def shared(prints: Prints, group: Places) -> tuple[Hashes, Pairs]:
    """The anchors of more than FURNITURE groups, in order, and the pairs of groups that share two of the others or more, as
    .95 of those with a passage of 50 words in common do, and .995 of those with one of 70.

    `group` has the number of each article's group, or -1 for articles that do not count.
    """
    common = [np.empty(0, dtype=np.uint32)]
    pairs = [np.empty(0, dtype=np.uint64)]
    for part in range(prints.PARTS):
        anchors, articles = prints.anchors(part)
        of = group[articles]
        chosen = of >= 0
        keyed = distinct(packed(anchors[chosen].astype(np.uint64), of[chosen].astype(np.uint64)))
        key = keyed >> np.uint64(32)
        starts = begins(key)
        sizes = np.diff(np.append(starts, len(key)))
        common.append(key[starts[sizes > FURNITURE]].astype(np.uint32))
        some = np.repeat((sizes > 1) & (sizes <= FURNITURE), sizes)
        key, sharing = key[some], keyed[some] & np.uint64(0xFFFFFFFF)
        pairs += [packed(sharing[a], sharing[b]) for a, b in in_buckets(key, _CROWD)]
    found = np.sort(np.concatenate(pairs))
    starts = begins(found)
    often = starts[np.diff(np.append(starts, len(found))) > 1]
    return np.sort(np.concatenate(common)), unpacked(found[often])


def long(prints: Prints, first: Places, second: Places) -> tuple[Places, Places, Places]:
    """Those of the pairs of articles that share a passage, each pair once, and its length in words: the longest run that is
    the same in both but for single words."""
    first, second = unpacked(distinct(packed(*(f(first, second).astype(np.uint64) for f in (np.minimum, np.maximum)))))
    words = np.zeros(len(first), dtype=np.int64)
    for block, found, counts in sides(prints, first, second):
        ours, theirs = (of_pair(*side) for side in zip(found, counts, strict=True))
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
    enough = words >= LEAST
    return first[enough], second[enough], words[enough]
