"""Near-verbatim copies: bands, candidates, verified pairs, groups that do not chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from cleaner import fingerprint
from cleaner.engine import Engine, batches
from cleaner.fingerprint import Hashes
from cleaner.model import Failure

# 42 bands of 3 rows find .999 of the articles that have a copy at J >= .5 (measured on 100,000 made articles).
BANDS, ROWS = 42, 3
LINK = 0.5  # two articles are linked where the Jaccard index of their shingles reaches this
REACH = 0.25  # and a member must reach this with its group's representative, or chains would form
_CROWD = 32  # a bucket with more articles is paired through its first one only, so that it stays linear


def find(texts: Sequence[str], rank: Callable[[int], object], engine: Engine) -> list[tuple[int, float]]:
    """For each text its copy group's representative (an index) and its Jaccard index with it.

    `rank` orders the texts by an index: the smallest of a group represents it. Texts of fewer than five words stay
    alone. The order of the texts makes no difference to the groups where `rank` has no ties.
    """
    shingled = [fingerprint.shingles(text) for text in texts]
    first_of: dict[bytes, int] = {}
    same_as: dict[int, int] = {}  # exact duplicates are taken out first
    for i in sorted(range(len(texts)), key=rank):  # type: ignore[arg-type]
        if len(shingled[i]):
            same_as[i] = first_of.setdefault(shingled[i].tobytes(), i)
    distinct = sorted(first_of.values(), key=rank)  # type: ignore[arg-type]
    links: dict[int, set[int]] = {i: set() for i in distinct}
    for a, b in _candidates(distinct, shingled, engine):
        if fingerprint.jaccard(shingled[a], shingled[b]) >= LINK:
            links[a].add(b)
            links[b].add(a)
    found = {i: (i, 1.0) for i in range(len(texts))}
    for members in _components(distinct, links):
        for i, (head, similarity) in _split(members, links, shingled).items():
            found[i] = (head, similarity)
    for i, first in same_as.items():
        found[i] = found[first]
    return [found[i] for i in range(len(texts))]


def _candidates(distinct: Sequence[int], shingled: Sequence[Hashes], engine: Engine) -> Iterator[tuple[int, int]]:
    """The pairs that share a band, each once."""
    signed = engine.map(fingerprint.signatures, batches((shingled[i] for i in distinct), len, most=256))

    def bands() -> Iterator[tuple[tuple[int, bytes], int]]:
        for i, signature in zip(distinct, signed, strict=True):
            if isinstance(signature, Failure):
                raise RuntimeError(signature.reason)
            for band in range(BANDS):
                yield (band, signature[band * ROWS : (band + 1) * ROWS].tobytes()), i

    seen: set[tuple[int, int]] = set()
    for _, members in engine.shuffle(bands()):
        pairs = combinations(members, 2) if len(members) <= _CROWD else ((members[0], other) for other in members[1:])
        for pair in pairs:
            if pair not in seen:
                seen.add(pair)
                yield pair


def _components(nodes: Sequence[int], links: dict[int, set[int]]) -> Iterator[list[int]]:
    """The connected components, each in the order of the nodes."""
    place = {node: k for k, node in enumerate(nodes)}
    seen: set[int] = set()
    for node in nodes:
        if node in seen:
            continue
        component, todo = [], [node]
        seen.add(node)
        while todo:
            at = todo.pop()
            component.append(at)
            fresh = [other for other in links[at] if other not in seen and other in place]
            seen.update(fresh)
            todo.extend(fresh)
        yield sorted(component, key=place.__getitem__)


def _split(members: list[int], links: dict[int, set[int]], shingled: Sequence[Hashes]) -> dict[int, tuple[int, float]]:
    """Each member with its representative: the first, or for those that do not reach it, the first of the rest that
    still hang together."""
    placed: dict[int, tuple[int, float]] = {}
    todo = [members]
    while todo:
        head, *others = todo.pop()
        placed[head] = (head, 1.0)
        far = []
        for other in others:
            similarity = fingerprint.jaccard(shingled[head], shingled[other])
            if similarity >= REACH:
                placed[other] = (head, similarity)
            else:
                far.append(other)
        todo.extend(_components(far, links))
    return placed
