"""What stands around a line: columns moved by some lines, and their means over windows, always within one article.

Sums are of whole numbers, because a sum of floats would depend, in its last bits, on what other articles are in the batch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.clean.model.tokens import TokenBatch

NOWHERE = 60  # the distance to a line that there is not


def shifted(batch: TokenBatch, column: NDArray[Any], by: int, outside: float) -> NDArray[Any]:
    """The column's value `by` lines further on in the same article; `outside` beyond its ends."""
    result = np.full(len(column), outside, dtype=np.float32)
    n = len(column)
    if abs(by) < n:
        here = slice(0, n - by) if by > 0 else slice(-by, n)
        there = slice(by, n) if by > 0 else slice(0, n + by)
        same = batch.article[here] == batch.article[there]
        result[here] = np.where(same, column[there], outside)
    return result


def _running(column: NDArray[Any]) -> NDArray[np.int64]:
    """The running total of a column, in units of 1/4096, from 0 on."""
    return np.concatenate(([0], np.cumsum(np.rint(np.asarray(column, dtype=np.float64) * 4096).astype(np.int64))))


def windowed(batch: TokenBatch, column: NDArray[Any], reach: int) -> NDArray[Any]:
    """The column's mean over the lines of the same article at most `reach` lines away."""
    total = _running(column)
    index = np.arange(len(column))
    begin = batch.first[batch.article]
    end = begin + batch.counts[batch.article]
    low, high = np.maximum(begin, index - reach), np.minimum(end, index + reach + 1)
    mean: NDArray[Any] = (total[high] - total[low]) / (4096.0 * (high - low))
    return mean


def of_article(batch: TokenBatch, column: NDArray[Any], reach: int) -> tuple[NDArray[Any], ...]:
    """The column's mean over the whole article, over its first and over its last `reach` lines."""
    total = _running(column)
    begin, end = batch.first, batch.first + batch.counts
    low, high = np.minimum(end, begin + reach), np.maximum(begin, end - reach)
    spans = ((begin, end), (begin, low), (high, end))
    return tuple(((total[b] - total[a]) / (4096.0 * (b - a)))[batch.article] for a, b in spans)


def distances(batch: TokenBatch, marked: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[Any]]:
    """How many lines above and below the nearest marked line of the same article is, at most 50; NOWHERE if none is."""
    index = np.arange(len(marked))
    begin = batch.first[batch.article]
    end = begin + batch.counts[batch.article]
    above = np.maximum.accumulate(np.where(marked, index, -1))
    above = np.concatenate(([-1], above[:-1]))
    below = np.minimum.accumulate(np.where(marked, index, len(marked))[::-1])[::-1]
    below = np.concatenate((below[1:], [len(marked)]))
    return (
        np.where(above >= begin, np.minimum(index - above, 50), NOWHERE),
        np.where(below < end, np.minimum(below - index, 50), NOWHERE),
    )


def place(batch: TokenBatch, weight: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Where a line stands: the share of the article's weight before and after it, and of all of it, by lines too."""
    total = _running(weight)
    index = np.arange(len(weight))
    begin = batch.first[batch.article]
    end = begin + batch.counts[batch.article]
    whole = np.maximum(1, total[end] - total[begin])
    return (total[index] - total[begin]) / whole, (total[end] - total[index + 1]) / whole, whole / 4096.0
