"""Two texts sentence by sentence, then word by word; and what they share word for word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from cleaner import text as texts

# Two sentences say the same in other words where this share of their words is common to both.
ALIKE = 0.5
_OFTEN = 40  # sentences
_LARGEST = 250_000  # pairs of tokens of two wordings whose words are told apart: a matter of a tenth of a second
PASSAGE = 6  # words: shorter runs are shared by articles about anything

_TOKEN = re.compile(r"\w+|[^\w\s]|\s+")
_JOINED = "\u200c\u200d\ufe0f"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one article or of both: `first` and `second` are its wordings, None where an article lacks it.

    `words` is the word-level difference of the two wordings: ("=" | "-" | "+", text) pieces; empty unless they differ.
    """

    first: str | None
    second: str | None
    words: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> str:
        """ "same", "changed", "first" (only the first article has it) or "second"."""
        if self.second is None:
            return "first"
        if self.first is None:
            return "second"
        return "changed" if self.words else "same"


def passages(a: str, b: str) -> tuple[str, ...]:
    """The longest runs of at least PASSAGE words, capitals and punctuation apart, that two texts share, in the order of
    the first; each once."""
    first = Spelled(a)
    return first.texts(runs(first, Spelled(b)))


class Spelled:
    """A text's words in small letters, and where they stand in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.places = [match.span() for match in texts.WORD.finditer(text)]
        self.words = [text[start:end].lower() for start, end in self.places]

    def texts(self, runs: Iterable[tuple[int, int]]) -> tuple[str, ...]:
        """What stands at runs of words, each wording once."""
        return tuple(dict.fromkeys(self.text[self.places[i][0] : self.places[j - 1][1]] for i, j in runs))


def runs(first: Spelled, second: Spelled) -> list[tuple[int, int]]:
    """The places in the first text of the longest runs of at least PASSAGE words that the second has too."""
    ours, theirs = first.words, second.words
    starts: dict[tuple[str, ...], int] = {}
    for j in range(len(theirs) - PASSAGE + 1):
        starts.setdefault(tuple(theirs[j : j + PASSAGE]), j)
    found = []
    i = 0
    while i <= len(ours) - PASSAGE:
        at = starts.get(tuple(ours[i : i + PASSAGE]))
        if at is None:
            i += 1
            continue
        size = PASSAGE
        while i + size < len(ours) and at + size < len(theirs) and ours[i + size] == theirs[at + size]:
            size += 1
        found.append((i, i + size))
        i += size
    return found


def common_runs(sides: Sequence[Sequence[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Of runs of words in one text, that several others share with it, what all of them share."""
    common = list(sides[0]) if sides else []
    for side in sides[1:]:
        overlaps = []
        k = 0
        for i, j in common:
            while k < len(side) and side[k][1] <= i:
                k += 1
            m = k
            while m < len(side) and side[m][0] < j:
                overlaps.append((max(i, side[m][0]), min(j, side[m][1])))
                m += 1
        common = [(low, high) for low, high in overlaps if high - low >= PASSAGE]
    return common


def align(a: str, b: str) -> tuple[Sentence, ...]:
    """The sentences of two texts, each with the one that says the same in the other, if any."""
    first, second = texts.sentences(a), texts.sentences(b)
    return rows(first, second, partners(read(first), read(second)))


def rows(first: Sequence[str], second: Sequence[str], partner: Mapping[int, int]) -> tuple[Sentence, ...]:
    """The sentences of two texts in the order of the first, by the places of their partners."""
    taken = {j: i for i, j in partner.items()}
    found: list[Sentence] = []
    shown = 0
    for i, sentence in enumerate(first):
        if i not in partner:
            found.append(Sentence(sentence, None))
            continue
        j = partner[i]
        found += [Sentence(None, second[k]) for k in range(shown, j) if k not in taken]
        shown = max(shown, j + 1)
        found.append(Sentence(sentence, second[j], words(sentence, second[j])))
    found += [Sentence(None, second[k]) for k in range(shown, len(second)) if k not in taken]
    return tuple(found)


class Read(NamedTuple):
    """A sentence, and what tells whether another is the same or alike."""

    text: str
    folded: str
    words: frozenset[str]


