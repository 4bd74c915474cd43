"""Who says what: the claims that several tellings of a story make, or make differently, with who makes them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cleaner import text as texts
from cleaner.dates import ENGLISH_WEEKDAYS, MONTHS_OF_SEVEN_LANGUAGES
from cleaner.diff.claims import Claim, quotations
from cleaner.diff.disagreements import Contested
from cleaner.diff.mentions import Mention
from cleaner.diff.statements import Statements

_QUOTES = 40  # quotations of one text that are looked for in the others
_QUOTED = 5  # words: a shorter one is a phrase
_NAMES = 60  # names that are looked for in all texts
_SMALL = 10  # a smaller number is anything's
_ROLE = re.compile(r"^,\s((?:the|a|an|its|his|her|their)\s(?:[^\s,.;:()\"“”]+\s?){1,6})[,.;]")
_VERBS = re.compile(
    r"^(?:who|which|and|but|said|says|told|where|when|while|as|in|on|at|with|for|to|of|that|he|she|they|it)\b"
)
_TITLE = re.compile(
    r"\b((?:[a-z]+\s)?(?:spokes(?:man|woman|person)|president|minister|mayor|governor|senator|chief|director|officer|sheriff"
    r"|professor|secretary|chairman|chairwoman|lawyer|attorney|judge|coach|captain|trustee|witness|analyst|author))\s$"
)

ClaimOf = Literal["figure", "date", "name", "quote"]
Mark = Literal["stated", "differs", "absent"]


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim of a story and who makes it: for each telling "stated", "differs" or "absent". `role` is what a name is said
    to be; `others` are what those that differ say, with the numbers of the tellings."""

    kind: ClaimOf
    text: str
    marks: tuple[Mark, ...]
    role: str = ""
    others: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @property
    def tellers(self) -> tuple[int, ...]:
        """The numbers of the tellings that make it."""
        return tuple(i for i, mark in enumerate(self.marks) if mark == "stated")


def who_says_what(sides: Sequence[Statements], contested: Sequence[Contested]) -> tuple[Stated, ...]:
    """The claims that two tellings or more make, or make differently: figures, names, dates, quotations; those that most
    make first, and before them those that are made differently."""
    found = [*_figures(sides, contested), *_names(sides), *_dates(sides), *_quotes(sides)]
    return tuple(sorted(found, key=_rank))


def _rank(one: Stated) -> tuple[int, bool, int]:
    """Where a claim stands: those that are made differently first, and then what most say; a full name says more."""
    full = len(one.marks) // 3 if one.kind == "name" and " " in one.text else 0
    return _ORDER[one.kind], not one.others, -len(one.tellers) - full


_ORDER = {"figure": 0, "name": 1, "date": 2, "quote": 3}


def _marks(count: int, tellers: Sequence[int] | set[int], differing: set[int] = frozenset()) -> tuple[Mark, ...]:  # type: ignore[assignment]
    return tuple("stated" if i in tellers else "differs" if i in differing else "absent" for i in range(count))


def _key(claim: Claim) -> tuple[str, str, str]:
    """What two figures have in common that are one; a small number is one with what it counts only."""
    small = claim.kind == "number" and float(claim.key) < _SMALL
    return claim.kind, claim.key, claim.counted.lower().rstrip("s") if small else ""


