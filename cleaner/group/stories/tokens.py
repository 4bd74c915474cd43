"""Texts to tokens: words and their stems, numbers, marks, and character n-grams.

Other words than those that shingles are made of (fingerprint/words.py): their case is kept, for names; marks are tokens, for
sentences and quotations; a number has its point; and where a script has no spaces a token is two characters, not one.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleaner.dates import weekdays
from cleaner.group.stories.idf import IDF_STEPS, char_ngram_idfs, quantised_idf, word_frequencies
from cleaner.text import UNSPACED

# What a token is, in the bits above its hash (32 bits) and its quantised idf (8 bits).
WORD, STOPWORD, CAPITAL, NUMBER, ENDS, OPENS, CLOSES, JOINS, SHORT = (1 << (40 + i) for i in range(9))
WEEKDAY_SHIFT = 49  # above it the weekday that it names, 1 to 7, or 0

NGRAM = 4  # characters
CHAR_NGRAM_BUCKETS = 1 << 16  # that character n-grams are hashed to

TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*(?![^\W_])|[^\W_]+(?:['\u2019][^\W_]+)*|[.!?\u2026:;,\"\u201c\u201d\u00ab\u00bb\u201e\n()\[\]\u2022\u2013\u2014]"
)
_UNSPACED = re.compile(f"{UNSPACED}{{2,}}")
_ENDS = frozenset('.!?\u2026:;"\u201c\u00ab\u201e([\n\u2022\u2013\u2014')  # a capital after one of these says nothing
_OPENS = frozenset('"\u201c\u00ab\u201e')
_CLOSES = frozenset('"\u201d\u00bb\u201c')
_JOINERS = frozenset(["of", "de", "van", "von", "der", "al", "bin", "la", "del", "du", "da", "di", "el"])
_MARKS = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile("['\u2019]")

# An inflected word keeps so many letters, but for an ending of so many.
_ROOT, _ENDING = 5, 3
# Arabic: the vowel points, letters that are written in two ways, the article and the particles before a word, the pronouns
# and endings after it; three letters stay.
_ARABIC = re.compile("[\u0620-\u06ff]{3}")
_POINTS = re.compile("[\u064b-\u0652\u0640]")
_LETTERS = str.maketrans("\u0623\u0625\u0622\u0649\u0629", "\u0627\u0627\u0627\u064a\u0647")
_PREFIXED = re.compile(
    "^(?:[\u0648\u0628\u0643\u0641]?\u0627\u0644|\u0644\u0644|[\u0648\u0628\u0644\u0641](?=.{4}))(.{3,})$"
)
_SUFFIXED = re.compile(
    "(?<=.{3})(?:\u0647\u0645\u0627|\u0647[\u0627\u0645]|\u0627[\u062a\u0646]|\u0648\u0646|\u064a[\u0646\u0647]|\u0647|\u064a)$"
)

_STOPWORD_SHARE = 0.12  # a word in more than this share of news articles says nothing in a bigram or in a name
_UNSEEN_COUNT = 2.0  # articles that a word missing from the table counts for
_FAMILIAR_SHARE = 0.05  # a character n-gram in more than this share of articles is a function word's or an ending
_CAPACITY = 300_000  # tokens remembered before they are forgotten: some 40 MB


def stem(word: str) -> str:
    """A lower-case word without its possessive and plural endings; of "l'homme" and "o'neal" the longer half."""
    if "'" in word or "\u2019" in word:
        word = max(_APOSTROPHES.split(word), key=len)
    if len(word) > 4 and word.endswith("s"):
        if word.endswith("ies"):
            return word[:-3] + "y"
        if not word.endswith(("ss", "us", "is")):
            return word[:-1]
    return word


def root(word: str) -> str:
    """A stem without what inflects it in languages other than English: up to three last letters, so that words of five to
    eight letters that begin alike have one root; in Arabic what is written on to it."""
    if _ARABIC.match(word):
        word = _PREFIXED.sub(r"\1", _POINTS.sub("", word).translate(_LETTERS))
        return _SUFFIXED.sub("", word)
    return word[: max(_ROOT, len(word) - _ENDING)]


def tokens(text: str) -> list[str]:
    """The words, numbers and marks of a text in order; scripts without spaces give pairs of characters."""
    found = TOKEN.findall(text)
    if text.isascii() or not _UNSPACED.search(text):
        return found
    split: list[str] = []
    for token in found:
        if _UNSPACED.fullmatch(token):
            split.extend(token[i : i + 2] for i in range(len(token) - 1))
        else:
            split.append(token)
    return split


def stems(text: str) -> Iterable[str]:
    """The stem of each word of a text, numbers apart: what the word table counts."""
    return (stem(token.lower()) for token in tokens(text) if token[0].isalnum() and not is_number(token))


def is_number(token: str) -> bool:
    """Whether a token is written in digits."""
    return token[0].isdigit() and token.replace(",", "").replace(".", "").isdigit()


def stable_hash(word: str) -> int:
    """32 bits that are the same in every process and on every machine."""
    return zlib.crc32(word.encode("utf-8", "replace"))


class TokenCache(dict[str, int]):
    """What is known of each token: its stem's hash, its quantised idf and its kind, packed into one integer.

    Filled as tokens are met, and emptied when it has grown large: it is a memory of a pure function.
    """

    def __init__(self, table: Mapping[str, int], total: int) -> None:
        self.table, self.total = table, total

    def __missing__(self, token: str) -> int:
        if len(self) >= _CAPACITY:
            self.clear()
        self[token] = packed = self._packed(token)
        return packed

    def _packed(self, token: str) -> int:
        first = token[0]
        if not first.isalnum():
            return (ENDS * (first in _ENDS)) | (OPENS * (first in _OPENS)) | (CLOSES * (first in _CLOSES))
        if is_number(token):
            kind, share, word = NUMBER | (SHORT * (len(token) <= 2)), _UNSEEN_COUNT / self.total, token.replace(",", "")
        else:
            word = stem(token.lower())
            known = word in self.table or first.isupper()  # a name: nobody's function word
            share = self.table.get(word, _UNSEEN_COUNT) / self.total if known else self._unseen(word)
            kind = WORD | (STOPWORD * (len(word) < 2 or share > _STOPWORD_SHARE)) | (SHORT * (len(word) < 3))
            kind |= (CAPITAL * first.isupper()) | (JOINS * (token in _JOINERS))
            kind |= weekday_tokens().get(token.lower(), 0) << WEEKDAY_SHIFT
            if not word.isascii() or not (first.isupper() or word in self.table):  # English, or a name that has no endings
                word = root(word)
        return kind | quantised_idf(share) << 32 | stable_hash(word)

    def _unseen(self, word: str) -> float:
        """The share of a word that is missing from the table: one in another language is common where all its character
        n-grams are."""
        rarest = char_ngram_idfs()[char_ngrams(f" {word} ")].max() if len(word) > 1 else 0
        share = math.exp(-float(rarest) / IDF_STEPS)
        return share if share > _FAMILIAR_SHARE else _UNSEEN_COUNT / self.total


@cache
def weekday_tokens() -> dict[str, int]:
    """The weekdays, 1 to 7, by their tokens: of a name without spaces the pairs of characters that no other weekday has."""
    found: dict[str, set[int]] = {}
    for name, number in weekdays().items():
        for token in tokens(name) if _UNSPACED.fullmatch(name) else [name]:
            found.setdefault(token, set()).add(number)
    return {token: numbers.pop() for token, numbers in found.items() if len(numbers) == 1}


@cache
def token_cache() -> TokenCache:
    """The tokens of this process, by the shipped word table."""
    return TokenCache(*word_frequencies())


def char_ngrams(text: str) -> NDArray[np.uint16]:
    """The hash of each character n-gram of a text, in lower case, white space and marks taken for one space."""
    codes = np.frombuffer(_MARKS.sub(" ", text.lower()).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    count = max(0, len(codes) - NGRAM + 1)
    total = np.zeros(count, dtype=np.uint32)
    for i in range(NGRAM):
        total = (total ^ (total >> np.uint32(15))) * np.uint32(0x9E3779B1) + codes[i : count + i] * np.uint32(0x85EBCA6B)
    return ((total ^ (total >> np.uint32(13))) >> np.uint32(16)).astype(np.uint16)
