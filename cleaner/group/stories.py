"""Stories: independent tellings of one event.

Hashed features (features), MinHash candidates (candidates), the evidence of each pair weighed (evidence), average link, and what
the members of a group share in words.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from cleaner.group.candidates import candidates
from cleaner.group.evidence import Evidence, Floats, Indexes, Weighed, log_odds, logistic
from cleaner.group.features import KIND, NAMES, NUMBERS, Described
from cleaner.group.times import weekday_names

# Above this mean similarity two groups of articles are one story. With this one ECB+ (BCubed F1, by topics that had no part
# in the fit) and NewsWCL50 do best; from .1 to .25 they do nearly as well.
THRESHOLD = 0.22
STRICT, LOOSE = 0.4, 0.05
WINDOW = 5  # days between two dated articles of one story

SHOWN = 8  # names, numbers and phrases each that explain a group
_SOFT = 4  # the log odds are divided by it, so that similarities of pairs spread over 0 to 1
_IGNORED = 0.01  # a similarity that changes no average


@dataclass(frozen=True, slots=True)
class Shared:
    """What the members of a group have in common, in their own words, the commonest and rarest first."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two articles tell one story, what they share, and what speaks against it.

    `similarity` is 0 to 1, and from .5 on they do, if their dates allow it.
    `apart` holds (what, the first article's, the second's): "dates", "days of the week", "numbers of ...".
    """

    similarity: float
    same: bool
    shared: Shared
    apart: tuple[tuple[str, str, str], ...]


def find(described: Sequence[Described], threshold: float = THRESHOLD, window: int = WINDOW) -> list[int]:
    """A number for each article, the same for those of one story: the index of its first article.

    The articles must come in an order that does not depend on how they were handed in: ties are settled by it. An article
    that is too short to tell an event stays alone. `window` is in days.
    """
    days = np.array([d.times.day for d in described], dtype=np.int64)
    a, b = candidates(described, days, window)
    likely = logistic(log_odds(len(described), a, b, Weighed(described).evidence(a, b)))
    keep = likely > _IGNORED
    return _average_link(len(described), a[keep], b[keep], likely[keep], threshold)


def compare(a: Described, b: Described, threshold: float = THRESHOLD, window: int = WINDOW) -> Verdict:
    """Whether two articles tell one story, decided as among many, and why."""
    first, second = np.array([0]), np.array([1])
    found = Weighed([a, b]).evidence(first, second)
    odds = float(log_odds(2, first, second, found)[0]) if len(a.terms) and len(b.terms) else -math.inf
    similarity = 1 / (1 + math.exp(min(700, (math.log(threshold / (1 - threshold)) - odds) / _SOFT)))
    near = not a.times.day or not b.times.day or abs(a.times.day - b.times.day) <= window
    return Verdict(similarity, similarity >= 0.5 and near, explain([a, b]), _apart(a, b, found, near))


def explain(members: Sequence[Described]) -> Shared:
    """The names, numbers and word pairs that at least half of a group's members, and two of them, have."""
    holders = Counter(term for member in members for term, _ in member.labels)
    words: dict[int, str] = {}
    for member in members:
        for term, label in member.labels:
            words[term] = min(words.get(term, label), label)
    least = max(2, (len(members) + 1) // 2)
    common = [(term, count) for term, count in holders.items() if count >= least]
    rank = {term: place for member in members for place, (term, _) in enumerate(member.labels)}
    common.sort(key=lambda item: (-item[1], rank[item[0]], item[0]))

    def shown(wanted: Iterable[int]) -> tuple[str, ...]:
        kinds = set(wanted)
        return tuple(dict.fromkeys(words[term] for term, _ in common if term >> KIND in kinds))[:SHOWN]

    return Shared(shown([NAMES]), shown([NUMBERS]), shown([1]))


def _apart(a: Described, b: Described, found: Evidence, near: bool) -> tuple[tuple[str, str, str], ...]:
    """What the two articles say differently about when it was and how many there were."""
    told = []
    if not near:
        told.append(("dates", _iso(a.times.day), _iso(b.times.day)))
    elif a.times.told and b.times.told and not found.dated[0]:
        told.append(("dates in the text", _iso(a.times.told), _iso(b.times.told)))
    if 0 <= found.weekdays[0] < 0.2:
        told.append(
            ("days of the week", ", ".join(weekday_names(a.times.weekdays)), ", ".join(weekday_names(b.times.weekdays)))
        )
    first, second = _counts(a), _counts(b)
    for unit in sorted(first.keys() & second.keys()):
        if not first[unit] & second[unit]:
            told.append((f"numbers of {unit}", ", ".join(sorted(first[unit])), ", ".join(sorted(second[unit]))))
    return tuple(told)


def _counts(described: Described) -> dict[str, set[str]]:
    """The numbers that an article gives of each unit."""
    counts: dict[str, set[str]] = {}
    for term, label in described.labels:
        number, _, unit = label.partition(" ")
        if term >> KIND == NUMBERS and unit:
            counts.setdefault(unit.lower(), set()).add(number)
    return counts


def _iso(day: int) -> str:
    from datetime import date

    return date.fromordinal(day).isoformat()


def _average_link(count: int, a: Indexes, b: Indexes, likely: Floats, threshold: float) -> list[int]:
    """Agglomerate by average link over the given pairs, any other pair counting as 0, down to the threshold."""
    label = list(range(count))
    size = [1] * count
    sums: dict[int, dict[int, float]] = {}
    heap = []
    for i, j, value in zip(a.tolist(), b.tolist(), likely.tolist(), strict=True):
        sums.setdefault(i, {})[j] = sums.setdefault(j, {})[i] = value
        if value >= threshold:
            heap.append((-value, i, j))
    heapq.heapify(heap)
    while heap:
        negative, i, j = heapq.heappop(heap)
        if not size[i] or not size[j] or -negative != sums[i][j] / (size[i] * size[j]):
            continue  # one of the two has been merged since
        size[i] += size[j]
        size[j] = 0
        label[j] = i
        del sums[i][j]
        for other, value in sums.pop(j).items():
            if other != i:
                sums[i][other] = sums[other][i] = sums[i].get(other, 0.0) + value
                del sums[other][j]
        for other, value in sums[i].items():
            average = value / (size[i] * size[other])
            if average >= threshold:
                heapq.heappush(heap, (-average, min(i, other), max(i, other)))
    for i in range(count):
        while label[label[i]] != label[i]:
            label[i] = label[label[i]]
    return label
