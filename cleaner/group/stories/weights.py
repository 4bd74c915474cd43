"""How much the terms of articles weigh: how often each occurs there, and how rare it is in news, in the collection, and in
the days around the article.

What is in the news of a week is rare in years of news, and still no sign of one event: every report of a shutdown has its
words. So a term is as common as it is among the articles of the days around, where an article is dated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.words import Indexes

BACKGROUND = 300  # articles that the shipped tables count for beside the collection's own
COMMON = 1.0  # of its weight, what all articles of the collection have loses
# Days around an article that its terms are counted in, and articles that the whole collection counts for beside these. Of
# labelled pairs of real news, dated ones, the area under the curve is .67 without and .76 with them; with 3 to 15 days and
# 10 to 100 articles it is .73 to .76.
AROUND = 7
BEYOND = 100

_ARTICLES = 1 << 12  # that are weighed at once
_BITS = 22  # of the hashes that terms are counted by in the days around

Weights = NDArray[np.float32]


class Entries(NamedTuple):
    """The terms of some articles: their hashes, how often each occurs, and where those of each article begin and end."""

    hashes: NDArray[Any]
    counts: NDArray[np.uint8]
    ends: Indexes


def weigh(
    entries: Entries,
    shares_at: Callable[[Indexes], Weights],
    frequencies_of: Callable[[NDArray[Any]], Weights],
    total: float,
    days: Indexes | None,
) -> Weights:
    """The weight of each entry, (1 + log tf) * idf. `shares_at` gives the background's shares of the entries at some places,
    `frequencies_of` in how many of `total` articles hashes occur; `days` are those of the articles, 0 where unknown."""
    found = np.empty(len(entries.hashes), dtype=np.float32)
    for places, around, articles in _blocks(
        entries, np.zeros(len(entries.ends) - 1, dtype=np.int64) if days is None else days
    ):
        idfs = _idfs(shares_at(places), frequencies_of(entries.hashes[places]), total, around, articles)
        found[places] = (1 + np.log(entries.counts[places], dtype=np.float32)) * idfs
    return found


def _idfs(shares: Weights, document_frequency: Weights, total: float, around: Weights, articles: int) -> Weights:
    """The background's shares blended with the collection's, and those with the ones of the `articles` of the days around.

    What is common in the background stays so, or a language that is rare in the collection would seem to be all rare words.
    And what more than two articles have counts the less the more of the collection has it: thirteen reports of one police
    force have its name, its town and the day in common. Of the many tellings of one event this spares the proportions.
    """
    common = np.float32(1) - np.maximum(document_frequency - 2, 0) * np.float32(COMMON / max(1, total))
    blended = (document_frequency + shares * np.float32(BACKGROUND)) / np.float32(BACKGROUND + total)
    np.clip(blended, shares, 1, out=blended)
    if articles:
        blended = np.clip((around + blended * np.float32(BEYOND)) / np.float32(articles + BEYOND), blended, 1)
    idfs: Weights = np.negative(np.log(blended)) * common
    return idfs


def _blocks(entries: Entries, days: Indexes) -> Iterator[tuple[Indexes, Weights, int]]:
    """The places of the entries of some articles at a time; in how many articles of the days around each occurs; and how
    many these are, 0 for those that are not dated."""
    days = np.where(np.diff(entries.ends) > 0, days, 0)
    order = np.argsort(days, kind="stable")
    inside = days[order]
    undated = int(np.searchsorted(inside, 1))
    nothing = np.empty(0, dtype=np.float32)
    for some in _parts(order[:undated]):
        yield _places(entries.ends, some), nothing, 0
    if undated == len(order):
        return
    count = np.zeros(1 << _BITS, dtype=np.int32)
    entered = left = undated
    for day in np.unique(inside[undated:]).tolist():
        until, since = np.searchsorted(inside, day + AROUND, "right"), max(undated, np.searchsorted(inside, day - AROUND))
        for some in _parts(order[entered:until]):
            np.add.at(count, folded(entries.hashes[_places(entries.ends, some)], _BITS), 1)
        for some in _parts(order[left:since]):
            np.subtract.at(count, folded(entries.hashes[_places(entries.ends, some)], _BITS), 1)
        entered, left = int(until), int(since)
        for some in _parts(order[np.searchsorted(inside, day) : np.searchsorted(inside, day, "right")]):
            places = _places(entries.ends, some)
            yield places, count[folded(entries.hashes[places], _BITS)].astype(np.float32), entered - left


def _parts(articles: Indexes) -> Iterator[Indexes]:
    return (articles[start : start + _ARTICLES] for start in range(0, len(articles), _ARTICLES))


def _places(ends: Indexes, articles: Indexes) -> Indexes:
    """The places of the entries of some articles, one article after the other."""
    lengths = ends[articles + 1] - ends[articles]
    places: Indexes = np.repeat(ends[articles] - (np.cumsum(lengths) - lengths), lengths) + np.arange(int(lengths.sum()))
    return places


def folded(hashes: NDArray[Any], bits: int) -> NDArray[np.uint32]:
    """The highest bits of hashes, which are mixed first."""
    return (hashes.astype(np.uint32) * np.uint32(0x9E3779B1)) >> np.uint32(32 - bits)