def _figures(sides: Sequence[Statements], contested: Sequence[Contested]) -> Iterator[Stated]:
    groups: dict[tuple[str, str, str], dict[int, Claim]] = defaultdict(dict)
    for number, side in enumerate(sides):
        for claim in side.figures:
            if claim.kind not in ("date", "year") and (claim.counted or claim.kind != "number"):
                held = groups[_key(claim)].setdefault(number, claim)
                if len(claim.text) > len(held.text):
                    groups[_key(claim)][number] = claim
    odd: dict[tuple[str, str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for one in contested:
        if one.how in ("disagreement", "development") and one.first.claim.kind not in ("date", "year", "name"):
            for mention in (one.first, one.second):
                groups[_key(mention.claim)].setdefault(mention.text_number, mention.claim)
            odd[_key(one.first.claim)].append(_key(one.second.claim))
    told: set[tuple[str, str, str]] = set()
    for key, others in odd.items():
        if key in told:
            continue
        others = [other for other in dict.fromkeys(others) if other not in told and other != key]
        told.update((key, *others))
        said = tuple((_text(groups[other]), tuple(sorted(groups[other]))) for other in others)
        differing = {number for _, numbers in said for number in numbers} - groups[key].keys()
        yield Stated("figure", _text(groups[key]), _marks(len(sides), groups[key].keys(), differing), others=said)  # type: ignore[arg-type]
    for key, group in groups.items():
        if key not in told and len(group) > 1:
            yield Stated("figure", _text(group), _marks(len(sides), set(group)))


def _text(group: dict[int, Claim]) -> str:
    """The commonest wording of a figure, and of those the longest."""
    counts = Counter(claim.text for claim in group.values())
    return max(counts, key=lambda text: (counts[text], len(text), text))


def _names(sides: Sequence[Statements]) -> Iterator[Stated]:
    """Names, a person's or a place's longest one; that a text has its last word is enough."""
    counts: Counter[str] = Counter()
    wordings: dict[str, Counter[str]] = defaultdict(Counter)
    roles: dict[str, Counter[str]] = defaultdict(Counter)
    for side in sides:
        here: dict[str, None] = {}
        for claim in side.names:
            last = claim.key.rsplit(" ", 1)[-1]
            if last in _WEEKDAYS or last in MONTHS_OF_SEVEN_LANGUAGES or len(last) < 3:
                continue
            here[last] = None
            if len(claim.text.split()) < 5:
                wordings[last][claim.text] += 1
            if role := _role(side.sentences[claim.sentence], claim):
                roles[last][role] += 1
        counts.update(list(here))
    for last, count in counts.most_common(_NAMES):
        tellers = {i for i, side in enumerate(sides) if count > 1 and side.says(last)}
        if len(tellers) > 1:
            name = _wording(wordings[last]) or last
            role = roles[last].most_common(1)[0][0] if roles[last] and " " in name else ""
            yield Stated("name", name, _marks(len(sides), tellers), role)


def _wording(counts: Counter[str]) -> str:
    """The commonest wording of a name; a full one need be but half as common as its last word alone."""
    return max(counts.items(), key=lambda item: (item[1] * (2 if " " in item[0] else 1), len(item[0])))[0] if counts else ""


def _role(sentence: str, claim: Claim) -> str:
    """What a name is said to be, where it stands: behind it, between commas, or in front of it."""
    after = _ROLE.match(sentence[claim.start + len(claim.text) :])
    if after and not _VERBS.match(after[1]):
        return after[1]
    before = _TITLE.search(sentence[max(0, claim.start - 40) : claim.start])
    return before[1] if before else ""


_WEEKDAYS = frozenset(day.lower() for day in ENGLISH_WEEKDAYS)


def _dates(sides: Sequence[Statements]) -> Iterator[Stated]:
    groups: dict[str, dict[int, str]] = defaultdict(dict)
    for number, side in enumerate(sides):
        for claim in side.figures:
            if claim.kind == "date" and len(claim.text) > len(groups[claim.key].get(number, "")):
                groups[claim.key][number] = claim.text
    for group in groups.values():
        if len(group) > 1:
            yield Stated("date", max(group.values(), key=len).rstrip("."), _marks(len(sides), set(group)))


def _quotes(sides: Sequence[Statements]) -> Iterator[Stated]:
    told: set[str] = set()
    for side in sides:
        for quote in quotations("\n".join(side.sentences))[:_QUOTES]:
            words = texts.words(quote)
            flat = " ".join(words)
            if len(words) < _QUOTED or any(flat in other or other in flat for other in told):
                continue
            tellers = {i for i, other in enumerate(sides) if other.says(flat)}
            if len(tellers) > 1:
                told.add(flat)
                yield Stated("quote", quote, _marks(len(sides), tellers))


def spelt(contested: Sequence[Contested]) -> Iterator[tuple[Mention, Mention]]:
    """Names in two spellings."""
    return ((one.first, one.second) for one in contested if one.how == "spelling")
