"""Months, weekdays and dates in texts of many languages."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
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
