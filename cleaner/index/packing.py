"""What articles are compared by, as bytes.

Copies: the shingles, in the order of the words, and the facts: 4 bytes a word and 8 a fact, which nothing makes smaller,
since hashes have no pattern. MinHash values are made anew of them. Stories: sorted hashes as the steps between them, byte by
byte, which zlib makes a third smaller.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.facts import Facts
from cleaner.group.copies.signatures import SignatureBatch, signed
from cleaner.group.stories.dates import EventDates
from cleaner.group.stories.features import StoryFeatures, sign_terms, weights_of

_COUNTS = struct.Struct("<II")
_STORY = struct.Struct("<HHHII7f")  # terms, character n-grams, labels; the days of the article, and in it; weekdays


def packed_copies(one: SignatureBatch) -> bytes:
    """The shingles and facts of one article."""
    return _COUNTS.pack(len(one.shingles) // 4, len(one.facts) // 8) + one.shingles + one.facts


def unpacked_copies(digests: Sequence[bytes], packed: Sequence[bytes]) -> SignatureBatch:
    """The signatures of some articles, of which their digests are known too."""
    shingles, facts, counts, fact_counts = [], [], [], []
    for data in packed:
        words, stated = _COUNTS.unpack_from(data)
        end = _COUNTS.size + 4 * words
        shingles.append(data[_COUNTS.size : end])
        facts.append(data[end:])
        counts.append(words)
        fact_counts.append(stated)
    keys, values = np.frombuffer(b"".join(facts), dtype=np.uint32).reshape(-1, 2).T
    stated_facts = Facts(keys, values, np.array(fact_counts, dtype=np.int64))
    found = np.frombuffer(b"".join(shingles), dtype=np.uint32)
    return signed(b"".join(digests), found, np.array(counts, dtype=np.int64), stated_facts)


def packed_story(one: StoryFeatures) -> bytes:
    """The features of one article but for their signature, which is made of the others."""
    dates = one.dates
    sizes = len(one.terms), len(one.char_ngrams), len(one.label_terms)
    return zlib.compress(
        _STORY.pack(*sizes, dates.published, dates.in_text, *dates.weekdays)
        + steps(one.terms)
        + one.counts.tobytes()
        + one.idfs.tobytes()
        + steps(one.char_ngrams)
        + one.char_ngram_counts.tobytes()
        + np.searchsorted(one.terms, one.label_terms).astype(np.uint16).tobytes()
        + one.label_words.encode("utf-8", "surrogatepass")
    )


def unpacked_stories(packed: Sequence[bytes], signed: bool = True) -> list[StoryFeatures]:
    """The features of some articles; their signatures, which take longest, only where these are wanted."""
    found = [_unpacked_story(zlib.decompress(data)) for data in packed]
    if not found or not signed:
        return found
    owner = np.repeat(np.arange(len(found)), [len(one.terms) for one in found])
    terms, counts, idfs = (np.concatenate([getattr(one, name) for one in found]) for name in ("terms", "counts", "idfs"))
    signatures = sign_terms(owner, terms, weights_of(terms, counts, idfs), len(found))
    return [replace(one, signature=signature) for one, signature in zip(found, signatures, strict=True)]


def _unpacked_story(data: bytes) -> StoryFeatures:
    terms, ngrams, labels, published, in_text, *weekdays = _STORY.unpack_from(data)
    at = _STORY.size

    def taken(dtype: type[np.unsignedinteger[Any]], count: int) -> NDArray[Any]:
        nonlocal at
        begin, at = at, at + count * np.dtype(dtype).itemsize
        return np.frombuffer(data, dtype=dtype, count=count, offset=begin)

    hashes = from_steps(taken(np.uint8, 4 * terms), np.uint32)
    counts, idfs = taken(np.uint8, terms), taken(np.uint8, terms)
    char_ngrams = from_steps(taken(np.uint8, 2 * ngrams), np.uint16)
    ngram_counts, labelled = taken(np.uint8, ngrams), taken(np.uint16, labels)
    return StoryFeatures(
        hashes,
        counts,
        idfs,
        char_ngrams,
        ngram_counts,
        hashes[:0],
        EventDates(published, in_text, tuple(weekdays)),
        hashes[labelled],
        data[at:].decode("utf-8", "surrogatepass"),
    )


def steps(hashes: NDArray[Any]) -> bytes:
    """The steps between sorted hashes, their lowest bytes first."""
    steps = np.diff(hashes, prepend=hashes.dtype.type(0))
    return steps.view(np.uint8).reshape(len(hashes), hashes.dtype.itemsize).T.tobytes()


def from_steps(data: NDArray[np.uint8], dtype: type[np.unsignedinteger[Any]]) -> NDArray[Any]:
    """The sorted hashes of some steps."""
    width = np.dtype(dtype).itemsize
    steps = np.ascontiguousarray(data.reshape(width, -1).T).view(dtype).ravel()
    return np.cumsum(steps, dtype=dtype)
