"""Near-verbatim copies: bands, candidates, verified pairs, groups that do not chain; and the passages that others share.

Inside, an article goes by its rank among the distinct ones: the smaller of two represents the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.words import Hashes
from cleaner.group.copies import passages
from cleaner.group.copies.pairs import Keys, Pairs, components, distinct, in_buckets, jaccards, packed, unpacked
from cleaner.group.copies.signatures import BANDS, Places
from cleaner.group.copies.store import Prints

LINK = 0.5  # two articles are linked where the Jaccard index of their shingles reaches this
REACH = 0.25  # and a member must reach this with its group's representative, or chains would form
# What the signatures say is believed above and below these; between, the index is computed. They miss it by .044 (one
# standard deviation) at .5; and furniture that two articles share, or not, counts for up to .2.
_SURELY, _SURELY_NOT = 0.65, 0.3
_CROWD = 32  # articles in a bucket beyond which each is paired with the first and with the next alone
_PENDING = 1 << 22  # pairs that may wait to be made unique


@dataclass(frozen=True)
class Copies:
    """For each article its copy group's representative and its Jaccard index with it; and the passages that pairs of
    representatives share: one, the other, and the length in words."""

    head: Places
    similarity: NDArray[np.float64]
    passages: tuple[Places, Places, Places]


def find_copies(prints: Prints, order: Places) -> Copies:
    """The copies among some articles. `order` has these by rank, the one first that represents the others.

    Articles of fewer than five words stay alone. No group rests on a pair that was not verified.
    """
    first = _first_of_equals(prints, order)
    articles = order[(first[order] == order) & (prints.counts[order] > 0)]
    pairs = candidates(prints, articles)
    alike = _estimates(prints, articles, pairs)
    group = np.full(len(prints), -1)
    group[articles] = components(len(articles), _those(pairs, alike >= LINK))
    furniture, sharing = passages.shared(prints, group)
    head, similarity = np.arange(len(prints)), np.ones(len(prints))
    for heads, members, index in _groups(prints, articles, _linked(prints, articles, pairs, alike, furniture)):
        head[articles[members]] = articles[heads]
        similarity[articles[members]] = index
    one, other = (head[articles[side]] for side in sharing)
    apart = one != other
    return Copies(head[first], similarity[first], passages.long(prints, one[apart], other[apart]))


def _those(pairs: Pairs, chosen: NDArray[np.bool_]) -> Pairs:
    return pairs[0][chosen], pairs[1][chosen]


def _first_of_equals(prints: Prints, order: Places) -> Places:
    """For each article the first with the same words, which may be itself."""
    first = np.arange(len(order))
    some = order[prints.counts[order] > 0]
    low, high = prints.digests[some].T
    by_digest = np.lexsort((low, high))  # stable: equal ones stay in the order of their ranks
    new = np.ones(len(some), dtype=np.bool_)
    new[1:] = (np.diff(low[by_digest]) != 0) | (np.diff(high[by_digest]) != 0)
    starts = np.flatnonzero(new)
    first[some[by_digest]] = np.repeat(some[by_digest][starts], np.diff(np.append(starts, len(some))))
    return first


def candidates(prints: Prints, articles: Places) -> Pairs:
    """The pairs of ranks, the smaller first, whose articles share a band."""
    seen = np.empty(0, dtype=np.uint64)
    pending = [seen]
    for number in range(BANDS if len(articles) else 0):
        pending.append(_of_band(prints.band(number)[articles]))
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


def _estimates(prints: Prints, articles: Places, pairs: Pairs) -> NDArray[np.float32]:
    """The Jaccard index of each pair as their signatures have it."""
    bits = prints.bits
    alike = np.empty(len(pairs[0]), dtype=np.float32)
    for start in range(0, len(alike), 1 << 14):
        block = slice(start, start + (1 << 14))
        one, other = (bits[articles[side[block]]] for side in pairs)
        alike[block] = np.add.reduce(one == other, axis=1, dtype=np.uint8)
    alike /= bits.shape[1]
    return (alike - 1 / 256) / (1 - 1 / 256)  # one value in 256 agrees by chance


def _linked(prints: Prints, articles: Places, pairs: Pairs, alike: NDArray[np.float32], furniture: Hashes) -> Pairs:
    """The pairs that are copies: by their signatures, and where those are not sure, by their shingles, unless others have
    linked the two already."""
    kept = alike >= _SURELY
    linked = components(len(articles), _those(pairs, kept))
    unsure = np.flatnonzero((alike >= _SURELY_NOT) & (linked[pairs[0]] != linked[pairs[1]]))
    a, b = (articles[side[unsure]] for side in pairs)
    kept[unsure] = jaccards(prints, a, b, furniture) >= LINK
    return _those(pairs, kept)


def _groups(prints: Prints, articles: Places, links: Pairs) -> Iterator[tuple[Places, Places, NDArray[np.float64]]]:
    """Representatives, their members and how alike they are: of each component the smallest, and for those that do not
    reach it, the smallest of the rest that still hang together."""
    members = np.unique(np.concatenate(links))
    while len(members):
        place = np.searchsorted(members, links[0]), np.searchsorted(members, links[1])
        head = members[components(len(members), place)]
        others = head != members
        head, members = head[others], members[others]
        alike = jaccards(prints, articles[head], articles[members])
        reached = alike >= REACH
        yield head[reached], members[reached], alike[reached]
        members = members[~reached]
        inside = np.isin(links[0], members) & np.isin(links[1], members)
        links = _those(links, inside)
