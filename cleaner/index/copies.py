"""Which new articles are copies, of each other or of earlier ones: by what `group` does, among the new ones and those
earlier ones that share a band with them.

As there, the first by rank represents a copy group. Where a new article ranks before the one that does, it takes its place,
if all members are alike enough to it: nothing that was told is parted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.words import Indexes
from cleaner.group.copies.clusters import MEMBER_THRESHOLD, find_copies
from cleaner.group.copies.forms import same_form
from cleaner.group.copies.pairs import jaccards
from cleaner.group.copies.signatures import BANDS
from cleaner.group.copies.store import SignatureStore
from cleaner.index import blocks, rows
from cleaner.index.file import IndexFile
from cleaner.index.rows import Given

_GROUPS = 16  # copy groups that a new article is compared with, those with which it shares the most bands
_MEMBERS = 2  # of each, beside its representative


@dataclass(frozen=True, slots=True)
class Copies:
    """For each new article the number of its copy group's representative, and its Jaccard index with the first told of that
    group; the earlier representatives that are so no more: {one: another}; and of the groups of new articles, by their
    representatives, the first told."""

    representative: list[int]
    similarity: list[float]
    merged: dict[int, int]
    told: dict[int, int]


def find(file: IndexFile, given: Sequence[Given], first: int) -> Copies:
    """The copies of some new articles, which are to have the numbers from `first` on."""
    near = _Near(file, given, first)
    order = np.array(sorted(range(len(near.ranks)), key=near.ranks.__getitem__), dtype=np.int64)
    clusters: dict[int, list[int]] = defaultdict(list)
    for number, place in zip(near.numbers, find_copies(near.store, order).representative.tolist(), strict=True):
        clusters[near.numbers[place]].append(number)
    settled = _Settled(near)
    for head in sorted(clusters, key=lambda number: near.ranks[near.place[number]]):
        settled.take(head, clusters[head])
    representative = [settled.copy[first + i] for i in range(len(given))]
    told = _told(file, representative, settled.merged, first)
    return Copies(representative, _similarity(near, representative, told), settled.merged, told)


class _Near:
    """The new articles and the earlier ones that they are compared with, by their numbers."""

    def __init__(self, file: IndexFile, given: Sequence[Given], first: int) -> None:
        self.file, self.first, self._given = file, first, given
        self.group = {number: one.copy for number, one in _candidates(file, given).items()}
        self.group |= {head: head for head in self.group.values()}
        earlier = sorted(self.group)
        self.numbers = [*earlier, *range(first, first + len(given))]
        self.place = {number: i for i, number in enumerate(self.numbers)}
        known = rows.ranks(file, earlier)
        self.ranks = [*(known[number] for number in earlier), *(one.rank for one in given)]
        self.store = self.store_of(self.numbers)

    def store_of(self, numbers: Sequence[int]) -> SignatureStore:
        """The signatures of some articles, the earlier ones before the new ones."""
        store = SignatureStore()
        earlier = [number for number in numbers if number < self.first]
        if earlier:
            store.add(rows.signatures(self.file, earlier))
        for number in numbers[len(earlier) :]:
            store.add(self._given[number - self.first].summary.signatures)
        return store

    def reaches(self, number: int, head: int) -> bool:
        """Whether an article may be a member of a group that another represents."""
        return bool(_reach(self.store, self.place[head], np.array([self.place[number]])).all())

    def by_likeness(self, number: int, others: Sequence[int]) -> list[int]:
        """Some articles, those first that are most like one."""
        places = np.array([self.place[other] for other in others], dtype=np.int64)
        alike = _alike(self.store, np.full(len(places), self.place[number]), places)
        return [others[i] for i in np.argsort(-alike, kind="stable").tolist()]

    def all_reach(self, group: int, head: int) -> bool:
        """Whether all members of an earlier group may be members of one that another article represents."""
        numbers = sorted({*rows.copies(self.file, group), group, head})
        others = np.array([i for i, number in enumerate(numbers) if number != head], dtype=np.int64)
        return bool(_reach(self.store_of(numbers), numbers.index(head), others).all())


class _Settled:
    """Where the new articles belong, and which earlier groups are represented by another article from now on."""

    def __init__(self, near: _Near) -> None:
        self._near = near
        self._heads: set[int] = set()  # they represent new articles, and so are not merged any more
        self.copy: dict[int, int] = {}
        self.merged: dict[int, int] = {}

    def take(self, head: int, numbers: Sequence[int]) -> None:
        """Settle what `group` has together, among these, with one to represent it."""
        near = self._near
        earlier = [number for number in numbers if number < near.first]
        self._represent(head, {near.group[number] for number in earlier})
        rest = []
        for number in numbers[len(earlier) :]:
            nearest = (near.group[other] for other in near.by_likeness(number, earlier))
            heads = dict.fromkeys(self.merged.get(group, group) for group in nearest)
            to = next((one for one in heads if near.reaches(number, one)), None)
            if to is None:
                rest.append(number)
            else:
                self._join(to, number)
        for number in rest:
            self._join(head if head in rest else number, number)

    def _join(self, head: int, number: int) -> None:
        self.copy[number] = head
        self._heads.add(head)

    def _represent(self, head: int, groups: set[int]) -> None:
        """Have one represent those earlier groups whose members are all alike enough to it."""
        near = self._near
        if head in self.merged or (head < near.first and near.group[head] != head):
            return
        others = [group for group in sorted(groups) if group not in (head, *self.merged, *self._heads)]
        if joined := [group for group in others if near.all_reach(group, head)]:
            self.merged |= dict.fromkeys(joined, head)
            self._heads.add(head)


def _reach(store: SignatureStore, head: int, others: Indexes) -> NDArray[np.bool_]:
    """Which articles may be members of a group that another represents."""
    first = np.full(len(others), head)
    found: NDArray[np.bool_] = (_alike(store, first, others) >= MEMBER_THRESHOLD) & ~same_form(store, first, others)
    return found


def _alike(store: SignatureStore, first: Indexes, second: Indexes) -> NDArray[np.float64]:
    """The Jaccard index of pairs of articles; texts of the same words are alike, however few these are."""
    same = (store.digests[first] == store.digests[second]).all(axis=1)
    return np.where(same, 1.0, jaccards(store, first, second))


def _told(file: IndexFile, representative: Sequence[int], merged: dict[int, int], first: int) -> dict[int, int]:
    """For the representatives of some new articles the first told of each group."""
    heads = set(representative)
    of = {number: number for number in heads if number < first} | {one: to for one, to in merged.items() if to in heads}
    found: dict[int, int] = {}
    for one, number in rows.first_told(file, list(of)).items():
        found[of[one]] = min(number, found.get(of[one], number))
    for number, head in enumerate(representative, first):
        found.setdefault(head, number)
    return found


def _similarity(near: _Near, representative: Sequence[int], told: dict[int, int]) -> list[float]:
    """How alike each new article is to the first told of its group."""
    firsts = {number: told[head] for number, head in enumerate(representative, near.first)}
    copies = {number: to for number, to in firsts.items() if number != to}
    if not copies:
        return [1.0] * len(firsts)
    numbers = sorted({*copies, *copies.values()})
    first, second = (np.searchsorted(numbers, list(side)) for side in (copies.values(), copies))
    alike = dict(zip(copies, _alike(near.store_of(numbers), first, second).tolist(), strict=True))
    return [alike.get(number, 1.0) for number in firsts]


def _candidates(file: IndexFile, given: Sequence[Given]) -> dict[int, rows.Kept]:
    """The earlier articles that the new ones are compared with."""
    met = blocks.meeting(file, "copies", bands(given))
    kept = rows.by_number(file, np.unique(met.earlier).tolist())
    copy = np.array([kept[number].copy for number in met.earlier.tolist()], dtype=np.int64)
    order = np.lexsort((met.earlier, -met.shared, copy, met.new))
    keys = (met.new[order] << 32) | copy[order]
    order = order[np.arange(len(order)) - np.searchsorted(keys, keys) < _MEMBERS]
    new, shared = met.new[order], met.shared[order]
    by_strength = np.lexsort((-shared, new))
    place = np.arange(len(order)) - np.searchsorted(new[by_strength], new[by_strength])
    chosen = set(met.earlier[order[by_strength[place < _MEMBERS * _GROUPS]]].tolist())
    short = [one.digest for one in given if not len(one.summary.signatures.shingles) and any(one.digest)]
    for (number,) in file.among("SELECT number FROM articles WHERE shingles = 0 AND digest IN (?)", short):
        chosen.add(number)
    return rows.by_number(file, sorted(chosen))


def bands(given: Sequence[Given]) -> blocks.Rows:
    """The bands of new articles; their numbers are their places."""
    hashes = np.frombuffer(b"".join(one.summary.signatures.bands for one in given), dtype=np.uint32).reshape(-1, BANDS)
    some = np.array([i for i, one in enumerate(given) if one.summary.signatures.shingles], dtype=np.int64)
    return blocks.Rows(some, np.zeros(len(some), dtype=np.int64), hashes[some])
