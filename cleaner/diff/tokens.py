"""The ways in which a text is taken apart here, one for each use: what differs between them is meant.

wording_tokens  everything, to be put together again: two wordings of a sentence, told apart word by word
PlacedWords     words in small letters and where they stand, a run of letters without spaces being one: shared passages
topic_words     the words that say what a sentence is about, without their plural: figures of the same thing
small_words     words that stand in small letters somewhere in a text: what is capitalised elsewhere and is no name
counted_words   the words that stand for what a figure counts, as topic_words has them

Which sentences are alike, and whether a text says something, goes by text.words: where a script has no spaces, by its signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from cleaner import text as texts
from cleaner.diff.vocabulary import NUMBER_WORDS, OPENERS

_TOKEN = re.compile(r"\w+|[^\w\s]|\s+")
_SMALL = re.compile(r"\b[a-z]\w+")
_JOINED = "\u200c\u200d\ufe0f"


class PlacedWords:
    """A text's words in small letters, and where they stand in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places = [match.span() for match in texts.WORD.finditer(text)]
        self.words = [text[start:end].lower() for start, end in self.places]

    def at(self, runs: Iterable[tuple[int, int]]) -> tuple[str, ...]:
        """What stands at runs of words, each wording once."""
        return tuple(dict.fromkeys(self.text[self.places[i][0] : self.places[j - 1][1]] for i, j in runs))


def topic_words(words: Iterable[str]) -> frozenset[str]:
    """Of words in small letters those that say what a sentence is about."""
    return frozenset(
        _singular(word)
        for word in words
        if len(word) > 3 and word not in OPENERS and word not in NUMBER_WORDS and not word[0].isdigit()
    )


def small_words(sentences: Iterable[str]) -> set[str]:
    """The words of two signs or more that begin with a small letter, of the English alphabet."""
    return {word for sentence in sentences for word in _SMALL.findall(sentence)}


def counted_words(counted: str) -> set[str]:
    """The words of what is counted."""
    return {_singular(word) for word in counted.lower().split()}


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def wording_tokens(text: str) -> list[str]:
    """A text in pieces that are never split: words with their marks, signs, runs of white space; where a script has no
    spaces, its characters."""
    if text.isascii():
        return _TOKEN.findall(text)
    found: list[str] = []
    joined = False  # whether the last piece goes on, across a mark that the pattern takes for the end of a word
    for part in _parts(text):
        mark = _is_mark(part[0])
        if found and (mark or (joined and (part.isalnum() or found[-1].endswith("\u200d")))):
            found[-1] += part
            joined = mark and not texts.is_unspaced_letter(found[-1][0])
        else:
            found.append(part)
            joined = False
    return found


def _parts(text: str) -> Iterator[str]:
    for piece in _TOKEN.findall(text):
        yield from (piece,) if piece.isascii() else _split(piece)


def _is_mark(char: str) -> bool:
    """Whether a sign belongs to the one before it: a joiner, an accent, the skin of an emoji."""
    return char in _JOINED or unicodedata.category(char)[0] == "M" or "\U0001f3fb" <= char <= "\U0001f3ff"


def _split(piece: str) -> list[str]:
    """A word, apart where its characters are of a script without spaces."""
    parts: list[str] = []
    alone = True
    for char in piece:
        unspaced = texts.is_unspaced_letter(char) and unicodedata.category(char)[0] != "M"
        if alone or unspaced:
            parts.append(char)
        else:
            parts[-1] += char
        alone = unspaced
    return parts
