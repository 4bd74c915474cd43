"""Shingles to MinHash signatures, the same to the bit as datasketch's, a batch at a time."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.words import Hashes, Indexes

PERMUTATIONS = 128
SEED = 1  # datasketch's default
_BLOCK = 1 << 17  # shingles that are permuted at once: with what comes of them they stay in a core's cache

Signatures = NDArray[np.uint32]


@cache
def _permutations() -> tuple[list[np.uint32], list[np.uint32]]:
    """The (a, b) of h -> a * h + b mod 2^32 in datasketch's default scheme "affine32" (`MinHash._init_permutations`).

    Drawn here again, since importing datasketch takes longer than signing ten thousand articles.
    """
    draw = np.random.RandomState(SEED)
    a = draw.randint(0, 1 << 31, PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return list(a), list(draw.randint(0, 1 << 32, PERMUTATIONS, dtype=np.uint32))


def _finalised(hashes: Hashes) -> Hashes:
    """The finaliser of MurmurHash3, which datasketch applies to every hash first."""
    mixed = hashes ^ (hashes >> np.uint32(16))
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed


def minhash(hashes: Hashes, counts: Indexes) -> Signatures:
    """The signatures of sets of 32-bit hashes that stand one after the other: an array of one row a set, PERMUTATIONS wide.

    `counts` says how many hashes each set has. Repetition makes no difference; the signature of none is all ones, as
    datasketch has it.
    """
    found = np.full((PERMUTATIONS, len(counts)), 0xFFFFFFFF, dtype=np.uint32)
    some = np.flatnonzero(counts)
    starts = (np.cumsum(counts) - counts)[some]
    mixed = _finalised(hashes)
    ends = np.append(starts[1:], len(hashes))
    first = 0
    while first < len(some):
        last = max(first + 1, int(np.searchsorted(ends, starts[first] + _BLOCK, side="right")))
        block = mixed[starts[first] : ends[last - 1]]
        found[:, some[first:last]] = _minima(block, starts[first:last] - starts[first])
        first = last
    return np.ascontiguousarray(found.T)


def _minima(block: Hashes, starts: Indexes) -> Signatures:
    permuted = np.empty_like(block)
    least = np.empty((PERMUTATIONS, len(starts)), dtype=np.uint32)
    for row, (a, b) in enumerate(zip(*_permutations(), strict=True)):
        np.multiply(block, a, out=permuted)
        np.add(permuted, b, out=permuted)
        np.minimum.reduceat(permuted, starts, out=least[row])
    return least
