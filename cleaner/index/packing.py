"""What articles of an index are compared by: hashes as coarse as they may be, and as bytes.

A hash needs no more bits than keep chance from mattering: a shingle of 16 bits meets one of a thousand others in one of 65
cases, which adds .004 to a Jaccard index of .5. The shingles are kept in the order of the words, which tells what stands
together; MinHash values are made anew of them. Sorted hashes are kept as the steps between them, byte by byte, of which zlib
makes the higher ones smaller.
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
from cleaner.group.stories.features import KIND_SHIFT, NAMES, NUMBERS, StoryFeatures, sign_terms, weights_of
from cleaner.group.stories.idf import char_ngram_idfs

# What is kept for stories: of 300 terms and 300 character n-grams each the heaviest. With these, 64 signature rows and
# coarse idfs, BCubed F1 of what is added in parts is lower by .006 on ECB+ (of three orders), .012 higher on the Vietnamese.
MAX_TERMS = 200
MAX_CHAR_NGRAMS = 240

_COUNTS = struct.Struct("<II")
_STORY = struct.Struct("<HHHII7e")  # terms, character n-grams, labels; the days of the article, and in it; weekdays
_SHINGLE = 16  # bits
_RAW = -15  # zlib without its frame
_KEY, _VALUE = np.uint32((1 << 20) - 1), np.uint32((1 << 8) - 1)  # of a fact; its kind is in the lowest bits of its key
_FINE = np.uint32(7)  # bits of a term, the lowest of 31, that are left out
_IDF = 4  # of an idf every so many steps are one


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
    shingles = np.frombuffer(one.shingles, dtype=np.uint32).astype(np.uint16)
    keys, values = np.frombuffer(one.facts, dtype=np.uint32).reshape(-1, 2).T
    contexts, low = steps(keys), len(keys)  # the lowest bytes have no pattern
    raw = shingles.tobytes() + contexts[:low] + values.astype(np.uint8).tobytes()
    return _COUNTS.pack(len(shingles), len(keys)) + raw + _deflated(contexts[low:])


def unpacked_copies(digests: Sequence[bytes], packed: Sequence[bytes]) -> SignatureBatch:
    """The signatures of some articles, of which their digests are known too."""
    shingles, keys, values, counts, fact_counts = [], [], [], [], []
    for data in packed:
        words, stated = _COUNTS.unpack_from(data)
        at = _COUNTS.size + 2 * words
        shingles.append(np.frombuffer(data, dtype=np.uint16, count=words, offset=_COUNTS.size).astype(np.uint32))
        contexts = data[at : at + stated] + zlib.decompress(data[at + 2 * stated :], _RAW)
        keys.append(from_steps(np.frombuffer(contexts, dtype=np.uint8), np.uint32))
        values.append(np.frombuffer(data, dtype=np.uint8, count=stated, offset=at + stated).astype(np.uint32))
        counts.append(words)
        fact_counts.append(stated)
    facts = Facts(_joined(keys), _joined(values), np.array(fact_counts, dtype=np.int64))
    return signed(b"".join(digests), _joined(shingles), np.array(counts, dtype=np.int64), facts)


def _joined(parts: Sequence[Hashes]) -> Hashes:
    return np.concatenate([np.empty(0, dtype=np.uint32), *parts])


def coarse_stories(features: Sequence[StoryFeatures]) -> list[StoryFeatures]:
    """The features of some articles by coarse hashes, as the index has them."""
    return _signed([_coarse(one) for one in features])


def _coarse(one: StoryFeatures) -> StoryFeatures:
    terms, at = np.unique((one.terms >> _FINE) << _FINE, return_index=True)
    counts = one.counts[at]
    idfs = (np.minimum(one.idfs[at].astype(np.int64) + _IDF // 2, 255) // _IDF * _IDF).astype(np.uint8)
    kinds = terms >> KIND_SHIFT
    facts = (kinds == NAMES) | (kinds == NUMBERS)  # they are told of what new tellings add: all of them are kept
    keep = np.sort(np.lexsort((terms, -weights_of(terms, counts, idfs), ~facts))[:MAX_TERMS])
    terms = terms[keep]
    labels = (one.label_terms >> _FINE) << _FINE
    known = _among(labels, terms)
    words = "\n".join(word for word, is_one in zip(one.label_words.split("\n"), known, strict=False) if is_one)
    weights = (1 + np.log(one.char_ngram_counts, dtype=np.float64)) * char_ngram_idfs()[one.char_ngrams]
    heavy = np.sort(np.lexsort((one.char_ngrams, -weights))[:MAX_CHAR_NGRAMS])
    return replace(
        one,
        terms=terms,
        counts=counts[keep],
        idfs=idfs[keep],
        char_ngrams=one.char_ngrams[heavy],
        char_ngram_counts=one.char_ngram_counts[heavy],
        label_terms=labels[known],
        label_words=words,
    )


def _among(terms: Hashes, some: Hashes) -> NDArray[np.bool_]:
    """Which of the terms are among some sorted ones."""
    found: NDArray[np.bool_] = np.append(some, np.uint32(0xFFFFFFFF))[np.searchsorted(some, terms)] == terms
    return found


def packed_story(one: StoryFeatures) -> bytes:
    """The features of one article but for their signature, which is made of the others."""
    dates = one.dates
    sizes = len(one.terms), len(one.char_ngrams), len(one.label_terms)
    terms, char_ngrams = steps(one.terms >> _FINE), steps(one.char_ngrams)
    low = 2 * len(one.terms), len(one.char_ngrams)  # bytes without a pattern: they come as they are
    counts = one.counts.tobytes() + one.char_ngram_counts.tobytes()
    labels = np.searchsorted(one.terms, one.label_terms).astype(np.uint8).tobytes()
    return (
        _STORY.pack(*sizes, dates.published, dates.in_text, *dates.weekdays)
        + terms[: low[0]]
        + char_ngrams[: low[1]]
        + _deflated(
            terms[low[0] :] + char_ngrams[low[1] :] + counts,
            (one.idfs // _IDF).tobytes(),
            labels + one.label_words.encode("utf-8", "surrogatepass"),
        )
    )


def _deflated(*parts: bytes) -> bytes:
    """Parts of which each has a pattern of its own, and so codes of its own."""
    packer = zlib.compressobj(wbits=_RAW)
    return b"".join([packer.compress(part) + packer.flush(zlib.Z_PARTIAL_FLUSH) for part in parts]) + packer.flush()


def unpacked_stories(packed: Sequence[bytes], signed: bool = True) -> list[StoryFeatures]:
    """The features of some articles; their signatures, which take longest, only where these are wanted."""
    found = [_unpacked_story(data) for data in packed]
    return _signed(found) if signed else found


def _signed(found: list[StoryFeatures]) -> list[StoryFeatures]:
    if not found:
        return found
    owner = np.repeat(np.arange(len(found)), [len(one.terms) for one in found])
    terms, counts, idfs = (np.concatenate([getattr(one, name) for one in found]) for name in ("terms", "counts", "idfs"))
    signatures = sign_terms(owner, terms, weights_of(terms, counts, idfs), len(found))
    made = zip(found, signatures, strict=True)
    return [replace(one, signature=signature if len(one.terms) else one.signature[:0]) for one, signature in made]


def _unpacked_story(packed: bytes) -> StoryFeatures:
    terms, ngrams, labels, published, in_text, *weekdays = _STORY.unpack_from(packed)
    raw = _STORY.size + 2 * terms + ngrams
    low, rest = packed[_STORY.size : raw], zlib.decompress(packed[raw:], _RAW)
    high = low[: 2 * terms] + rest[: 2 * terms], low[2 * terms :] + rest[2 * terms : 2 * terms + ngrams]
    at = 2 * terms + ngrams

    def taken(dtype: type[np.unsignedinteger[Any]], count: int) -> NDArray[Any]:
        nonlocal at
        begin, at = at, at + count * np.dtype(dtype).itemsize
        return np.frombuffer(rest, dtype=dtype, count=count, offset=begin)

    hashes = from_steps(np.frombuffer(high[0], dtype=np.uint8), np.uint32) << _FINE
    char_ngrams = from_steps(np.frombuffer(high[1], dtype=np.uint8), np.uint16)
    counts, ngram_counts, idfs = taken(np.uint8, terms), taken(np.uint8, ngrams), taken(np.uint8, terms) * np.uint8(_IDF)
    labelled = taken(np.uint8, labels)
    return StoryFeatures(
        hashes,
        counts,
        idfs,
        char_ngrams,
        ngram_counts,
        hashes[:0],
        EventDates(published, in_text, tuple(weekdays)),
        hashes[labelled],
        rest[at:].decode("utf-8", "surrogatepass"),
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
