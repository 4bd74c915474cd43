"""What finding copies needs of an article: made in batches by whoever has the texts, and remembered without them."""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint import shingles, signatures
from cleaner.fingerprint.words import Hashes

# 42 bands of 3 rows find .999 of the articles that have a copy at J >= .5 (measured on 100,000 made articles).
BANDS, ROWS = 42, 3
_ROW_PLACES = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D], dtype=np.uint32)
_DIGEST = 16  # bytes

Places = NDArray[np.int64]


class Print(NamedTuple):
    """The fingerprint of one article; `shingles` is empty for one of fewer than five words.

    `digest` tells texts of the same words. `bits` are the lowest eight bits of each value of the signature (b-bit minwise
    hashing, Li and Koenig 2010), `bands` a hash of each band, `shingles` and `anchors` as in fingerprint/shingles.py.
    """

    digest: bytes
    bits: bytes
    bands: bytes
    shingles: bytes
    anchors: bytes


def prints(texts: Sequence[str]) -> list[Print]:
    """The prints of a batch of texts."""
    found, counts = shingles.batch(texts)
    signed = signatures.batch(found, counts)
    bits = signed.astype(np.uint8)
    rows = signed[:, : BANDS * ROWS].reshape(-1, BANDS, ROWS)
    bands = (rows * _ROW_PLACES).sum(axis=2, dtype=np.uint32)
    places, anchors = shingles.anchors(found, counts)
    anchor_counts = np.diff(np.searchsorted(places, np.cumsum(counts)), prepend=0)
    return [
        Print(blake2b(words, digest_size=_DIGEST).digest(), bits[i].tobytes(), bands[i].tobytes(), words, anchored)
        for i, (words, anchored) in enumerate(zip(_split(found, counts), _split(anchors, anchor_counts), strict=True))
    ]


def _split(values: Hashes, counts: Places) -> Iterator[bytes]:
    whole = values.tobytes()
    end = 0
    for count in counts.tolist():
        start, end = end, end + 4 * count
        yield whole[start:end]


def distinct(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The values in order, each once. (numpy's own `unique` hashes them first, and takes ten times as long.)"""
    values = np.sort(values)
    return values[np.concatenate(([True], values[1:] != values[:-1]))] if len(values) else values


class _Spool:
    """32-bit values that are written once and read by their place: in memory while they are few, then in a temporary
    file."""

    _IN_MEMORY = 32 << 20  # bytes
    _AT_ONCE = 1 << 18

    def __init__(self) -> None:
        self._tail = bytearray()
        self._file: IO[bytes] | None = None

    def write(self, data: bytes) -> None:
        self._tail += data
        if len(self._tail) > (self._AT_ONCE if self._file else self._IN_MEMORY):
            self._flush()

    def _flush(self) -> None:
        try:
            self._file = self._file or tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (it lives as long as we do)
            rest = memoryview(self._tail)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError as error:
            error.filename = tempfile.gettempdir()  # which a file without a name cannot say
            raise
        self._tail = bytearray()

    def values(self, place: int, count: int) -> Hashes:
        """`count` values from the `place`th on. Nothing may be written any more."""
        if self._file is None:
            return np.frombuffer(self._tail, dtype=np.uint32, count=count, offset=4 * place)
        if self._tail:
            self._flush()
        return np.frombuffer(os.pread(self._file.fileno(), 4 * count, 4 * place), dtype=np.uint32)


class Prints:
    """The prints of many articles: some 160 bytes of memory an article, and 2 KB of a temporary file.

    First all are added, then it is asked.
    """

    _BLOCK = 1 << 15  # articles whose bands are turned into columns at once

    def __init__(self) -> None:
        self._digests, self._bits, self._rows = bytearray(), bytearray(), bytearray()
        self._counts, self._anchor_counts = array("I"), array("I")
        self._shingles, self._bands, self._anchors = _Spool(), _Spool(), _Spool()

    def __len__(self) -> int:
        return len(self._counts)

    def add(self, found: Print) -> None:
        """Remember one more article's."""
        self._digests += found.digest
        self._bits += found.bits
        self._rows += found.bands
        self._counts.append(len(found.shingles) // 4)
        self._anchor_counts.append(len(found.anchors) // 4)
        self._shingles.write(found.shingles)
        self._anchors.write(found.anchors)
        if len(self._rows) == self._BLOCK * BANDS * 4:
            self._turn()

    def _turn(self) -> None:
        rows = np.frombuffer(self._rows, dtype=np.uint32).reshape(-1, BANDS)
        self._bands.write(np.ascontiguousarray(rows.T).tobytes())
        self._rows = bytearray()

    @cached_property
    def counts(self) -> NDArray[np.uint32]:
        """How many shingles each article has."""
        return np.frombuffer(self._counts, dtype=np.uint32)

    @cached_property
    def _starts(self) -> Places:
        return _starts(self.counts)

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
        if self._rows:
            self._turn()
        columns, size = [], len(self)
        for first in range(0, size, self._BLOCK):
            block = min(self._BLOCK, size - first)
            columns.append(self._bands.values(first * BANDS + number * block, block))
        return np.concatenate(columns)

    def shingles(self, articles: Places) -> Iterator[Hashes]:
        """The shingles of some articles, in the order of the words."""
        return map(self._shingles.values, self._starts[articles].tolist(), self.counts[articles].tolist())

    @property
    def anchor_total(self) -> int:
        """How many anchors there are."""
        return sum(self._anchor_counts)

    def anchors(self) -> Iterator[tuple[Places, Hashes]]:
        """All anchors and the articles they are of, a good many at a time."""
        counts = np.frombuffer(self._anchor_counts, dtype=np.uint32)
        starts = _starts(counts)
        first = 0
        while first < len(counts):
            last = max(first + 1, int(np.searchsorted(starts, starts[first] + (1 << 20))))
            articles = np.repeat(np.arange(first, min(last, len(counts))), counts[first:last])
            yield articles, self._anchors.values(int(starts[first]), len(articles))
            first = last


def _starts(counts: NDArray[np.uint32]) -> Places:
    return np.cumsum(counts, dtype=np.int64) - counts
