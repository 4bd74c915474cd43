"""The records that commands print: of a cleaned article, and of where grouping put it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING

from cleaner import records
from cleaner.dates import date_of
from cleaner.model import Article
from cleaner.pipeline import Cleaned
from cleaner.records import Fields, Row
from cleaner.report import title_of
from cleaner.report.as_json import named
from cleaner.spool import Pieces

if TYPE_CHECKING:
    from cleaner.fingerprint.words import Indexes
    from cleaner.group.collection import Groups

ROWS = 1000  # records that are written at once


def cleaned_record(item: Cleaned, fields: Fields, full: bool) -> dict[str, object]:
    """The record of a cleaned article: every field that came in, the cleaned text, and no `html`.

    `full` adds what was found out about the article, and what was removed.
    """
    article, result = item.article, item.result
    record = dict(article.record)
    if record.get(fields.id) in (None, ""):
        record = {fields.id: article.id, **{key: value for key, value in record.items() if key != fields.id}}
    name = article.text_field or fields.text
    record.pop("html", None)
    if name.lower() in records.HTML_NAMES:  # what comes out of a page is none
        record.pop(name, None)
        name = fields.text
    if result.text or record.get(name, "") is not None:  # what is null stays null
        record[name] = result.text
    if not full:
        return record
    found = {
        fields.date: date_of(article.date) or result.date,
        fields.title: article.title,
        "author": article.author,
        fields.site: article.site,
        fields.url: article.url,
    }
    for key, value in found.items():
        if value is not None and record.get(key) is None:
            record[key] = value
    if result.no_article:
        if name != "article":  # there stands the text
            record["article"] = False
        record["no_article"] = result.no_article
    if item.page:
        record["source"] = result.source
    record["removed"] = [
        {"start": r.start, "end": r.end, "rule": r.rule, "why": r.why, "text": result.source[r.start : r.end]}
        for r in result.removed
    ]
    return record


def written_record(item: Cleaned, fields: Fields, full: bool, to: str) -> Mapping[str, object]:
    """The record of a cleaned article for an output of the format `to`: from a table to a table it is the row as it was, but
    for the cell that held the text."""
    row = item.article.record
    if to not in TABLES or not isinstance(row, Row):
        return cleaned_record(item, fields, full)
    name = item.article.text_field or fields.text
    same = row.get(name) is None and not item.result.text
    return row if same else Row.of({**row, name: item.result.text}, row.origin, name)


TABLES = ("csv", "parquet")


GROUP_COLUMNS = ("story", "id", "outlet", "date", "link", "copy of")


def group_rows(grouped: Iterable[Mapping[str, object]], articles: Iterable[Article]) -> Iterator[dict[str, object]]:
    """The records of groups as rows of a table: with what is known of each article, and what it is a copy of."""
    for group, article in zip(grouped, articles, strict=True):
        copy = group["copy"] if group["copy"] != group["id"] else None
        cells = (group["story"], group["id"], article.site, article.date, article.url, copy)
        yield dict(zip(GROUP_COLUMNS, cells, strict=True))


def encoded(rows: Iterable[Mapping[str, object]], to: str) -> Iterator[bytes]:
    """Records in the format `to`."""
    out = records.encoder(to)
    for row in rows:
        yield out.add(row, "")
    yield from out.close()


class Openings:
    """What people know articles by, one after the other, and out of memory."""

    def __init__(self) -> None:
        self._known = Pieces()

    def __len__(self) -> int:
        return len(self._known)

    def append(self, known: Article) -> None:
        """Take one more."""
        self._known.append(json.dumps([known.id, known.title, known.date, known.url, known.site, known.text]).encode())

    def __getitem__(self, place: int) -> Article:
        name, title, date, url, site, text = json.loads(self._known[place])
        return Article(id=name, title=title, date=date, url=url, site=site, text=text)

    def __iter__(self) -> Iterator[Article]:
        return map(self.__getitem__, range(len(self)))


class Known:
    """What people know articles by, one after the other: how each begins, and whether it reports (see headlines)."""

    def __init__(self) -> None:
        self.openings = Openings()
        self.kinds = bytearray()

    def add(self, opening: Article, kind: int) -> None:
        """Take one more article."""
        self.openings.append(opening)
        self.kinds.append(kind)

    def headlines(self, groups: Groups) -> Headlines:
        """The headlines of stories: of each that of the telling which is most like the others, among those that report,
        where one does."""
        import numpy as np  # only grouping pays for it

        means = np.zeros(len(groups.ids))
        for i, (_, mean) in groups.kinship.items():
            means[i] = mean
        own = np.flatnonzero(groups.copy == np.arange(len(groups.copy)))
        kinds = np.frombuffer(self.kinds, dtype=np.uint8)
        story = groups.story[own]
        order = np.lexsort((own, story != own, -means[own], kinds[own], story))
        first = order[np.unique(story[order], return_index=True)[1]]
        tellers = np.full(len(groups.ids), -1)
        tellers[story[first]] = own[first]
        return Headlines(self.openings, tellers)


class Headlines:
    """The headlines of stories, by the places of their representatives."""

    def __init__(self, openings: Openings, tellers: Indexes) -> None:
        self._openings, self._tellers = openings, tellers

    def __getitem__(self, story: int) -> str:
        return title_of(self._openings[int(self._tellers[story])])


def given_ids(ids: Sequence[str], numbers: Sequence[int]) -> Sequence[object]:
    """Ids as they were given: as numbers where `numbers` says so."""
    if not any(numbers):
        return ids
    # One that was renamed since is no number any more.
    return [int(name) if was and "~" not in name else name for name, was in zip(ids, numbers, strict=True)]


def group_records(groups: Groups, numbers: Sequence[int], known: Known) -> Iterator[dict[str, object]]:
    """One record an article, in order, with its ids as they were given, see `given_ids`.

    What the tellings of a story share stands in its representative's record alone, and so does the story's headline.
    """
    headlines = known.headlines(groups)
    ids = given_ids(groups.ids, numbers)
    for start in range(0, len(ids), ROWS):
        some = slice(start, start + ROWS)
        similarity = groups.similarity[some].round(4).tolist()
        found = zip(ids[some], groups.story[some].tolist(), groups.copy[some].tolist(), similarity, strict=True)
        for i, (name, story, copy, alike) in enumerate(found, start):
            row = {"id": name, "story": ids[story], "copy": ids[copy], "similarity": alike}
            row.update(named(known.openings[i]))
            if story == i:
                row["headline"] = headlines[i]
            if groups.form[i] >= 0:
                row["form"] = ids[groups.form[i]]
            if i in groups.shares:
                row["shares"] = [{"id": ids[other], "words": words} for other, words in groups.shares[i]]
            if i in groups.shared:
                row["shared"] = asdict(groups.shared[i])
            yield row


def in_lines(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Records as lines of JSON, a good many at a time."""
    rest = iter(rows)
    while some := list(islice(rest, ROWS)):
        yield "".join(records.dumps(row) + "\n" for row in some)
