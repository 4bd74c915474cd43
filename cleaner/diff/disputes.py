"""What texts agree on, and where two of them disagree: by the dates, figures and names that they state."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cleaner import text as texts
from cleaner.dates import ENGLISH_WEEKDAYS
from cleaner.diff.claims import OPENERS, SAID, Claim, figures, names, quotations

# What is counted in one of these is compared with nothing but the same.
_UNITS = frozenset(
    texts.WORD.findall(
        "second minute hour day week month year decade century mile kilometre kilometer metre meter centimetre foot feet "
        "inch yard acre hectare tonne ton kilogram pound litre liter gallon knot degree km kg cm mph"
    )
)
_WEEKDAYS = frozenset(day.lower() for day in ENGLISH_WEEKDAYS)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two texts that say different things of what seems the same: the claims, and the sentences that they stand in."""

    kind: str
    first: str
    second: str
    first_sentence: str
    second_sentence: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What a text, given as sentences, states: made once a text by `read`."""

    sentences: Sequence[str]
    figures: tuple[Claim, ...]
    names: tuple[Claim, ...]
    topics: tuple[frozenset[str], ...]  # the words of each sentence that say what it is about
    flat: str  # its words, for looking up a run of them

    def says(self, words: str) -> bool:
        """Whether it has a run of words, in small letters with a space between."""
        return f" {words} " in self.flat


def read(sentences: Sequence[str]) -> Stated:
    """What a text states."""
    words = [texts.words(sentence) for sentence in sentences]
    topics = tuple(frozenset(_content(found)) for found in words)
    flat = f" {' '.join(word for found in words for word in found)} "
    return Stated(sentences, figures(sentences)[:_MOST], names(sentences)[:_MOST], topics, flat)


_MOST = 300  # figures, or names, of one text that are looked at: each is held against each of another


_LISTED = 100  # names, or quotations, that all texts have and that are listed


def shared(sides: Sequence[Stated]) -> dict[str, tuple[str, ...]]:
    """What all texts state: "dates", "figures", "names" and "quotes", as the first says it."""
    first, *others = sides
    common = set.intersection(*({(claim.kind, claim.key) for claim in side.figures} for side in sides))
    dates: dict[str, str] = {}
    numbers: dict[tuple[str, str], str] = {}
    for claim in (claim for side in sides for claim in side.figures):
        if (claim.kind, claim.key) in common:
            if claim.kind == "date":
                if len(claim.text) > len(dates.get(claim.key, "")):  # the wording with the year, where one has it
                    dates[claim.key] = claim.text
            else:
                numbers.setdefault((claim.kind, claim.key), claim.text)
    told = " ".join(dates.values())
    figured = (text for (kind, _), text in numbers.items() if not (kind == "year" and text in told))
    counts = Counter(claim.key for claim in first.names)
    wordings = {claim.key: claim.text for claim in first.names}
    everywhere = [key for key, _ in counts.most_common() if all(other.says(key) for other in others)]
    weekdays = [key for key in everywhere if key in _WEEKDAYS]
    own = [key for key in everywhere if key not in _WEEKDAYS][:_LISTED]
    longest = [key for key in own if not any(f" {key} " in f" {other} " for other in own if other != key)]
    said = quotations("\n".join(first.sentences))[:_LISTED]
    return {
        "dates": (*dates.values(), *(wordings[key] for key in weekdays)),
        "figures": tuple(dict.fromkeys(figured)),
        "names": tuple(wordings[key] for key in longest),
        "quotes": tuple(quote for quote in said if all(other.says(" ".join(texts.words(quote))) for other in others)),
    }


def disagreements(first: Stated, second: Stated, partner: Mapping[int, int]) -> tuple[Disagreement, ...]:
    """Where two texts state different figures or names of what seems the same.

    A figure counts where the other text does not have it anywhere, and stands against one of its kind that the first text
    does not have anywhere: in the sentence that is its own one's partner, or, where both are about as large, in one that
    speaks of the same.
    """
    known = [{claim.key for claim in side.figures} for side in (first, second)]
    odd = [claim for claim in first.figures if claim.key not in known[1]]
    odd_there = [claim for claim in second.figures if claim.key not in known[0]]
    spread = Counter(word for side in (first, second) for topic in side.topics for word in topic)
    scored = [
        (score, a, b)
        for a in odd
        for b in odd_there
        if a.kind == b.kind
        and (score := _contested(a, b, first, second, spread, partner.get(a.sentence) == b.sentence)) is not None
    ]
    named = {claim.key: claim for claim in reversed(first.names) if not second.says(claim.key)}.values()
    named_there = {claim.key: claim for claim in reversed(second.names) if not first.says(claim.key)}.values()
    scored += [(2.0, a, b) for a in named for b in named_there if _misspelt(a.key, b.key)]
    found, taken = [], set()
    for _, a, b in sorted(scored, key=lambda item: (-item[0], item[1].sentence, item[2].sentence, item[1].text)):
        one, other = (0, a.kind, a.key), (1, b.kind, b.key)
        if one in taken or other in taken:
            continue
        taken |= {one, other}
        found.append((a, b))
    found.sort(key=lambda pair: (pair[0].kind == "name", pair[0].sentence))
    return tuple(
        Disagreement(a.kind, a.text, b.text, first.sentences[a.sentence], second.sentences[b.sentence]) for a, b in found
    )


def _contested(a: Claim, b: Claim, first: Stated, second: Stated, spread: Mapping[str, int], partners: bool) -> float | None:
    """How likely two figures of one kind are said of the same thing, for the likeliest to be taken first; None where it is
    not likely enough."""
    counted = (_counted_words(a), _counted_words(b))
    same = bool(counted[0] & counted[1])
    if not same and (counted[0] | counted[1]) & _UNITS:
        return None
    close = _closeness(a, b)
    common = first.topics[a.sentence] & second.topics[b.sentence]
    # The fewer sentences of both texts have a word, the more it says of what they are about.
    alike = sum(1 / spread[word] for word in common) + (0.6 if same and common else 0)
    if partners:
        return 2 + alike + close
    if alike < 1 or close < _CLOSE or (a.kind == "number" and not all(counted)):
        return None
    return alike + close


_CLOSE = 0.5  # the smaller of two figures as a part of the larger: what is told in two ways rarely differs by more


def _closeness(a: Claim, b: Claim) -> float:
    """How close two figures of one kind are, 0 to 1."""
    if a.kind in ("date", "year"):
        days = [_days(claim) for claim in (a, b)]
        return max(0.0, 1 - abs(days[0] - days[1]) / 14)
    values = [_minutes(claim.key) if claim.kind == "time" else float(claim.key) for claim in (a, b)]
    return min(values) / max(values) if min(values) > 0 else float(values[0] == values[1])


def _days(claim: Claim) -> int:
    """A date's place in the year, about; of a year its place among years, a few of which are as far as two weeks."""
    if claim.kind == "year":
        return 3 * int(claim.key)
    month, day = claim.key.split("-")
    return 30 * int(month) + int(day)


def _minutes(key: str) -> float:
    hour, minute = key.split(":")
    return 60 * int(hour) + int(minute)


def _counted_words(claim: Claim) -> set[str]:
    return {_stem(word) for word in claim.counted.lower().split()}


def _content(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        if len(word) > 3 and word not in OPENERS and word not in SAID and not word[0].isdigit():
            yield _stem(word)


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _misspelt(a: str, b: str) -> bool:
    """Whether two names are one name in two spellings: all words but one alike, and that one nearly."""
    left, right = a.split(), b.split()
    if len(left) != len(right) or len(left) < 2:
        return False
    odd = [(x, y) for x, y in zip(left, right, strict=True) if x != y]
    if len(odd) != 1:
        return False
    short, long = sorted(map(_bare, odd[0]), key=len)
    # A short form (Phil for Philip) and a missing accent are no disagreement.
    return len(short) > 3 and not long.startswith(short) and SequenceMatcher(None, short, long).ratio() >= 0.7


def _bare(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))
