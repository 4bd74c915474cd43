"""What a text states, and what several texts all state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleaner import text as texts
from cleaner.dates import ENGLISH_WEEKDAYS
from cleaner.diff.claims import Claim, figures, names, quotations
from cleaner.diff.mentions import Mention, mentions
from cleaner.diff.tokens import topic_words

_MOST = 300  # figures, or names, of one text that are looked at: each is held against each of another
_LISTED = 100  # names, or quotations, that all texts have and that are listed
_WEEKDAYS = frozenset(day.lower() for day in ENGLISH_WEEKDAYS)


@dataclass(frozen=True, slots=True)
class Statements:
    """What a text, given as sentences, states: made once a text by `stated_in`."""

    sentences: Sequence[str]
    figures: tuple[Claim, ...]
    names: tuple[Claim, ...]
    topics: tuple[frozenset[str], ...]  # the words of each sentence that say what it is about
    flat: str  # its words, for looking up a run of them
    mentions: Sequence[Mention] = ()  # its figures where they stand

    def says(self, words: str) -> bool:
        """Whether it has a run of words, in small letters with a space between."""
        return f" {words} " in self.flat


def stated_in(sentences: Sequence[str], number: int = 0) -> Statements:
    """What the text of a number states."""
    words = [texts.words(sentence) for sentence in sentences]
    flat = f" {' '.join(word for found in words for word in found)} "
    topics = tuple(map(topic_words, words))
    stated = figures(sentences)[:_MOST]
    return Statements(sentences, stated, names(sentences)[:_MOST], topics, flat, mentions(sentences, topics, stated, number))


@dataclass(frozen=True, slots=True)
class Agreement:
    """What several texts all state, as the first says it; a date with its year, where one has it."""

    dates: tuple[str, ...]
    figures: tuple[str, ...]
    names: tuple[str, ...]
    quotes: tuple[str, ...]


def agreement(sides: Sequence[Statements]) -> Agreement:
    """What all texts state."""
    first, *others = sides
    dates = _common_dates(sides)
    weekdays, names = _common_names(first, others)
    quotes = quotations("\n".join(first.sentences))[:_LISTED]
    return Agreement(
        (*dates, *weekdays),
        _common_figures(sides, dates),
        names,
        tuple(quote for quote in quotes if all(other.says(" ".join(texts.words(quote))) for other in others)),
    )


def _common_claims(sides: Sequence[Statements]) -> list[Claim]:
    """The dates and figures of all texts, text by text, without what one of them lacks."""
    common = set.intersection(*({(claim.kind, claim.key) for claim in side.figures} for side in sides))
    return [claim for side in sides for claim in side.figures if (claim.kind, claim.key) in common]


def _common_dates(sides: Sequence[Statements]) -> tuple[str, ...]:
    """The dates of all texts, each in its longest wording."""
    wordings: dict[str, str] = {}
    for claim in _common_claims(sides):
        if claim.kind == "date" and len(claim.text) > len(wordings.get(claim.key, "")):
            wordings[claim.key] = claim.text
    return tuple(wordings.values())


def _common_figures(sides: Sequence[Statements], dates: Iterable[str]) -> tuple[str, ...]:
    """The figures of all texts, each in its first wording, without the years that the dates tell."""
    told = " ".join(dates)
    wordings: dict[tuple[str, str], str] = {}
    for claim in _common_claims(sides):
        if claim.kind != "date":
            wordings.setdefault((claim.kind, claim.key), claim.text)
    return tuple(dict.fromkeys(text for (kind, _), text in wordings.items() if kind != "year" or text not in told))


def _common_names(first: Statements, others: Sequence[Statements]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The weekdays, and the other names, that the first text has and all others say, its commonest first."""
    wordings = {claim.key: claim.text for claim in first.names}
    counts = Counter(claim.key for claim in first.names)
    everywhere = [key for key, _ in counts.most_common() if all(other.says(key) for other in others)]
    listed = [key for key in everywhere if key not in _WEEKDAYS][:_LISTED]
    return (
        tuple(wordings[key] for key in everywhere if key in _WEEKDAYS),
        tuple(wordings[key] for key in listed if not _within_another(key, listed)),
    )


def _within_another(key: str, names: Iterable[str]) -> bool:
    """Whether a name is but a part of another, longer one."""
    return any(f" {key} " in f" {other} " for other in names if other != key)
