"""What a page about many articles shows: the articles and where they were put, the stories, and what a run did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cleaner.model import Article, Failure, Group, Grouping, Member, Passage
from cleaner.report import short_name


@dataclass(frozen=True, slots=True)
class Example:
    """What a rule removed from an article of an outlet."""

    text: str
    outlet: str
    article: Article


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of a run: what it is known by, the numbers of the rules that removed something of it, the share that is
    gone, and where it was put."""

    id: str
    article: Article
    rules: tuple[int, ...]
    share: float
    member: Member
    shares: Sequence[tuple[Passage, str]] = ()  # with what the other article is called

    @property
    def month(self) -> str:
        return (self.article.date or "")[:7]


@dataclass(frozen=True, slots=True)
class Told:
    """A story that several articles have, under its headline; the representative comes first."""

    headline: str
    group: Group
    entries: Sequence[Entry]

    @property
    def tellings(self) -> list[Entry]:
        """Its independent tellings, the earliest first."""
        own = [entry for entry in self.entries if entry.member.id == entry.member.copy]
        return sorted(own, key=lambda entry: entry.article.date or "9")


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet of a run: its articles, the share of their text that is gone, and how often each rule took something."""

    name: str
    articles: int
    share: float
    rules: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to: counts; the rules that removed something, as (id, number, removals, why), with examples; the
    outlets; the articles, the stories, and the articles that lost too much; what failed and what was skipped."""

    counts: Mapping[str, int]
    rules: Sequence[tuple[str, int, int, str]]
    examples: Mapping[str, Sequence[Example]]
    outlets: Sequence[Outlet]
    entries: Sequence[Entry]
    stories: Sequence[Told]
    suspect: Sequence[Entry]
    failed: Sequence[Failure]
    skipped: Sequence[Failure]


def entries_of(ids: Sequence[str], openings: Sequence[Article], grouping: Grouping) -> list[Entry]:
    """Articles as a page shows them, of which nothing is known but what they are and where they were put."""
    nothing: list[tuple[tuple[int, ...], float]] = [((), 0.0)] * len(ids)
    return entries_with(nothing, ids, openings, grouping)


def entries_with(
    removals: Sequence[tuple[tuple[int, ...], float]], ids: Sequence[str], openings: Sequence[Article], grouping: Grouping
) -> list[Entry]:
    """The same with the numbers of the rules that removed something of each, and the share that is gone."""
    by_id = dict(zip(ids, openings, strict=True))
    return [
        Entry(
            name,
            by_id[name],
            *found,
            member,
            [(one, short_name(by_id.get(one.id, Article()), one.id)) for one in member.shares],
        )
        for name, found, member in zip(ids, removals, grouping.members, strict=True)
    ]


def stories_of(entries: Iterable[Entry], grouping: Grouping, headlines: Mapping[str, str]) -> list[Told]:
    """The stories that have several articles."""
    by_id = {entry.id: entry for entry in entries}
    return [
        Told(headlines[group.id], group, [by_id[name] for name in group.members])
        for group in grouping.stories
        if len(group.members) > 1
    ]
