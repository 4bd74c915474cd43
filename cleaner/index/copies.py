"""Which new articles are copies, of each other or of earlier ones: by what `group` does, among the new ones and those
earlier ones that share a band with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

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
    """For each new article the number of its copy group's representative and its Jaccard index with that; and the earlier
    groups that turned out to be another: {one: the other}."""

    representative: list[int]
    similarity: list[float]
    merged: dict[int, int]


def find(file: IndexFile, given: Sequence[Given], first: int) -> Copies:
    """The copies of some new articles, which come by rank and are to have the numbers from `first` on."""
    known = _candidates(file, given)
    heads = sorted({one.copy for one in known.values()})
    earlier = [*heads, *(number for number in known if number not in set(heads))]
    kept = rows.by_number(file, earlier)
    store = SignatureStore()
    if earlier:
        store.add(rows.signatures(file, earlier))
    for one in given:
        store.add(one.summary.signatures)
    found = find_copies(store, np.arange(len(store)))
    numbers = [*earlier, *range(first, first + len(given))]
    group = [kept[number].copy for number in earlier]  # of each article in the store, by the number of its representative
    place = {number: i for i, number in enumerate(numbers)}
    merged = _merged(file, [numbers[i] for i in found.representative[: len(heads)].tolist()], heads, kept)
    group = [merged.get(number, number) for number in group]
    similarity = found.similarity.tolist()
    for i, head in enumerate(found.representative[len(earlier) :].tolist(), len(earlier)):
        to = group[head] if head < len(group) else numbers[head]  # by rank: where a new one stands for it, that comes first
        if to != numbers[head]:  # like a member of an earlier group: the group's representative decides
            alike, formed = _compared(store, place[to], i)
            to, similarity[i] = (to, alike) if alike >= MEMBER_THRESHOLD and not formed else (numbers[i], 1.0)
        group.append(to)
    return Copies(group[len(earlier) :], similarity[len(earlier) :], merged)


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


def _merged(file: IndexFile, to: Sequence[int], heads: Sequence[int], kept: dict[int, rows.Kept]) -> dict[int, int]:
    """The earlier groups that a new article has joined to another, where each of their members is alike enough to the
    representative of that: nothing that was told is parted."""
    merged: dict[int, int] = {}
    for head, other in zip(heads, to, strict=True):
        target = kept[other].copy
        target = merged.get(target, target)
        if target == head:
            continue
        members = [number for (number,) in file.rows("SELECT number FROM articles WHERE copy = ?", head)]
        store = SignatureStore()
        store.add(rows.signatures(file, [target, *members]))
        all_of_them, first = np.arange(1, len(store)), np.zeros(len(members), dtype=np.int64)
        alike = jaccards(store, first, all_of_them)
        if (alike >= MEMBER_THRESHOLD).all() and not same_form(store, first, all_of_them).any():
            merged[head] = target
    return merged


def _compared(store: SignatureStore, representative: int, article: int) -> tuple[float, bool]:
    one, other = (np.array([place], dtype=np.int64) for place in (representative, article))
    return float(jaccards(store, one, other)[0]), bool(same_form(store, one, other)[0])
