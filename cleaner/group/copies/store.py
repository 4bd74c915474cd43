"""The signatures of a collection: written as they come, read by their place; known bytes an article, and no texts."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint import signatures
from cleaner.fingerprint.facts import Facts
from cleaner.fingerprint.words import Hashes, Indexes
from cleaner.group.copies.signatures import BANDS, SignatureBatch
from cleaner.spool import Spool


class SignatureStore:
    """Many articles' signatures and shingles: some 160 bytes of memory an article, and 2.5 KB of temporary files.

    First all are added, then it is asked.
    """

    _BLOCK = 1 << 13  # articles whose bands and sampled shingles are put in order at once
    PARTITIONS = 64  # into which the sampled shingles are divided, by their hashes

    def __init__(self) -> None:
        self._digests, self._bits = bytearray(), bytearray()
        self._counts = array("I")
        self._fact_counts = array("I")
        self._shingles, self._bands, self._sampled, self._facts = Spool(), Spool(), Spool(), Spool()
        # Of the block that is not full yet.
        self._band_rows, self._new_sampled, self._new_counts = bytearray(), bytearray(), array("I")
        self._blocks: list[tuple[int, Indexes]] = []  # articles in each, and its sampled shingles in each part

    def __len__(self) -> int:
        return len(self._counts)

    def add(self, found: SignatureBatch) -> None:
        """Remember those of some more articles."""
        self._digests += found.digests
        self._bits += found.bits
        self._band_rows += found.bands
        self._new_sampled += found.sampled
        self._new_counts.frombytes(found.sampled_counts)
        self._counts.frombytes(found.counts)
        self._shingles.write(found.shingles)
        self._fact_counts.frombytes(found.fact_counts)
        self._facts.write(found.facts)
        if len(self._new_counts) >= self._BLOCK:
            self._put_in_order()

    def _put_in_order(self) -> None:
        """Write the bands of a block as columns, and its sampled shingles by their parts, each with the article it is of."""
        rows = np.frombuffer(self._band_rows, dtype=np.uint32).reshape(-1, BANDS)
        self._bands.write(np.ascontiguousarray(rows.T).tobytes())
        sampled = np.frombuffer(self._new_sampled, dtype=np.uint32)
        part = (sampled >> np.uint32(8)).astype(np.uint8) % self.PARTITIONS
        order = np.argsort(part, kind="stable")
        first = len(self) - len(rows)
        articles = np.repeat(np.arange(first, len(self), dtype=np.uint32), self._new_counts)
        self._sampled.write(np.stack((sampled[order], articles[order]), axis=1).tobytes())
        self._blocks.append((len(rows), np.bincount(part, minlength=self.PARTITIONS)))
        self._band_rows, self._new_sampled, self._new_counts = bytearray(), bytearray(), array("I")

    @cached_property
    def counts(self) -> NDArray[np.uint32]:
        """How many shingles each article has."""
        return np.frombuffer(self._counts, dtype=np.uint32)

    @cached_property
    def _starts(self) -> Indexes:
        return np.cumsum(self.counts, dtype=np.int64) - self.counts

    @property
    def digests(self) -> NDArray[np.uint64]:
        """The digest of each article, as two numbers."""
        return np.frombuffer(self._digests, dtype=np.uint64).reshape(-1, 2)

    @property
    def bits(self) -> NDArray[np.uint8]:
        """The lowest bits of each article's signature."""
        return np.frombuffer(self._bits, dtype=np.uint8).reshape(-1, signatures.PERMUTATIONS)

    def band(self, number: int) -> Hashes:
        """One band of every article."""
        if self._new_counts:
            self._put_in_order()
        start, columns = 0, [np.empty(0, dtype=np.uint32)]
        for size, _ in self._blocks:
            columns.append(_values(self._bands, start + number * size, size))
            start += BANDS * size
        return np.concatenate(columns)

    def shingles(self, articles: Indexes) -> Iterator[Hashes]:
        """The shingles of some articles, in the order of the words."""
        return map(partial(_values, self._shingles), self._starts[articles].tolist(), self.counts[articles].tolist())

    @cached_property
    def fact_counts(self) -> NDArray[np.uint32]:
        """How many facts each article has."""
        return np.frombuffer(self._fact_counts, dtype=np.uint32)

    @cached_property
    def _fact_starts(self) -> Indexes:
        return np.cumsum(self.fact_counts, dtype=np.int64) - self.fact_counts

    def facts(self, articles: Indexes) -> Facts:
        """The facts of some articles."""
        counts = self.fact_counts[articles].astype(np.int64)
        places = zip(self._fact_starts[articles].tolist(), counts.tolist(), strict=True)
        rows = [_values(self._facts, 2 * start, 2 * count) for start, count in places]
        keys, values = np.concatenate(rows).reshape(-1, 2).T if rows else np.empty((2, 0), dtype=np.uint32)
        return Facts(keys, values, counts)

    def sampled(self, part: int) -> tuple[Hashes, Hashes]:
        """The sampled shingles of a part, and for each the article it is of."""
        if self._new_counts:
            self._put_in_order()
        start, found = 0, [np.empty(0, dtype=np.uint32)]
        for _, sizes in self._blocks:
            before = start + int(sizes[:part].sum())
            found.append(_values(self._sampled, 2 * before, 2 * int(sizes[part])))
            start += int(sizes.sum())
        sampled, articles = np.concatenate(found).reshape(-1, 2).T
        return sampled, articles


def _values(spool: Spool, place: int, count: int) -> Hashes:
    """`count` values of 32 bits from the `place`th on."""
    return np.frombuffer(spool.read(4 * place, 4 * count), dtype=np.uint32)
