"""Words to shingles to signatures (datasketch's)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray

from cleaner import text as texts

SHINGLE = 5  # words: the length that near-duplicate corpora are commonly measured with (Lee et al. 2022 use it too)
PERMUTATIONS = 128

Hashes = NDArray[np.uint32]

# Odd multipliers, one a place in the shingle, so that the order of the words counts.
_PLACES = np.array([(0x9E3779B1 * (2 * i + 1) ** 3) | 1 for i in range(SHINGLE)], dtype=np.uint64).astype(np.uint32)


def shingles(text: str) -> Hashes:
    """The hashes of a text's word 5-grams, sorted and without repetition; empty for fewer than five words.

    The same on every machine and in every process.
    """
    words = texts.words(text)
    if len(words) < SHINGLE:
        return np.empty(0, dtype=np.uint32)
    hashes = np.fromiter((zlib.crc32(word.encode(errors="replace")) for word in words), dtype=np.uint32, count=len(words))
    count = len(words) - SHINGLE + 1
    total = np.zeros(count, dtype=np.uint32)
    for place in range(SHINGLE):
        total = (total ^ (total >> np.uint32(15))) + hashes[place : place + count] * _PLACES[place]
    return np.unique(total)


def jaccard(a: Hashes, b: Hashes) -> float:
    """The exact Jaccard index of two sets of hashes, 0 to 1; 0 where both are empty."""
    shared = len(np.intersect1d(a, b, assume_unique=True))
    either = len(a) + len(b) - shared
    return shared / either if either else 0.0


def signature(hashes: Iterable[int]) -> Hashes:
    """The MinHash of a set of 32-bit hashes: PERMUTATIONS values, as datasketch's default scheme gives them."""
    minhash = MinHash(num_perm=PERMUTATIONS, hashfunc=int)
    minhash.update_batch(hashes)
    return np.asarray(minhash.hashvalues, dtype=np.uint32)


def signatures(sets: Sequence[Hashes]) -> list[Hashes]:
    """A batch of `signature`."""
    return [signature(hashes) for hashes in sets]