def read(sentences: Iterable[str]) -> list[Read]:
    """Sentences as `partners` wants them."""
    return [Read(sentence, texts.fold(sentence), frozenset(texts.words(sentence))) for sentence in sentences]


def partners(first: Sequence[Read], second: Sequence[Read]) -> dict[int, int]:
    """For sentences of the first their partners in the second: equal ones, then the most alike."""
    partner: dict[int, int] = {}
    places: dict[str, list[int]] = {}
    for j in range(len(second) - 1, -1, -1):
        places.setdefault(second[j].folded, []).append(j)
    for i, sentence in enumerate(first):
        same = places.get(sentence.folded)
        if same:
            partner[i] = same.pop()
    taken = set(partner.values())
    holders: dict[str, list[int]] = {}
    for j, sentence in enumerate(second):
        for word in sentence.words if j not in taken else ():
            holders.setdefault(word, []).append(j)
    scored = []
    for i, sentence in enumerate(first):
        if i in partner:
            continue
        bag = sentence.words
        # A word that many sentences have finds too many of them, and no pair that a rarer word does not find.
        for j in {j for word in bag if len(holders.get(word, ())) <= _OFTEN for j in holders.get(word, ())}:
            shared = len(bag & second[j].words)
            alike = shared / (len(bag) + len(second[j].words) - shared)
            if alike >= ALIKE:
                scored.append((-alike, abs(i - j), i, j))
    for _, _, i, j in sorted(scored):
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    return partner


def words(a: str, b: str) -> tuple[tuple[str, str], ...]:
    """The word-level difference of two wordings; empty where they differ in nothing but white space and quotes."""
    if texts.fold(a) == texts.fold(b):
        return ()
    left, right = tokens(a), tokens(b)
    keys = [[texts.fold(token) or " " for token in side] for side in (left, right)]
    begin = _common(*keys)
    end = _common(*(list(reversed(side[begin:])) for side in keys))
    old, new = (slice(begin, len(side) - end) for side in keys)
    pieces = [("=", "".join(left[:begin]))]
    if len(left[old]) * len(right[new]) > _LARGEST:
        pieces += [("-", "".join(left[old])), ("+", "".join(right[new]))]
    else:
        for kind, i, j, k, m in SequenceMatcher(None, keys[0][old], keys[1][new], autojunk=False).get_opcodes():
            if kind == "equal":
                pieces.append(("=", "".join(left[old][i:j])))
            else:
                pieces += [("-", "".join(left[old][i:j])), ("+", "".join(right[new][k:m]))]
    pieces.append(("=", "".join(left[len(left) - end :])))
    return _merged(pieces)


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """How many tokens two sequences have in common at their beginning."""
    for i, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return i
    return min(len(a), len(b))


def _merged(pieces: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Pieces without empty ones, and with what is the same in both, but only a space, drawn to the changes around it: a
    phrase that was put in other words reads better whole."""
    whole: list[tuple[str, str]] = []
    gone = came = ""
    kept = [piece for piece in pieces if piece[1]]
    for i, (kind, text) in enumerate(kept):
        if kind == "-":
            gone += text
        elif kind == "+":
            came += text
        elif not text.strip() and gone and came and i + 1 < len(kept):
            gone, came = gone + text, came + text
        else:
            whole += [(sign, changed) for sign, changed in (("-", gone), ("+", came)) if changed]
            whole.append((kind, text))
            gone = came = ""
    return (*whole, *((sign, changed) for sign, changed in (("-", gone), ("+", came)) if changed))


def tokens(text: str) -> list[str]:
    """A text in pieces that are never split: words with their marks, signs, runs of white space; where a script has no
    spaces, its characters."""
    if text.isascii():
        return _TOKEN.findall(text)
    found: list[str] = []
    joined = False  # whether the last piece goes on, across a mark that the pattern takes for the end of a word
    for piece in _TOKEN.findall(text):
        parts = [piece] if piece.isascii() else _split(piece)
        for part in parts:
            mark = part[0] in _JOINED or unicodedata.category(part[0])[0] == "M" or "\U0001f3fb" <= part[0] <= "\U0001f3ff"
            if found and (mark or (joined and (part.isalnum() or found[-1].endswith("\u200d")))):
                found[-1] += part
                joined = mark and not texts.is_unspaced_letter(found[-1][0])
            else:
                found.append(part)
                joined = False
    return found


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
