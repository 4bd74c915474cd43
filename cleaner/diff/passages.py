"""Runs of words that texts share word for word, whatever sentences they stand in: quotations, most of them."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.diff.tokens import PlacedWords

PASSAGE = 6  # words: shorter runs are shared by articles about anything

Run = tuple[int, int]  # the places of a run's first word and of the word behind its last


def shared_runs(first: PlacedWords, second: PlacedWords) -> list[Run]:
    """The longest runs in the first text, of at least PASSAGE words, that the second has too."""
    ours, theirs = first.words, second.words
    starts: dict[tuple[str, ...], int] = {}
    for j in range(len(theirs) - PASSAGE + 1):
        starts.setdefault(tuple(theirs[j : j + PASSAGE]), j)
    found = []
    i = 0
    while i <= len(ours) - PASSAGE:
        at = starts.get(tuple(ours[i : i + PASSAGE]))
        if at is None:
            i += 1
            continue
        size = PASSAGE
        while i + size < len(ours) and at + size < len(theirs) and ours[i + size] == theirs[at + size]:
            size += 1
        found.append((i, i + size))
        i += size
    return found


def runs_of_all(sides: Sequence[Sequence[Run]]) -> list[Run]:
    """Of the runs that one text shares with each of several others, in order, what it shares with all of them."""
    common = list(sides[0]) if sides else []
    for side in sides[1:]:
        overlaps = []
        k = 0
        for i, j in common:
            while k < len(side) and side[k][1] <= i:
                k += 1
            m = k
            while m < len(side) and side[m][0] < j:
                overlaps.append((max(i, side[m][0]), min(j, side[m][1])))
                m += 1
        common = [(low, high) for low, high in overlaps if high - low >= PASSAGE]
    return common
