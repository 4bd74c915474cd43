"""Stories that are two: what is told of look-alikes falls apart once the words that all of them have are left out.

A raid on pirates and another one share more with each other than with the rest of a collection, and average link joins them.
Within the joined group the words of such raids are common and those of either one are not: weighed by how rare they are in
the group, the members of one event stay alike and those of two do not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from cleaner.fingerprint.words import Indexes
from cleaner.group.stories.features import KIND_SHIFT, WEIGHTS, StoryFeatures
from cleaner.group.stories.idf import IDF_STEPS
from cleaner.group.stories.rows import Floats

LEAST = 2  # members of either half: of one alone nothing says what it has in common
MOST = 1000  # members of a group that is looked at: their similarities take 8 MB
# Log odds by which the halves must be more alike inside than across, beyond what their likelihoods across say. From .3 to .8
# the mean over seven sources, each left out of the fit, moves by .002 (scripts/fit_stories.py).
APART = 0.4
_LITTLE = 0.1  # added to how many times more alike: it may be 0


def split(features: Sequence[StoryFeatures], label: Sequence[int], a: Indexes, b: Indexes, likely: Floats) -> list[int]:
    """The labels of articles, with groups that are two events parted, as often as that is so.

    A group is the articles of one label, which is its first article; `likely` are the likelihoods of the pairs (a[i], b[i]),
    those of others being 0. A half is called by its first article too.
    """
    found = list(label)
    inside = np.array(label, dtype=np.int64)[a] == np.array(label, dtype=np.int64)[b]
    pairs = zip(a[inside].tolist(), b[inside].tolist(), strict=True)
    of_pair = dict(zip(pairs, likely[inside].tolist(), strict=True))
    members: dict[int, list[int]] = {}
    for i, of in enumerate(label):
        members.setdefault(of, []).append(i)
    waiting = [some for some in members.values() if 2 * LEAST <= len(some) <= MOST]
    while waiting:
        some = waiting.pop()
        first, second, ratio = _halves([features[i] for i in some])
        if min(len(first), len(second)) < LEAST:
            continue
        across = [of_pair.get((min(i, j), max(i, j)), 0.0) for i in _of(some, first) for j in _of(some, second)]
        odds = max(1e-6, sum(across)) / max(1e-6, len(across) - sum(across))
        if math.log(ratio + _LITTLE) - math.log(odds) > APART:
            for half in (first, second):
                new = list(_of(some, half))
                for i in new:
                    found[i] = new[0]
                waiting += [new] if len(new) >= 2 * LEAST else []
    return found


def _of(members: Sequence[int], places: Indexes) -> Iterator[int]:
    return (members[place] for place in places.tolist())


def _halves(members: Sequence[StoryFeatures]) -> tuple[Indexes, Indexes, float]:
    """The places of the two halves of a group, and how many times more alike two members of the looser half are (the median)
    than two of different halves."""
    alike = _similarities(members)
    apart = np.clip(1 - alike, 0, 1)
    np.fill_diagonal(apart, 0)
    side = fcluster(linkage(squareform(apart, checks=False), "average"), 2, "maxclust")
    first, second = np.flatnonzero(side == side[0]), np.flatnonzero(side != side[0])
    if min(len(first), len(second)) < LEAST:
        return first, second, 0.0
    inside = min(float(np.median(alike[np.ix_(half, half)][np.triu_indices(len(half), 1)])) for half in (first, second))
    return first, second, inside / max(float(np.median(alike[np.ix_(first, second)])), 1e-6)


def _similarities(members: Sequence[StoryFeatures]) -> Floats:
    """The cosine of each pair of members: tf-idf, times the idf within the group."""
    terms, column = np.unique(np.concatenate([one.terms for one in members]), return_inverse=True)
    row = np.repeat(np.arange(len(members)), [len(one.terms) for one in members])
    counts = np.concatenate([one.counts for one in members]).astype(np.float64)
    weights = (1 + np.log(counts)) * np.concatenate([one.idfs for one in members]) / IDF_STEPS
    weights *= WEIGHTS[terms >> KIND_SHIFT][column]
    weights *= -np.log(np.bincount(column)[column] / (len(members) + 0.5))
    matrix = sparse.csr_matrix((weights, (row, column)), shape=(len(members), len(terms)))
    dots = (matrix @ matrix.T).toarray()
    lengths = np.sqrt(np.maximum(dots.diagonal(), 1e-12))
    found: Floats = dots / np.outer(lengths, lengths)
    return found
