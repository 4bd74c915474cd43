"""Words to shingles: the hashes of word 5-grams, and a sample of longer ones by which shared passages are found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cleaner.fingerprint.words import Hashes, Indexes, Words, read_words

SIZE = 5  # words: the length that near-duplicate corpora are commonly measured with (Lee et al. 2022 use it too)
LONG = 15  # words of a long shingle: chance phrases are shorter
SAMPLE = 8  # a power of two: one long shingle in so many is kept, by its hash (as Manber 1994 does)

# Odd multipliers, one a place in the shingle, so that the order of the words counts.
_PLACES = np.array([((0x9E3779B1 * (2 * i + 1) ** 3) | 1) & 0xFFFFFFFF for i in range(SIZE)], dtype=np.uint32)


def of_texts(texts: Sequence[str]) -> tuple[Hashes, Indexes]:
    """The shingles of some texts, in the order of the words, one text after the other, and how many each has: one a word,
    but for the last four."""
    return of_words(read_words(texts))


def of_words(read: Words) -> tuple[Hashes, Indexes]:
    """The shingles of texts whose words have been read; see `of_texts`."""
    words, counts = read.hashes, read.counts
    if len(words) < SIZE:
        return words[:0], np.zeros(len(counts), dtype=np.int64)
    last = len(words) - SIZE + 1
    sums = words[:last] * _PLACES[0]
    for place in range(1, SIZE):
        sums += words[place : place + last] * _PLACES[place]
    whole = np.ones(len(words), dtype=np.bool_)
    ends = np.cumsum(counts)
    for back in range(1, SIZE):
        whole[(ends - back)[counts >= back]] = False
    return sums[whole[:last]], np.maximum(counts - SIZE + 1, 0)


def of_text(text: str) -> Hashes:
    """The shingles of a text, in the order of its words; none for fewer than five."""
    return of_texts([text])[0]


def jaccard(a: Hashes, b: Hashes) -> float:
    """The exact Jaccard index of two texts' sets of shingles, 0 to 1; 0 where both are empty."""
    first, second = np.unique(a), np.unique(b)
    shared = len(np.intersect1d(first, second, assume_unique=True))
    either = len(first) + len(second) - shared
    return shared / either if either else 0.0


def long_shingles(found: Hashes) -> Hashes:
    """The hash of the long shingle that begins at each shingle but the last ten; of several texts one after the other those
    across a border are among them."""
    reach = LONG - SIZE
    last = max(0, len(found) - reach)
    begun: Hashes = found[:last] + found[SIZE : SIZE + last] * _PLACES[1] + found[reach : reach + last] * _PLACES[2]
    return begun


def sampled(found: Hashes, counts: Indexes) -> tuple[Indexes, Hashes]:
    """Where the sampled long shingles of some texts begin, as the places of their first shingles, and their hashes.

    What is sampled depends on its words alone, so that texts that share a long passage share sampled shingles.
    """
    begun = long_shingles(found)
    kept = np.flatnonzero((begun & np.uint32(SAMPLE - 1)) == 0)
    ends = np.cumsum(counts)
    kept = kept[kept + (LONG - SIZE) < ends[np.searchsorted(ends, kept, side="right")]]
    return kept, begun[kept]
