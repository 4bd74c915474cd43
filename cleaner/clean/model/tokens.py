"""The lines of a batch of articles, measured: their letters and the hashes of their words.

Everything is computed for a batch at once, on one buffer of code points: tens of nanoseconds a character where a loop over
words in Python costs a microsecond a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

# Classes of code points.
SPACE, LOWER, UPPER, LETTER, DIGIT, STOP, PUNCTUATION, SYMBOL, IDEOGRAPH = range(9)


@dataclass(frozen=True, slots=True)
class CharTable:
    """For each code point of the basic plane its class, and how far from it its lower-case form is; digits are all 0
    there, so that a date is like every other date. As `char_table` makes it: shipped with the model, or another Python's
    Unicode would shift the columns from those that it was trained on."""

    kinds: NDArray[np.uint8]
    lower: NDArray[np.uint16]  # to be added, and to wrap around


def char_table() -> CharTable:
    """The classes and lower-case forms by this Python's Unicode."""
    import unicodedata

    kinds = np.empty(1 << 16, dtype=np.uint8)
    lower = np.arange(1 << 16, dtype=np.uint16)
    for code in range(1 << 16):
        char = chr(code)
        category = unicodedata.category(char)
        if category in ("Zs", "Cc", "Zl", "Zp"):
            kind = SPACE
        elif category == "Ll":
            kind = LOWER
        elif category in ("Lu", "Lt"):
            kind = UPPER
            folded = char.lower()
            lower[code] = ord(folded) if len(folded) == 1 else code
        elif category == "Nd":
            kind = DIGIT
        elif 0x3040 <= code <= 0x30FF or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x0E00 <= code <= 0x0EFF:
            kind = IDEOGRAPH
        elif category[0] in "LM" or category in ("Nl", "Cf"):
            kind = LETTER
        elif char in ".!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964":
            kind = STOP
        elif category[0] == "P":
            kind = PUNCTUATION
        else:
            kind = SYMBOL
        kinds[code] = kind
    for quote in "\u2018\u2019\u02bc\u00b4":
        lower[ord(quote)] = ord("'")
    lower[kinds == DIGIT] = ord("0")
    lower[0xA0] = 0x20
    return CharTable(kinds, (lower - np.arange(1 << 16, dtype=np.uint16)).astype(np.uint16))


