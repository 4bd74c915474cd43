"""Dates as scrapers write them, and the names of months and weekdays: which are known, by those who look for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

# The months of claims: by name, in English (and its short forms), German, French, Spanish, Italian, Portuguese and Dutch.
MONTHS_OF_SEVEN_LANGUAGES = {
    name: number
    for row in """
        january february march april may june july august september october november december
        jan feb mar apr may jun jul aug sept oct nov dec
        januar februar märz april mai juni juli august september oktober november dezember
        janvier février mars avril mai juin juillet août septembre octobre novembre décembre
        enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
        gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
        janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
        januari februari maart april mei juni juli augustus september oktober november december
        """.strip().split("\n")
    for number, name in enumerate(row.split(), 1)
} | {"sep": 9}

# The months of an event's date: English alone, as a pattern whose group begins with one of the three-letter forms.
ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ENGLISH_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)

ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_YEAR_FIRST = re.compile(r"(\d{4})(?:-(\d\d?)-|/(\d\d?)/|\.(\d\d?)\.|年(\d\d?)月)(\d\d?)(?!\d)")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T\d{4,6}|$)")
_DOTTED = re.compile(r"(\d\d?)\. ?(\d\d?)\. ?(\d{4}|\d\d)(?!\d)")
_SLASHED = re.compile(r"(\d\d?)([/-])(\d\d?)\2(\d{4}|\d\d)(?!\d)")
_MONTH_NAME = "|".join(sorted(MONTHS_OF_SEVEN_LANGUAGES, key=len, reverse=True))
_NAMED = re.compile(
    rf"(?:[^\W\d]+\.?,? )?(?:(?P<day>\d\d?)(?:st|nd|rd|th|\.)?(?: de)?[ -](?P<month>{_MONTH_NAME})\.?,?(?: de)?[ -]"
    rf"|(?P<month2>{_MONTH_NAME})\.? (?P<day2>\d\d?)(?:st|nd|rd|th)?,? )(?P<year>(?:19|20)\d\d|\d\d(?= \d\d?:))\b",
    re.IGNORECASE,
)
# Seconds since 1970 that lie in the years 1990 to 2099; outside them a number is more likely something else.
_EPOCH = range(631_152_000, 4_102_444_800)


def date_of(value: object, day_first: bool | None = None) -> str | None:
    """The day of a date as scrapers write it, as YYYY-MM-DD, or None where it cannot be read as one.

    Read are ISO 8601 (with or without a time and a zone; `/` and `.` too), RFC 822, `06.09.2017`, seconds and
    milliseconds since 1970 (in UTC), and names of months in seven languages. A time's zone is left as it is: the day is the
    one that was written. `1/4/19` is read where `day_first` says which of the two is the day, `13/4/19` in any case.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_epoch(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if text.isdecimal() and text.isascii() and len(text) != len("20240318"):
        return _of_epoch(int(text)) if len(text) < _LONGEST_NUMBER else None
    if found := _YEAR_FIRST.match(text):
        year, *months, day = found.groups()
        return _day(year, next(month for month in months if month), day)
    if found := _COMPACT.match(text):
        return _day(*found.groups())
    if found := _DOTTED.match(text):
        return _day(found[3], found[2], found[1])
    if found := _SLASHED.match(text):
        return _of_two(int(found[1]), int(found[3]), found[4], day_first)
    if found := _NAMED.match(text):
        month = found["month"] or found["month2"]
        return _day(found["year"], MONTHS_OF_SEVEN_LANGUAGES[month.lower()], found["day"] or found["day2"])
    try:
        return datetime.fromisoformat(text).date().isoformat()  # by weeks, say
    except ValueError:
        return None


_LONGEST_NUMBER = 18  # digits


def day_first(values: Iterable[str]) -> bool | None:
    """Whether dates such as 13/4/19 put the day first, by those that can be read in one way only; None where they do not
    tell, or not the same."""
    found = set()
    for value in values:
        if match := _SLASHED.match(value.strip()):
            first, second = int(match[1]), int(match[3])
            if (first > 12) != (second > 12):
                found.add(first > 12)
    return found.pop() if len(found) == 1 else None


def _of_two(first: int, second: int, year: str, day_first: bool | None) -> str | None:
    """The day of a date of which it must be told which number is the day, if it is not plain."""
    if first > 12 or second > 12 or first == second:
        day_first = first > 12
    if day_first is None:
        return None
    return _day(year, second, first) if day_first else _day(year, first, second)


def _of_epoch(number: float) -> str | None:
    if number in (float("inf"), float("-inf")) or number != number:
        return None
    seconds = int(number) if int(number) in _EPOCH else int(number // 1000)
    return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds in _EPOCH else None


def _day(year: str, month: str | int, day: str | int) -> str | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < _PIVOT else 1900
    try:
        return date(number, int(month), int(day)).isoformat()
    except ValueError:
        return None


_PIVOT = 69  # two digits below it are of this century, as in POSIX
