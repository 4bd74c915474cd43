"""Hashes of many articles, a column a band, in blocks: which earlier articles share a band with new ones.

A table with a row for each band of each article would take a dozen bytes a hash, and a page that is written anew for each.
A block is read as a whole and looked through by numpy: a million articles take a fraction of a second, and an article two or
four bytes a hash. Blocks of days that no new article can meet are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.words import Indexes
from cleaner.index.file import IndexFile

Kind = Literal["copies", "stories"]

KINDS: tuple[Kind, ...] = ("copies", "stories")
SIZE = 1 << 15  # articles of a block
BUCKET = 64  # earlier articles that a new one meets in one band, the latest: a crowded bucket stays linear
_TYPES: dict[str, type[np.unsignedinteger[Any]]] = {"copies": np.uint32, "stories": np.uint16}


class Rows(NamedTuple):
    """Some articles: their numbers, their days (0 for none), and their hashes, a row each."""

    numbers: Indexes
    days: Indexes
    hashes: NDArray[Any]


class Meeting(NamedTuple):
    """Pairs that share bands: the place of the new article, the number of the earlier one, and how many bands."""

    new: Indexes
    earlier: Indexes
    shared: Indexes


def append(file: IndexFile, kind: Kind, rows: Rows) -> None:
    """Add articles to the last block, or to new ones."""
    if not len(rows.numbers):
        return
    hashes = rows.hashes.astype(_TYPES[kind])
    last = file.one("SELECT number, count FROM blocks WHERE kind = ? ORDER BY number DESC LIMIT 1", kind)
    if last and last[1] < SIZE:
        known = _read(file, kind, last[0])
        rows = Rows(*(np.concatenate(both) for both in zip(known, (rows.numbers, rows.days, hashes), strict=True)))
        file.write("DELETE FROM blocks WHERE number = ?", [(last[0],)])
    else:
        rows = rows._replace(hashes=hashes)
    for start in range(0, len(rows.numbers), SIZE):
        _write(file, kind, Rows(*(one[start : start + SIZE] for one in rows)))


def drop(file: IndexFile, kind: Kind, numbers: Indexes) -> None:
    """Take articles out."""
    if not len(numbers):
        return
    for block, articles in list(file.rows("SELECT number, articles FROM blocks WHERE kind = ?", kind)):
        gone = np.isin(np.frombuffer(articles, dtype=np.uint32), numbers)
        if gone.any():
            rows = _read(file, kind, block)
            file.write("DELETE FROM blocks WHERE number = ?", [(block,)])
            if not gone.all():
                _write(file, kind, Rows(*(one[~gone] for one in rows)), block)


def numbers(file: IndexFile, kind: Kind) -> Indexes:
    """The articles that have hashes of a kind."""
    found = [
        np.frombuffer(data, dtype=np.uint32) for (data,) in file.rows("SELECT articles FROM blocks WHERE kind = ?", kind)
    ]
    return np.concatenate([np.empty(0, dtype=np.int64), *found]).astype(np.int64)


def days(file: IndexFile, kind: Kind) -> Indexes:
    """The days of the articles that have hashes of a kind, 0 for those that are not dated."""
    found = [np.frombuffer(data, dtype=np.int32) for (data,) in file.rows("SELECT days FROM blocks WHERE kind = ?", kind)]
    return np.concatenate([np.empty(0, dtype=np.int64), *found]).astype(np.int64)


def meeting(file: IndexFile, kind: Kind, rows: Rows, window: int | None = None) -> Meeting:
    """The pairs of new articles with earlier ones that share a band; with a `window`, of dated ones those so near."""
    hashes = rows.hashes.astype(_TYPES[kind])
    columns = [_Column(column) for column in hashes.T]
    chosen = list(_in_reach(file, kind, rows.days, window))
    most = max(1, BUCKET // max(1, len(chosen)))
    parts = [Meeting(*(np.empty(0, dtype=np.int64) for _ in range(3)))]
    for block in chosen if len(hashes) else ():
        known = _read(file, kind, block)
        near = _near(known.days, rows.days, window)
        hashes_near = known.hashes if len(near) == len(known.days) else known.hashes[near]
        found = [column.hits(hashes_near[:, i], most) for i, column in enumerate(columns)]
        pairs = np.concatenate([new * SIZE + near[at] for new, at in found])
        pairs, shared = np.unique(pairs, return_counts=True)
        new, at = np.divmod(pairs, SIZE)
        if window is not None:
            one, other = rows.days[new], known.days[at]
            keep = (one == 0) | (other == 0) | (np.abs(one - other) <= window)
            new, at, shared = new[keep], at[keep], shared[keep]
        parts.append(Meeting(new, known.numbers[at], shared))
    return Meeting(*(np.concatenate(one) for one in zip(*parts, strict=True)))


def strongest(found: Meeting, most: int) -> Meeting:
    """The pairs of each new article that share the most bands; of equal ones the latest."""
    order = np.lexsort((-found.earlier, -found.shared, found.new))
    new = found.new[order]
    order = order[np.arange(len(order)) - np.searchsorted(new, new) < most]
    return Meeting(*(one[order] for one in found))


def _in_reach(file: IndexFile, kind: Kind, days: Indexes, window: int | None) -> Iterator[int]:
    """The blocks that have articles for these to meet."""
    everything = window is None or (days == 0).any()
    low, high = (0, 0) if everything or not len(days) else (int(days.min()) - window, int(days.max()) + window)  # type: ignore[operator]
    for number, first, last, undated in file.rows(
        "SELECT number, first, last, undated FROM blocks WHERE kind = ? ORDER BY number", kind
    ):
        if everything or undated or (first <= high and last >= low):
            yield number


def _near(known: Indexes, days: Indexes, window: int | None) -> Indexes:
    """The places in a block of the articles that new ones of some days may meet."""
    if window is None or (days == 0).any():
        return np.arange(len(known))
    return np.flatnonzero((known == 0) | ((known >= days.min() - window) & (known <= days.max() + window)))


class _Column:
    """One band of the new articles, to look earlier ones up in."""

    def __init__(self, values: NDArray[Any]) -> None:
        self._order = np.argsort(values, kind="stable")
        self._values = values[self._order].astype(np.uint32)  # searchsorted is slow for those of 16 bits
        self._low = np.zeros(1 << 16, dtype=np.bool_)  # the lowest bits that any has: most others are told by them
        self._low[values & 0xFFFF] = True

    def hits(self, known: NDArray[Any], most: int) -> tuple[Indexes, Indexes]:
        """The pairs of equal values: places of new articles, and places in `known`, the last `most` of one value."""
        at = np.flatnonzero(self._low.take(known.astype(np.uint16)))
        some = known[at].astype(np.uint32)
        left = np.searchsorted(self._values, some, side="left")
        right = np.searchsorted(self._values, some, side="right")
        at, left, right = (one[right > left] for one in (at, left, right))
        if len(at) > most:
            order = np.lexsort((-at, left))
            place = np.arange(len(order)) - np.searchsorted(left[order], left[order])
            order = order[place < most]
            at, left, right = at[order], left[order], right[order]
        count = np.minimum(right - left, most)
        new = np.repeat(left - (np.cumsum(count) - count), count) + np.arange(int(count.sum()))
        return self._order[new], np.repeat(at, count)


def _read(file: IndexFile, kind: Kind, number: int) -> Rows:
    articles, days, hashes = file.one("SELECT articles, days, hashes FROM blocks WHERE number = ?", number)
    found = np.frombuffer(articles, dtype=np.uint32).astype(np.int64)
    columns = np.frombuffer(hashes, dtype=_TYPES[kind]).reshape(-1, len(found))
    return Rows(found, np.frombuffer(days, dtype=np.int32).astype(np.int64), columns.T)


def _write(file: IndexFile, kind: Kind, rows: Rows, number: int | None = None) -> None:
    dated = rows.days[rows.days > 0]
    first, last = (int(dated.min()), int(dated.max())) if len(dated) else (0, -1)
    blobs = rows.numbers.astype(np.uint32), rows.days.astype(np.int32), np.ascontiguousarray(rows.hashes.T)
    row = (number, kind, len(rows.numbers), first, last, len(dated) < len(rows.days), *(one.tobytes() for one in blobs))
    file.write("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", [row])
