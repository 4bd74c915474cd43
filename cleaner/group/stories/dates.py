"""When an article says that its event was: its own date, a date in its opening, and the weekdays it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cleaner.dates import ENGLISH_MONTH, ENGLISH_MONTHS, ENGLISH_WEEKDAYS
from cleaner.text import date_of

DATELINE = 400  # code points in which a full date is that of the event, or of the article

_YEAR = r"((?:19|20)\d\d)"
_DATE = re.compile(
    rf"\b(?:{ENGLISH_MONTH} ?(\d{{1,2}})(?:st|nd|rd|th)?,? ?{_YEAR}"
    rf"|(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {ENGLISH_MONTH},? {_YEAR}"
    rf"|{_YEAR}-(\d\d)-(\d\d))\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile("|".join(ENGLISH_WEEKDAYS))


@dataclass(frozen=True, slots=True)
class EventDates:
    """When an article's event was, as far as it says: days as proleptic ordinals, 0 where unknown.

    `published` is the article's own, `in_text` that of the first full date in its opening. `weekdays` has one weight a
    day from Monday, the first mention's the largest, as a vector of length one, or all zero.
    """

    published: int
    in_text: int
    weekdays: tuple[float, ...]


def event_dates(text: str, stated: str | None) -> EventDates:
    """When the event of a text was, whose article states a date, or does not."""
    own = date_of(stated)
    weights = [0.0] * 7
    for place, match in enumerate(_WEEKDAY.finditer(text)):
        weights[ENGLISH_WEEKDAYS.index(match.group())] += 1 / (1 + place)
    length = sum(weight * weight for weight in weights) ** 0.5 or 1.0
    published = date.fromisoformat(own).toordinal() if own else 0
    return EventDates(published, _in_text(text[:DATELINE]), tuple(weight / length for weight in weights))


def _in_text(opening: str) -> int:
    for match in _DATE.finditer(opening):
        first, day, year, day2, second, year2, year3, month3, day3 = match.groups()
        month = ENGLISH_MONTHS.index((first or second)[:3].lower()) + 1 if first or second else int(month3)
        try:
            return date(int(year or year2 or year3), month, int(day or day2 or day3)).toordinal()
        except ValueError:
            continue
    return 0


def weekday_names(weekdays: Sequence[float]) -> tuple[str, ...]:
    """The weekdays that an article names, the weightiest first."""
    return tuple(ENGLISH_WEEKDAYS[i] for i in sorted(range(7), key=lambda i: (-weekdays[i], i)) if weekdays[i] > 0)


def days_apart(a: EventDates, b: EventDates) -> int:
    """The days between the dates of two articles; 0 where one of them is not dated."""
    return abs(a.published - b.published) if a.published and b.published else 0


def same_weekday(a: EventDates, b: EventDates) -> bool:
    """Whether two articles name a weekday that is the same day; where one of them is not dated, of the same name."""
    both = [i for i, (x, y) in enumerate(zip(a.weekdays, b.weekdays, strict=True), 1) if x > 0 and y > 0]
    if not a.published or not b.published:
        return bool(both)
    return any(a.published - (a.published - i) % 7 == b.published - (b.published - i) % 7 for i in both)
