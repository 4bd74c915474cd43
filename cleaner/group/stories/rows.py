"""Articles as rows of weighed terms, out of the way: written as they are weighed, read for the pairs that are compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cleaner.fingerprint.words import Indexes
from cleaner.group.stories.features import KIND_SHIFT, StoryFeatures
from cleaner.group.stories.weights import DocumentFrequencies, OwnFrequencies, Weighed, weigh
from cleaner.spool import Spool

KINDS = 8  # of a term, by its hash

_AT_ONCE = 1 << 14  # pairs whose rows are multiplied at once: some 100 MB
_ENTRY = np.dtype([("column", np.int32), ("weight", np.float32)])

Floats = NDArray[np.float64]


class Rows:
    """One row an article. `squares` are those of the length of each, by the kind of the terms.

    80 bytes of memory each, the rest in a temporary file when they are many. Pairs that are near each other in the order of
    the articles' days are compared fastest.
    """

    def __init__(self, features: Sequence[StoryFeatures], frequencies: DocumentFrequencies | None, days: Indexes) -> None:
        """The frequencies are the articles' own unless others are given; see weights.weigh for the days."""
        self.squares = np.zeros((len(features), KINDS))
        self._spool = Spool()
        self._starts = np.zeros(len(features), dtype=np.int64)
        self._sizes = np.zeros(len(features), dtype=np.int64)
        for some in weigh(features, frequencies or OwnFrequencies(features), days):
            row = np.repeat(np.arange(len(some.articles)) * KINDS, np.diff(some.ends))
            place = row + (some.hashes >> KIND_SHIFT)
            squares = np.bincount(place, weights=some.weights**2, minlength=len(some.articles) * KINDS)
            self.squares[some.articles] = squares.reshape(-1, KINDS)
            # What one article alone has counts for its length only.
            self._write(some, some.document_frequencies > 1 if frequencies is None else some.weights > 0)

    def _write(self, some: Weighed, keep: NDArray[np.bool_]) -> None:
        entries = np.empty(np.count_nonzero(keep), dtype=_ENTRY)
        entries["column"], entries["weight"] = some.hashes[keep], some.weights[keep]
        ends = np.append(0, np.cumsum(keep))[some.ends]
        self._starts[some.articles] = len(self._spool) + _ENTRY.itemsize * ends[:-1]
        self._sizes[some.articles] = _ENTRY.itemsize * np.diff(ends)
        self._spool.write(entries.tobytes())

    def dots(self, a: Indexes, b: Indexes) -> Floats:
        """The dot product of each pair of rows, by the kind of the terms."""
        found = np.zeros((len(a), KINDS))
        for at in range(0, len(a), _AT_ONCE):
            block = slice(at, at + _AT_ONCE)
            articles, place = np.unique(np.concatenate((a[block], b[block])), return_inverse=True)
            matrix = self._matrix(articles)
            product = matrix[place[: len(place) // 2]].multiply(matrix[place[len(place) // 2 :]]).tocsr()
            row = np.repeat(np.arange(product.shape[0]) * KINDS, np.diff(product.indptr))
            summed = np.bincount(
                row + (product.indices >> KIND_SHIFT), weights=product.data, minlength=product.shape[0] * KINDS
            )
            found[block] = summed.reshape(-1, KINDS)
        return found

    def _matrix(self, articles: Indexes) -> sparse.csr_matrix:
        sizes = self._sizes[articles]
        rows = map(self._spool.read, self._starts[articles].tolist(), sizes.tolist())
        entries = np.frombuffer(b"".join(rows), dtype=_ENTRY)
        ends = np.append(0, np.cumsum(sizes // _ENTRY.itemsize)).astype(np.int32)
        matrix = sparse.csr_matrix(
            (entries["weight"].copy(), entries["column"].copy(), ends), shape=(len(articles), (1 << 31) - 1)
        )
        return matrix
