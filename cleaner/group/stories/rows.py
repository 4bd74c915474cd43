"""Articles as rows of weighed terms, out of the way: written as they are weighed, read for the pairs that are compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cleaner.fingerprint.words import Indexes
from cleaner.group.stories.features import KIND_SHIFT, WEIGHTS, StoryFeatures
from cleaner.group.stories.weights import DocumentFrequencies, OwnFrequencies, Weighed, weigh
from cleaner.spool import Spool

# Terms of an article, the heaviest in its collection, which say best what it is about. With 3, 5 and 8 of them the mean over
# seven sources, each left out of the fit, is .961, .965 and .965; without, .961.
HEAVIEST = 8
KINDS = 8  # of a term, by its hash

_AT_ONCE = 1 << 14  # pairs whose rows are multiplied at once: some 100 MB
_ENTRY = np.dtype([("column", np.int32), ("weight", np.float32)])

Floats = NDArray[np.float64]


class Rows:
    """One row an article. `squares` are those of the length of each, by the kind of the terms.

    144 bytes of memory each, the rest in a temporary file when they are many. Pairs that are near each other in the order of
    the articles' days are compared fastest.
    """

    def __init__(self, features: Sequence[StoryFeatures], frequencies: DocumentFrequencies | None, days: Indexes) -> None:
        """The frequencies are the articles' own unless others are given; see weights.weigh for the days."""
        self.squares = np.zeros((len(features), KINDS))
        self._heaviest = np.empty((len(features), HEAVIEST), dtype=np.int32)
        self._shares = np.empty((len(features), HEAVIEST), dtype=np.float32)
        self._spool = Spool()
        self._starts = np.zeros(len(features), dtype=np.int64)
        self._sizes = np.zeros(len(features), dtype=np.int64)
        for some in weigh(features, frequencies or OwnFrequencies(features), days):
            row = np.repeat(np.arange(len(some.articles)) * KINDS, np.diff(some.ends))
            place = row + (some.hashes >> KIND_SHIFT)
            squares = np.bincount(place, weights=some.weights**2, minlength=len(some.articles) * KINDS)
            self.squares[some.articles] = squares.reshape(-1, KINDS)
            self._heaviest[some.articles], self._shares[some.articles] = _heaviest(some)
            # What one article alone has counts for its length only.
            self._write(some, some.document_frequencies > 1 if frequencies is None else some.weights > 0)

    def _write(self, some: Weighed, keep: NDArray[np.bool_]) -> None:
        entries = np.empty(np.count_nonzero(keep), dtype=_ENTRY)
        entries["column"], entries["weight"] = some.hashes[keep], some.weights[keep]
        ends = np.append(0, np.cumsum(keep))[some.ends]
        self._starts[some.articles] = len(self._spool) + _ENTRY.itemsize * ends[:-1]
        self._sizes[some.articles] = _ENTRY.itemsize * np.diff(ends)
        self._spool.write(entries.tobytes())

    def compared(self, a: Indexes, b: Indexes) -> tuple[Floats, Floats]:
        """The dot product of each pair of rows, by the kind of the terms; and of the weight of the HEAVIEST terms of either
        row the share that the other one has too, 0 to 1."""
        dots, heaviest = np.zeros((len(a), KINDS)), np.zeros(len(a))
        for at in range(0, len(a), _AT_ONCE):
            block = slice(at, at + _AT_ONCE)
            articles, place = np.unique(np.concatenate((a[block], b[block])), return_inverse=True)
            matrix = self._matrix(articles)
            product = matrix[place[: len(place) // 2]].multiply(matrix[place[len(place) // 2 :]]).tocsr()
            size = product.shape[0]
            row = np.repeat(np.arange(size), np.diff(product.indptr))
            summed = np.bincount(row * KINDS + (product.indices >> KIND_SHIFT), weights=product.data, minlength=size * KINDS)
            dots[block] = summed.reshape(-1, KINDS)
            for rows in (a[block], b[block]):
                for terms, shares in zip(self._heaviest[rows].T, self._shares[rows].T, strict=True):
                    shared = row[product.indices == terms[row]]
                    heaviest[block] += np.bincount(shared, minlength=size) * shares / 2
        return dots, heaviest

    def _matrix(self, articles: Indexes) -> sparse.csr_matrix:
        sizes = self._sizes[articles]
        rows = map(self._spool.read, self._starts[articles].tolist(), sizes.tolist())
        entries = np.frombuffer(b"".join(rows), dtype=_ENTRY)
        ends = np.append(0, np.cumsum(sizes // _ENTRY.itemsize)).astype(np.int32)
        matrix = sparse.csr_matrix(
            (entries["weight"].copy(), entries["column"].copy(), ends), shape=(len(articles), (1 << 31) - 1)
        )
        return matrix


def _heaviest(some: Weighed) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The HEAVIEST terms of each article, -1 where it has fewer, and how large a part of their weight each has."""
    counts = np.diff(some.ends)
    row = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(row)) - some.ends[row]
    weights = np.zeros((len(counts), max(HEAVIEST, int(counts.max(initial=0)))), dtype=np.float32)
    weights[row, place] = some.weights * WEIGHTS.astype(np.float32)[some.hashes >> KIND_SHIFT]
    # Of equal ones the first, which are the same in another article, whatever it is weighed beside.
    least = -np.partition(-weights, HEAVIEST - 1, axis=1)[:, HEAVIEST - 1 : HEAVIEST]
    above, level = weights > least, weights == least
    top = above | (level & (np.cumsum(level, axis=1) <= HEAVIEST - above.sum(axis=1, keepdims=True)))
    heavy, at = weights[top].reshape(-1, HEAVIEST), np.nonzero(top)[1].reshape(-1, HEAVIEST)
    terms = np.append(some.hashes, np.uint32(0)).astype(np.int32)[np.minimum(some.ends[:-1, None] + at, len(some.hashes))]
    return np.where(heavy > 0, terms, -1), heavy / np.maximum(heavy.sum(axis=1, keepdims=True), 1e-9)
