"""What is new about some articles, told of each of them and of each story; and then, if so wanted, kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Literal

from cleaner.group.stories.explain import explain
from cleaner.headlines import PERHAPS
from cleaner.index import rows
from cleaner.index.decision import Decision, decide
from cleaner.index.file import IndexFile
from cleaner.index.keeping import keep
from cleaner.index.rows import Given, name_of
from cleaner.model import Article, Shared
from cleaner.options import StoryOptions
from cleaner.statements import stated, telling

What = Literal["copy", "telling", "new", "version"]


@dataclass(frozen=True, slots=True)
class News:
    """What an article is to the index.

    `story` and `copy` are the ids of the first articles of its story and of its copy group. It is a "copy" of another
    article, or of itself where the index has it already; a "telling" of a story that another tells; "new"; or another
    "version" of the article that has its id. `similarity` is the Jaccard index of its shingles with those of its copy
    group's first.
    """

    id: str | int
    story: str | int
    copy: str | int
    news: What
    similarity: float = 1.0
    title: str | None = None
    site: str | None = None
    date: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class StoryNews:
    """What is new of a story: `headline` is the article that it is called by, which `reports`, or else asks, opines or
    teases; `before` how many articles of it the index had, `tellings` the new ones, and `copies` how many more there are;
    `outlets` are the sites of all these. `adds` are names and numbers that the new tellings have and no earlier one, or of a
    new story those that its tellings share, and `says` the sentences that state these, with who says them; `was` the stories
    that turned out to be this one.
    """

    id: str | int
    headline: Article
    reports: bool
    before: int
    tellings: tuple[Article, ...]
    copies: int
    outlets: tuple[str, ...]
    adds: Shared
    says: tuple[tuple[str, Article], ...]
    was: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What is new: of each article, in their order, and of each story."""

    articles: list[News] = field(default_factory=list)
    stories: list[StoryNews] = field(default_factory=list)


AT_ONCE = 20_000  # articles that are decided at once: what is known of them takes some 10 KB each
_SAYS = 2  # sentences that are told of a story


def add(
    file: IndexFile, parts: Iterable[Sequence[Given]], options: StoryOptions, waits: Callable[[], None] = lambda: None
) -> Told:
    """Add articles, as a whole or not at all, some at a time. The first are asked for before anybody else is kept from
    writing; `waits` is called where another process does."""
    rest = iter(parts)
    first = next(rest, ())
    told = Told()
    with file.writing(waits):
        parts_read = 0
        for given in chain([first], rest):
            parts_read += 1
            made = decide(file, given, options)
            told.articles.extend(answers(file, given, made))
            told.stories.extend(story_news(file, made))
            keep(file, made)
        return _as_it_ended(file, told) if parts_read > 1 else told


def query(file: IndexFile, given: Sequence[Given], options: StoryOptions) -> Told:
    """What `add` would say, and nothing is kept."""
    with file.reading():
        made = decide(file, given, options)
        return Told(answers(file, given, made), story_news(file, made))


def _as_it_ended(file: IndexFile, told: Told) -> Told:
    """The news of several parts: where stories stand at the end, and of each once."""
    where = rows.by_id(file, [str(one.id) for one in told.articles])
    copies = rows.first_told(file, {one.copy for one in where.values()})
    names = rows.names(file, {*copies.values(), *(one.story for one in where.values())})
    ended = [
        replace(one, copy=names[copies[where[str(one.id)].copy]], story=names[where[str(one.id)].story])
        for one in told.articles
    ]
    stories: dict[str | int, StoryNews] = {}
    for one in told.stories:
        before = [stories.pop(name) for name in (one.id, *one.was) if name in stories]
        first = before[0] if before else one
        stories[one.id] = replace(
            one,
            before=first.before,
            tellings=tuple(chain(*(other.tellings for other in (*before, one)))),
            copies=sum(other.copies for other in (*before, one)),
            outlets=tuple(dict.fromkeys(chain(*(other.outlets for other in (*before, one))))),
            adds=one.adds or first.adds,
            says=one.says or first.says,
        )
    return Told(ended, list(stories.values()))


