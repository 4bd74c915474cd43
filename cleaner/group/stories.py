"""Stories: independent tellings of one event.

Weighted features, MinHash candidates, exact cosine, similarity scaled by the neighbourhood, average link. The scaling is
the known cure for hubs (local scaling, CSLS): a raw cosine means different things in a crowded topic and in an empty one.
"""

from __future__ import annotations

import heapq
import math
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from cleaner import text as texts
from cleaner.engine import Engine, batches
from cleaner.fingerprint import signatures
from cleaner.group import features as feats
from cleaner.model import Article, Failure

# Chosen together on ECB+ and NewsWCL50 (BCubed F1 .927 and .984), where anything from .20 to .24 does nearly as well.
THRESHOLD = 0.22  # of the scaled similarity, above which two groups of articles are one story
NEIGHBOURS = 10  # nearest articles whose mean similarity is an article's neighbourhood
DAMPING = 0.15
PRIOR = 0.1  # the similarity of a neighbour that is missing, or of one below it: small collections have few
WINDOW = 5  # days between two dated articles of one story
LEAST_WORDS = 20  # an article of fewer is too short to tell an event

BACKGROUND = 500  # articles that the shipped word table counts for beside the collection's own
HEAVIEST = 64  # features of an article that its candidates are found by
_FEW = 32  # articles among which every pair is looked at
_CROWD = 200  # articles in one bucket beyond which the feature behind it is too common to tell a story

Vector = Mapping[str, float]


def vectors(articles: Sequence[Article]) -> list[Vector]:
    """The weighted features of each article, of length one; empty for one that is too short."""
    counts = [
        feats.features(article.text, article.title) if _long_enough(article) else Counter[str]() for article in articles
    ]
    spread = Counter(feature for count in counts for feature in count)
    total = BACKGROUND + sum(1 for count in counts if count)
    idf = {
        feature: max(0.0, math.log(total / (BACKGROUND * feats.expected_share(feature) + n)))
        for feature, n in spread.items()
    }
    return [feats.weights(count, idf) for count in counts]


def _long_enough(article: Article) -> bool:
    return len(texts.words(article.text[:2000])) >= LEAST_WORDS


def cosine(a: Vector, b: Vector) -> float:
    """The cosine of two vectors, 0 to 1."""
    if len(a) > len(b):
        a, b = b, a
    return min(1.0, math.fsum(weight * b[feature] for feature, weight in a.items() if feature in b))


def find(articles: Sequence[Article], engine: Engine) -> list[int]:
    """A number for each article, the same for those of one story.

    The articles must come in an order that does not depend on how they were handed in: ties are settled by it.
    """
    weighted = vectors(articles)
    days = [day_of(article) for article in articles]
    similar = {}
    for a, b in _candidates(weighted, engine):
        if not far_apart(days[a], days[b]):
            similar[a, b] = cosine(weighted[a], weighted[b])
    return _average_link(len(articles), scale(len(articles), similar), THRESHOLD)


def day_of(article: Article) -> date | None:
    """The day of an article, or None where it has no date that can be read."""
    day = texts.date_of(article.date)
    return date.fromisoformat(day) if day else None


def far_apart(a: date | None, b: date | None) -> bool:
    """Whether two dates, where both are known, lie too far apart for one story."""
    return a is not None and b is not None and abs((a - b).days) > WINDOW


def scale(count: int, similar: Mapping[tuple[int, int], float]) -> dict[tuple[int, int], float]:
    """The similarities of pairs, each divided by how similar its two articles are to their nearest ones."""
    nearest: list[list[float]] = [[] for _ in range(count)]
    for (a, b), value in similar.items():
        for i in (a, b):
            if value > PRIOR:
                (heapq.heappush if len(nearest[i]) < NEIGHBOURS else heapq.heappushpop)(nearest[i], value)
    crowd = [(math.fsum(sorted(near)) + PRIOR * (NEIGHBOURS - len(near))) / NEIGHBOURS for near in nearest]
    return {(a, b): value / (crowd[a] + crowd[b] + DAMPING) for (a, b), value in similar.items()}


def _candidates(weighted: Sequence[Vector], engine: Engine) -> Iterator[tuple[int, int]]:
    """The pairs that share the MinHash value of one row, in order, each once."""
    told = [i for i, vector in enumerate(weighted) if vector]
    if len(told) <= _FEW:
        yield from combinations(told, 2)
        return
    signed = engine.map(signatures.of, batches((_heaviest(weighted[i]) for i in told), len, most=256))

    def rows() -> Iterator[tuple[tuple[int, int], int]]:
        for i, signature in zip(told, signed, strict=True):
            if isinstance(signature, Failure):
                raise RuntimeError(signature.reason)
            for row, value in enumerate(signature.tolist()):
                yield (row, value), i

    found: set[tuple[int, int]] = set()
    for _, members in engine.shuffle(rows()):
        if 1 < len(members) <= _CROWD:
            found.update(combinations(members, 2))
    yield from sorted(found)


def _heaviest(vector: Vector) -> NDArray[np.uint32]:
    """The hashes of a vector's heaviest features, each as often as it is heavy, for a MinHash that follows weights."""
    top = heapq.nsmallest(HEAVIEST, vector.items(), key=lambda item: (-item[1], item[0]))
    least = top[-1][1]
    hashes = [
        zlib.crc32(f"{copy}{feature}".encode(errors="replace"))
        for feature, weight in top
        for copy in range(min(8, round(weight / least)))
    ]
    return np.array(hashes, dtype=np.uint32)


def _average_link(count: int, scaled: Mapping[tuple[int, int], float], threshold: float) -> list[int]:
    """Agglomerate by average link over the given pairs, any other pair counting as 0, down to the threshold."""
    label = list(range(count))
    size = [1] * count
    sums: list[dict[int, float]] = [{} for _ in range(count)]
    heap = []
    for (a, b), value in scaled.items():
        sums[a][b] = sums[b][a] = value
        if value >= threshold:
            heap.append((-value, a, b))
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if not size[a] or not size[b] or -negative != sums[a][b] / (size[a] * size[b]):
            continue  # one of the two has been merged since
        size[a] += size[b]
        size[b] = 0
        label[b] = a
        del sums[a][b]
        for other, value in sums[b].items():
            if other != a:
                sums[a][other] = sums[other][a] = sums[a].get(other, 0.0) + value
                del sums[other][b]
        sums[b] = {}
        for other, value in sums[a].items():
            average = value / (size[a] * size[other])
            if average >= threshold:
                heapq.heappush(heap, (-average, min(a, other), max(a, other)))
    for i in range(count):
        while label[label[i]] != label[i]:
            label[i] = label[label[i]]
    return label