def mix(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64: spreads hashes over all bits."""
    hashes = hashes ^ (hashes >> np.uint64(30))
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(27)
    hashes *= np.uint64(0x94D049BB133111EB)
    hashes ^= hashes >> np.uint64(31)
    return hashes


# One odd multiplier a place; multiples of one number would give words of one letter sum the same hash.
_PLACES = mix(np.arange(1, 65, dtype=np.uint64)) | np.uint64(1)


_BULLETS = np.array([ord(sign) for sign in "-*\u2022\u00b7\u25aa\u25cf\u2013>\u203a\u00bb|"], dtype=np.uint32)
_COUNTED = {
    "bars": "|",
    "ats": "@",
    "colons": ":",
    "commas": ",",
    "slashes": "/",
    "hashes": "#",
    "arrows": ">",
    "copyrights": "\u00a9",
    "middle_dots": "\u00b7",
    "bullets": "\u2022",
}


class TokenBatch:
    """The lines of several articles, measured.

    `counts` has the number of lines of each article (at least one each). Afterwards there are, for each word, `hashes`,
    `line` (its line's index), `size` and `capital`; and, unless `words_only`, the columns of `shape`, a value a line.
    """

    def __init__(self, lines: Sequence[str], counts: Sequence[int], chars: CharTable, words_only: bool = False) -> None:
        self.chars = chars
        self.counts = np.asarray(counts, dtype=np.int64)
        self.article = np.repeat(np.arange(len(counts)), self.counts)
        self.first = np.concatenate(([0], np.cumsum(self.counts)[:-1])).astype(np.int64)
        buffer = "\n".join(lines) + "\n"
        codes = np.frombuffer(buffer.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        at = codes.astype(np.intp)
        at[codes > 0xFFFF] = 0x2605  # what lies beyond the basic plane is mostly emoji: a star
        kind = chars.kinds.take(at)
        lower = chars.lower.take(at)
        lower += at.astype(np.uint16)
        del at
        lengths = np.fromiter((len(line) + 1 for line in lines), dtype=np.int64, count=len(lines))
        self.starts = np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.int64)
        self.length = lengths - 1
        if not words_only:
            self._letters(kind, codes)
        self._words(kind, lower)

    def _letters(self, kind: NDArray[np.uint8], codes: NDArray[np.uint32]) -> None:
        n = len(self.starts)
        # Lower-case letters, most of a text, are what is left when the others are counted.
        other = np.flatnonzero(kind != LOWER)
        line = self._line_of(other)
        of = np.bincount(line * 9 + kind[other], minlength=9 * n).reshape(n, 9).T
        line_feed = 1
        letters = np.maximum(1, self.length + line_feed - of.sum(axis=0) + of[UPPER] + of[LETTER] + of[IDEOGRAPH])
        size = np.maximum(1, self.length)
        last = self.starts + self.length - 1
        # The sign that ends the line, behind closing quotes and brackets.
        ends = kind[last]
        before = kind[np.maximum(self.starts, last - 1)]
        terminal = (ends == STOP) | ((ends == PUNCTUATION) & (before == STOP))
        self.terminal = terminal.astype(np.float32)
        self.clipped = (
            (codes[last] == 0x2026) | ((codes[last] == 0x2E) & (codes[np.maximum(self.starts, last - 1)] == 0x2E))
        ).astype(np.float32)
        rare = (kind[other] == PUNCTUATION) | (kind[other] == SYMBOL)
        signs, line = codes[other[rare]], line[rare]
        # What is not a letter and comes in every article counts as a share, what is rare as a number.
        self.shape = {
            "length": np.minimum(self.length, 2000),
            "capitals": of[UPPER] / letters,
            "digits": of[DIGIT] / size,
            "symbols": of[SYMBOL],
            "punctuation": of[PUNCTUATION] / size,
            "stops": of[STOP],
            "ideographs": of[IDEOGRAPH] / letters,
            "terminal": self.terminal,
            "clipped": self.clipped,
            "ends_in_colon": codes[last] == ord(":"),
            "ends_in_question": codes[last] == ord("?"),
            "first_kind": kind[self.starts],
            "bullet": (codes[self.starts][:, None] == _BULLETS).any(axis=1),
            **{name: np.minimum(np.bincount(line[signs == ord(sign)], minlength=n), 5) for name, sign in _COUNTED.items()},
        }

    def _line_of(self, places: Ints) -> Ints:
        """The line of each of some places in the buffer, which are in order."""
        ends = np.append(np.searchsorted(places, self.starts[1:]), len(places))
        return np.repeat(np.arange(len(self.starts)), np.diff(ends, prepend=0))

    def _words(self, kind: NDArray[np.uint8], lower: NDArray[np.uint16]) -> None:
        inside = (kind - np.uint8(LOWER) <= DIGIT - LOWER) | (kind == IDEOGRAPH)
        # An apostrophe between letters belongs to the word.
        quotes = np.flatnonzero(lower == ord("'"))
        quotes = quotes[(quotes > 0) & (quotes < len(lower) - 1)]
        inside[quotes[inside[quotes - 1] & inside[quotes + 1]]] = True
        opens = inside.copy()
        opens[1:] &= ~inside[:-1]
        ideographs = np.flatnonzero(kind == IDEOGRAPH)
        opens[ideographs] = True
        after = ideographs[ideographs < len(lower) - 1] + 1
        opens[after] = inside[after]
        at = np.flatnonzero(inside)
        self.letter_at, self.letters = at, lower.take(at)
        begin = np.flatnonzero(opens)
        self.line = self._line_of(begin)
        if len(begin):
            first = np.flatnonzero(opens.take(at))
            self.size = np.diff(np.append(first, len(at)))
            place = np.arange(len(at))
            place -= np.repeat(first, self.size)
            letters = self.letters.astype(np.uint64)
            letters += np.uint64(1)
            letters *= _PLACES.take(place, mode="clip")  # from the 64th letter on, all have one place
            self.hashes = mix(np.add.reduceat(letters, first))
        else:
            self.hashes = np.empty(0, dtype=np.uint64)
            self.size = np.empty(0, dtype=np.int64)
        self.capital = kind[begin] == UPPER
        self.words = np.bincount(self.line, minlength=len(self.starts))
        self.word_start = np.concatenate(([0], np.cumsum(self.words)[:-1])).astype(np.int64)

    def per_line(self, values: NDArray[Any], how: Any = np.add) -> NDArray[Any]:
        """Reduce a value a word to a value a line; 0 for a line without words."""
        result = np.zeros(len(self.starts), dtype=np.float64)
        some = self.words > 0
        if some.any():
            result[some] = how.reduceat(values, self.word_start[some])
        return result

    def pairs(self) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """The hash of each word with the one before it in its line, and whether there is one."""
        if not len(self.hashes):
            return self.hashes, np.empty(0, dtype=np.bool_)
        before = np.concatenate((self.hashes[:1], self.hashes[:-1]))
        same = np.concatenate(([False], self.line[1:] == self.line[:-1]))
        return mix(self.hashes + (before << np.uint64(1)) + np.uint64(1)), same

    def edges(self) -> dict[str, NDArray[np.uint64]]:
        """The hashes of the first word of each line, of its first two, of its last word and of its last two."""
        n, hashes = self.words, self.hashes if len(self.hashes) else np.zeros(1, dtype=np.uint64)
        first = np.minimum(self.word_start, len(hashes) - 1)
        last = np.maximum(first, self.word_start + n - 1)
        second, last_but_one = np.minimum(first + 1, last), np.maximum(last - 1, first)
        parts = {
            "first": (hashes[first], 3),
            "first_two": (hashes[first] * np.uint64(3) + hashes[second], 4),
            "last": (hashes[last], 7),
            "last_two": (hashes[last] * np.uint64(3) + hashes[last_but_one], 8),
        }
        return {name: np.where(n > 0, mix(part + np.uint64(salt)), np.uint64(0)) for name, (part, salt) in parts.items()}

    def triples(self) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """The hash of each word with the two before it in its line, and whether there are two."""
        n = len(self.hashes)
        if n < 3:
            return self.hashes, np.zeros(n, dtype=np.bool_)
        same = np.zeros(n, dtype=np.bool_)
        same[2:] = self.line[2:] == self.line[:-2]
        result = self.hashes.copy()
        result[2:] += self.hashes[1:-1] * np.uint64(3) + self.hashes[:-2] * np.uint64(9)
        return mix(result), same

    def line_hashes(self) -> NDArray[np.uint64]:
        """The hash of each line's words."""
        place = np.arange(len(self.hashes)) - np.repeat(self.word_start, self.words)
        result = np.zeros(len(self.starts), dtype=np.uint64)
        some = self.words > 0
        if some.any():
            result[some] = np.add.reduceat(self.hashes * _PLACES[np.minimum(place, 63)], self.word_start[some])
        return mix(result)
