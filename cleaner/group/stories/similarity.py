"""How likely two articles are to tell the same event: what speaks for it, weighed.

The log odds of a pair are a weighted sum (see WEIGHTS_OF) of roots of cosines, which mean the same however often events are
told, and of what the articles say of their days. How often they are told in this collection then shifts them all
(`shift_here`): where few pairs are likely, a likely one is rather a look-alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cleaner.fingerprint.words import Indexes
from cleaner.group.stories.dates import WEEK, days_apart_odds
from cleaner.group.stories.features import CHAR_NGRAMS, NAMED, NAMES, QUOTES, WEIGHTS, WORDS, StoryFeatures
from cleaner.group.stories.rows import KINDS, Floats, Rows
from cleaner.group.stories.weights import DocumentFrequencies

BESIDE_NAMES = 1.5  # times the cosine of what is told beside the names is the most that these may count


class Coefficients(NamedTuple):
    """What each piece of evidence counts in log odds. Made by scripts/fit_stories.py."""

    char_ngrams: float
    names: float
    words: float
    quotes: float
    heaviest: float
    other_weekdays: float
    same_weekday: float
    same_first_weekday: float
    days_apart: float
    other_numbers: float
    other_date: float
    two_contradictions: float
    intercept: float


COEFFICIENTS = Coefficients(7.09, 1.91, 1.70, 1.17, 1.50, -0.71, 0.44, 0.90, 1.16, -2.15, -0.49, -0.95, -5.71)

# The mean number of likely partners of an article shifts the log odds by DENSITY times its logarithm. It is estimated as if
# USUAL articles with USUAL_PARTNERS each stood beside the collection's own, which keeps small ones steady.
DENSITY = 0.7
USUAL, USUAL_PARTNERS = 20, 0.5
_FLOOR = 0.3  # partners: what is told once in every case is not impossible to be told twice
_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Similarities:
    """What speaks for a pair being one story: one value a pair; cosines are 0 to 1, of weekdays it is 0 or 1."""

    char_ngrams: Floats
    names: Floats
    words: Floats
    quotes: Floats
    heaviest: Floats  # the share of the weight of the HEAVIEST terms of either one that the other one has too
    other_weekdays: Floats  # both name some, and no day is the same
    same_weekday: Floats
    same_first_weekday: Floats
    days_apart: Floats  # log odds, see days_apart_odds; 0 where one is not dated

    def columns(self) -> Floats:
        """One row a pair, in the order of the first of COEFFICIENTS."""
        cosines = (self.char_ngrams, self.names, self.words, self.quotes)
        days = (self.heaviest, self.other_weekdays, self.same_weekday, self.same_first_weekday, self.days_apart)
        return np.stack([*map(np.sqrt, cosines), *days], axis=1)


class TfidfVectors:
    """The articles of a collection as tf-idf vectors, and their dates; the frequencies are the collection's own, unless
    others are given. `published` are the articles' days, 0 where unknown; and not all are `long_enough` to tell an event."""

    def __init__(self, features: Sequence[StoryFeatures], frequencies: DocumentFrequencies | None = None) -> None:
        sizes, dates = zip(*((len(one.terms), one.dates) for one in features), strict=True) if len(features) else ((), ())
        self.long_enough = np.array(sizes, dtype=np.int64) > 0
        self.published = np.array([when.published for when in dates], dtype=np.int64)
        self._weekdays = np.array([when.weekdays for when in dates], dtype=np.float32).reshape(-1, 7)
        self._days_apart = days_apart_odds(self.published)
        # An index's counts are of its last weeks alone: of the days around as they are.
        self._rows = Rows(features, frequencies, self.published * (self.long_enough & (frequencies is None)))

    def similarities(self, a: Indexes, b: Indexes) -> Similarities:
        """The similarities of each pair (a[i], b[i])."""
        dots, heaviest = self._rows.compared(a, b)
        squares = WEIGHTS**2

        def cosine(weights: Floats, otherwise: Floats) -> Floats:
            own = self._rows.squares @ weights
            lengths = np.sqrt(own[a] * own[b])
            return np.clip(np.divide(dots @ weights, lengths, out=otherwise.copy(), where=lengths > 0), 0, 1)

        both = (self._weekdays[a].any(axis=1)) & (self._weekdays[b].any(axis=1))
        # Where both articles are dated, in one week, a weekday is a day: the last one of that name.
        dated = (self.published[a] > 0) & (self.published[b] > 0) & (np.abs(self.published[a] - self.published[b]) < WEEK)
        week = np.arange(1, 8)  # ordinal 1 was a Monday
        days = [self.published[i][:, None] - (self.published[i][:, None] - week) % 7 for i in (a, b)]
        same_day = ~dated[:, None] | (days[0] == days[1])
        shared = ((self._weekdays[a] > 0) & (self._weekdays[b] > 0) & same_day).any(axis=1)
        first = self._weekdays[a].argmax(axis=1) == self._weekdays[b].argmax(axis=1)
        known = (self.published[a] > 0) & (self.published[b] > 0)
        apart = np.minimum(np.abs(self.published[a] - self.published[b]), len(self._days_apart) - 1)
        kinds = np.arange(KINDS)
        terms = cosine(squares, np.zeros(len(a)))
        beside = cosine((kinds == WORDS).astype(np.float64), terms)
        # No names, as in a script without capitals, say nothing.
        names = cosine((kinds == NAMES).astype(np.float64), terms)
        return Similarities(
            cosine((kinds == CHAR_NGRAMS).astype(np.float64), np.zeros(len(a))),
            # Reports of one court on one day have its name, its town's and its spokesman's in common, and nothing else.
            np.minimum(names, BESIDE_NAMES * beside),
            cosine(np.isin(kinds, (WORDS, NAMED)).astype(np.float64), terms),
            cosine((kinds == QUOTES).astype(np.float64), np.zeros(len(a))),
            heaviest,
            (both & ~shared).astype(np.float64),
            shared.astype(np.float64),
            (shared & first).astype(np.float64),
            np.where(known, self._days_apart[apart], 0.0),
        )


