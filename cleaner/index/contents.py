"""What the index holds, for people and programs: its stories; what is forgotten; whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from cleaner.group.stories.explain import explain
from cleaner.index import blocks, rows
from cleaner.index.file import IndexFile
from cleaner.index.packing import unpacked_copies, unpacked_stories
from cleaner.model import Article, Shared

_EXPLAINED = 50  # tellings that a story is explained by, the first
_FAULTS = 10  # that a check names


@dataclass(frozen=True, slots=True)
class IndexedStory:
    """A story of the index: its id and those of the stories that were merged into it; its articles, the first told first.

    `first` and `last` are the first and the last of their dates; where none is dated, of the days they were added. `outlets`
    is how many sites tell it, `tellings` how many articles are no copies, `grew` how many were added later than the first.
    """

    story: str | int
    members: tuple[str | int, ...]
    was: tuple[str | int, ...]
    headline: str
    first: str
    last: str
    tellings: int
    outlets: int
    grew: int


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An article of a story: what people know it by, the id of its copy group's first, and the number of its addition."""

    id: str | int
    copy: str | int
    added: int
    article: Article


def stories(file: IndexFile, since: date | None = None, grew: bool = False) -> Iterator[IndexedStory]:
    """The stories by their age. With `since` those of which something was told on that day or later; with `grew` those that
    were continued by a later addition, with `since` by what was told since then."""
    having = ["1"]
    if grew:
        having.append("sum(added > began AND told >= :since) > 0")
    if since:
        having.append("max(told) >= :since")
    query = f"""
      WITH dated AS (SELECT articles.*, CASE articles.day WHEN 0 THEN additions.day ELSE articles.day END AS told,
                            min(added) OVER (PARTITION BY story) AS began
                     FROM articles JOIN additions ON additions.number = added)
      SELECT story, ifnull(min(nullif(day, 0)), min(told)), max(day), max(told), sum(copy = number),
             count(DISTINCT site), sum(added > began) FROM dated
      GROUP BY story HAVING {" AND ".join(having)} ORDER BY story"""
    found = file.rows(query.replace(":since", str(since.toordinal() if since else 0)))
    for story, first, dated, told, tellings, outlets, later in list(found):
        of = list(file.rows("SELECT number, title, opening FROM articles WHERE story = ? ORDER BY number", story))
        was = [number for (number,) in file.rows("SELECT story FROM merged WHERE target = ? ORDER BY story", story)]
        names = rows.names(file, [number for number, *_ in of])
        *_, called = rows.headlined(file, [story])[story]
        headline = next(title or opening or "" for number, title, opening in of if number == called)
        yield IndexedStory(
            names[story],
            tuple(names[number] for number, *_ in of),
            tuple(names[number] for number in was),
            headline,
            date.fromordinal(first).isoformat(),
            date.fromordinal(dated or told).isoformat(),
            tellings,
            outlets,
            later,
        )


def members(file: IndexFile, name: str) -> tuple[str | int, list[StoryMember], Shared]:
    """The story that an id is of, or was of, or of which it is an article: its own id, its articles, and what its tellings
    share. Raises KeyError where the index has no such article."""
    known = rows.by_id(file, [name]).get(name)
    if known is None:
        raise KeyError(name)
    of = list(
        file.rows(
            "SELECT number, copy, added, title, opening, site, date, url FROM articles WHERE story = ? ORDER BY number",
            known.story,
        )
    )
    names = rows.names(file, [number for number, *_ in of])
    told: dict[int, int] = {}
    for number, copy, *_ in of:
        told.setdefault(copy, number)
    found = [
        StoryMember(
            names[number],
            names[told[copy]],
            added,
            Article(id=str(names[number]), title=title, text=opening or "", site=site, date=day, url=url),
        )
        for number, copy, added, title, opening, site, day, url in of
    ]
    heads = [number for number, copy, *_ in of if number == copy][:_EXPLAINED]
    return names[known.story], found, explain(rows.story_features(file, heads)) if len(heads) > 1 else Shared()


def ids(file: IndexFile) -> list[str]:
    """All ids, to look for one like another."""
    return [name for (name,) in file.rows("SELECT id FROM articles")]


