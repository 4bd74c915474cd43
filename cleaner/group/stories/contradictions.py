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
from cleaner.group.stories.rows import Floats
from cleaner.group.stories.similarity import COEFFICIENTS

NAMES_COMPARED = 3
FAR_DAYS = 31
PLAUSIBLE = -4.0  # log odds below which a pair is no story, whatever it says
MANY = 0.3  # the share of numbers contradicted beyond which they count as a contradiction beside others

_NAMES = np.array([NAMES << KIND_SHIFT, (NAMES + 1) << KIND_SHIFT], dtype=np.uint32)  # where terms of the kind begin and end

Apart = tuple[tuple[str, str, str], ...]


class _Details:
    """What an article says of its event that another event of the kind would not share."""

    __slots__ = ("dates", "first_names", "names", "numbers")

    def __init__(self, features: StoryFeatures) -> None:
        begin, end = features.terms.searchsorted(_NAMES)
        self.names = set(features.terms[begin:end].tolist())
        labels = features.labels
        self.first_names = [term for term, _ in labels if term >> KIND_SHIFT == NAMES][:NAMES_COMPARED]
        self.numbers = _by_unit(labels)
        self.dates = features.dates


def numbers_by_unit(features: StoryFeatures) -> dict[str, set[str]]:
    """The numbers that an article gives of each unit."""
    return _by_unit(features.labels)


def _by_unit(labels: Sequence[tuple[int, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for term, label in labels:
        number, _, unit = label.partition(" ")
        if term >> KIND_SHIFT == NUMBERS and unit:
            found.setdefault(unit.lower(), set()).add(number)
    return found


def contradictions(features: Sequence[StoryFeatures], a: Indexes, b: Indexes) -> Floats:
    """What contradicts each pair, one row a pair, in the order of the last of COEFFICIENTS: the share of the units in common
    of which the numbers differ; 1 where dates in the openings are far apart; 1 where two of numbers, names and weekdays
    contradict: one alone is common among tellings of one event."""
    details: dict[int, _Details] = {}
    found = np.zeros((len(a), 3))
    for place, (i, j) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        for k in (i, j):
            if k not in details:
                details[k] = _Details(features[k])
        found[place] = _contradicted(details[i], details[j])
    return found


def penalise(features: Sequence[StoryFeatures], a: Indexes, b: Indexes, odds: Floats) -> Floats:
    """The log odds of the pairs, less what contradicts them."""
    some = np.flatnonzero(odds > PLAUSIBLE)
    revised = odds.copy()
    weights = (COEFFICIENTS.other_numbers, COEFFICIENTS.other_date, COEFFICIENTS.two_contradictions)
    revised[some] += contradictions(features, a[some], b[some]) @ np.array(weights)
    return revised


def _contradicted(a: _Details, b: _Details) -> tuple[float, bool, bool]:
    units = a.numbers.keys() & b.numbers.keys()
    numbers = sum(not a.numbers[unit] & b.numbers[unit] for unit in units) / (1 + len(units))
    first = a.first_names, b.first_names
    names = all(first) and b.names.isdisjoint(first[0]) and a.names.isdisjoint(first[1])
    weekdays = any(a.dates.weekdays) and any(b.dates.weekdays) and not same_weekday(a.dates, b.dates)
    return numbers, _far(a.dates, b.dates), (numbers > MANY) + names + weekdays >= 2


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
