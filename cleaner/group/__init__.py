"""Grouping: copies first, then the stories that their representatives tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cleaner.clean import article_of, clean_many
from cleaner.engine import Engine, Serial
from cleaner.extract import extract
from cleaner.model import Article, Group, Grouping, Member
from cleaner.text import date_of


def group(
    articles: Iterable[str | Article], *, clean: bool = True, copies_only: bool = False, engine: Engine | None = None
) -> Grouping:
    """Group articles into copies and stories.

    Articles are cleaned first unless `clean` is false; the id of one without is its place, from 1. A repeated id gets "~2",
    "~3". With `copies_only` every story is its copy group. The representative of a group is its earliest dated article,
    then the longest, then the one with the smallest id. The groups do not depend on the order of the articles.
    """
    from cleaner.group import copies, stories  # numpy and datasketch: only grouping pays for them

    if isinstance(articles, str):
        raise TypeError("group takes several articles, and a string is one")
    ready, _ = with_unique_ids([extract(article_of(a, str(n))) for n, a in enumerate(articles, 1)])
    if clean:
        results = clean_many(ready)
        ready = [replace(a, text=r.text, blocks=(), date=a.date or r.date) for a, r in zip(ready, results, strict=True)]
    engine = engine or Serial()

    def rank(i: int) -> tuple[str, int, str]:
        return date_of(ready[i].date) or "9", -len(ready[i].text), ready[i].id

    copy_of = copies.find([article.text for article in ready], rank, engine)
    story_of = {head: head for head, _ in copy_of}
    if not copies_only:
        heads = sorted(story_of, key=lambda i: ready[i].id)
        told = defaultdict(list)
        for head, label in zip(heads, stories.find([ready[i] for i in heads], engine), strict=True):
            told[label].append(head)
        for tellings in told.values():
            story_of.update(dict.fromkeys(tellings, min(tellings, key=rank)))
    members = tuple(
        Member(article.id, ready[story_of[head]].id, ready[head].id, round(similarity, 4))
        for article, (head, similarity) in zip(ready, copy_of, strict=True)
    )
    return Grouping(members, _groups(members, "story"), _groups(members, "copy"))


def _groups(members: Sequence[Member], kind: str) -> tuple[Group, ...]:
    gathered = defaultdict(list)
    for member in members:
        gathered[getattr(member, kind)].append(member.id)
    groups = [Group(head, (head, *sorted(i for i in ids if i != head))) for head, ids in gathered.items()]
    return tuple(sorted(groups, key=lambda found: (-len(found.members), found.id)))


def with_unique_ids(articles: Sequence[Article]) -> tuple[list[Article], list[str]]:
    """The articles with a repeated id made unique by "~2", "~3", and the ids that were repeated, each once."""
    taken = {article.id for article in articles}
    seen: dict[str, int] = {}
    unique, repeated = [], []
    for article in articles:
        count = seen[article.id] = seen.get(article.id, 0) + 1
        if count == 1:
            unique.append(article)
            continue
        if count == 2:
            repeated.append(article.id)
        while (name := f"{article.id}~{count}") in taken:
            count += 1
        seen[article.id] = count
        taken.add(name)
        unique.append(replace(article, id=name))
    return unique, repeated
