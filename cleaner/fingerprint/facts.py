"""Facts in their context: the names and numbers of a text, each with the words that stand around it.

Two texts that say "temperatures of about _ degrees" and fill it in differently contradict each other there, whatever else
they share. Facts stand for one another in the contexts, so that a text that is full of them has contexts in common with
another of its form.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.words import CAPITAL, NUMBER, OPENS, Hashes, Indexes, Words

MOST = 200  # facts of a text that are kept, the first: what comes later is background

# The kind of a fact, in the lowest bits of its key. A capital at the beginning of a sentence says little.
NAME, FIGURE, OPENER = 0, 1, 2
KINDS = 4

FEW = 3  # facts that must differ in texts of one form, or fewer where these are short: one in WORDS_A_FACT
WORDS_A_FACT = 25

_LEFT, _RIGHT = 2, 1  # words of a context before a fact and after it
_MASK = np.uint32(0x5BD1E995)  # what stands for a fact in a context
_EDGE = np.uint32(0x1B873593)  # and beyond a text's ends
_STEP = np.uint32(0x9E3779B1)


class Facts(NamedTuple):
    """The facts of some texts, one text after the other: of each the hash of its kind and context (`keys`) and of what it
    says (`values`); and how many each text has. The keys of a text are distinct, and in order."""

    keys: Hashes
    values: Hashes
    counts: Indexes


def facts(words: Words) -> Facts:
    """The facts of texts whose words have been read: runs of capitalised words and numbers."""
    is_fact = (words.kinds & (CAPITAL | NUMBER)) != 0
    owner = np.repeat(np.arange(len(words.counts)), words.counts)
    first = np.ones(len(owner), dtype=np.bool_)  # of a text
    first[1:] = owner[1:] != owner[:-1]
    begins = np.ones(len(owner), dtype=np.bool_)  # a word, or a run of words that are one fact
    begins[1:] = ~is_fact[1:] | ~is_fact[:-1] | first[1:]
    starts = np.flatnonzero(begins)
    if not len(starts):
        empty = words.hashes[:0]
        return Facts(empty, empty, np.zeros(len(words.counts), dtype=np.int64))
    sizes = np.diff(np.append(starts, len(owner)))
    place = (np.arange(len(owner)) - np.repeat(starts, sizes)).astype(np.uint32)
    values = np.add.reduceat(words.hashes * (place * np.uint32(2) + np.uint32(1)) * _STEP, starts, dtype=np.uint32)
    figures = np.bitwise_or.reduceat(words.kinds, starts) & NUMBER != 0
    openers = (sizes == 1) & ((words.kinds[starts] & OPENS) != 0) & ~figures
    kinds = np.where(figures, FIGURE, np.where(openers, OPENER, NAME)).astype(np.uint32)

    runs = np.flatnonzero(is_fact[starts])
    keys = _contexts(np.where(is_fact[starts], _MASK, words.hashes[starts]), owner[starts])[runs] * np.uint32(KINDS)
    keys |= kinds[runs]
    whose = owner[starts][runs]
    kept = np.arange(len(runs)) - np.searchsorted(whose, whose) < MOST
    keyed, at = np.unique((whose[kept] << 32) | keys[kept], return_index=True)
    counts = np.bincount(keyed >> 32, minlength=len(words.counts))
    return Facts((keyed & 0xFFFFFFFF).astype(np.uint32), values[runs][kept][at], counts)


def _contexts(tokens: Hashes, owner: Indexes) -> Hashes:
    """A hash of what stands around each token, of texts that stand one after the other."""
    found = np.zeros(len(tokens), dtype=np.uint32)
    for offset in (*range(-_LEFT, 0), *range(1, _RIGHT + 1)):
        near = np.full(len(tokens), _EDGE)
        here, there = (
            (slice(-offset, None), slice(None, offset)) if offset < 0 else (slice(None, -offset), slice(offset, None))
        )
        same = owner[here] == owner[there]
        near[here] = np.where(same, tokens[there], _EDGE)
        found = (found ^ (found >> np.uint32(15))) * _STEP + near
    return (found ^ (found >> np.uint32(13))) * np.uint32(0x85EBCA6B)


class Tally(NamedTuple):
    """In how many contexts two texts of a pair say the same, and in how many another thing: of figures, and of names."""

    same_figures: Indexes
    other_figures: Indexes
    same_names: Indexes
    other_names: Indexes


def tally(first: Facts, second: Facts) -> Tally:
    """The tally of each pair of texts: the first of `first` with the first of `second`, and so on."""
    size = len(first.counts)
    pairs, keys, values = [], [], []
    for side in (first, second):
        pairs.append(np.repeat(np.arange(size, dtype=np.uint64), side.counts))
        keys.append(side.keys.astype(np.uint64))
        values.append(side.values)
    keyed = (np.concatenate(pairs) << np.uint64(32)) | np.concatenate(keys)
    order = np.argsort(keyed, kind="stable")
    keyed, said = keyed[order], np.concatenate(values)[order]
    both = np.flatnonzero(keyed[1:] == keyed[:-1])  # the keys of a text are distinct: one is the first's, one the second's
    pair = (keyed[both] >> np.uint64(32)).astype(np.int64)
    kind = (keyed[both] & np.uint64(KINDS - 1)).astype(np.int64)
    same = said[both] == said[both + 1]

    def count(chosen: NDArray[np.bool_]) -> Indexes:
        return np.bincount(pair[chosen], minlength=size)

    figure = kind == FIGURE
    # That two sentences begin with one word is no agreement; that they begin with two in one context is a contradiction.
    return Tally(count(figure & same), count(figure & ~same), count((kind == NAME) & same), count(~figure & ~same))


def of_one_form(found: Tally, words: Indexes) -> NDArray[np.bool_]:
    """Whether the two texts of each pair, which share their wording, are of one form: most of their figures differ, or most
    of all their facts. `words` are those of the shorter: a few words have a few facts, and one that differs suffices."""
    least = np.clip(words // WORDS_A_FACT, 1, FEW)
    figures = (found.other_figures >= least) & (found.other_figures >= 2 * found.same_figures)
    other = found.other_figures + found.other_names
    every = (other > least) & (other >= found.same_figures + found.same_names)
    return figures | every
