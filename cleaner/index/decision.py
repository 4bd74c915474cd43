"""What is decided of new articles, from the index and them alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cleaner.index import copies, rows, stories
from cleaner.index.file import IndexFile
from cleaner.index.rows import Given, Kept
from cleaner.model import Shared
from cleaner.options import StoryOptions


@dataclass
class Decision:
    """What is to be kept: new articles by rank, which get the numbers from `first` on, each with the numbers of its copy
    group's representative and its story's first article; of these groups the first `told`; other versions of known ones;
    groups that turned out to be others; what the new tellings of a story add, by its number."""

    first: int
    new: list[Given] = field(default_factory=list)
    copy: list[int] = field(default_factory=list)
    story: list[int] = field(default_factory=list)
    similarity: list[float] = field(default_factory=list)
    told: dict[int, int] = field(default_factory=dict)
    versions: dict[int, Given] = field(default_factory=dict)
    copies_merged: dict[int, int] = field(default_factory=dict)
    stories_merged: dict[int, int] = field(default_factory=dict)
    adds: dict[int, Shared] = field(default_factory=dict)
    stories: stories.Stories = field(default_factory=stories.Stories)
    known: dict[str, Kept] = field(default_factory=dict)

    def where(self, name: str) -> Kept:
        """Where an article of an id is, whether it was known before or is new."""
        one = self.known[name]
        copy = self.copies_merged.get(one.copy, one.copy)
        return Kept(one.number, copy, self.stories_merged.get(one.story, one.story), one.digest)


def decide(file: IndexFile, given: Sequence[Given], options: StoryOptions) -> Decision:
    """What is new about some articles."""
    (first,) = file.one("SELECT ifnull(max(number), 0) + 1 FROM articles")
    made = Decision(first, known=rows.by_id(file, [one.id for one in given]))
    before = dict(made.known)
    fresh: dict[str, Given] = {}
    for one in given:
        if one.id not in before:
            fresh.setdefault(one.id, one)
    made.new = sorted(fresh.values(), key=lambda one: one.rank)
    found = copies.find(file, made.new, first)
    made.copy, made.similarity = found.representative, found.similarity
    made.copies_merged, made.told = found.merged, found.told
    # A copy that represents its group from now on is no other telling: it was told by the one that did before.
    heads = set(made.copies_merged.values())
    own = [i for i, copy in enumerate(made.copy) if copy == first + i and copy not in heads]
    made.stories = stories.find(file, [made.new[i] for i in own], options)
    _settle(file, made, own)
    for i, one in enumerate(made.new):
        made.known[one.id] = Kept(first + i, made.copy[i], made.story[i], one.digest)
    for one in given:  # the last version of several stays
        known = made.known[one.id]
        if known.digest != one.digest or known.number in made.versions:
            made.versions[known.number] = one
    return made


def _settle(file: IndexFile, made: Decision, own: Sequence[int]) -> None:
    """Number the stories: of earlier ones that are one the oldest, of new articles alone the first."""
    into: dict[int, int] = {}

    def settled(story: int) -> int:
        while story in into:
            story = into[story]
        return story

    def merge(numbers: Iterable[int]) -> None:
        heads = sorted({settled(number) for number in numbers})
        for number in heads[1:]:
            into[number] = heads[0]

    story = {made.first + own[places[0]]: 0 for places, _ in made.stories.clusters if places}
    for places, earlier in made.stories.clusters:
        numbers = [made.first + own[i] for i in places]
        merge(earlier)
        story.update(dict.fromkeys(numbers, earlier[0] if earlier else min(numbers)))
    kept = rows.by_number(
        file, {*made.copies_merged, *made.copies_merged.values(), *(c for c in made.copy if c < made.first)}
    )
    before = {other: one for one, other in made.copies_merged.items() if other >= made.first}

    def of(number: int) -> int:
        return story[number] if number in story else kept[before.get(number, number)].story

    for one, other in made.copies_merged.items():
        merge((kept[one].story, of(other)))
    made.story = [settled(of(copy)) for copy in made.copy]
    made.stories_merged = {number: settled(number) for number in into if number < made.first}
    for (_, earlier), adds in zip(made.stories.clusters, made.stories.adds, strict=True):
        if earlier and adds:
            made.adds[settled(earlier[0])] = adds
