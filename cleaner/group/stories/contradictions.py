"""The second look at look-alikes: events of one kind, with other dates, places or counts, are different events.

Two articles that are alike enough to be one story are compared by what they count, whom and where they name first, and which
dates they open with.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from cleaner.group.stories.dates import Times, same_weekday, weekday_names
from cleaner.group.stories.features import KIND, NAMES, NUMBERS, Described
from cleaner.group.stories.similarity import Floats, Indexes

# Log odds, by how many of three contradict: counts (of the units that both count, half have other numbers), names (none of
# either's first names stands in the other), weekdays (both name some, and no day is the same). One alone is common among
# tellings of one event, two are not. Of the likeness beyond ALIKE only a part counts, or nothing would
# outweigh it.
CONTRADICTIONS = (0.0, 0.0, -4.5, -6.0)
ALIKE, BEYOND = 3.0, 0.1
DATES = -5.0  # dates in their openings that are FAR days apart

NAMED = 3
FAR = 31
LOOKED_AT = -4.0  # log odds below which no second look would change the verdict

Apart = tuple[tuple[str, str, str], ...]


class _Told:
    """What an article says of its event that another event of the kind would not share."""

    __slots__ = ("counts", "names", "terms", "times")

    def __init__(self, described: Described) -> None:
        self.terms = set(described.terms.tolist())
        self.names = [term for term, _ in described.labels if term >> KIND == NAMES][:NAMED]
        self.counts = counts(described)
        self.times = described.times


def counts(described: Described) -> dict[str, set[str]]:
    """The numbers that an article gives of each unit."""
    found: dict[str, set[str]] = {}
    for term, label in described.labels:
        number, _, unit = label.partition(" ")
        if term >> KIND == NUMBERS and unit:
            found.setdefault(unit.lower(), set()).add(number)
    return found


def second_look(described: Sequence[Described], a: Indexes, b: Indexes, odds: Floats) -> Floats:
    """The log odds of the pairs, once what contradicts and what agrees has been counted."""
    told: dict[int, _Told] = {}
    revised = odds.copy()
    for place in np.flatnonzero(odds > LOOKED_AT).tolist():
        i, j = int(a[place]), int(b[place])
        for k in (i, j):
            if k not in told:
                told[k] = _Told(described[k])
        beyond = max(0.0, revised[place] - ALIKE)
        revised[place] += _score(told[i], told[j]) - (1 - BEYOND) * beyond
    return revised


def _score(a: _Told, b: _Told) -> float:
    units = a.counts.keys() & b.counts.keys()
    contradictions = [
        bool(units) and 2 * sum(bool(a.counts[unit] & b.counts[unit]) for unit in units) <= len(units),
        bool(a.names and b.names) and not any(name in y.terms for x, y in ((a, b), (b, a)) for name in x.names),
        any(a.times.weekdays) and any(b.times.weekdays) and not same_weekday(a.times, b.times),
    ]
    return CONTRADICTIONS[sum(contradictions)] + DATES * _far(a.times, b.times)


def _far(a: Times, b: Times) -> bool:
    return bool(a.told and b.told and abs(a.told - b.told) > FAR)


def apart(a: Described, b: Described, window: int) -> Apart:
    """What two articles say differently about when it was and how many there were: (what, the first's, the second's)."""
    found = []
    if a.times.day and b.times.day and abs(a.times.day - b.times.day) > window:
        found.append(("dates", _iso(a.times.day), _iso(b.times.day)))
    if _far(a.times, b.times):
        found.append(("dates in the text", _iso(a.times.told), _iso(b.times.told)))
    first, second = weekday_names(a.times.weekdays), weekday_names(b.times.weekdays)
    if first and second and not same_weekday(a.times, b.times):
        found.append(("days of the week", ", ".join(first), ", ".join(second)))
    ours, theirs = counts(a), counts(b)
    for unit in sorted(ours.keys() & theirs.keys()):
        if not ours[unit] & theirs[unit]:
            found.append((f"numbers of {unit}", ", ".join(sorted(ours[unit])), ", ".join(sorted(theirs[unit]))))
    return tuple(found)


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