def log_odds(found: Similarities) -> Floats:
    """For each pair the log odds that it tells one event, as far as nothing contradicts it."""
    columns = found.columns()
    total: Floats = COEFFICIENTS.intercept + columns @ np.array(COEFFICIENTS[: columns.shape[1]])
    return total


class Partners(NamedTuple):
    """How many likely partners some articles have in all, and how many these are."""

    likely: float = 0.0
    articles: float = 0.0


def shift_here(odds: Floats, count: int) -> float:
    """What to add to the log odds of the pairs of `count` articles, given how often events are told among these."""
    return told_often(partners_among(odds, count))


def told_as_here(odds: Floats, count: int) -> Floats:
    """The log odds of the pairs of `count` articles, given how often events are told among these."""
    return odds + shift_here(odds, count)


def partners_among(odds: Floats, count: int, before: Partners = Partners()) -> Partners:  # noqa: B008 (it is frozen)
    """The partners of `count` articles by the log odds of their pairs, beside those of others `before`."""
    found = before
    for _ in range(_ROUNDS):
        likely = 2 * float(logistic(odds + told_often(found)).sum())
        now, known = _mean(Partners(before.likely + likely, before.articles + count)), _mean(found)
        mean = (known + now) / 2
        found = Partners(mean * (before.articles + count + USUAL) - USUAL * USUAL_PARTNERS, before.articles + count)
    return found


def _mean(found: Partners) -> float:
    """The mean number of partners, as if the usual ones stood beside."""
    return (found.likely + USUAL * USUAL_PARTNERS) / (found.articles + USUAL)


def told_often(found: Partners) -> float:
    """What is added to the log odds where articles have so many partners."""
    return DENSITY * float(np.log((_mean(found) + _FLOOR) / (USUAL_PARTNERS + _FLOOR)))


def logistic(odds: Floats) -> Floats:
    """Log odds as a likelihood, 0 to 1."""
    likely: Floats = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
    return likely
