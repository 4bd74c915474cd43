"""The records that commands print: of a cleaned article, and of where grouping put it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING

from cleaner import records
from cleaner.dates import date_of
from cleaner.pipeline import Cleaned
from cleaner.records import Fields

if TYPE_CHECKING:
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


def group_records(groups: Groups, numbers: Sequence[int]) -> Iterator[dict[str, object]]:
    """One record an article, in order, with its ids as they were given: as numbers where `numbers` says so.

    What the tellings of a story share stands in its representative's record alone.
    """
    ids: Sequence[object] = groups.ids
    if any(numbers):  # one that was renamed since is no number any more
        ids = [int(name) if was and "~" not in name else name for name, was in zip(groups.ids, numbers, strict=True)]
    for start in range(0, len(ids), ROWS):
        some = slice(start, start + ROWS)
        similarity = groups.similarity[some].round(4).tolist()
        found = zip(ids[some], groups.story[some].tolist(), groups.copy[some].tolist(), similarity, strict=True)
        for i, (name, story, copy, alike) in enumerate(found, start):
            row = {"id": name, "story": ids[story], "copy": ids[copy], "similarity": alike}
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
