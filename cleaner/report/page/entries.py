"""What a page about many articles shows: the articles and where they were put, the stories, and what a run did."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cleaner.model import Article, Failure, Group, Member, Passage, Shared
from cleaner.report import short_name

if TYPE_CHECKING:
    from cleaner.group.collection import Groups


class Openings(Protocol):
    """What people know articles by, by their places."""

    def __getitem__(self, place: int, /) -> Article: ...


class Headlines(Protocol):
    """The headlines of stories, by the places of their representatives."""

    def __getitem__(self, story: int, /) -> str: ...


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
        return month_of(self.article)


@dataclass(frozen=True, slots=True)
class Told:
    """A story that several articles have, under its headline; the representative comes first."""

    headline: str
    group: Group
    entries: Entries

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
    entries: Entries
    stories: Sequence[Told]
    suspect: Entries
    failed: Sequence[Failure]
    skipped: Sequence[Failure]


class Entries:
    """The articles of some groups, or those at some `places`, as a page shows them: each is made when it is asked for.

    `removals` says, by an article's place, the numbers of the rules that removed something of it, and the share that is
    gone.
    """

    def __init__(
        self,
        groups: Groups,
        openings: Openings,
        removals: Callable[[int], tuple[tuple[int, ...], float]] = lambda _: ((), 0.0),
        places: Sequence[int] | None = None,
    ) -> None:
        self.groups, self._openings, self._removals = groups, openings, removals
        self._places = range(len(groups.ids)) if places is None else places

    def at(self, places: Sequence[int]) -> Entries:
        """Those at some places of the groups."""
        return Entries(self.groups, self._openings, self._removals, places)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Entry]:
        return map(self._entry, self._places)

    def _entry(self, place: int) -> Entry:
        groups, ids = self.groups, self.groups.ids
        shares = [(Passage(ids[other], words), other) for other, words in groups.shares.get(place, ())]
        member = Member(
            ids[place],
            ids[groups.story[place]],
            ids[groups.copy[place]],
            float(groups.similarity[place].round(4)),
            tuple(one for one, _ in shares),
            ids[groups.form[place]] if groups.form[place] >= 0 else None,
        )
        named = [(one, short_name(self._openings[other], one.id)) for one, other in shares]
        return Entry(ids[place], self._openings[place], *self._removals(place), member, named)

    def told_once(self) -> Entries:
        """Those whose story none of the others has."""
        places = np.asarray(self._places, dtype=np.int64)
        _, of, counts = np.unique(self.groups.story[places], return_inverse=True, return_counts=True)
        return self.at(places[counts[of] == 1].tolist())

    def by_month(self) -> dict[str, Entries]:
        """Those of each month."""
        months: dict[str, array[int]] = defaultdict(lambda: array("Q"))
        for place in self._places:
            months[month_of(self._openings[place])].append(place)
        return {month: self.at(places) for month, places in months.items()}

    def by_date(self) -> Entries:
        """The same, the earliest first."""
        return self.at(sorted(self._places, key=lambda place: self._openings[place].date or ""))

    def by_share(self) -> Entries:
        """The same, those first of which most is gone."""
        return self.at(sorted(self._places, key=lambda place: -self._removals(place)[1]))

    def first(self, most: int) -> Entries:
        """The first of them."""
        return self.at(self._places[:most])


def stories_of(entries: Entries, headlines: Headlines) -> list[Told]:
    """The stories that have several articles, the largest first."""
    groups, ids = entries.groups, entries.groups.ids
    order = np.argsort(groups.story, kind="stable")
    stories, starts, sizes = np.unique(groups.story[order], return_index=True, return_counts=True)
    found = []
    for i in np.flatnonzero(sizes > 1).tolist():
        head = int(stories[i])
        members = set(order[starts[i] : starts[i] + sizes[i]].tolist()) - {head}
        places = [head, *sorted(members, key=ids.__getitem__)]
        group = Group(ids[head], tuple(ids[place] for place in places), groups.shared.get(head, Shared()))
        found.append(Told(headlines[head], group, entries.at(places)))
    return sorted(found, key=lambda told: (-len(told.group.members), told.group.id))


def told_and_copied(groups: Groups) -> tuple[int, int]:
    """How many stories have several independent tellings, and how many articles are copies of another."""
    own = groups.copy == np.arange(len(groups.copy))
    _, tellings = np.unique(groups.story[own], return_counts=True)
    return int((tellings > 1).sum()), int((~own).sum())


def month_of(article: Article) -> str:
    """The month of an article's date, "" where that is not known."""
    return (article.date or "")[:7]