def answers(file: IndexFile, given: Sequence[Given], made: Decision) -> list[News]:
    """What each of the articles is, in their order."""
    copies = {made.where(one.id).copy for one in given} - made.told.keys()
    copy_of = rows.first_told(file, copies) | made.told
    kept = {*(copy_of[made.where(one.id).copy] for one in given), *(made.where(one.id).story for one in given)}
    names = rows.names(file, [number for number in kept if number < made.first])
    names |= {made.first + i: name_of(one) for i, one in enumerate(made.new)}
    similarity = {made.first + i: alike for i, alike in enumerate(made.similarity)}
    seen: set[int] = set()
    found = []
    for one in given:
        where, known = made.where(one.id), one.known
        what: What = "copy"
        if where.number >= made.first and where.number not in seen:
            what = "copy" if copy_of[where.copy] != where.number else "telling" if where.story != where.number else "new"
        elif one.digest != where.digest:
            what = "version"
        seen.add(where.number)
        alike = round(similarity.get(where.number, 1.0), 4)
        found.append(
            News(
                name_of(one),
                names[where.story],
                names[copy_of[where.copy]],
                what,
                alike,
                known.title,
                known.site,
                known.date,
                known.url,
            )
        )
    return found


def story_news(file: IndexFile, made: Decision) -> list[StoryNews]:
    """What is new of each story of which something is: before that is kept."""
    told: dict[int, list[int]] = {number: [] for number in made.stories_merged.values()}
    for i, story in enumerate(made.story):
        told.setdefault(story, []).append(i)
    was: dict[int, list[int]] = {}
    for one, other in made.stories_merged.items():
        was.setdefault(other, []).append(one)
    earlier = [number for number in (*told, *made.stories_merged) if number < made.first]
    before = dict(file.among("SELECT story, count(*) FROM articles WHERE story IN (?) GROUP BY story", earlier))
    names = rows.names(file, earlier)
    called = rows.headlined(file, [*told, *made.stories_merged])
    found = []
    for story, places in told.items():
        of = [made.new[i] for i in places if made.told[made.copy[i]] == made.first + i]
        if story >= made.first:
            names[story] = name_of(made.new[story - made.first])
        all_of_it = (story, *was.get(story, ()))
        count = sum(before.get(number, 0) for number in all_of_it)
        candidates = [called[number] for number in all_of_it if number in called]
        candidates += [(not one.known.title, one.kind, made.first + i) for i, one in enumerate(of)]
        _, kind, number = min(candidates)
        headline = rows.known(file, [number])[number] if number < made.first else of[number - made.first].known
        adds, says = _said(of, made.adds.get(story, Shared()), not count)
        sites = (one.known.site for one in (*of, *(made.new[i] for i in places)))
        found.append(
            StoryNews(
                names[story],
                headline,
                kind <= PERHAPS,
                count,
                tuple(one.known for one in of),
                len(places) - len(of),
                tuple(dict.fromkeys(site for site in sites if site)),
                adds,
                says,
                tuple(names[number] for number in was.get(story, ())),
            )
        )
    return found


def _said(tellings: Sequence[Given], adds: Shared, new: bool) -> tuple[Shared, tuple[tuple[str, Article], ...]]:
    """Of what some tellings add, or what those of a `new` story share, what their sentences state; and a few of these."""
    if new and len(tellings) > 1:
        adds = explain([one.features for one in tellings])
    says = [(sentence, one.known) for one in sorted(tellings, key=lambda one: one.kind) for sentence in one.said]
    sentences = [sentence for sentence, _ in says]
    if sentences:  # where one cannot tell sentences, in a script without full stops, there are none
        adds = Shared(stated(sentences, adds.names), stated(sentences, adds.numbers))
    chosen = telling(sentences, (*adds.names, *adds.numbers), _SAYS)
    return adds, tuple(says[i] for i in chosen)
