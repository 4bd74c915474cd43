"""Figures where they stand: what is counted, what happened to it, and the words, places and years around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from cleaner import text as texts
from cleaner.dates import ENGLISH_WEEKDAYS, MONTHS_OF_SEVEN_LANGUAGES, weekdays
from cleaner.diff.claims import Claim
from cleaner.diff.tokens import counted_words, topic_words
from cleaner.diff.vocabulary import ALIKE, ANYBODY, FATES, HEDGES, SCALES, UNITS

_NEAR = 70  # characters on either side of a figure that say what it is of
_CLOSE = 30  # and what is right beside it
_FATE = 45  # and in which it says what happened to those who are counted
_PLACE = re.compile(
    r"\b(?:in|at|near|of|em|en|na|no|à|bei|nel|nella|of the|from)\s((?:[^\W\d_a-z][\w'’-]+(?:\s(?=[^\W\d_a-z]))?)+)"
    r"|\b([A-Z][\w'’-]+)['’]s\s"
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_CLAUSE = re.compile(r"[;:()]|,\s|\s(?:and|while|but|e|und|et|y)\s")
# What cleaning would have taken: tweets, tables, players, calls.
_NO_PROSE = re.compile(
    r"@\w|://|pic\.twitter|\bSHARE\b|\bShare\b.*\bEmail\b"
    r"|^(?:Last )?[Uu]pdated|^Posted|\bMedia caption\b|//|©|\bCopyright\b|^MUST "
)
_POLL = re.compile(
    r"\b(?:polls?|survey(?:ed|s)?|polling|pesquisa|sondagem|encuesta|sondeo|sondage|Umfrage|sondaggio|peiling"
    r"|Index|stocks?|shares|Dow|Nasdaq|barrel|ounce|Bovespa|cổ phiếu|phiên|khối ngoại|giao dịch|HOSE|HNX)\b",
    re.IGNORECASE,
)
_SHORT = 2  # digits
_DENSE = 5  # words a figure: where more than one word in so many is a figure, it is a table
_LINE = 4  # words: a line of fewer says nothing

_NAME = re.compile(r"\b[^\W\d_a-z][^\W\d_]+")
_THEN = re.compile(
    r"\bago\b|\blast (?:year|month)"
    r"|\b(?:previously|originally|initially|há \w+ anos|hace \w+ años|il y a \w+ ans|vor \w+ Jahren)\b"
)
_HOUR = re.compile(r"\b(\d{1,2})(?:h\b|:\d\d|\s(?:horas|heures|Uhr|o'clock)|\s?[ap]\.?m\b)")
_SLOT = re.compile(r"\b(from|between|von|desde|down from|up from)\s(?:\w+['’]s\s)?$")
_OBJECT = re.compile(
    r"\s?(?:of|in|for|worth of|de|em|di|von|des|der)\s(?:the\s|its\s|their\s|a\s)?([^\W\d_]{3,}(?:\s[^\W\d_]{3,})?)"
)

_COMMON = """about above according after also because been before being between both could does during each even ever every
first from have into just last less like made make many more most much must never next only other over same segundo said
says should since some still such than that their them then there these they this those through under until very were what
when where which while whose will with within without would your menos meno mais para pela pelo como mas sobre entre desde"""
_NO_TOPIC = (
    UNITS
    | SCALES.keys()
    | {word for words in HEDGES.values() for word in re.findall(r"\w+", words)}
    | {*_COMMON.split(), "percent", "dollar"}
)
_DAYS = frozenset(day.lower() for day in ENGLISH_WEEKDAYS)
_CURRENCIES = {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen", "usd": "dollar", "dólare": "dollar"}


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """A claim of the text of a number, with its sentence. `heads` are the words that say what is counted, `fate` what
    happened to it, `around` and `topic` the words around it and of the whole sentence, `prose` whether that is one."""

    claim: Claim
    text_number: int
    sentence: str
    heads: frozenset[str] = frozenset()
    fate: str = ""
    around: frozenset[str] = frozenset()
    topic: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()
    hours: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    prose: bool = True
    slot: str = ""  # "from" where it is what something was before
    of: frozenset[str] = frozenset()  # what an amount or a share is of
    close: frozenset[str] = frozenset()  # the words right beside it
    owner: frozenset[str] = frozenset()  # the name that it is beside
    crowded: bool = False  # whether its sentence has more figures of its kind
    poll: bool = False  # whether it is of one of many surveys, or of a market
    then: bool = False  # whether its sentence speaks of another time than that of its text

    @classmethod
    def of_name(cls, claim: Claim, sentence: str, number: int) -> Mention:
        """A name where it stands."""
        return cls(claim, number, sentence)

    @property
    def currency(self) -> str:
        """What money is counted in."""
        word = self.claim.counted.lower().rstrip("s")
        return _CURRENCIES.get(word, word)

    @property
    def subjects(self) -> Iterator[tuple[str, str]]:
        """What it may be compared with: those of one of these."""
        if self.claim.kind != "number":
            yield self.claim.kind, ""
            return
        # A figure that is long is rare enough to be known without what it counts.
        for head in self.heads or (self.around if self.claim.key.isdigit() and len(self.claim.key) > _SHORT else ()):
            yield "number", head
        if self.fate and (not self.heads or self.heads & ANYBODY):
            yield "fate", self.fate


def mentions(
    sentences: Sequence[str], topics: Sequence[frozenset[str]], figures: Sequence[Claim], number: int
) -> list[Mention]:
    """The figures of a text where they stand."""
    several = Counter(claim.sentence for claim in figures)
    alike = Counter(map(_likes, figures))
    shared = {i: _shared(sentences[i], count) for i, count in several.items()}
    return [
        replace(
            _mention(claim, sentences[claim.sentence], topics[claim.sentence], number, shared[claim.sentence]),
            crowded=alike[_likes(claim)] > 1,
        )
        for claim in figures
    ]


def _likes(claim: Claim) -> tuple[int, str, frozenset[str]]:
    return claim.sentence, claim.kind, frozenset(counted_words(claim.counted))


class _Shared(NamedTuple):
    """What the figures of a sentence have in common."""

    places: frozenset[str]
    years: frozenset[str]
    hours: frozenset[str]
    weekdays: frozenset[int]
    prose: bool
    poll: bool
    then: bool


def _shared(sentence: str, figures: int) -> _Shared:
    known = weekdays()
    return _Shared(
        _places(sentence),
        frozenset(_YEAR.findall(sentence)),
        frozenset(hour.lstrip("0") for hour in _HOUR.findall(sentence)),
        frozenset(known[word] for word in texts.words(sentence) if word in known),
        _prose(sentence, figures),
        bool(_POLL.search(sentence)),
        bool(_THEN.search(sentence)),
    )


def _mention(claim: Claim, sentence: str, topic: frozenset[str], number: int, shared: _Shared) -> Mention:
    end = claim.start + len(claim.text)
    before, after = sentence[max(0, claim.start - 20) : claim.start], sentence[end : end + 60]
    slot, of = _SLOT.search(before), _OBJECT.match(after) if claim.kind in ("money", "percent") else None
    return Mention(
        claim,
        number,
        sentence,
        _heads(claim),
        _fate(sentence, claim),
        _around(sentence, claim) & topic,
        topic - _NO_TOPIC,
        shared.places,
        frozenset() if claim.kind in ("year", "date") else shared.years,
        frozenset() if claim.kind == "time" else shared.hours,
        shared.weekdays,
        shared.prose,
        slot[1].split()[-1] if slot else "",
        topic_words(texts.words(of[1])) if of else frozenset(),
        _around(sentence, claim, _CLOSE) & topic,
        frozenset(
            word.lower() for word in _NAME.findall(f"{sentence[max(0, claim.start - 14) : claim.start]} | {after[:16]}")
        ),
        poll=shared.poll,
        then=shared.then,
    )


def _heads(claim: Claim) -> frozenset[str]:
    """What a figure counts, and what else that may be called."""
    words = counted_words(claim.counted) if claim.kind == "number" else set()
    return frozenset(words | {ALIKE[word] for word in words if word in ALIKE})


def _places(sentence: str) -> frozenset[str]:
    return frozenset(
        word
        for match in _PLACE.finditer(sentence)
        for word in texts.words(match[1] or match[2])
        if len(word) > 2 and word not in MONTHS_OF_SEVEN_LANGUAGES and word not in _DAYS
    )


def _prose(sentence: str, figures: int) -> bool:
    words = len(sentence.split())
    return words > _LINE and words > _DENSE * (figures - 1) and not _NO_PROSE.search(sentence)


def _around(sentence: str, claim: Claim, reach: int = _NEAR) -> frozenset[str]:
    end = claim.start + len(claim.text)
    before = sentence[max(0, claim.start - reach) : claim.start]
    after = sentence[end : end + reach]
    # Words that are cut in two say nothing.
    before = before.split(" ", 1)[-1] if claim.start > reach else before
    after = after.rsplit(" ", 1)[0] if end + reach < len(sentence) else after
    return topic_words(texts.words(f"{before} {claim.text} {after}")) - _NO_TOPIC


def _fate(sentence: str, claim: Claim) -> str:
    """What happened to those who are counted, as far as their clause says so: the nearest word that does."""
    end = claim.start + len(claim.text)
    after = _CLAUSE.split(sentence[claim.start : end + _FATE])[0]
    before = _CLAUSE.split(sentence[max(0, claim.start - _FATE) : claim.start])[-1]
    behind = [FATES[word] for word in texts.words(after) if word in FATES]
    if behind:
        return behind[0]
    ahead = [FATES[word] for word in texts.words(before) if word in FATES]
    return ahead[-1] if ahead else ""
