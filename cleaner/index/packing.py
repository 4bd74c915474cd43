"""What articles of an index are compared by: hashes as coarse as they may be, and as bytes.

A hash needs no more bits than keep chance from mattering: of shingles of 20 bits one in 2,000 of two long articles agrees by
chance, of terms of 24 bits one pair of articles in 100 has such a one. The shingles are kept in the order of the words, which
tells what stands together; MinHash values are made anew of them. Sorted hashes are kept as the steps between them, byte by
byte, which zlib makes smaller.
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
from cleaner.fingerprint.words import Hashes
from cleaner.group.copies.signatures import SignatureBatch, signed
from cleaner.group.stories.dates import EventDates
from cleaner.group.stories.features import StoryFeatures, sign_terms, weights_of

_COUNTS = struct.Struct("<II")
_STORY = struct.Struct("<HHHII7e")  # terms, character n-grams, labels; the days of the article, and in it; weekdays
_SHINGLE = 20  # bits
_KEY, _VALUE = np.uint32((1 << 24) - 1), np.uint32((1 << 16) - 1)  # of a fact; its kind is in the lowest bits of its key
_FINE = np.uint32(7)  # bits of a term, the lowest of 31, that are left out


def coarse_copies(batch: SignatureBatch) -> SignatureBatch:
    """The signatures of some articles by coarse hashes, as the index has them."""
    counts = np.frombuffer(batch.counts, dtype=np.uint32).astype(np.int64)
    shingles = np.frombuffer(batch.shingles, dtype=np.uint32) >> np.uint32(32 - _SHINGLE)
    facts = np.frombuffer(batch.facts, dtype=np.uint32).reshape(-1, 2)
    owner = np.repeat(np.arange(len(counts)), np.frombuffer(batch.fact_counts, dtype=np.uint32))
    keyed, at = np.unique((owner << 32) | (facts[:, 0] & _KEY), return_index=True)
    stated = Facts(
        (keyed & 0xFFFFFFFF).astype(np.uint32), facts[at, 1] & _VALUE, np.bincount(keyed >> 32, minlength=len(counts))
    )
    return signed(batch.digests, shingles, counts, stated)


def packed_copies(one: SignatureBatch) -> bytes:
    """The shingles and facts of one article, which are coarse."""
    shingles = np.frombuffer(one.shingles, dtype=np.uint32)
    keys, values = np.frombuffer(one.facts, dtype=np.uint32).reshape(-1, 2).T
    stated = zlib.compress(steps(keys) + values.astype(np.uint16).tobytes())
    return _COUNTS.pack(len(shingles), len(keys)) + _in_twos(shingles) + stated


def unpacked_copies(digests: Sequence[bytes], packed: Sequence[bytes]) -> SignatureBatch:
    """The signatures of some articles, of which their digests are known too."""
    shingles, keys, values, counts, fact_counts = [], [], [], [], []
    for data in packed:
        words, stated = _COUNTS.unpack_from(data)
        end = _COUNTS.size + (words + 1) // 2 * 5
        shingles.append(_of_twos(data[_COUNTS.size : end])[:words])
        said = np.frombuffer(zlib.decompress(data[end:]), dtype=np.uint8)
        keys.append(from_steps(said[: 4 * stated], np.uint32))
        values.append(said[4 * stated :].view(np.uint16).astype(np.uint32))
        counts.append(words)
        fact_counts.append(stated)
    facts = Facts(_joined(keys), _joined(values), np.array(fact_counts, dtype=np.int64))
    return signed(b"".join(digests), _joined(shingles), np.array(counts, dtype=np.int64), facts)


def _joined(parts: Sequence[Hashes]) -> Hashes:
    return np.concatenate([np.empty(0, dtype=np.uint32), *parts])


def _in_twos(shingles: Hashes) -> bytes:
    """Five bytes for two shingles."""
    even = np.append(shingles, np.zeros(len(shingles) % 2, dtype=np.uint32)).astype(np.uint64)
    both = (even[::2] | (even[1::2] << np.uint64(_SHINGLE))).astype("<u8")
    return both.view(np.uint8).reshape(-1, 8)[:, :5].tobytes()


def _of_twos(data: bytes) -> Hashes:
    wide = np.zeros((len(data) // 5, 8), dtype=np.uint8)
    wide[:, :5] = np.frombuffer(data, dtype=np.uint8).reshape(-1, 5)
    both = wide.view("<u8").ravel()
    low = np.uint64((1 << _SHINGLE) - 1)
    return np.stack((both & low, both >> np.uint64(_SHINGLE)), axis=1).astype(np.uint32).ravel()


def coarse_stories(features: Sequence[StoryFeatures]) -> list[StoryFeatures]:
    """The features of some articles by coarse hashes, as the index has them."""
    return _signed([_coarse(one) for one in features])


def _coarse(one: StoryFeatures) -> StoryFeatures:
    terms, at = np.unique((one.terms >> _FINE) << _FINE, return_index=True)
    labels = (one.label_terms >> _FINE) << _FINE
    return replace(one, terms=terms, counts=one.counts[at], idfs=one.idfs[at], label_terms=labels)


def packed_story(one: StoryFeatures) -> bytes:
    """The features of one article but for their signature, which is made of the others."""
    dates = one.dates
    sizes = len(one.terms), len(one.char_ngrams), len(one.label_terms)
    return zlib.compress(
        _STORY.pack(*sizes, dates.published, dates.in_text, *dates.weekdays)
        + steps(one.terms >> _FINE)
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
    return _signed(found) if signed else found


def _signed(found: list[StoryFeatures]) -> list[StoryFeatures]:
    if not found:
        return found
    owner = np.repeat(np.arange(len(found)), [len(one.terms) for one in found])
    terms, counts, idfs = (np.concatenate([getattr(one, name) for one in found]) for name in ("terms", "counts", "idfs"))
    signatures = sign_terms(owner, terms, weights_of(terms, counts, idfs), len(found))
    made = zip(found, signatures, strict=True)
    return [replace(one, signature=signature if len(one.terms) else one.signature[:0]) for one, signature in made]


def _unpacked_story(data: bytes) -> StoryFeatures:
    terms, ngrams, labels, published, in_text, *weekdays = _STORY.unpack_from(data)
    at = _STORY.size

    def taken(dtype: type[np.unsignedinteger[Any]], count: int) -> NDArray[Any]:
        nonlocal at
        begin, at = at, at + count * np.dtype(dtype).itemsize
        return np.frombuffer(data, dtype=dtype, count=count, offset=begin)

    hashes = from_steps(taken(np.uint8, 4 * terms), np.uint32) << _FINE
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
