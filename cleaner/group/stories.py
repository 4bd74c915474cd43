"""Stories: independent tellings of one event.

Hashed features (features), MinHash candidates (candidates), the evidence of each pair weighed (evidence), a second look at
look-alikes (contrast), average link, and what the members of a group share in words.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cleaner.group.candidates import candidates
from cleaner.group.contrast import Apart, apart, second_look
from cleaner.options import WINDOW

THRESHOLD = 0.25
from cleaner.group.evidence import Floats, Indexes, Weighed, log_odds, logistic
from cleaner.group.features import KIND, NAMES, NUMBERS, PAIRS, Described
from cleaner.model import Shared

SHOWN = 8  # names, numbers and phrases each that explain a group
_SOFT = 4  # the log odds are divided by it, so that similarities of pairs spread over 0 to 1
_IGNORED = 0.01  # a similarity that changes no average


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two articles tell one story, what they share, and what speaks against it.

    `similarity` is 0 to 1, and from .5 on they do, if their dates allow it.
    `apart` holds (what, the first article's, the second's): "dates", "days of the week", "numbers of ...".
    """

    similarity: float
    same: bool
    shared: Shared
    apart: Apart


def find(described: Sequence[Described], threshold: float = THRESHOLD, window: int = WINDOW) -> list[int]:
    """A number for each article, the same for those of one story: the index of its first article.

    The articles must come in an order that does not depend on how they were handed in: ties are settled by it. An article
    that is too short to tell an event stays alone. `window` is in days.
    """
    days = np.array([d.times.day for d in described], dtype=np.int64)
    a, b = candidates(described, days, window)
    odds = log_odds(len(described), a, b, Weighed(described).evidence(a, b))
    likely = logistic(second_look(described, a, b, odds))
    keep = likely > _IGNORED
    return _average_link(len(described), a[keep], b[keep], likely[keep], threshold)


def compare(a: Described, b: Described, threshold: float = THRESHOLD, window: int = WINDOW) -> Verdict:
    """Whether two articles tell one story, decided as among many, and why."""
    first, second = np.array([0]), np.array([1])
    odds = -math.inf
    if len(a.terms) and len(b.terms):
        found = Weighed([a, b]).evidence(first, second)
        odds = float(second_look([a, b], first, second, log_odds(2, first, second, found))[0])
    similarity = 1 / (1 + math.exp(min(700, (math.log(threshold / (1 - threshold)) - odds) / _SOFT)))
    near = not a.times.day or not b.times.day or abs(a.times.day - b.times.day) <= window
    return Verdict(similarity, similarity >= 0.5 and near, explain([a, b]), apart(a, b, window))


def explain(members: Sequence[Described]) -> Shared:
    """The names, numbers and word pairs that at least half of a group's members, and two of them, have.

    A name that is part of another's longer one, as "Ines Falk" of "Captain Ines Falk", is shared with it.
    """
    least = max(2, (len(members) + 1) // 2)
    shown: list[tuple[str, ...]] = []
    for kind in (NAMES, NUMBERS, PAIRS):
        told = [dict.fromkeys(label for term, label in member.labels if term >> KIND == kind) for member in members]
        holders = Counter(
            label
            for label in dict.fromkeys(label for labels in told for label in labels)
            for labels in told
            if any(f" {label.lower()} " in f" {other.lower()} " for other in labels)
        )
        common = [label for label, count in holders.most_common() if count >= least]
        shown.append(tuple(label for label in common if not _within(label, common))[:SHOWN])
    return Shared(*shown)


def _within(label: str, labels: Sequence[str]) -> bool:
    """Whether a label is but a part of a longer one, or another spelling of an earlier one."""
    lower = label.lower()
    before = labels[: labels.index(label)]
    return any(f" {lower} " in f" {other.lower()} " for other in labels if len(other) > len(label)) or lower in (
        other.lower() for other in before
    )


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
