"""The stories of a run: what is kept of them with its output, and how one is found again and read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cleaner import records
from cleaner.commands.messages import Usage
from cleaner.diff import Kinship
from cleaner.model import Article
from cleaner.options import StoryOptions
from cleaner.records import Source
from cleaner.text import one_line, shown

if TYPE_CHECKING:
    from cleaner.commands.records_out import Headlines
    from cleaner.group.collection import Groups

NAME = "stories.jsonl"  # in the output of a run: a row a story that has several tellings
_SUGGESTED = 5  # stories that a message names
_WRITTEN = {".txt": "text", ".csv": "csv", ".parquet": "parquet"}


def rows(groups: Groups, headlines: Headlines, options: StoryOptions) -> Iterator[dict[str, object]]:
    """What a run keeps of its stories: each with its headline, the dials that it was found by, and how alike each of its
    tellings is to the one that is most like it, by the weights of the run."""
    tellings: dict[int, list[int]] = {}
    for i in groups.kinship:
        tellings.setdefault(int(groups.story[i]), []).append(i)
    for story, members in tellings.items():
        yield {
            "story": groups.ids[story],
            "headline": headlines[story],
            "strictness": options.strictness,
            "window": options.window,
            "similarity": {groups.ids[i]: groups.kinship[i][0] for i in members},
        }


@dataclass(frozen=True, slots=True)
class Kept:
    """A story of a run: its articles, the representative first, what the others are to that by the run, and its headline."""

    articles: list[Article]
    kinships: list[Kinship]
    headline: str


def kept(directory: Path, wanted: str) -> Kept:
    """The story that is wanted: by the id of it or of an article in it, a unique beginning of one, or words of its headline.
    Raises Usage where there is none, or several; OSError and records.Unreadable where the directory is no run's."""
    grouped = {str(row["id"]): row for row in _rows(directory / "groups.jsonl")}
    name = _named(grouped, wanted, directory)
    members = {member: row for member, row in grouped.items() if str(row.get("story")) == name}
    found = _tellings(directory, members)
    head = found.pop(name, None)
    articles = [head] if head else []
    articles += sorted(found.values(), key=lambda article: (article.date or "9", article.id))
    if not articles:
        raise Usage(f"{directory}: the articles of the story {wanted} are gone")
    known = next((row for row in _rows_of(directory / NAME) if str(row.get("story")) == name), {})
    return Kept(articles, _kinships(articles, members, known), _title(grouped[name]) if name in grouped else "")


def _rows(path: Path) -> list[dict[str, object]]:
    return [dict(row) for row in map(records.loads, path.read_bytes().splitlines()) if isinstance(row, Mapping)]


def _rows_of(path: Path) -> list[dict[str, object]]:
    """The rows of a file that an earlier version did not write."""
    return _rows(path) if path.exists() else []


def _named(grouped: Mapping[str, Mapping[str, object]], wanted: str, directory: Path) -> str:
    """The id of the story that is wanted. Raises Usage."""
    if wanted in grouped:
        return str(grouped[wanted]["story"])
    heads = {name: row for name, row in grouped.items() if str(row.get("story")) == name}
    begun = {str(row["story"]) for name, row in grouped.items() if wanted and name.startswith(wanted)}
    if len(begun) == 1:
        return begun.pop()
    words = set(wanted.casefold().split())
    told = [name for name, row in heads.items() if words and words <= set(_title(row).casefold().replace(",", " ").split())]
    if not begun and told:
        sizes = [str(row.get("story")) for row in grouped.values()]
        several = [name for name in told if sizes.count(name) > 1] or told
        if len(several) == 1:
            return several[0]
        told = several
    near = sorted(begun) or told or _close(heads, wanted)
    if begun or told:
        raise Usage(f"{shown(wanted)}: {len(near)} stories begin so or have these words: {_listed(near, heads)}")
    end = f"; near it: {_listed(near, heads)}" if near else f"; the ids of stories are in {directory / 'groups.jsonl'}"
    raise Usage(f"{directory}: no story {shown(wanted)}{end}")


def _title(row: Mapping[str, object]) -> str:
    return str(row.get("headline") or row.get("title") or "")


