"""Articles of one form: they share their wording, as weather reports and obituaries do, and differ in their facts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.facts import facts, of_one_form, tally
from cleaner.fingerprint.shingles import SIZE
from cleaner.fingerprint.words import Indexes, read_words
from cleaner.group.copies.store import SignatureStore

LINK_THRESHOLD = 0.5  # two articles share their wording where the Jaccard index of their shingles reaches this
_PAIRS = 1 << 10  # that are compared at once
_ALIGNED = 0.3  # of the facts of the one that has fewer: their share that stand in contexts which the other has too


def same_form(store: SignatureStore, first: Indexes, second: Indexes, aligned: float = 0.0) -> NDArray[np.bool_]:
    """Whether the articles of each pair are of one form.

    That they share their wording is known, or else the contexts of so many of their facts must be `aligned`.
    """
    found = np.zeros(len(first), dtype=np.bool_)
    for start in range(0, len(first), _PAIRS):
        block = slice(start, start + _PAIRS)
        sides = [store.facts(side[block]) for side in (first, second)]
        counted = tally(*sides)
        words = np.minimum(*(store.counts[side[block]].astype(np.int64) for side in (first, second))) + SIZE - 1
        stated = np.minimum(sides[0].counts, sides[1].counts)
        found[block] = of_one_form(counted, words) & (sum(counted) >= aligned * stated)
    return found


def texts_of_one_form(first: str, second: str, jaccard: float) -> bool:
    """Whether two texts are of one form; `jaccard` is that of their shingles."""
    read = [read_words([text]) for text in (first, second)]
    one, other = map(facts, read)
    counted = tally(one, other)
    aligned = jaccard >= LINK_THRESHOLD or sum(counted) >= _ALIGNED * np.minimum(one.counts, other.counts)
    return bool(aligned and of_one_form(counted, np.minimum(read[0].counts, read[1].counts))[0])


def share_wording(store: SignatureStore, first: Indexes, second: Indexes) -> NDArray[np.bool_]:
    """Whether the articles of each pair are of one form, if nothing else is known of them."""
    return same_form(store, first, second, _ALIGNED)
