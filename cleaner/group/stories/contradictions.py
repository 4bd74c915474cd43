"""What speaks against a likely pair: events of one kind, with other dates, places or numbers, are different events.

Two articles that are alike enough to be one story are compared by what they count, whom and where they name first, and which
dates they open with.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from cleaner.fingerprint.words import Indexes
from cleaner.group.stories.dates import EventDates, days_apart, same_weekday, weekday_names
from cleaner.group.stories.features import KIND_SHIFT, NAMES, NUMBERS, StoryFeatures
from cleaner.group.stories.similarity import Floats

# Log odds, by how many of three contradict: numbers (of the units that both count, at least half have others), names (none
# of either's first names stands in the other), weekdays (both name some, and no day is the same). One alone is common
# among tellings of one event, two are not.
PENALTIES = (0.0, 0.0, -4.5, -6.0)
DATE_PENALTY = -5.0  # dates in their openings that are more than FAR_DAYS apart
# Of log odds beyond FULL_ODDS only a part counts, or nothing would outweigh them.
FULL_ODDS, PART_BEYOND = 3.0, 0.1

NAMES_COMPARED = 3
FAR_DAYS = 31
PLAUSIBLE = -4.0  # log odds below which a pair is no story, whatever it says

Apart = tuple[tuple[str, str, str], ...]


class _Details:
    """What an article says of its event that another event of the kind would not share."""

    __slots__ = ("dates", "names", "numbers", "terms")

    def __init__(self, features: StoryFeatures) -> None:
        self.terms = set(features.terms.tolist())
        self.names = [term for term, _ in features.labels if term >> KIND_SHIFT == NAMES][:NAMES_COMPARED]
        self.numbers = numbers_by_unit(features)
        self.dates = features.dates


def numbers_by_unit(features: StoryFeatures) -> dict[str, set[str]]:
    """The numbers that an article gives of each unit."""
    found: dict[str, set[str]] = {}
    for term, label in features.labels:
        number, _, unit = label.partition(" ")
        if term >> KIND_SHIFT == NUMBERS and unit:
            found.setdefault(unit.lower(), set()).add(number)
    return found


def penalise(features: Sequence[StoryFeatures], a: Indexes, b: Indexes, odds: Floats) -> Floats:
    """The log odds of the pairs, less what contradicts them."""
    details: dict[int, _Details] = {}
    revised = odds.copy()
    for place in np.flatnonzero(odds > PLAUSIBLE).tolist():
        i, j = int(a[place]), int(b[place])
        for k in (i, j):
            if k not in details:
                details[k] = _Details(features[k])
        beyond = max(0.0, revised[place] - FULL_ODDS)
        revised[place] += _penalty(details[i], details[j]) - (1 - PART_BEYOND) * beyond
    return revised


def _penalty(a: _Details, b: _Details) -> float:
    units = a.numbers.keys() & b.numbers.keys()
    contradictions = [
        bool(units) and 2 * sum(bool(a.numbers[unit] & b.numbers[unit]) for unit in units) <= len(units),
        bool(a.names and b.names) and not any(name in y.terms for x, y in ((a, b), (b, a)) for name in x.names),
        any(a.dates.weekdays) and any(b.dates.weekdays) and not same_weekday(a.dates, b.dates),
    ]
    return PENALTIES[sum(contradictions)] + DATE_PENALTY * _far(a.dates, b.dates)


def _far(a: EventDates, b: EventDates) -> bool:
    return bool(a.in_text and b.in_text and abs(a.in_text - b.in_text) > FAR_DAYS)


def apart(a: StoryFeatures, b: StoryFeatures, window: int) -> Apart:
    """What two articles say differently about when it was and how many there were: (what, the first's, the second's)."""
    found = []
    if days_apart(a.dates, b.dates) > window:
        found.append(("dates", _iso(a.dates.published), _iso(b.dates.published)))
    if _far(a.dates, b.dates):
        found.append(("dates in the text", _iso(a.dates.in_text), _iso(b.dates.in_text)))
    first, second = weekday_names(a.dates.weekdays), weekday_names(b.dates.weekdays)
    if first and second and not same_weekday(a.dates, b.dates):
        found.append(("days of the week", ", ".join(first), ", ".join(second)))
    ours, theirs = numbers_by_unit(a), numbers_by_unit(b)
    for unit in sorted(ours.keys() & theirs.keys()):
        if not ours[unit] & theirs[unit]:
            found.append((f"numbers of {unit}", ", ".join(sorted(ours[unit])), ", ".join(sorted(theirs[unit]))))
    return tuple(found)


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