def _listed(names: Sequence[str], heads: Mapping[str, Mapping[str, object]]) -> str:
    some = [f"{shown(name)} ({one_line(_title(heads[name]), 50)})" if name in heads else shown(name) for name in names]
    return ", ".join(some[:_SUGGESTED]) + (f" and {len(some) - _SUGGESTED} more" if len(some) > _SUGGESTED else "")


def _close(heads: Mapping[str, Mapping[str, object]], wanted: str) -> list[str]:
    """The stories whose id or headline is most like what was asked for."""
    from difflib import get_close_matches

    near = get_close_matches(wanted, list(heads), n=3, cutoff=0.7)
    words = set(wanted.casefold().split())
    scored = [(len(words & set(_title(row).casefold().split())), name) for name, row in heads.items()]
    near += [name for count, name in sorted(scored, reverse=True)[:3] if 2 * count >= len(words) > 0 and count]
    return list(dict.fromkeys(near))[:3]


def _kinships(
    articles: Sequence[Article], members: Mapping[str, Mapping[str, object]], known: Mapping[str, object]
) -> list[Kinship]:
    """What each article is to the first: of its story, whatever two articles alone would seem; how alike, by the run, and
    what speaks for it and against it."""
    from cleaner.fingerprint import shingles
    from cleaner.group.stories.contradictions import apart
    from cleaner.group.stories.explain import explain
    from cleaner.group.stories.features import story_features

    first, *others = zip(articles, story_features(articles), strict=True)
    window = known.get("window")
    days = window if isinstance(window, int) else StoryOptions().window
    alike = known.get("similarity")
    similarity = alike if isinstance(alike, Mapping) else {}
    own = shingles.of_text(first[0].text)
    found = []
    for article, features in others:
        row, head = members[article.id], members.get(first[0].id, {})
        copy = row.get("copy") == head.get("copy")
        value = similarity.get(article.id, similarity.get(str(row.get("copy")), 1.0 if copy else None))
        jaccard = shingles.jaccard(own, shingles.of_text(article.text))
        found.append(
            Kinship(
                round(float(value), 4) if isinstance(value, float | int) else 0.5,
                round(jaccard, 4),
                True,
                copy,
                explain([first[1], features]),
                apart(first[1], features, days),
            )
        )
    return found


def _tellings(directory: Path, members: Mapping[str, Mapping[str, object]]) -> dict[str, Article]:
    """The cleaned articles of a run that are wanted, by id, as they are known; each output is read once."""
    wanted: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in _rows(directory / "manifest.jsonl"):
        if str(row.get("id")) in members and row.get("output"):
            wanted[str(row["output"])].append(row)
    found: dict[str, Article] = {}
    for output, some in wanted.items():
        articles = _written(directory / output, some)
        for row in some:
            item, name = articles.get(_place(row)), str(row["id"])
            if item is not None:
                known = {**row, **members[name]}
                found[name] = Article(
                    text=item.text,
                    id=name,
                    title=_text(known.get("title")) or item.title,
                    date=_text(known.get("date")) or item.date,
                    url=_text(known.get("url")) or item.url,
                    site=_text(known.get("site")) or item.site,
                )
    return found


def _place(row: Mapping[str, object]) -> int:
    """Where in its output an article stands."""
    return int(str(row.get("place", 0)))


def _written(path: Path, some: Sequence[Mapping[str, object]]) -> dict[int, Article]:
    """The articles of an output that some rows of the manifest name, by their places."""
    given = some[0].get("fields")
    fields = records.Fields(**given) if isinstance(given, dict) else records.Fields()
    packed = path.suffix if path.suffix == ".zst" else ""  # of a shard
    source = Source(str(path), path.name, path, _WRITTEN.get(path.suffix, "jsonl"), packed)
    places = set(map(_place, some))
    found: dict[int, Article] = {}
    for place, line in enumerate(records.read_lines(source, fields)):
        if isinstance(line, Article) and some[0].get("parted"):
            return {i: msgspec.structs.replace(line, text=text) for i, text in enumerate(line.text.split("\f"))}
        if place in places:
            item = records.parsed(line) if isinstance(line, records.Line) else line
            if isinstance(item, Article):
                found[place] = item
            if len(found) == len(places):
                break
    return found


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
