"""What an article is about, as hashed features: words, word pairs, names, numbers with their unit, quotations, and groups
of four characters for what words do not serve.

Everything that is later compared stands in a Described of a few kilobytes; the text itself is not needed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint import signatures
from cleaner.group.stories import dates as times
from cleaner.group.stories.tokens import (
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

READ = 3000  # code points of an article that are looked at: what comes later is background
LEAD = 60  # the first words of an article say what it is about: they count double
TERMS = 300  # features that are kept of an article, the heaviest
OPENING = 800  # code points whose groups of four characters count
HEADLINE = 60  # of which the first count double
GROUPS = 300  # groups of four characters that are kept of an article, the heaviest
HEAVIEST = 64  # features that an article's candidates are found by
LABELS = 8  # names, numbers and pairs each that are kept in words, to explain a group with
NAMED = (NAMES, NUMBERS, PAIRS)
LEAST_WORDS = 20  # an article of fewer is too short to tell an event

_ONCE = rarity(0.1)  # a pair, or a name of several words, is ten times as rare as its rarest word
_QUOTE = rarity(0.5 / 11_000)  # numbers and quotations are rare
_QUOTED = 4  # words of a quotation that make a feature
_LONGEST_QUOTE = 130  # tokens
_LONGEST_NAME = 6  # words

Hashes = NDArray[np.uint32]
Bytes = NDArray[np.uint8]
Integers = NDArray[np.uint64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """What is kept of an article for finding its story: at most TERMS * 6 + GROUPS * 3 + 512 bytes and some 500 characters
    of labels, 4 KB in all.

    `terms` are sorted hashes, `counts` how often each occurs and `rarities` how rare it is in news (see words.RARITY);
    `grams` are the sorted hashes of its groups of four characters with their `gram_counts`. `signature` is the MinHash of
    its heaviest terms; empty, like everything else, for an article too short to tell an event. `label_terms` and
    `label_words`, a line each, are its LABELS heaviest names, numbers and pairs.
    """

    terms: Hashes
    counts: Bytes
    rarities: Bytes
    grams: NDArray[np.uint16]
    gram_counts: Bytes
    signature: Hashes
    times: times.Times
    label_terms: Hashes
    label_words: str

    @property
    def labels(self) -> list[tuple[int, str]]:
        """The heaviest names, numbers and pairs as (hash, words)."""
        return list(zip(self.label_terms.tolist(), self.label_words.split("\n"), strict=False))


def describe(article: Article) -> Described:
    """What an article is about. The same in every process; a text too short to tell an event has no terms."""
    return describe_all([article])[0]


def describe_all(articles: Sequence[Article]) -> list[Described]:
    """A batch of `describe`, at several times its speed: the articles are looked at as one."""
    if not articles:
        return []
    wholes = [_whole(article) for article in articles]
    found: list[str] = []
    ends = [0]
    for whole in wholes:
        found += tokens(whole)
        found.append("\n")  # so that nothing runs on from one article to the next
        ends.append(len(found))
    packed = np.fromiter(map(lexicon().__getitem__, found), dtype=np.int64, count=len(found))
    owner = np.repeat(np.arange(len(articles)), np.diff(ends))
    is_word = (packed & WORD) != 0
    told = np.bincount(owner[is_word], minlength=len(articles)) >= LEAST_WORDS
    kept = _heaviest(_features(packed, owner, is_word), told, len(articles))
    signed = _signatures(kept, len(articles))
    bounds = np.searchsorted(kept.owner, np.arange(len(articles) + 1)).tolist()
    hashes, counts, cuts = _groups(wholes, told)
    described = []
    for i, (article, whole) in enumerate(zip(articles, wholes, strict=True)):
        here, there = slice(bounds[i], bounds[i + 1]), slice(cuts[i], cuts[i + 1])
        described.append(
            Described(
                kept.terms[here].copy(),
                kept.counts[here].copy(),
                kept.rarities[here].copy(),
                hashes[there].copy(),
                counts[there].copy(),
                signed[i].copy() if told[i] else signed[i, :0],
                times.times(whole, article.date),
                *_labels(kept, bounds[i], bounds[i + 1], found),
            )
        )
    return described


def _whole(article: Article) -> str:
    title, text = article.title, article.text[:READ]
    return f"{title}\n\n{text}" if title and not text.startswith(title) else text


class _Part(NamedTuple):
    """Features of one kind as they stand in a text: their hashes and rarities, the first token and the one after
    the last."""

    kind: int
    hashes: Integers
    rarities: Places
    starts: Places
    ends: Places


class _Kept(NamedTuple):
    """The terms that are kept, in the order of the articles and then of their hashes; see Described."""

    owner: Places
    terms: Hashes
    counts: Bytes
    rarities: Bytes
    weights: NDArray[np.float64]
    starts: Places  # the tokens of each term where it first stands
    ends: Places


def _features(packed: Places, owner: Places, is_word: NDArray[np.bool_]) -> tuple[Places, list[_Part]]:
    """Whose each token is, and the features of each kind."""
    hashes = (packed & 0xFFFFFFFF).astype(np.uint64)
    rare = (packed >> 32) & 255
    words = np.flatnonzero(is_word)
    is_number, is_common = (packed & NUMBER) != 0, (packed & COMMON) != 0
    place = np.arange(len(words)) - np.searchsorted(owner[words], owner[words])
    parts = [_Part(WORDS, hashes[at], rare[at], at, at + 1) for at in (words, words[place < LEAD])]

    content = np.flatnonzero((is_word & ~is_common) | is_number)  # a number between two words parts them
    left, right = content[:-1], content[1:]
    together = ~is_number[left] & ~is_number[right] & (owner[left] == owner[right])
    left, right = left[together], right[together]
    pairs = _mixed(hashes[left], hashes[right])
    parts.append(_Part(PAIRS, pairs, np.maximum(rare[left], rare[right]) + _ONCE, left, right + 1))

    parts.append(_names(packed, hashes, rare, is_word & ~is_common))

    numbers = np.flatnonzero(is_number)
    has_unit = is_word[numbers + 1] & ~is_common[numbers + 1]
    keep = has_unit | ((packed[numbers] & SHORT) == 0)  # a small number without a unit is any number
    named = np.where(has_unit, _mixed(hashes[numbers], hashes[numbers + 1]), hashes[numbers])
    parts.append(_Part(NUMBERS, named[keep], rare[numbers][keep], numbers[keep], (numbers + 1 + has_unit)[keep]))

    parts.append(_quotes(packed, hashes, words, owner))
    return owner, parts


def _heaviest(found: tuple[Places, list[_Part]], told: NDArray[np.bool_], count: int) -> _Kept:
    """The TERMS heaviest features of each article that tells an event, by the shipped table."""
    owner, parts = found
    starts = np.concatenate([part.starts for part in parts])
    whose = owner[starts]
    terms = np.concatenate([(part.hashes & ((1 << KIND) - 1)) | (part.kind << KIND) for part in parts]).astype(np.int64)
    keys, first, counts = np.unique((whose << 32) | terms, return_index=True, return_counts=True)
    terms, whose = keys & 0xFFFFFFFF, keys >> 32
    rarities = np.minimum(np.concatenate([part.rarities for part in parts])[first], 255)
    weights = (1 + np.log(counts)) * rarities * WEIGHTS[terms >> KIND]
    order = np.lexsort((terms, -weights, whose))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - np.searchsorted(whose, whose)  # `order` keeps the articles in their order
    keep = (rank < TERMS) & told[whose]
    first = first[keep]
    return _Kept(
        whose[keep],
        terms[keep].astype(np.uint32),
        np.minimum(counts[keep], 255).astype(np.uint8),
        rarities[keep].astype(np.uint8),
        weights[keep],
        starts[first],
        np.concatenate([part.ends for part in parts])[first],
    )


def _names(packed: Places, hashes: Integers, rare: Places, told: NDArray[np.bool_]) -> _Part:
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
    return _Part(NAMES, named, rarest + _ONCE * (ends - starts > 1), starts, ends)


def _quotes(packed: Places, hashes: Integers, words: Places, owner: Places) -> _Part:
    """Runs of four words inside quotation marks."""
    marks = np.flatnonzero(packed & (OPENS | CLOSES))
    opens, closes = [], []
    opened = -1
    for at, mark, whose in zip(marks.tolist(), packed[marks].tolist(), owner[marks].tolist(), strict=True):
        if opened >= 0 and mark & CLOSES and at - opened <= _LONGEST_QUOTE and owner[opened] == whose:
            opens.append(opened)
            closes.append(at)
            opened = -1
        else:
            opened = at if mark & OPENS else -1
    begin, end = np.searchsorted(words, opens), np.searchsorted(words, closes)
    length = np.maximum(end - begin - (_QUOTED - 1), 0)
    run = np.repeat(begin - (np.cumsum(length) - length), length) + np.arange(int(length.sum()))
    told = [words[run + i] for i in range(_QUOTED)]
    said = _mixed(_mixed(hashes[told[0]], hashes[told[1]]), _mixed(hashes[told[2]], hashes[told[3]]))
    return _Part(QUOTES, said, np.full(len(said), _QUOTE, dtype=np.int64), told[0], told[-1] + 1)


def _mixed(a: Integers, b: Integers) -> Integers:
    """One 32-bit hash of two, in their order."""
    both = a * np.uint64(0x9E3779B1) + b * np.uint64(0x85EBCA6B) + np.uint64(0x27D4EB2F)
    return (both ^ (both >> np.uint64(29))) & np.uint64(0xFFFFFFFF)


def _groups(wholes: Sequence[str], told: NDArray[np.bool_]) -> tuple[NDArray[np.uint16], Bytes, list[int]]:
    """The GROUPS heaviest groups of four characters of each text's opening, how often each occurs, and where each text's
    begin."""
    found = [grams(whole[:OPENING]) if tells else grams("") for whole, tells in zip(wholes, told, strict=True)]
    found = [np.concatenate([one, one[:HEADLINE]]) for one in found]
    whose = np.repeat(np.arange(len(found)), [len(one) for one in found])
    keys, counts = np.unique((whose << 16) | np.concatenate(found), return_counts=True)
    whose, hashes = keys >> 16, keys & 0xFFFF
    order = np.lexsort((hashes, -(1 + np.log(counts)) * gram_rarities()[hashes], whose))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - np.searchsorted(whose, whose)
    keep = rank < GROUPS
    cuts = np.searchsorted(whose[keep], np.arange(len(found) + 1)).tolist()
    return hashes[keep].astype(np.uint16), np.minimum(counts[keep], 255).astype(np.uint8), cuts


def _signatures(kept: _Kept, count: int) -> Hashes:
    """The MinHash of each article's HEAVIEST terms, each as often as it is heavy (at most eight times), so that it follows
    the weights."""
    order = np.lexsort((kept.terms, -kept.weights, kept.owner))
    place = np.arange(len(order)) - np.searchsorted(kept.owner, kept.owner)
    order = order[place < HEAVIEST]
    owner, weights = kept.owner[order], kept.weights[order]
    last = np.append(np.flatnonzero(np.diff(owner)), len(owner) - 1) if len(owner) else np.empty(0, dtype=np.int64)
    least = np.zeros(count)
    least[owner[last]] = weights[last]
    copies = np.clip(np.round(weights / np.maximum(least[owner], 1e-9)), 1, 8).astype(np.int64)
    copy = (np.arange(int(copies.sum())) - np.repeat(np.cumsum(copies) - copies, copies)).astype(np.uint32)
    repeated = np.repeat(kept.terms[order], copies) ^ (copy * np.uint32(0x9E3779B1))
    return signatures.batch(repeated, np.bincount(owner, weights=copies, minlength=count).astype(np.int64))


def _labels(kept: _Kept, begin: int, end: int, found: Sequence[str]) -> tuple[Hashes, str]:
    kinds = kept.terms[begin:end] >> KIND
    named = np.flatnonzero(np.isin(kinds, NAMED)) + begin
    ordered = named[np.lexsort((kept.terms[named], -kept.weights[named]))]
    kinds = kept.terms[ordered] >> KIND
    heavy = ordered[np.logical_or.reduce([(kinds == kind) & (np.cumsum(kinds == kind) <= LABELS) for kind in NAMED])]
    spans = zip(kept.starts[heavy].tolist(), kept.ends[heavy].tolist(), strict=True)
    words = [" ".join(token for token in found[start:stop] if token[0].isalnum()) for start, stop in spans]
    return kept.terms[heavy], "\n".join(words)
