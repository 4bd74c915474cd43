"""Where texts disagree: figures of one kind for one thing at one time that differ, and names in two spellings.

Two figures are taken for the same thing by what they count, what happened to those who are counted, and the words around
them; nothing may speak against it, as other places and years in their sentences do. What is one figure in two wordings, as
"more than 30" and 35 or 28,500 and 30,000, is no disagreement. A count that changes with the days on which the texts were
written is a development.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import Literal

from cleaner.diff.claims import Claim, ClaimKind
from cleaner.diff.mentions import Mention
from cleaner.diff.statements import Statements
from cleaner.diff.vocabulary import ANYBODY, PLAYED, TIMES, UNITS

How = Literal["disagreement", "development", "spelling", "unsure", "same"]

# Told by the labels in benchmarks/labels, the half to work on: how many rare words (see _Rarity) the sentences of two
# figures share around them before they are taken for the same thing.
_FATE, _COUNT, _UNIT, _BARE, _MOMENT = 1.0, 1.5, 2.0, 2.2, 3.0
_LEAD = 4  # sentences
_FAVOUR = 1.5  # and where two figures are close to each other
_DOUBT = 0.7  # of a likelihood, where something may speak against it
_LITTLE = 0.3  # of which nothing comes, however close two figures are
_COVERED = 0.3  # and which part of those of the one that has fewer
_SURE, _UNSURE = 0.9, 0.6  # of which the first part is enough, and the second makes it unsure
_LEAST = 0.4  # the smaller of two figures as a part of the larger: what is told in two ways rarely differs by more
_ROUND = 0.1  # how far a figure that is hedged may be from what it stands for
_NEARLY = 0.7  # the ratio of two spellings of one word


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two texts that say different things of what seems the same: the claims, and the sentences that they stand in.

    `how` tells a disagreement from a development over days, another spelling of a name, and what is not sure.
    """

    kind: ClaimKind
    first: str
    second: str
    first_sentence: str
    second_sentence: str
    how: How = "disagreement"


@dataclass(frozen=True, slots=True)
class Contested:
    """Two claims of one story that differ: how, and the claims with the numbers of the texts that make them."""

    how: How
    first: Mention
    second: Mention


def contested(sides: Sequence[Statements], days: Sequence[int]) -> tuple[Contested, ...]:
    """Where texts differ, the surest first; `days` are those on which they were written, as ordinals, 0 where unknown.

    A figure counts where the other text does not have it anywhere, and stands against one that the first text does not have
    anywhere.
    """
    rarity = _Rarity(sides)
    known: list[set[tuple[str, str]]] = [{(claim.kind, claim.key) for claim in side.figures} for side in sides]
    scored: list[tuple[float, Contested]] = []
    for bucket in _buckets(sides).values():
        for a, b in combinations(bucket, 2):
            if a.text_number == b.text_number or a.claim.key == b.claim.key or _known(a, b, known):
                continue
            likely = _alike(a, b, rarity)
            if likely < _UNSURE:
                continue
            first, second = sorted((a, b), key=lambda one: one.text_number)
            how = "same" if _consistent(a.claim, b.claim) else _how(first, second, likely, days)
            scored.append((likely, Contested(how, first, second)))
    # What is one figure told twice is out of the question for any other.
    return (*(odd for odd in _likeliest(scored) if odd.how != "same"), *_spellings(sides))


def _known(a: Mention, b: Mention, known: Sequence[set[tuple[str, str]]]) -> bool:
    """Whether one of two texts has the other's figure too, somewhere."""
    one, other = (a.claim.kind, a.claim.key), (b.claim.kind, b.claim.key)
    return one in known[b.text_number] or other in known[a.text_number]


def _buckets(sides: Sequence[Statements]) -> dict[tuple[str, str], list[Mention]]:
    """The figures of all texts by what they may be compared with."""
    found: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    for side in sides:
        for mention in side.mentions:
            for key in mention.subjects:
                found[key].append(mention)
    return found


def _likeliest(scored: Iterable[tuple[float, Contested]]) -> list[Contested]:
    """The likeliest first, no claim of a text against another text twice."""
    found: list[Contested] = []
    taken: set[tuple[int, str, str, int]] = set()
    for _, odd in sorted(scored, key=_rank):
        ends = [
            (one.text_number, one.claim.kind, one.claim.key, other.text_number)
            for one, other in ((odd.first, odd.second), (odd.second, odd.first))
        ]
        if not taken.intersection(ends):
            taken.update(ends)
            found.append(odd)
    return found


