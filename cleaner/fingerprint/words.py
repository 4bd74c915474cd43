"""Texts to hashes of their words, a batch at a time.

The texts are one buffer of bytes, and numpy goes over it as a whole: the cost is by the word, not by the character. What is
a word is what `\\w+` finds in lower case, but that marks (accents written apart, vowel signs) belong to their letter, and
that a character is a word of its own in scripts without spaces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.text import is_unspaced_letter

Hashes = NDArray[np.uint32]
Indexes = NDArray[np.int64]
_Bytes = NDArray[np.uint8]

_SPACE = 0x20
_PLAIN = bytes(
    code | 0x20 if 65 <= code <= 90 else code if code >= 128 or chr(code).isalnum() or code == 95 else _SPACE
    for code in range(256)
)
# What is left of eight bytes read at once, by how many of them are the word's.
_FIRST_BYTES = np.array([(1 << (8 * size)) - 1 for size in range(9)], dtype=np.uint64)
_LONGEST = 128  # bytes of a word that are word_hashes, with its length; what is longer is no word

_MIX, _NEXT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)

# What a word is beside its hash: it begins with a capital, with a digit, or stands where a capital says nothing.
CAPITAL, NUMBER, OPENS = 1, 2, 4
_OPENERS = np.zeros(256, dtype=np.bool_)
_OPENERS[list(b".!?:;\"'([\n*-")] = True
_OPENERS[0x80:] = True  # of a quotation mark, a dash, a bullet


class Words(NamedTuple):
    """The words of some texts, one text after the other: their hashes, what they are (CAPITAL | NUMBER | OPENS), and how
    many words each text has."""

    hashes: Hashes
    kinds: _Bytes
    counts: Indexes


def word_hashes(texts: Sequence[str]) -> tuple[Hashes, Indexes]:
    """The hashes of the words of some texts, one text after the other, and how many words each has.

    The same on every machine and in every process.
    """
    words = read_words(texts)
    return words.hashes, words.counts


def read_words(texts: Sequence[str]) -> Words:
    """The words of some texts. The same on every machine and in every process."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    joined = b"\n".join(encoded) + b"\n\0\0\0\0\0\0\0\0"
    buffer = np.frombuffer(bytearray(joined.translate(_PLAIN)), dtype=np.uint8)
    buffer[-8:] = _SPACE
    cuts, capitals, digits = _unified(buffer)
    starts, ends = _words(buffer, cuts)
    sizes = np.fromiter((len(one) + 1 for one in encoded), dtype=np.int64, count=len(encoded))
    counts = np.diff(np.searchsorted(starts, np.cumsum(sizes)), prepend=0)
    kinds = _kinds(np.frombuffer(joined, dtype=np.uint8), buffer, starts)
    for places, kind in ((capitals, CAPITAL), (digits, NUMBER)):
        if len(places) and len(starts):
            kinds[np.isin(starts, places)] |= kind
    return Words(_hashes(buffer, starts, ends - starts), kinds, counts)


def _kinds(raw: _Bytes, buffer: _Bytes, starts: Indexes) -> _Bytes:
    """What each word is, letters and digits beyond ASCII apart. `raw` are the bytes as they stand."""
    first = raw[starts]
    kinds = (((first >= 0x41) & (first <= 0x5A)) * CAPITAL + ((first >= 0x30) & (first <= 0x39)) * NUMBER).astype(np.uint8)
    opens = starts == 0
    for back in (1, 2):
        before = np.maximum(starts - back, 0)
        opens |= (buffer[before] == _SPACE) & _OPENERS[raw[before]]
    kinds[opens] |= OPENS
    return kinds


