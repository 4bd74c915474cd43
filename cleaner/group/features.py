"""What an article is about, as hashed features: words, word pairs, names, numbers with their unit, quotations, and groups
of four characters for what words do not serve.

Everything that is later compared stands in a Described of a few kilobytes; the text itself is not needed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint import signatures
from cleaner.group import times
from cleaner.group.words import (
    CAPITAL,
    CLOSES,
    COMMON,
    ENDS,
    JOINS,
    NUMBER,
    OPENS,
    SHORT,
    WORD,
    gram_rarities,
    grams,
    lexicon,
    rarity,
    tokens,
)
from cleaner.model import Article

# The kind of a feature is the top three of its hash's 31 bits, so that a name and a word of one spelling stay apart.
KINDS = WORDS, PAIRS, NAMES, NUMBERS, QUOTES = range(5)
KIND = 28  # bits below the kind
# How much each kind counts: the plateau of a grid over ECB+ and NewsWCL50.
WEIGHTS = np.array([1.0, 0.7, 1.2, 1.0, 0.3, 0.0, 0.0, 0.0])

READ = 6000  # code points of an article that are looked at: what comes later is background
LEAD = 60  # the first words of an article say what it is about: they count double
TERMS = 400  # features that are kept of an article, the heaviest
OPENING = 800  # code points whose groups of four characters count
HEADLINE = 60  # of which the first count double
GROUPS = 400  # groups of four characters that are kept of an article, the heaviest
HEAVIEST = 64  # features that an article's candidates are found by
LABELS = 24  # names, numbers and pairs that are kept in words, to explain a group with
LEAST_WORDS = 20  # an article of fewer is too short to tell an event

_ONCE = rarity(0.1)  # a pair, or a name of several words, is ten times as rare as its rarest word
_QUOTE = rarity(0.5 / 11_000)  # numbers and quotations are rare
_QUOTED = 4  # words of a quotation that make a feature
_LONGEST_QUOTE = 130  # tokens
_LONGEST_NAME = 6  # words

Hashes = NDArray[np.uint32]
Bytes = NDArray[np.uint8]
Integers = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """What is kept of an article for finding its story: some 6 KB.

    `terms` are at most TERMS hashes, sorted, `counts` how often each occurs and `rarities` how rare it is in news (see
    words.RARITY); `grams` are the sorted hashes of its groups of four characters with their `gram_counts`. `signature` is
    the MinHash of its heaviest terms; empty, like everything else, for an article too short to tell an event. `labels`
    are its heaviest names, numbers and pairs as (hash, words).
    """

    terms: Hashes
    counts: Bytes
    rarities: Bytes
    grams: NDArray[np.uint16]
    gram_counts: Bytes
    signature: Hashes
    times: times.Times
    labels: tuple[tuple[int, str], ...]


def describe(article: Article) -> Described:
    """What an article is about. The same in every process; a text too short to tell an event has no terms."""
    title, text = article.title, article.text[:READ]
    whole = f"{title}\n\n{text}" if title and not text.startswith(title) else text
    found = tokens(whole)
    lex = lexicon()
    packed = np.fromiter(map(lex.__getitem__, found), dtype=np.int64, count=len(found))
    is_word = (packed & WORD) != 0
    told = times.times(whole, article.date)
    if int(is_word.sum()) < LEAST_WORDS:
        none = np.empty(0, dtype=np.uint32)
        small = np.empty(0, dtype=np.uint8)
        return Described(none, small, small, np.empty(0, dtype=np.uint16), small, none, told, ())
    parts = _terms(packed, is_word)
    every = np.concatenate([(hashes & ((1 << KIND) - 1)) | (kind << KIND) for kind, hashes, _, _, _ in parts]).astype(np.uint32)
    rare = np.concatenate([rarities for _, _, rarities, _, _ in parts])
    terms, first, counts = np.unique(every, return_index=True, return_counts=True)
    rarities = np.minimum(rare[first], 255)
    weights = (1 + np.log(counts)) * rarities * WEIGHTS[terms >> KIND]
    order = np.lexsort((terms, -weights))
    kept = np.sort(order[:TERMS])
    places = np.concatenate([np.stack([starts, ends], axis=1) for _, _, _, starts, ends in parts])
    return Described(
        terms[kept],
        np.minimum(counts[kept], 255).astype(np.uint8),
        rarities[kept].astype(np.uint8),
        *_grams(whole),
        _heaviest(terms[order[:HEAVIEST]], weights[order[:HEAVIEST]]),
        told,
        _labels(terms, order, places[first], found),
    )


def describe_all(articles: Sequence[Article]) -> list[Described]:
    """A batch of `describe`."""
    return [describe(article) for article in articles]


_Part = tuple[int, Integers, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def _terms(packed: NDArray[np.int64], is_word: NDArray[np.bool_]) -> list[_Part]:
    """The features of each kind: (kind, hashes, rarities, first token, token after the last)."""
    hashes = (packed & 0xFFFFFFFF).astype(np.uint64)
    rare = (packed >> 32) & 255
    words = np.flatnonzero(is_word)
    is_number, is_common = (packed & NUMBER) != 0, (packed & COMMON) != 0
    lead = words[:LEAD]
    parts: list[_Part] = [(WORDS, hashes[at], rare[at], at, at + 1) for at in (words, lead)]

    content = np.flatnonzero((is_word & ~is_common) | is_number)  # a number between two words parts them
    left, right = content[:-1], content[1:]
    apart = is_number[left] | is_number[right]
    left, right = left[~apart], right[~apart]
    parts.append((PAIRS, _mixed(hashes[left], hashes[right]), np.maximum(rare[left], rare[right]) + _ONCE, left, right + 1))

    parts.append(_names(packed, hashes, rare, is_word & ~is_common))

    numbers = np.flatnonzero(is_number)
    after = np.minimum(numbers + 1, len(packed) - 1)
    has_unit = is_word[after] & ~is_common[after]
    keep = has_unit | ((packed[numbers] & SHORT) == 0)  # a small number without a unit is any number
    named = np.where(has_unit, _mixed(hashes[numbers], hashes[after]), hashes[numbers])
    parts.append((NUMBERS, named[keep], rare[numbers][keep], numbers[keep], (numbers + 1 + has_unit)[keep]))

    parts.append(_quotes(packed, hashes, words))
    return parts


def _names(packed: NDArray[np.int64], hashes: Integers, rare: NDArray[np.int64], told: NDArray[np.bool_]) -> _Part:
    """Runs of capitalised words that are not common ones, with an "of" or a "de" between two of them."""
    capital = ((packed & CAPITAL) != 0) & told
    between = np.zeros_like(capital)
    between[1:-1] = ((packed & JOINS) != 0)[1:-1] & capital[:-2] & capital[2:]
    edges = np.diff((capital | between).astype(np.int8), prepend=0, append=0)
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    before = np.where(starts > 0, packed[np.maximum(starts - 1, 0)], ENDS)
    # At the start of a sentence every word has a capital.
    idle = (ends - starts == 1) & (((before & ENDS) != 0) | ((packed[starts] & SHORT) != 0))
    starts, ends = starts[~idle], ends[~idle]
    named, rarest = hashes[starts], rare[starts]
    for i in range(1, _LONGEST_NAME):
        longer = ends - starts > i
        if not longer.any():
            break
        named[longer] = _mixed(named[longer], hashes[starts[longer] + i])
        rarest[longer] = np.maximum(rarest[longer], rare[starts[longer] + i])
    return NAMES, named, rarest + _ONCE * (ends - starts > 1), starts, ends


def _quotes(packed: NDArray[np.int64], hashes: Integers, words: NDArray[np.int64]) -> _Part:
    """Runs of four words inside quotation marks."""
    runs = []
    opened = -1
    for at in np.flatnonzero(packed & (OPENS | CLOSES)).tolist():
        if opened >= 0 and packed[at] & CLOSES and at - opened <= _LONGEST_QUOTE:
            inside = words[np.searchsorted(words, opened) : np.searchsorted(words, at)]
            if len(inside) >= _QUOTED:
                runs.append(np.lib.stride_tricks.sliding_window_view(inside, _QUOTED))
            opened = -1
        else:
            opened = at if packed[at] & OPENS else -1
    at = np.concatenate(runs) if runs else np.empty((0, _QUOTED), dtype=np.int64)
    said = _mixed(_mixed(hashes[at[:, 0]], hashes[at[:, 1]]), _mixed(hashes[at[:, 2]], hashes[at[:, 3]]))
    return QUOTES, said, np.full(len(said), _QUOTE, dtype=np.int64), at[:, 0], at[:, -1] + 1


def _mixed(a: Integers, b: Integers) -> Integers:
    """One 32-bit hash of two, in their order."""
    both = a * np.uint64(0x9E3779B1) + b * np.uint64(0x85EBCA6B) + np.uint64(0x27D4EB2F)
    return (both ^ (both >> np.uint64(29))) & np.uint64(0xFFFFFFFF)


def _grams(text: str) -> tuple[NDArray[np.uint16], Bytes]:
    found = grams(text[:OPENING])
    hashes, counts = np.unique(np.concatenate([found, found[:HEADLINE]]), return_counts=True)
    weights = (1 + np.log(counts)) * gram_rarities()[hashes]
    kept = np.sort(np.lexsort((hashes, -weights))[:GROUPS])
    return hashes[kept], np.minimum(counts[kept], 255).astype(np.uint8)


def _heaviest(terms: Hashes, weights: NDArray[np.float64]) -> Hashes:
    """The MinHash of the terms, each as often as it is heavy (at most eight times), so that it follows the weights."""
    copies = np.clip(np.round(weights / (weights[-1] or 1)), 1, 8).astype(np.int64)
    first = np.cumsum(copies) - copies
    copy = (np.arange(int(copies.sum())) - np.repeat(first, copies)).astype(np.uint32)
    signed = signatures.batch(np.repeat(terms, copies) ^ (copy * np.uint32(0x9E3779B1)), np.array([len(copy)]))
    return signed[0]


def _labels(
    terms: Hashes, order: NDArray[np.int64], places: NDArray[np.int64], found: Sequence[str]
) -> tuple[tuple[int, str], ...]:
    kinds = terms[order] >> KIND
    heavy = order[(kinds == NAMES) | (kinds == NUMBERS) | (kinds == PAIRS)][:LABELS]
    return tuple(
        (int(terms[i]), " ".join(token for token in found[places[i, 0] : places[i, 1]] if token[0].isalnum()))
        for i in heavy.tolist()
    )
