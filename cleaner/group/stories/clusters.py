"""Articles to stories: the likely pairs, linked by average link, and what is two events parted again."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.fingerprint.words import Indexes
from cleaner.group.stories.candidates import candidates
from cleaner.group.stories.contradictions import PLAUSIBLE, penalise
from cleaner.group.stories.features import StoryFeatures
from cleaner.group.stories.rows import Floats
from cleaner.group.stories.similarity import TfidfVectors, log_odds, logistic, shift_here
from cleaner.group.stories.splits import split
from cleaner.options import StoryOptions, Strictness

# Above this mean likelihood two groups of articles are one story. Likelihoods are softened, so that in the mean of many
# pairs a sure one does not outweigh its doubtful neighbours.
THRESHOLDS: dict[Strictness, float] = {"strict": 0.7, "normal": 0.5, "loose": 0.3}
SOFT = 2
# Articles among which a pair is found before it loses log odds, and the most that it loses. A dated article is looked at
# among those of its window, an undated one among all: in 11,000 of real news 11 % were not dated, and these were in 86 % of
# the likely pairs (benchmarks/labels). Where none is dated, days cannot do the rest, and pairs lose half: with all of it .10
# of the pairs of one event were found among these articles without their dates, with half .40, as .59 of those found were.
CROWD = 1000
CROWDED = 3.0

_SPREAD = 4  # the log odds are divided by it, so that similarities of pairs spread over 0 to 1
_AT_ONCE = 1 << 16  # pairs that are weighed
_COMPARED = 50  # tellings of a story, the first, of which all pairs are told how alike they are

OfOneForm = Callable[[Indexes, Indexes], NDArray[np.bool_]]  # whether the articles of each pair are of one form


class Stories(NamedTuple):
    """The stories of some articles: `label` is a number for each article, the same for those of one story, the index of its
    first article. `forms` are the pairs that are alike, but of one form: that is no story. `alike` says how alike tellings
    of one story are, by the weights that found it: pairs of them, and 0 to 1 for each."""

    label: list[int]
    forms: tuple[Indexes, Indexes]
    alike: tuple[Indexes, Indexes, Floats]


def as_similarity(odds: Floats, strictness: Strictness) -> Floats:
    """Log odds as a similarity, 0 to 1: from .5 on two articles alone would be one story."""
    threshold = THRESHOLDS[strictness]
    return logistic((odds - SOFT * np.log(threshold / (1 - threshold))) / _SPREAD)


def find_stories(features: Sequence[StoryFeatures], options: StoryOptions, of_one_form: OfOneForm) -> Stories:
    """The stories of some articles; `of_one_form` says of pairs whether they are.

    The articles must come in an order that does not depend on how they were handed in: ties are settled by it. An article
    that is too short to tell an event stays alone.
    """
    vectors = TfidfVectors(features)
    days, long_enough = vectors.published, vectors.long_enough
    a, b = candidates(features, days, options.window)
    lost = lost_in_a_crowd(days, days[long_enough], options.window)
    (a, b, odds), forms = plausible(vectors, features, (a, b), of_one_form, lost)
    shift = shift_here(odds, int(np.count_nonzero(long_enough)))
    label = linked(features, a, b, odds + shift, THRESHOLDS[options.strictness])
    first, second = _within(label)
    found = as_similarity(_odds(vectors, features, first, second, lost) + shift, options.strictness)
    return Stories(label, forms, (first, second, found))


def lost_in_a_crowd(days: Indexes, all_days: Indexes, window: int) -> Floats:
    """Log odds that a pair of each article loses, of the days of these and of all those that they are looked at among, 0
    where unknown: the more these are, the more look-alikes an article has. A pair loses as much as that one of its articles
    that loses more."""
    dated = np.sort(all_days[all_days > 0])
    window = min(window, date.max.toordinal())  # a larger one would overflow
    near = np.searchsorted(dated, days + window, "right") - np.searchsorted(dated, days - window)
    among = np.maximum(np.where(days > 0, near + len(all_days) - len(dated), len(all_days)), 1)
    share = len(dated) / max(1, len(all_days))
    lost: Floats = np.clip(np.log(among / CROWD), 0, CROWDED) * (1 + share) / 2
    return lost


def plausible(
    vectors: TfidfVectors,
    features: Sequence[StoryFeatures],
    pairs: tuple[Indexes, Indexes],
    of_one_form: OfOneForm,
    lost: Floats | None = None,
) -> tuple[tuple[Indexes, Indexes, Floats], tuple[Indexes, Indexes]]:
    """Those of the pairs that may tell one event, with their log odds; and those that would if they were not of one form.
    `lost` are the log odds that the pairs of each article lose."""
    a, b = pairs
    odds = _odds(vectors, features, a, b, lost)
    keep = odds > PLAUSIBLE
    a, b, odds = a[keep], b[keep], odds[keep]
    formed = of_one_form(a, b)
    return (a[~formed], b[~formed], odds[~formed]), (a[formed], b[formed])


def _odds(vectors: TfidfVectors, features: Sequence[StoryFeatures], a: Indexes, b: Indexes, lost: Floats | None) -> Floats:
    found = np.empty(len(a))
    for start in range(0, len(a), _AT_ONCE):  # some pairs at a time, to hold little
        some = slice(start, start + _AT_ONCE)
        found[some] = penalise(features, a[some], b[some], log_odds(vectors.similarities(a[some], b[some])))
    return found if lost is None else found - np.maximum(lost[a], lost[b])


def linked(
    features: Sequence[StoryFeatures],
    a: Indexes,
    b: Indexes,
    odds: Floats,
    threshold: float,
) -> list[int]:
    """A number for each article, the same for those of one story, given the log odds of pairs; no other pair is likely."""
    likely = logistic(odds / SOFT)
    usual = max(threshold, THRESHOLDS["normal"])
    label = split(features, _average_link(len(features), a, b, likely, usual), a, b, likely)
    # What a looser dial joins are whole stories: parted, it would not hold what a finer one has together.
    return label if threshold == usual else _average_link(len(features), a, b, likely, threshold, label)


def _within(label: Sequence[int]) -> tuple[Indexes, Indexes]:
    """The pairs of tellings of each story, of which there are few."""
    tellings: dict[int, list[int]] = {}
    for i, of in enumerate(label):
        tellings.setdefault(of, []).append(i)
    pairs = [pair for some in tellings.values() for pair in combinations(some[:_COMPARED], 2)]
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _average_link(
    count: int, a: Indexes, b: Indexes, likely: Floats, threshold: float, told: Sequence[int] = ()
) -> list[int]:
    """Agglomerate by average link over the given pairs, any other pair counting as 0, down to the threshold, beginning with
    the groups `told` of the first articles."""
    label = [*told, *range(len(told), count)]
    size = [0] * count
    for i in label:
        size[i] += 1
    sums: dict[int, dict[int, float]] = {}
    for i, j, value in zip(a.tolist(), b.tolist(), likely.tolist(), strict=True):
        i, j = label[i], label[j]
        if i != j:
            near = sums.setdefault(i, {})
            near[j] = sums.setdefault(j, {})[i] = near.get(j, 0.0) + value
    heap = []
    for i, near in sums.items():
        for j, value in near.items():
            if i < j and (average := value / (size[i] * size[j])) >= threshold:
                heap.append((-average, i, j))
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