def _unified(buffer: _Bytes) -> tuple[Indexes, Indexes, Indexes]:
    """Lower the letters beyond ASCII and blank what is no letter there, in place; where letters that are words of their
    own begin and end, and where capitals and digits stand."""
    at = np.flatnonzero(buffer >= 0xC0)
    if not len(at):
        return at, at, at
    lead = buffer[at].astype(np.uint32)
    b1, b2, b3 = (buffer[at + k].astype(np.uint32) & 0x3F for k in (1, 2, 3))
    size = np.where(lead < 0xE0, 2, np.where(lead < 0xF0, 3, 4))
    code = np.where(
        size == 2,
        (lead & 0x1F) << 6 | b1,
        np.where(size == 3, (lead & 0x0F) << 12 | b1 << 6 | b2, (lead & 0x07) << 18 | b1 << 12 | b2 << 6 | b3),
    )
    kind, lower = _letters(code)
    for k in range(4):
        buffer[at[(kind == _Letters.SEPARATOR) & (size > k)] + k] = _SPACE
    for length, top in ((2, 0xC0), (3, 0xE0)):
        changed = (lower != code) & (size == length)
        place, new = at[changed], lower[changed]
        for k in range(length - 1, 0, -1):
            buffer[place + k] = 0x80 | (new & 0x3F)
            new = new >> 6
        buffer[place] = top | new
    alone = kind == _Letters.ALONE
    cuts = np.unique(np.concatenate((at[alone], (at + size)[alone]))) if alone.any() else at[:0]
    return cuts, at[lower != code], at[kind == _Letters.DIGIT]


class _Letters:
    """What each code point is and its lower case, found out as they are met.

    A letter is lowered only where its lower case is as long in UTF-8, since the buffer stays as it is: two dozen oddities
    (the Kelvin sign, the dotted capital I) keep their case.
    """

    SEPARATOR, LETTER, ALONE, DIGIT = 1, 2, 3, 4

    def __init__(self) -> None:
        self._kind = np.zeros(0x110000, dtype=np.uint8)
        self._lower = np.zeros(0x110000, dtype=np.uint32)  # both mostly untouched, and so hardly in memory

    def __call__(self, code: NDArray[np.uint32]) -> tuple[_Bytes, NDArray[np.uint32]]:
        for new in np.unique(code[self._kind[code] == 0]).tolist():
            self._meet(new)
        return self._kind[code], self._lower[code]

    def _meet(self, code: int) -> None:
        char = chr(code)
        self._lower[code] = code
        if not char.isalnum() and not unicodedata.category(char).startswith("M"):
            self._kind[code] = self.SEPARATOR
            return
        alone = is_unspaced_letter(char)
        self._kind[code] = self.ALONE if alone else self.DIGIT if char.isdecimal() else self.LETTER
        lower = char.lower()
        if len(lower) == 1 and len(lower.encode()) == len(char.encode()) < 4:
            self._lower[code] = ord(lower)


_letters = _Letters()


def _words(buffer: _Bytes, cuts: Indexes) -> tuple[Indexes, Indexes]:
    """Where words begin and end: at separators, and at `cuts` between letters."""
    inside = buffer != _SPACE
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    if inside[0]:
        edges = np.concatenate(([0], edges))
    starts, ends = edges[0::2], edges[1::2]
    if len(cuts):
        between = cuts[(cuts > 0) & inside[cuts] & inside[cuts - 1]]
        starts, ends = (np.insert(side, np.searchsorted(side, between), between) for side in (starts, ends))
    return starts, ends


def _hashes(buffer: _Bytes, starts: Indexes, sizes: Indexes) -> Hashes:
    eight = np.ndarray(max(0, len(buffer) - 7), dtype="<u8", buffer=buffer.data, strides=(1,))
    found = eight[starts] & _FIRST_BYTES[np.minimum(sizes, 8)]
    found *= _MIX
    for offset in range(8, _LONGEST, 8):
        longer = np.flatnonzero(sizes > offset)
        if not len(longer):
            break
        more = eight[starts[longer] + offset] & _FIRST_BYTES[np.minimum(sizes[longer] - offset, 8)]
        before = found[longer]
        found[longer] = ((before ^ (before >> np.uint64(29))) + more) * _NEXT
    else:
        longer = np.flatnonzero(sizes > _LONGEST)
        found[longer] = (found[longer] ^ sizes[longer].astype(np.uint64)) * _NEXT
    found ^= found >> np.uint64(32)
    found *= _NEXT
    return (found >> np.uint64(32)).astype(np.uint32)
