"""What an article is about, as hashed terms: words, word bigrams, names, numbers with their unit, quotations; and character
n-grams for what words do not serve.

Everything that is later compared stands in a StoryFeatures of a few kilobytes; the text itself is not needed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint import signatures
from cleaner.fingerprint.words import Hashes, Indexes
from cleaner.group.stories.dates import EventDates, event_dates
from cleaner.group.stories.idf import char_ngram_idfs, quantised_idf
from cleaner.group.stories.tokens import (
    CAPITAL,
    CLOSES,
    ENDS,
    JOINS,
    NUMBER,
    OPENS,
    SHORT,
    STOPWORD,
    WEEKDAY_SHIFT,
    WORD,
    char_ngrams,
    token_cache,
    tokens,
)
from cleaner.model import Article

# The kind of a term is the top three of its hash's 31 bits, so that a name and a word of one spelling stay apart. NAMED are
# the words that names are made of: what two articles tell beside their names is in the other WORDS.
KINDS = WORDS, BIGRAMS, NAMES, NUMBERS, QUOTES, NAMED = range(6)
KIND_SHIFT = 28  # bits below the kind
CHAR_NGRAMS = 6  # stand beside the terms where both are weighed
# How much each kind counts: the plateau of a grid over ECB+ and NewsWCL50.
WEIGHTS = np.array([1.0, 0.7, 1.2, 1.0, 0.3, 1.0, 0.0, 0.0])

READ = 3000  # code points of an article that are looked at: what comes later is background
LEAD = 60  # the first words of an article say what it is about: they count double
MAX_TERMS = 300  # terms that are kept of an article, the heaviest
OPENING = 800  # code points whose character n-grams count
HEADLINE = 60  # of which the first count double
MAX_CHAR_NGRAMS = 300  # character n-grams that are kept of an article, the heaviest
SIGNATURE_TERMS = 64  # terms that an article's candidates are found by
MAX_LABELS = 8  # names, numbers and bigrams each that are kept in words, to explain a group with
LABELLED = (NAMES, NUMBERS, BIGRAMS)
MIN_WORDS = 20  # an article of fewer is too short to tell an event

_RARER = quantised_idf(0.1)  # a bigram, or a name of several words, is ten times as rare as its rarest word
_QUOTE_IDF = quantised_idf(0.5 / 11_000)  # quotations are rare
_QUOTED = 4  # words of a quotation that make a term
_LONGEST_QUOTE = 130  # tokens
_LONGEST_NAME = 6  # words

Bytes = NDArray[np.uint8]
Integers = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class StoryFeatures:
    """What is kept of an article for finding its story: at most MAX_TERMS * 6 + MAX_CHAR_NGRAMS * 3 + 512 bytes and some
    500 characters of labels, 4 KB in all.

    `terms` are sorted hashes, `counts` how often each occurs and `idfs` how rare it is in news, quantised (see idf);
    `char_ngrams` are the sorted hashes of its character n-grams with their `char_ngram_counts`. `signature` is the MinHash
    of its heaviest terms; empty, like everything else, for an article too short to tell an event. `label_terms` and
    `label_words`, a line each, are its MAX_LABELS heaviest names, numbers and bigrams.
    """

    terms: Hashes
    counts: Bytes
    idfs: Bytes
    char_ngrams: NDArray[np.uint16]
    char_ngram_counts: Bytes
    signature: Hashes
    dates: EventDates
    label_terms: Hashes
    label_words: str

    @property
    def labels(self) -> list[tuple[int, str]]:
        """The heaviest names, numbers and bigrams as (hash, words)."""
        return list(zip(self.label_terms.tolist(), self.label_words.split("\n"), strict=False))


def story_features(articles: Sequence[Article]) -> list[StoryFeatures]:
    """What each article is about. The same in every process; a text too short to tell an event has no terms.

    The articles are looked at as one, which is several times as fast as one by one.
    """
    if not articles:
        return []
    texts = [_read_of(article) for article in articles]
    words: list[str] = []
    ends = [0]
    for text in texts:
        words += tokens(text)
        words.append("\n")  # so that nothing runs on from one article to the next
        ends.append(len(words))
    packed = np.fromiter(map(token_cache().__getitem__, words), dtype=np.int64, count=len(words))
    owner = np.repeat(np.arange(len(articles)), np.diff(ends))
    weekday = (packed >> WEEKDAY_SHIFT) & 7
    named = np.flatnonzero(weekday)
    named_ends = np.searchsorted(owner[named], np.arange(len(articles) + 1)).tolist()
    is_word = (packed & WORD) != 0
    long_enough = np.bincount(owner[is_word], minlength=len(articles)) >= MIN_WORDS
    kept = _heaviest(owner, _occurrences(packed, owner, is_word), long_enough)
    signed = sign_terms(kept.owner, kept.terms, kept.weights, len(articles))
    bounds = np.searchsorted(kept.owner, np.arange(len(articles) + 1)).tolist()
    labels = _labels(kept, len(articles), words)
    hashes, counts, cuts = _char_ngrams(texts, long_enough)
    features = []
    for i, (article, text) in enumerate(zip(articles, texts, strict=True)):
        here, there = slice(bounds[i], bounds[i + 1]), slice(cuts[i], cuts[i + 1])
        features.append(
            StoryFeatures(
                kept.terms[here].copy(),
                kept.counts[here].copy(),
                kept.idfs[here].copy(),
                hashes[there].copy(),
                counts[there].copy(),
                signed[i].copy() if long_enough[i] else signed[i, :0],
                event_dates(text, article.date, weekday[named[named_ends[i] : named_ends[i + 1]]].tolist()),
                *labels[i],
            )
        )
    return features


def _read_of(article: Article) -> str:
    title, text = article.title, article.text[:READ]
    return f"{title}\n\n{text}" if title and not text.startswith(title) else text


class _Occurrences(NamedTuple):
    """Terms of one kind where they stand in the tokens: hashes, idfs, the first token and the one after the last."""

    kind: int
    hashes: Integers
    idfs: Indexes
    starts: Indexes
    ends: Indexes


class _Terms(NamedTuple):
    """The terms that are kept, in the order of the articles and then of their hashes; see StoryFeatures."""

    owner: Indexes
    terms: Hashes
    counts: Bytes
    idfs: Bytes
    weights: NDArray[np.float64]
    starts: Indexes  # the tokens of each term where it first stands
    ends: Indexes


def _occurrences(packed: Indexes, owner: Indexes, is_word: NDArray[np.bool_]) -> list[_Occurrences]:
    """The terms of each kind. `owner` says whose each token is."""
    hashes = (packed & 0xFFFFFFFF).astype(np.uint64)
    idfs = (packed >> 32) & 255
    words = np.flatnonzero(is_word)
    is_number, is_stopword = (packed & NUMBER) != 0, (packed & STOPWORD) != 0
    place = np.arange(len(words)) - np.searchsorted(owner[words], owner[words])
    names = _names(packed, hashes, idfs, is_word & ~is_stopword)
    named = np.zeros(len(packed) + 1, dtype=np.int8)
    np.add.at(named, names.starts, 1)
    np.add.at(named, names.ends, -1)
    of_a_name = np.cumsum(named)[words] > 0
    parts = [names]
    for kind, chosen in ((WORDS, ~of_a_name), (NAMED, of_a_name)):
        for at in (words[chosen], words[chosen & (place < LEAD)]):
            parts.append(_Occurrences(kind, hashes[at], idfs[at], at, at + 1))

    content = np.flatnonzero((is_word & ~is_stopword) | is_number)  # a number between two words parts them
    left, right = content[:-1], content[1:]
    together = ~is_number[left] & ~is_number[right] & (owner[left] == owner[right])
    left, right = left[together], right[together]
    bigrams = _mixed(hashes[left], hashes[right])
    parts.append(_Occurrences(BIGRAMS, bigrams, np.maximum(idfs[left], idfs[right]) + _RARER, left, right + 1))

    numbers = np.flatnonzero(is_number)
    has_unit = is_word[numbers + 1] & ~is_stopword[numbers + 1]
    keep = has_unit | ((packed[numbers] & SHORT) == 0)  # a small number without a unit is any number
    counted = np.where(has_unit, _mixed(hashes[numbers], hashes[numbers + 1]), hashes[numbers])
    parts.append(_Occurrences(NUMBERS, counted[keep], idfs[numbers][keep], numbers[keep], (numbers + 1 + has_unit)[keep]))

    parts.append(_quotes(packed, hashes, words, owner))
    return parts


def _heaviest(owner: Indexes, parts: Sequence[_Occurrences], long_enough: NDArray[np.bool_]) -> _Terms:
    """The MAX_TERMS heaviest terms of each article that is long enough, by the shipped table."""
    starts = np.concatenate([part.starts for part in parts])
    whose = owner[starts]
    terms = np.concatenate([(part.hashes & ((1 << KIND_SHIFT) - 1)) | (part.kind << KIND_SHIFT) for part in parts]).astype(
        np.int64
    )
    keys, first, counts = np.unique((whose << 32) | terms, return_index=True, return_counts=True)
    terms, whose = keys & 0xFFFFFFFF, keys >> 32
    idfs = np.minimum(np.concatenate([part.idfs for part in parts])[first], 255)
    weights = weights_of(terms, counts, idfs)
    keep = (_rank(whose, weights) < MAX_TERMS) & long_enough[whose]
    first = first[keep]
    return _Terms(
        whose[keep],
        terms[keep].astype(np.uint32),
        np.minimum(counts[keep], 255).astype(np.uint8),
        idfs[keep].astype(np.uint8),
        weights[keep],
        starts[first],
        np.concatenate([part.ends for part in parts])[first],
    )


def _names(packed: Indexes, hashes: Integers, idfs: Indexes, content: NDArray[np.bool_]) -> _Occurrences:
    """Runs of capitalised words that are no stop words, with an "of" or a "de" between two of them."""
    capital = ((packed & CAPITAL) != 0) & content
    between = np.zeros_like(capital)
    between[1:-1] = ((packed & JOINS) != 0)[1:-1] & capital[:-2] & capital[2:]
    edges = np.diff((capital | between).astype(np.int8), prepend=0, append=0)
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    before = np.where(starts > 0, packed[np.maximum(starts - 1, 0)], ENDS)
    # At the start of a sentence every word has a capital.
    idle = (ends - starts == 1) & (((before & ENDS) != 0) | ((packed[starts] & SHORT) != 0))
    starts, ends = starts[~idle], ends[~idle]
    named, rarest = hashes[starts], idfs[starts]
    for i in range(1, _LONGEST_NAME):
        longer = ends - starts > i
        if not longer.any():
            break
        named[longer] = _mixed(named[longer], hashes[starts[longer] + i])
        rarest[longer] = np.maximum(rarest[longer], idfs[starts[longer] + i])
    return _Occurrences(NAMES, named, rarest + _RARER * (ends - starts > 1), starts, ends)


def _quotes(packed: Indexes, hashes: Integers, words: Indexes, owner: Indexes) -> _Occurrences:
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
    quoted = [words[run + i] for i in range(_QUOTED)]
    said = _mixed(_mixed(hashes[quoted[0]], hashes[quoted[1]]), _mixed(hashes[quoted[2]], hashes[quoted[3]]))
    return _Occurrences(QUOTES, said, np.full(len(said), _QUOTE_IDF, dtype=np.int64), quoted[0], quoted[-1] + 1)


def _mixed(a: Integers, b: Integers) -> Integers:
    """One 32-bit hash of two, in their order."""
    both = a * np.uint64(0x9E3779B1) + b * np.uint64(0x85EBCA6B) + np.uint64(0x27D4EB2F)
    return (both ^ (both >> np.uint64(29))) & np.uint64(0xFFFFFFFF)


def _char_ngrams(texts: Sequence[str], long_enough: NDArray[np.bool_]) -> tuple[NDArray[np.uint16], Bytes, list[int]]:
    """The MAX_CHAR_NGRAMS heaviest character n-grams of each text's opening, how often each occurs, and where each text's
    begin."""
    found = [char_ngrams(text[:OPENING] if enough else "") for text, enough in zip(texts, long_enough, strict=True)]
    found = [np.concatenate([one, one[:HEADLINE]]) for one in found]
    whose = np.repeat(np.arange(len(found)), [len(one) for one in found])
    keys, counts = np.unique((whose << 16) | np.concatenate(found), return_counts=True)
    whose, hashes = keys >> 16, keys & 0xFFFF
    keep = _rank(whose, (1 + np.log(counts)) * char_ngram_idfs()[hashes]) < MAX_CHAR_NGRAMS
    cuts = np.searchsorted(whose[keep], np.arange(len(found) + 1)).tolist()
    return hashes[keep].astype(np.uint16), np.minimum(counts[keep], 255).astype(np.uint8), cuts


def weights_of(terms: NDArray[Any], counts: NDArray[Any], idfs: NDArray[Any]) -> NDArray[np.float64]:
    """How heavy terms are by the shipped table, as often as they occur."""
    found: NDArray[np.float64] = (1 + np.log(counts, dtype=np.float64)) * idfs * WEIGHTS[terms >> KIND_SHIFT]
    return found


def sign_terms(owner: Indexes, terms: Hashes, weights: NDArray[np.float64], count: int) -> Hashes:
    """The MinHash of each article's SIGNATURE_TERMS heaviest terms, each as often as it is heavy (at most eight times), so
    that it follows the weights. `owner` says whose each term is, of `count` articles, in order."""
    order = _by_weight(owner, weights)
    place = np.arange(len(order)) - np.searchsorted(owner, owner)
    order = order[place < SIGNATURE_TERMS]
    owner, weights = owner[order], weights[order]
    last = np.append(np.flatnonzero(np.diff(owner)), len(owner) - 1) if len(owner) else np.empty(0, dtype=np.int64)
    least = np.zeros(count)
    least[owner[last]] = weights[last]
    copies = np.clip(np.round(weights / np.maximum(least[owner], 1e-9)), 1, 8).astype(np.int64)
    copy = (np.arange(int(copies.sum())) - np.repeat(np.cumsum(copies) - copies, copies)).astype(np.uint32)
    repeated = np.repeat(terms[order], copies) ^ (copy * np.uint32(0x9E3779B1))
    return signatures.minhash(repeated, np.bincount(owner, weights=copies, minlength=count).astype(np.int64))


def _labels(kept: _Terms, count: int, words: Sequence[str]) -> list[tuple[Hashes, str]]:
    """The label terms and words of each of `count` articles."""
    kinds = kept.terms >> KIND_SHIFT
    named = np.flatnonzero(np.isin(kinds, LABELLED))
    heavy = named[_rank((kept.owner[named] << 3) | kinds[named], kept.weights[named]) < MAX_LABELS]
    heavy = heavy[_by_weight(kept.owner[heavy], kept.weights[heavy])]
    spans = zip(kept.starts[heavy].tolist(), kept.ends[heavy].tolist(), strict=True)
    labels = [" ".join([token for token in words[start:stop] if token[0].isalnum()]) for start, stop in spans]
    ends = np.searchsorted(kept.owner[heavy], np.arange(count + 1)).tolist()
    return [(kept.terms[heavy[start:stop]], "\n".join(labels[start:stop])) for start, stop in pairwise(ends)]


def _by_weight(whose: NDArray[Any], weights: NDArray[np.float64]) -> Indexes:
    """The order by whose terms are and, heaviest first, by their weights; those of one weight stay in their order. One key
    is sorted four times as fast as two: the bits of positive numbers are in the order of these."""
    bits = weights.astype(np.float32).view(np.uint32).astype(np.int64)
    order: Indexes = np.argsort((whose.astype(np.int64) << 32) - bits, kind="stable")
    return order


def _rank(whose: NDArray[Any], weights: NDArray[np.float64]) -> Indexes:
    """The place of each term among those of one article by weight, from 0. `whose` is in order."""
    rank = np.empty(len(whose), dtype=np.int64)
    rank[_by_weight(whose, weights)] = np.arange(len(whose)) - np.searchsorted(whose, whose)
    return rank
