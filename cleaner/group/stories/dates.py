"""When an article says that its event was: its own date, a date in its opening, and the weekdays it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from cleaner.dates import DATELINE, ENGLISH_WEEKDAYS, date_of, full_date

WEEK = 7  # days

# A telling comes a day after another one with LATER, as much again a day later, and so on: so it is in four collections of
# dated tellings (of the same day .55 to .85, a day apart .15 to .35, two .01 to .07). One in DOUBTFUL comes on any day.
LATER = 0.35
DOUBTFUL = 0.1
_FARTHEST = 5  # days apart, beyond which a day more says no more
_PAIRS = 200  # pairs as of one event that are counted beside the collection's own: few articles say little of days


@dataclass(frozen=True, slots=True)
class EventDates:
    """When an article's event was, as far as it says: days as proleptic ordinals, 0 where unknown.

    `published` is the article's own, `in_text` that of the first full date in its opening. `weekdays` has one weight a
    day from Monday, the first mention's the largest, as a vector of length one, or all zero.
    """

    published: int
    in_text: int
    weekdays: tuple[float, ...]


def event_dates(text: str, stated: str | None, named: Sequence[int]) -> EventDates:
    """When the event of a text was, whose article states a date, or does not, and which names some weekdays (1 to 7), in
    order."""
    own = date_of(stated)
    weights = [0.0] * 7
    for place, weekday in enumerate(named):
        weights[weekday - 1] += 1 / (1 + place)
    length = sum(weight * weight for weight in weights) ** 0.5 or 1.0
    published = date.fromisoformat(own).toordinal() if own else 0
    told = full_date(text[:DATELINE])
    return EventDates(published, told.toordinal() if told else 0, tuple(weight / length for weight in weights))


def weekday_names(weekdays: Sequence[float]) -> tuple[str, ...]:
    """The weekdays that an article names, the weightiest first."""
    return tuple(ENGLISH_WEEKDAYS[i] for i in sorted(range(7), key=lambda i: (-weekdays[i], i)) if weekdays[i] > 0)


def days_apart(a: EventDates, b: EventDates) -> int:
    """The days between the dates of two articles; 0 where one of them is not dated."""
    return abs(a.published - b.published) if a.published and b.published else 0


def same_weekday(a: EventDates, b: EventDates) -> bool:
    """Whether two articles name a weekday that is the same day; of the same name where one of them is not dated, or where
    they are a week apart, so that a name says nothing of the day."""
    both = [i for i, (x, y) in enumerate(zip(a.weekdays, b.weekdays, strict=True), 1) if x > 0 and y > 0]
    if not a.published or not b.published or days_apart(a, b) >= WEEK:
        return bool(both)
    return any(a.published - (a.published - i) % 7 == b.published - (b.published - i) % 7 for i in both)


def days_apart_odds(days: NDArray[np.int64]) -> NDArray[np.float64]:
    """For 0, 1, 2, ... days between two dated articles the log odds that they tell one event: how likely its tellings are
    so many days apart against how likely any two of these articles are, of those that are near each other at all. `days` are
    the articles', 0 where unknown."""
    dated = days[days > 0]
    on = np.bincount(dated - dated.min()) if len(dated) else np.zeros(1, dtype=np.int64)
    any_two = [float((on * (on - 1)).sum()) / 2]
    any_two += [float((on[apart:] * on[:-apart]).sum()) for apart in range(1, _FARTHEST + 1)]
    one_event = LATER ** np.arange(_FARTHEST + 1)
    one_event /= one_event.sum()
    chance = (np.array(any_two) + _PAIRS * one_event) / (sum(any_two) + _PAIRS)
    found: NDArray[np.float64] = np.log(((1 - DOUBTFUL) * one_event + DOUBTFUL * chance) / chance)
    return found