def headlines(file: IndexFile, begun: str, most: int) -> list[tuple[str, str]]:
    """The latest stories whose ids begin so, with their headlines."""
    query = (
        "SELECT id, ifnull(title, ifnull(opening, '')) FROM articles WHERE number = story AND substr(id, 1, ?) = ? "
        "ORDER BY number DESC LIMIT ?"
    )
    with file.reading():
        return list(file.rows(query, len(begun), begun, most))


def forget(file: IndexFile, before: date) -> tuple[int, int]:
    """Take out the stories of which nothing was told on that day or later, whole, so that no story loses its id while it
    lives; how many articles and stories these were."""
    gone = [
        number
        for (number,) in file.rows(
            "SELECT story FROM articles JOIN additions ON additions.number = added GROUP BY story "
            "HAVING max(CASE articles.day WHEN 0 THEN additions.day ELSE articles.day END) < ?",
            before.toordinal(),
        )
    ]
    articles = [number for (number,) in file.among("SELECT number FROM articles WHERE story IN (?)", gone)]
    one_by_one = [(number,) for number in articles]
    file.write("DELETE FROM articles WHERE number = ?", one_by_one)
    file.write("DELETE FROM copy_features WHERE number = ?", one_by_one)
    file.write("DELETE FROM story_features WHERE number = ?", one_by_one)
    file.write("DELETE FROM merged WHERE target = ?", [(number,) for number in gone])
    for kind in blocks.KINDS:
        blocks.drop(file, kind, np.array(articles, dtype=np.int64))
    return len(articles), len(gone)


@dataclass(frozen=True, slots=True)
class Size:
    """What the index comes to."""

    articles: int
    stories: int
    bytes: int


def size(file: IndexFile) -> Size:
    """How many articles and stories the index has, and its bytes."""
    articles, found = file.one("SELECT count(*), count(DISTINCT story) FROM articles")
    return Size(articles, found, file.room())


def faults(file: IndexFile) -> list[str]:
    """What is wrong with the index, a line each; nothing where it is whole."""
    found = [line for (line,) in file.rows(f"PRAGMA integrity_check({_FAULTS})") if line != "ok"]
    for what, query in _CHECKS.items():
        (count,) = file.one(query)
        if count:
            found.append(f"{what}: {count:,}")
    for kind, query in _IN_BLOCKS.items():
        kept = np.array([number for (number,) in file.rows(query)], dtype=np.int64)
        if not np.array_equal(np.sort(blocks.numbers(file, kind)), kept):
            found.append(f"articles that the blocks of {kind} do not have, or have in vain")
    return found or _unreadable(file)


def _unreadable(file: IndexFile) -> list[str]:
    for number, digest, copies, story in file.rows(
        "SELECT number, digest, copies.packed, stories.packed FROM articles JOIN copy_features AS copies USING (number) "
        "LEFT JOIN story_features AS stories USING (number)"
    ):
        try:
            unpacked_copies([digest], [copies])
            unpacked_stories([story] if story else [])
        except Exception as error:  # whatever unpacking of broken bytes raises
            return [f"what article {number} is compared by cannot be read ({type(error).__name__})"]
    return []


_CHECKS = {
    "articles without what they are compared by": (
        "SELECT count(*) FROM articles LEFT JOIN copy_features USING (number) WHERE packed IS NULL"
    ),
    "articles whose copy group is none": (
        "SELECT count(*) FROM articles AS a LEFT JOIN articles AS b ON b.number = a.copy "
        "WHERE b.number IS NULL OR b.copy <> b.number OR b.story <> a.story"
    ),
    "articles whose story is none": (
        "SELECT count(*) FROM articles AS a LEFT JOIN articles AS b ON b.number = a.story WHERE b.story IS NOT a.story"
    ),
    "representatives without features, or copies with some": (
        "SELECT count(*) FROM articles LEFT JOIN story_features USING (number) WHERE (copy = number) <> (packed IS NOT NULL)"
    ),
    "merged stories that lead nowhere": (
        "SELECT count(*) FROM merged LEFT JOIN articles ON number = merged.story WHERE articles.story IS NOT target"
    ),
}
_IN_BLOCKS: dict[blocks.Kind, str] = {"copies": "SELECT number FROM articles WHERE shingles > 0 ORDER BY number"}