def _rank(item: tuple[float, Contested]) -> tuple[float, ...]:
    likely, odd = item
    a, b = odd.first, odd.second
    places = (a.claim.sentence, b.claim.sentence, a.claim.start, b.claim.start)
    return -likely, a.text_number, b.text_number, *places


class _Rarity:
    """How much a word says of what a figure is about: 1 where one sentence of each text has it, less the more do."""

    def __init__(self, sides: Sequence[Statements]) -> None:
        holders = Counter(word for side in sides for topic in side.topics for word in topic)
        total = max(8, sum(len(side.topics) for side in sides))
        rarest = math.log(total / 2)
        self._weights = {word: min(1.0, max(0.0, math.log(total / count) / rarest)) for word, count in holders.items()}

    def sum(self, words: Iterable[str]) -> float:
        """The rare words among some, each counting at most 1."""
        return sum(map(self._weights.__getitem__, words))


def _alike(a: Mention, b: Mention, rarity: _Rarity) -> float:
    """How likely two figures are of the same thing: from 1 on they are taken for it; 0 where something speaks against it."""
    close = _closeness(a.claim, b.claim)
    if _apart(a, b) or close < _LEAST:
        return 0.0
    heads = a.heads | b.heads
    near = rarity.sum((a.around & b.around) - heads)
    far = rarity.sum((a.topic & b.topic) - heads)
    likely = (near + (far - near) / 3) / _needed(a, b)
    if likely >= _LITTLE:
        fewer = min(rarity.sum(a.around - heads), rarity.sum(b.around - heads))
        likely = min(likely, near / max(1.0, fewer) / _COVERED)
    if a.fate and a.fate == b.fate and max(a.claim.sentence, b.claim.sentence) < _LEAD and _anybody(a) and _anybody(b):
        likely = max(likely, 1.0)  # what texts open with is the same
    return likely * (_DOUBT if _doubtful(a, b) else 1) * min(_FAVOUR, max(_DOUBT, 1.3 * close**2 + 0.25))


def _doubtful(a: Mention, b: Mention) -> bool:
    """Whether two figures may well be of different things or times."""
    places = bool(a.places) != bool(b.places) and (a.claim.kind != "number" or not a.heads & b.heads)
    beside = (a.crowded or b.crowded) and not a.slot and not (a.close & b.close) - a.heads
    hours = bool(a.hours) != bool(b.hours)
    return places or a.then != b.then or ((beside or hours) and not a.fate)


def _needed(a: Mention, b: Mention) -> float:
    """How many rare words two figures must have around them in common."""
    if a.claim.kind in ("date", "time", "year", "score"):
        return _MOMENT
    if a.claim.kind != "number":
        return _BARE
    if a.fate and a.fate == b.fate:
        return _FATE
    same = a.heads & b.heads
    if not same:
        return _BARE
    return _MOMENT if "year-old" in same or same & PLAYED else _UNIT if same & TIMES else _COUNT


def _apart(a: Mention, b: Mention) -> bool:
    """Whether two figures are of different things, whatever their sentences share."""
    if a.claim.kind != b.claim.kind or a.claim.rate != b.claim.rate or not (a.prose and b.prose):
        return True
    if a.claim.kind == "number" and not _same_counted(a, b):
        return True
    if a.claim.kind == "money" and a.currency != b.currency:
        return True
    if a.places and b.places and not a.places & b.places:
        return True
    if "year-old" in a.heads and not a.owner & b.owner:
        return True
    if a.claim.kind in ("date", "time", "year") and 2 * len(a.topic & b.topic) < len(a.topic | b.topic):
        return True
    if a.slot != b.slot or (a.of and b.of and not a.of & b.of):
        return True
    return any(
        one and other and not one & other
        for one, other in ((a.years, b.years), (a.hours, b.hours), (a.weekdays, b.weekdays))
    )


def _same_counted(a: Mention, b: Mention) -> bool:
    if a.heads & b.heads or (a.heads & b.around and not b.heads) or (b.heads & a.around and not a.heads):
        return a.fate == b.fate or not (a.fate and b.fate)
    return bool(a.fate) and a.fate == b.fate and _anybody(a) and _anybody(b)


def _anybody(one: Mention) -> bool:
    """Whether a figure is of people, and not of some of a kind."""
    return not one.heads or bool(one.heads & ANYBODY)


def _how(a: Mention, b: Mention, likely: float, days: Sequence[int]) -> How:
    one, other = days[a.text_number], days[b.text_number]
    dated = bool(one and other)
    past = bool(a.years & b.years)  # what was told of another year is over
    passing = a.poll or b.poll or a.claim.kind == "score"  # one of many surveys, markets or sets
    if likely < _SURE or passing or (a.fate and bool(one) != bool(other) and not past):
        return "unsure"
    grows = a.claim.kind != "number" or not a.heads & UNITS
    slow = 1 if a.claim.kind == "number" and not a.fate else 0  # day in which what is told hardly changes
    return "development" if dated and abs(one - other) > slow and grows and not past else "disagreement"


