"""The features of many articles, out of the way: written as they come, read by their place."""

from __future__ import annotations

import struct
from abc import abstractmethod
from array import array
from collections.abc import Iterable, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.words import Indexes
from cleaner.group.stories.dates import EventDates
from cleaner.group.stories.features import StoryFeatures
from cleaner.spool import Pieces

# Of one article: how many terms, character n-grams, rows of the signature and labels; when it was published, the day in its
# text, and the weekdays.
_HEAD = struct.Struct("<4Hii7d")


class _Lazy(Sequence[StoryFeatures]):
    """Features that are unpacked when they are asked for."""

    @abstractmethod
    def _at(self, place: int) -> StoryFeatures: ...

    @overload
    def __getitem__(self, place: int) -> StoryFeatures: ...
    @overload
    def __getitem__(self, place: slice) -> list[StoryFeatures]: ...
    def __getitem__(self, place: int | slice) -> StoryFeatures | list[StoryFeatures]:
        return [self._at(i) for i in range(len(self))[place]] if isinstance(place, slice) else self._at(place)


class FeatureStore(_Lazy):
    """The features of many articles: 14 bytes of memory each, the rest (some 4 KB) in a temporary file when they are many.

    First all are added, then they are read.
    """

    def __init__(self) -> None:
        self._pieces = Pieces()
        self._published = array("i")
        self._terms = array("H")

    def extend(self, features: Iterable[bytes]) -> None:
        """Take those of some more articles, packed."""
        for one in features:
            terms, _, _, _, published, *_ = _HEAD.unpack_from(one)
            self._published.append(published)
            self._terms.append(terms)
            self._pieces.append(one)

    def published(self) -> Indexes:
        """The days of the articles, 0 where unknown."""
        return np.array(self._published, dtype=np.int64)

    def long_enough(self) -> NDArray[np.bool_]:
        """Whether each article is long enough to tell an event."""
        found: NDArray[np.bool_] = np.array(self._terms) > 0
        return found

    def __len__(self) -> int:
        return len(self._pieces)

    def _at(self, place: int) -> StoryFeatures:
        return unpacked(self._pieces[place])


class Picked(_Lazy):
    """The features at some places of others."""

    def __init__(self, features: Sequence[StoryFeatures], places: Indexes) -> None:
        self._features, self._places = features, array("q", places.astype(np.int64).tobytes())

    def __len__(self) -> int:
        return len(self._places)

    def _at(self, place: int) -> StoryFeatures:
        return self._features[self._places[place]]


def packed(one: StoryFeatures) -> bytes:
    """The features of one article as bytes, to be handed on or kept."""
    when = one.dates
    sizes = len(one.terms), len(one.char_ngrams), len(one.signature), len(one.label_terms)
    arrays = (
        one.terms,
        one.signature,
        one.label_terms,
        one.char_ngrams,
        one.counts,
        one.idfs,
        one.char_ngram_counts,
    )
    head = _HEAD.pack(*sizes, when.published, when.in_text, *when.weekdays)
    return b"".join((head, *(values.tobytes() for values in arrays), one.label_words.encode("utf-8", "surrogatepass")))


def unpacked(data: bytes) -> StoryFeatures:
    """The features again."""
    terms, ngrams, rows, labels, published, in_text, *weekdays = _HEAD.unpack_from(data)
    words = np.frombuffer(data, np.uint32, terms + rows + labels, _HEAD.size)
    at = _HEAD.size + words.nbytes
    char_ngrams = np.frombuffer(data, np.uint16, ngrams, at)
    small = np.frombuffer(data, np.uint8, -1, at + 2 * ngrams)
    end = 2 * terms + ngrams
    return StoryFeatures(
        words[:terms],
        small[:terms],
        small[terms : 2 * terms],
        char_ngrams,
        small[2 * terms : end],
        words[terms : terms + rows],
        EventDates(published, in_text, tuple(weekdays)),
        words[terms + rows :],
        data[at + 2 * ngrams + end :].decode("utf-8", "surrogatepass"),
    )
