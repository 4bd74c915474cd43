"""What finding copies needs of an article: made in batches by whoever has the texts, and kept without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b

import numpy as np

from cleaner.fingerprint import shingles, signatures
from cleaner.fingerprint.facts import Facts, facts
from cleaner.fingerprint.words import Hashes, Indexes, read_words

# 42 bands of 3 rows find .999 of the articles that have a copy at J >= .5 (measured on 100,000 made articles).
BANDS, ROWS = 42, 3
_ROW_MULTIPLIERS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D], dtype=np.uint32)
_DIGEST = 16  # bytes


@dataclass(frozen=True, slots=True)
class SignatureBatch:
    """The signatures of some articles and what verifies them, one after the other, as bytes: cheap to carry from a worker.

    Of each article: a digest (16 bytes) that tells texts of the same words, zero for one of none; the lowest eight bits of
    each value of its
    signature (b-bit minwise hashing, Li and Koenig 2010); a 32-bit hash of each band; and its shingles and sampled
    shingles (32 bits each, see fingerprint/shingles.py), of which `counts` and `sampled_counts` (32 bits each) say how many
    it has. One of fewer than five words has none. And its facts (keys and values in turn, 32 bits each, see
    fingerprint/facts.py), of which it has `fact_counts`.
    """

    digests: bytes
    bits: bytes
    bands: bytes
    counts: bytes
    shingles: bytes
    sampled_counts: bytes
    sampled: bytes
    fact_counts: bytes
    facts: bytes

    def each(self) -> Iterator[SignatureBatch]:
        """The same article by article."""
        ends, sampled_ends, fact_ends = (
            np.cumsum(np.frombuffer(counts, dtype=np.uint32)).tolist()
            for counts in (self.counts, self.sampled_counts, self.fact_counts)
        )
        start = sampled_start = fact_start = 0
        for i, (end, sampled_end, fact_end) in enumerate(zip(ends, sampled_ends, fact_ends, strict=True)):
            yield SignatureBatch(
                self.digests[i * _DIGEST : (i + 1) * _DIGEST],
                self.bits[i * signatures.PERMUTATIONS : (i + 1) * signatures.PERMUTATIONS],
                self.bands[i * BANDS * 4 : (i + 1) * BANDS * 4],
                self.counts[i * 4 : (i + 1) * 4],
                self.shingles[start * 4 : end * 4],
                self.sampled_counts[i * 4 : (i + 1) * 4],
                self.sampled[sampled_start * 4 : sampled_end * 4],
                self.fact_counts[i * 4 : (i + 1) * 4],
                self.facts[fact_start * 8 : fact_end * 8],
            )
            start, sampled_start, fact_start = end, sampled_end, fact_end

    def take(self, places: Sequence[int]) -> SignatureBatch:
        """Those of the articles at some places, as often as these are named."""
        each = list(self.each())
        return SignatureBatch(*(b"".join(getattr(each[i], field.name) for i in places) for field in fields(self)))


def sign(texts: Sequence[str]) -> SignatureBatch:
    """What is kept of each of some texts."""
    if len(set(map(len, texts))) <= len(texts) // 2:  # then many of them may be the same, which hashing would tell
        place = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        if len(place) < len(texts):
            return _sign(list(place)).take([place[text] for text in texts])
    return _sign(texts)


def _sign(texts: Sequence[str]) -> SignatureBatch:
    read = read_words(texts)
    return signed(b"".join(_digests(read.hashes, read.counts)), *shingles.of_words(read), facts(read))


def signed(digests: bytes, found: Hashes, counts: Indexes, stated: Facts) -> SignatureBatch:
    """The signatures of some articles by their shingles, of which `counts` says how many each has, and their facts."""
    signed = signatures.minhash(found, counts)
    bands = (signed[:, : BANDS * ROWS].reshape(-1, BANDS, ROWS) * _ROW_MULTIPLIERS).sum(axis=2, dtype=np.uint32)
    places, sampled = shingles.sampled(found, counts)
    ends = np.cumsum(counts)
    return SignatureBatch(
        digests,
        signed.astype(np.uint8).tobytes(),
        bands.tobytes(),
        counts.astype(np.uint32).tobytes(),
        found.tobytes(),
        np.diff(np.searchsorted(places, ends), prepend=0).astype(np.uint32).tobytes(),
        sampled.tobytes(),
        stated.counts.astype(np.uint32).tobytes(),
        np.stack((stated.keys, stated.values), axis=1).tobytes(),
    )


def _digests(hashes: Hashes, counts: Indexes) -> Iterator[bytes]:
    words = memoryview(hashes.tobytes())
    for end, count in zip(np.cumsum(counts).tolist(), counts.tolist(), strict=True):
        yield blake2b(words[4 * (end - count) : 4 * end], digest_size=_DIGEST).digest() if count else bytes(_DIGEST)
