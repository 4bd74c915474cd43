"""Dates as scrapers write them; months, weekdays and dates in texts of many languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.resources import files

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


@cache
def months() -> dict[str, int]:
    """The months, 1 to 12, by their names in some 60 languages, in lower case."""
    return _calendar(slice(1, 13))


@cache
def weekdays() -> dict[str, int]:
    """The weekdays, 1 to 7 from Monday, by their names in some 60 languages, in lower case."""
    return _calendar(slice(13, 20))


def _calendar(cells: slice) -> dict[str, int]:
    """What scripts/calendar_words.py wrote."""
    rows = (files("cleaner") / "data" / "calendar.txt").read_text(encoding="utf-8").splitlines()
    return {
        word: number
        for row in rows
        for number, words in enumerate(row.split("\t")[cells], 1)
        for word in filter(None, words.split(","))
    }


DATELINE = 400  # code points in which a full date is that of the event, or of the article

_YEAR = r"((?:19|20)\d\d)"
_ANY_YEAR = re.compile(_YEAR)
_OF = r"(?:(?:de|del|do|of|tháng)\s)?"
_NAME = r"([^\W\d_]{3,12})"
_FULL = re.compile(
    rf"(?<![\w-]){_YEAR}-(\d\d)-(\d\d)(?!\d)"
    rf"|(?<!\d){_YEAR}\s?[年년]\s?(\d{{1,2}})\s?[月월]\s?(\d{{1,2}})\s?[日일]"
    rf"|(?<![\d.,/-])(\d{{1,2}})[./-](\d{{1,2}})[./-]{_YEAR}(?!\d)"
    rf"|(?<![\d.,])(\d{{1,2}})(?:st|nd|rd|th|er|[.ºª])?\s{_OF}{_NAME}\.?,?\s{_OF}{_YEAR}(?!\d)"
    rf"|(?<!\w){_NAME}\.?\s(\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}(?!\d)"
)


def full_date(text: str) -> date | None:
    """The first full date in a text, in any of the languages whose months are known."""
    if not _ANY_YEAR.search(text):  # as in most openings, which is seen ten times as fast
        return None
    for match in _FULL.finditer(text):
        found = [group for group in match.groups() if group is not None]
        number = [int(group) if group.isdecimal() else months().get(group.lower(), 0) for group in found]
        if match[7]:  # day and month, or the other way round where that alone is a date
            day, month, year = number if number[1] <= 12 else (number[1], number[0], number[2])
        elif match[10]:
            day, month, year = number
        elif match[13]:
            month, day, year = number
        else:
            year, month, day = number
        with suppress(ValueError):
            return date(year, month, day)
    return None


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


def moment_of(value: object, day_first: bool | None = None) -> str | None:
    """The same with the time of day where it has one, in ISO 8601: what `date_of` reads, and `instant_of` puts in order."""
    if value is None:
        return None
    if isinstance(value, str) and value[4:5] == value[7:8] == "-":  # nearly all are such, and this is fast
        try:
            datetime.fromisoformat(value)
            return value
        except ValueError:
            pass
    day = date_of(value, day_first)
    if day is None:
        return None
    text = str(value).strip()
    with suppress(ValueError):
        datetime.fromisoformat(text)
        return text
    with suppress(ValueError, OverflowError):
        return datetime.fromtimestamp(_seconds(float(text)), UTC).isoformat()
    with suppress(ValueError, TypeError):
        found = parsedate_to_datetime(text)
        if found.date().isoformat() == day:
            return found.isoformat()
    return day


_DATE_ALONE = re.compile(r"[\d-]+|\d{4}-?W[\d-]+")


def instant_of(value: object) -> float | None:
    """An ISO 8601 date or time as seconds since 1970, or None where it cannot be read as one. A date alone is the end of the
    day, for nothing says that it was earlier; a time without a zone is taken for UTC."""
    if not isinstance(value, str):
        return None
    try:
        stated = value.strip()
        found = datetime.fromisoformat(stated)
        found = datetime.combine(found, time.max) if _DATE_ALONE.fullmatch(stated) else found
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


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
    seconds = _seconds(number)
    return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds in _EPOCH else None


def _seconds(number: float) -> int:
    return int(number) if int(number) in _EPOCH else int(number // 1000)


def _day(year: str, month: str | int, day: str | int) -> str | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < _PIVOT else 1900
    try:
        return date(number, int(month), int(day)).isoformat()
    except ValueError:
        return None


_PIVOT = 69  # two digits below it are of this century, as in POSIX
