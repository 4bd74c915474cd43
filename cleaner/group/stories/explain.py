"""What the members of a group share, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cleaner.group.stories.features import BIGRAMS, KIND_SHIFT, NAMES, NUMBERS, StoryFeatures
from cleaner.model import Shared

SHOWN = 8  # names, numbers and phrases each that explain a group


def explain(members: Sequence[StoryFeatures]) -> Shared:
    """The names, numbers and word bigrams that at least half of a group's members, and two of them, have.

    A name that is part of another's longer one, as "Ines Falk" of "Captain Ines Falk", is shared with it.
    """
    names, numbers, bigrams = (_common([_labels(member, kind) for member in members]) for kind in (NAMES, NUMBERS, BIGRAMS))
    return Shared(names, numbers, bigrams)


def _labels(member: StoryFeatures, kind: int) -> list[str]:
    return list(dict.fromkeys(label for term, label in member.labels if term >> KIND_SHIFT == kind))


def _common(labels_of: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Of the labels of each member those that are common, in the order of how many have them."""
    said = [f" {' | '.join(labels).lower()} " for labels in labels_of]  # no label has a mark in it
    holders = Counter(
        label
        for label in dict.fromkeys(label for labels in labels_of for label in labels)
        for one in said
        if f" {label.lower()} " in one
    )
    least = max(2, (len(labels_of) + 1) // 2)
    common = [label for label, count in holders.most_common() if count >= least]
    return tuple(label for label in common if not _within(label, common))[:SHOWN]


def _within(label: str, labels: Sequence[str]) -> bool:
    """Whether a label is but a part of a longer one, or another spelling of an earlier one."""
    lower = label.lower()
    before = labels[: labels.index(label)]
    return any(f" {lower} " in f" {other.lower()} " for other in labels if len(other) > len(label)) or lower in (
        other.lower() for other in before
    )
