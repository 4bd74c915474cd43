"""Near-verbatim copies: bands, candidates, verified pairs, groups that do not chain; and the passages that others share.

Inside, an article goes by its rank among the distinct ones: the smaller of two represents the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.words import Hashes, Indexes
from cleaner.group.copies import passages
from cleaner.group.copies.forms import LINK_THRESHOLD, same_form
from cleaner.group.copies.pairs import Keys, Pairs, components, distinct, in_buckets, jaccards, packed, unpacked
from cleaner.group.copies.signatures import BANDS
from cleaner.group.copies.store import SignatureStore

MEMBER_THRESHOLD = 0.25  # and a member must reach this with its group's representative, or chains would form
# What the signatures say is believed above and below these; between, the index is computed. They miss it by .044 (one
# standard deviation) at .5; and the boilerplate of a site that two articles share, or not, counts for up to .2.
_SURELY, _SURELY_NOT = 0.65, 0.3
_CROWD = 32  # articles in a bucket beyond which each is paired with the first and with the next alone
_PENDING = 1 << 22  # pairs that may wait to be made unique


@dataclass(frozen=True)
class Copies:
    """For each article its copy group's representative and its Jaccard index with it; the pairs of representatives that
    are of one form; and the passages that pairs of them share: one, the other, and the length in words."""

    representative: Indexes
    similarity: NDArray[np.float64]
    forms: Pairs
    passages: tuple[Indexes, Indexes, Indexes]


def find_copies(store: SignatureStore, order: Indexes) -> Copies:
    """The copies among some articles. `order` has these by rank, the one first that represents the others.

    Articles of fewer than five words are copies where they are the same, and one of no words stays alone. No group rests on
    a pair that was not verified.
    """
    first = _first_of_equals(store, order)
    articles = order[(first[order] == order) & (store.counts[order] > 0)]
    pairs = candidates(store, articles)
    alike = _estimates(store, articles, pairs)
    group = np.full(len(store), -1)
    group[articles] = components(len(articles), _where(pairs, alike >= LINK_THRESHOLD))
    frequent, sharing = passages.frequent_and_shared(store, group)
    representative, similarity = np.arange(len(store)), np.ones(len(store))
    links, forms = _linked(store, articles, pairs, alike, frequent)
    for representatives, members, index in _groups(store, articles, links):
        representative[articles[members]] = articles[representatives]
        similarity[articles[members]] = index
    one, other = (representative[articles[side]] for side in sharing)
    apart = one != other
    long = passages.verified(store, one[apart], other[apart])
    of_form = (representative[articles[forms[0]]], representative[articles[forms[1]]])
    return Copies(representative[first], similarity[first], of_form, long)


def _where(pairs: Pairs, mask: NDArray[np.bool_]) -> Pairs:
    return pairs[0][mask], pairs[1][mask]


def _first_of_equals(store: SignatureStore, order: Indexes) -> Indexes:
    """For each article the first with the same words, which may be itself."""
    first = np.arange(len(order))
    some = order[store.digests[order].any(axis=1)]
    low, high = store.digests[some].T
    by_digest = np.lexsort((low, high))  # stable: equal ones stay in the order of their ranks
    new = np.ones(len(some), dtype=np.bool_)
    new[1:] = (np.diff(low[by_digest]) != 0) | (np.diff(high[by_digest]) != 0)
    starts = np.flatnonzero(new)
    first[some[by_digest]] = np.repeat(some[by_digest][starts], np.diff(np.append(starts, len(some))))
    return first


def candidates(store: SignatureStore, articles: Indexes) -> Pairs:
    """The pairs of ranks, the smaller first, whose articles share a band."""
    seen = np.empty(0, dtype=np.uint64)
    pending = [seen]
    for number in range(BANDS if len(articles) else 0):
        pending.append(_of_band(store.band(number)[articles]))
        if number == BANDS - 1 or sum(map(len, pending)) > _PENDING:
            seen = distinct(np.concatenate([seen, *pending]))
            pending = []
    return unpacked(seen)


def _of_band(band: Hashes) -> Keys:
    """The packed pairs that share a value of a band."""
    keyed = packed(band.astype(np.uint64), np.arange(len(band), dtype=np.uint64))
    keyed.sort()
    key, rank = keyed >> np.uint64(32), keyed & np.uint64(0xFFFFFFFF)
    return np.concatenate([packed(rank[a], rank[b]) for a, b in in_buckets(key, _CROWD)])


def _estimates(store: SignatureStore, articles: Indexes, pairs: Pairs) -> NDArray[np.float32]:
    """The Jaccard index of each pair as their signatures have it."""
    bits = store.bits
    alike = np.empty(len(pairs[0]), dtype=np.float32)
    for start in range(0, len(alike), 1 << 14):
        block = slice(start, start + (1 << 14))
        one, other = (bits[articles[side[block]]] for side in pairs)
        alike[block] = np.add.reduce(one == other, axis=1, dtype=np.uint8)
    alike /= bits.shape[1]
    return (alike - 1 / 256) / (1 - 1 / 256)  # one value in 256 agrees by chance


def _linked(
    store: SignatureStore, articles: Indexes, pairs: Pairs, alike: NDArray[np.float32], frequent: Hashes
) -> tuple[Pairs, Pairs]:
    """The pairs that are copies, and those that would be if they were not of one form: by their signatures, and where those
    are not sure, by their shingles, unless others have linked the two already."""
    kept = alike >= _SURELY
    formed = _formed(store, articles, pairs, kept)
    linked = components(len(articles), _where(pairs, kept & ~formed))
    unsure = (alike >= _SURELY_NOT) & ~kept & (linked[pairs[0]] != linked[pairs[1]])
    a, b = (articles[side[unsure]] for side in pairs)
    kept[unsure] = jaccards(store, a, b, frequent) >= LINK_THRESHOLD
    formed |= _formed(store, articles, pairs, unsure & kept)
    return _where(pairs, kept & ~formed), _where(pairs, formed)


def _formed(store: SignatureStore, articles: Indexes, pairs: Pairs, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the chosen pairs are of one form."""
    formed = np.zeros(len(chosen), dtype=np.bool_)
    formed[chosen] = same_form(store, articles[pairs[0][chosen]], articles[pairs[1][chosen]])
    return formed


def _groups(
    store: SignatureStore, articles: Indexes, links: Pairs
) -> Iterator[tuple[Indexes, Indexes, NDArray[np.float64]]]:
    """Representatives, their members and how alike they are: of each component the smallest, and for those that do not
    reach it, the smallest of the rest that still hang together."""
    members = np.unique(np.concatenate(links))
    while len(members):
        place = np.searchsorted(members, links[0]), np.searchsorted(members, links[1])
        representative = members[components(len(members), place)]
        others = representative != members
        representative, members = representative[others], members[others]
        alike = jaccards(store, articles[representative], articles[members])
        reached = (alike >= MEMBER_THRESHOLD) & ~same_form(store, articles[representative], articles[members])
        yield representative[reached], members[reached], alike[reached]
        members = members[~reached]
        links = _where(links, np.isin(links[0], members) & np.isin(links[1], members))