def _consistent(a: Claim, b: Claim) -> bool:
    """Whether two figures may be one, told more and less exactly."""
    if "vague" in (a.hedge, b.hedge):
        return True
    if a.kind in ("date", "year", "score"):
        return False
    x, y = _number(a), _number(b)
    if a.kind == "time":
        return bool(a.hedge or b.hedge) and abs(x - y) <= _MINUTES
    return any(_covers(one, other, m, n) for one, other, m, n in ((a, b, x, y), (b, a, y, x)))


_MINUTES = 15


def _covers(loose: Claim, other: Claim, x: float, y: float) -> bool:
    """Whether a figure may stand for another, `y`, by its hedge, or by being round."""
    near = abs(x - y) <= _ROUND * max(x, y)
    if loose.hedge == other.hedge == "least":
        return False
    if loose.hedge in ("least", "over"):
        return y > x
    if loose.hedge == "under":
        return y < x
    rounds = loose.kind == "percent" or x != int(x) or x >= _LARGE
    return near and (bool(loose.hedge) or (rounds and _rounded(y, x)))


_LARGE = 100  # smaller whole numbers are not rounded


def _rounded(value: float, to: float) -> bool:
    """Whether a number, rounded to as many digits as another has, is that."""
    digits, own = (len(f"{number:.12e}".split("e")[0].rstrip("0").replace(".", "")) for number in (to, value))
    return own > digits and float(f"{value:.{digits - 1}e}") == to


def _closeness(a: Claim, b: Claim) -> float:
    """How close two figures of one kind are, 0 to 1."""
    if a.kind in ("date", "year"):
        days = [_days(claim) for claim in (a, b)]
        return max(0.0, 1 - abs(days[0] - days[1]) / 14)
    if a.kind == "score":
        return 1.0
    values = [_number(claim) for claim in (a, b)]
    return min(values) / max(values) if min(values) > 0 else float(values[0] == values[1])


def _number(claim: Claim) -> float:
    if claim.kind != "time":
        return float(claim.key)
    hour, minute = claim.key.split(":")
    return 60 * int(hour) + int(minute)


def _days(claim: Claim) -> int:
    """A date's place in the year, about; of a year its place among years, a few of which are as far as two weeks."""
    if claim.kind == "year":
        return 3 * int(claim.key)
    month, day = claim.key.split("-")
    return 30 * int(month) + int(day)


def _spellings(sides: Sequence[Statements]) -> Iterator[Contested]:
    """Names that stand in two spellings, each pair once."""
    first: dict[str, Mention] = {}
    for number, side in enumerate(sides):
        for claim in side.names:
            if len(claim.key.split()) > 1:
                first.setdefault(claim.key, Mention.of_name(claim, side.sentences[claim.sentence], number))
    by_word: dict[str, list[Mention]] = defaultdict(list)
    for mention in first.values():
        for word in dict.fromkeys(mention.claim.key.split()):
            by_word[word].append(mention)
    done: set[tuple[str, str]] = set()
    for some in by_word.values():
        for a, b in combinations(some[:_MOST], 2):
            pair = (a.claim.key, b.claim.key)
            if a.text_number == b.text_number or pair in done or not _misspelt(*pair):
                continue
            done.add(pair)
            if not sides[a.text_number].says(b.claim.key) and not sides[b.text_number].says(a.claim.key):
                yield Contested("spelling", a, b)


_MOST = 60  # names with one word in common that are compared


def _misspelt(a: str, b: str) -> bool:
    """Whether two names are one name in two spellings: all words but one alike, and that one nearly."""
    left, right = a.split(), b.split()
    if len(left) != len(right) or len(left) < 2:
        return False
    odd = [(x, y) for x, y in zip(left, right, strict=True) if x != y]
    if len(odd) != 1:
        return False
    short, long = sorted(map(_bare, odd[0]), key=len)
    # A short form (Phil for Philip) and a missing accent are no other spelling.
    return len(short) > 3 and not long.startswith(short) and SequenceMatcher(None, short, long).ratio() >= _NEARLY


def _bare(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))


def disagreements(found: Iterable[Contested]) -> tuple[Disagreement, ...]:
    """The same in the words of two texts."""
    return tuple(
        Disagreement(
            odd.first.claim.kind,
            odd.first.claim.text,
            odd.second.claim.text,
            odd.first.sentence,
            odd.second.sentence,
            odd.how,
        )
        for odd in found
    )
