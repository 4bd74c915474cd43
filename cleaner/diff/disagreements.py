"""Where two texts disagree, by the dates, figures and names that they state."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import product

from cleaner.diff.claims import Claim, ClaimKind
from cleaner.diff.statements import Statements
from cleaner.diff.tokens import counted_words
from cleaner.diff.vocabulary import UNITS

_CLOSE = 0.5  # the smaller of two figures as a part of the larger: what is told in two ways rarely differs by more
_PARTNERS = 2.0  # what stands in sentences that say the same goes before all that does not
_SAME_COUNTED = 0.6  # how much more two figures are about the same where the same is counted
_NEARLY = 0.7  # the ratio of two spellings of one word


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two texts that say different things of what seems the same: the claims, and the sentences that they stand in."""

    kind: ClaimKind
    first: str
    second: str
    first_sentence: str
    second_sentence: str


# How likely two claims, one of each text, are of the same thing.
_Scored = tuple[float, Claim, Claim]


def disagreements(first: Statements, second: Statements, partner: Mapping[int, int]) -> tuple[Disagreement, ...]:
    """Where two texts state different figures or names of what seems the same.

    A figure counts where the other text does not have it anywhere, and stands against one of its kind that the first text
    does not have anywhere: in the sentence that is its own one's partner, or, where both are about as large, in one that
    speaks of the same.
    """
    found = _likeliest([*_contested_figures(first, second, partner), *_contested_names(first, second)])
    found.sort(key=lambda pair: (pair[0].kind == "name", pair[0].sentence))
    return tuple(
        Disagreement(a.kind, a.text, b.text, first.sentences[a.sentence], second.sentences[b.sentence]) for a, b in found
    )


def _likeliest(scored: Iterable[_Scored]) -> list[tuple[Claim, Claim]]:
    """Pairs of claims, the likeliest first, in which no claim stands twice."""
    found, taken = [], set()
    for _, a, b in sorted(scored, key=lambda item: (-item[0], item[1].sentence, item[2].sentence, item[1].text)):
        one, other = (0, a.kind, a.key), (1, b.kind, b.key)
        if one not in taken and other not in taken:
            taken |= {one, other}
            found.append((a, b))
    return found


def _contested_figures(first: Statements, second: Statements, partner: Mapping[int, int]) -> Iterator[_Scored]:
    """Pairs of figures that only one text has each, where they are likely enough said of the same thing."""
    ours, theirs = _figures_without(first, second), _figures_without(second, first)
    holders = Counter(word for side in (first, second) for topic in side.topics for word in topic)
    for (a, what), (b, other) in product(ours, theirs):
        same = bool(what & other)
        if a.kind != b.kind or (not same and (what | other) & UNITS):
            continue
        alike = _likeness(first.topics[a.sentence] & second.topics[b.sentence], holders, same)
        close = _closeness(a, b)
        if partner.get(a.sentence) == b.sentence:
            yield _PARTNERS + alike + close, a, b
        elif alike >= 1 and close >= _CLOSE and (a.kind != "number" or (what and other)):
            yield alike + close, a, b


def _figures_without(side: Statements, other: Statements) -> list[tuple[Claim, set[str]]]:
    """The figures of one text that the other does not have anywhere, each with what it counts."""
    known = {claim.key for claim in other.figures}
    return [(claim, counted_words(claim.counted)) for claim in side.figures if claim.key not in known]


def _likeness(topic: frozenset[str], holders: Mapping[str, int], same: bool) -> float:
    """How much two figures are about the same, by the words that their sentences share, and by whether they count the same.
    The fewer sentences of both texts hold a word, the more it says of what they are about."""
    return sum(1 / holders[word] for word in topic) + (_SAME_COUNTED if topic and same else 0)


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


def _contested_names(first: Statements, second: Statements) -> Iterator[_Scored]:
    """Pairs of names that only one text has each, and that are one name in two spellings."""
    ours, theirs = _names_without(first, second), _names_without(second, first)
    return ((_PARTNERS, a, b) for a, b in product(ours, theirs) if _misspelt(a.key, b.key))


def _names_without(side: Statements, other: Statements) -> list[Claim]:
    """The names of one text that the other does not say, each where it stands first."""
    return list({claim.key: claim for claim in reversed(side.names) if not other.says(claim.key)}.values())


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
    return len(short) > 3 and not long.startswith(short) and SequenceMatcher(None, short, long).ratio() >= _NEARLY


def _bare(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))
