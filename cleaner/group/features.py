"""What an article is about, as weighted features: words, word pairs, names, numbers with their unit, quotations."""

from __future__ import annotations

import gzip
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

# A feature's kind is its first character, so that a name and a word of one spelling stay apart.
WORD, PAIR, NAME, NUMBER, QUOTE = "w", "p", "n", "#", "q"

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{2,}")
_QUOTED = re.compile(r"[\"\u201c\u00ab\u201e]([^\"\u201c\u201d\u00ab\u00bb\u201e\n]{15,600})[\"\u201d\u00bb\u201c]")
_NAME = re.compile(r"[^\W\d_a-z][\w'\u2019-]*(?:[ \u00a0](?:of |de |van |von |der |al-|bin )?[^\W\d_a-z][\w'\u2019-]*)*")
_NUMBER = re.compile(r"\b(\d[\d,.]*\d|\d)(?:[ \u00a0-]+([^\W\d_]{2,}))?")
_SENTENCE_START = re.compile(r"(?:^|[.!?\u2026:;\"'\u2018\u201c\u00ab(\[\n\u2022-])\s*$")

LEAD = 60  # the first words of an article say what it is about: they count double
_COMMON = 0.12  # a word in more than this share of news articles says nothing in a pair or at a name's edge


def stem(word: str) -> str:
    """A lower-case word without its possessive and plural endings."""
    for mark in ("'", "\u2019"):
        if mark in word:
            word = word.split(mark, 1)[0]
    if len(word) > 4 and word.endswith("s"):
        if word.endswith("ies"):
            return word[:-3] + "y"
        if not word.endswith(("ss", "us", "is")):
            return word[:-1]
    return word


def stems(text: str) -> Iterable[tuple[str, str]]:
    """(stem, the token as it stands) for each word of a text; scripts without spaces give pairs of characters."""
    for token in _TOKEN.findall(text):
        if not token.isascii() and _UNSPACED.search(token):
            for run in _UNSPACED.findall(token):
                for i in range(len(run) - 1):
                    yield run[i : i + 2], run[i : i + 2]
        else:
            yield stem(token.lower()), token


def features(text: str, title: str | None = None) -> Counter[str]:
    """How often each feature occurs in an article; the first LEAD words count twice."""
    whole = f"{title}\n\n{text}" if title and not text.startswith(title) else text
    found: Counter[str] = Counter()
    previous = ""
    for place, (word, token) in enumerate(stems(whole)):
        if token.isdigit():
            previous = ""
            continue
        found[WORD + word] += 2 if place < LEAD else 1
        if common(word):
            continue
        if previous:
            found[f"{PAIR}{previous} {word}"] += 1
        previous = word
    for match in _NAME.finditer(whole):
        name = _name(match.group(), bool(_SENTENCE_START.search(whole[max(0, match.start() - 4) : match.start()])))
        if name:
            found[NAME + name] += 1
    for match in _NUMBER.finditer(whole):
        number, unit = match.groups()
        if (unit and not common(stem(unit.lower()))) or len(number) > 2:
            found[f"{NUMBER}{number.rstrip('.,')} {stem(unit.lower()) if unit else ''}".rstrip()] += 1
    for match in _QUOTED.finditer(whole):
        said = [word for word, _ in stems(match.group(1))]
        for i in range(len(said) - 3):
            found[QUOTE + " ".join(said[i : i + 4])] += 1
    return found


def _name(run: str, opens_sentence: bool) -> str:
    """A run of capitalised words as a name, without common words at its edges; "" where it is none."""
    parts = [stem(word.lower()) for word in run.split()]
    while parts and common(parts[0]):
        parts.pop(0)
        opens_sentence = False
    while parts and common(parts[-1]):
        parts.pop()
    if len(parts) == 1 and (opens_sentence or len(parts[0]) < 3):
        return ""
    return " ".join(parts)


@cache
def background() -> tuple[Mapping[str, int], int]:
    """The shipped word table: in how many of how many news articles a stem occurs (benchmarks/word_table.py)."""
    path = files("cleaner") / "data" / "words.txt.gz"
    total, *rows = gzip.decompress(path.read_bytes()).decode().splitlines()
    return {word: int(count) for word, count in (row.split("\t") for row in rows)}, int(total)


@cache
def _common_words() -> frozenset[str]:
    try:
        table, total = background()
    except FileNotFoundError:  # while the table itself is being made
        return frozenset()
    return frozenset(word for word, count in table.items() if count > _COMMON * total)


def common(word: str) -> bool:
    """Whether a stem is one that most articles have."""
    return len(word) < 2 or word in _common_words()


def expected_share(feature: str) -> float:
    """In what share of articles a feature is to be expected before any have been seen.

    A word's comes from the table, and that of a pair or a name of several words from its rarest word's, a tenth of it;
    numbers and quotations are rare.
    """
    table, total = background()
    kind, rest = feature[0], feature[1:]
    if kind == QUOTE:
        return 0.5 / total
    if kind == NUMBER:
        return 2.0 / total
    parts = rest.split()
    rarest = min((table.get(part, 2) for part in parts), default=2) / total
    return rarest if len(parts) == 1 else max(rarest / 10, 0.5 / total)


def weights(counts: Mapping[str, int], idf: Mapping[str, float]) -> dict[str, float]:
    """(1 + log tf) * idf of each feature, scaled to a vector of length one; empty where nothing weighs."""
    raw = {f: (1 + math.log(n)) * idf[f] for f, n in counts.items() if idf[f] > 0}
    norm = math.sqrt(sum(w * w for w in raw.values()))
    return {f: w / norm for f, w in raw.items()} if norm else {}
