"""cleaner group: group copies and stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cleaner import records
from cleaner.commands.intake import Cleaned, Inputs, cleaned, note_if_empty
from cleaner.commands.ledger import Ledger
from cleaner.commands.output import Out
from cleaner.engine import Engine
from cleaner.group import group, with_unique_ids
from cleaner.model import Article, Failure, Grouping


@dataclass(frozen=True, slots=True)
class How:
    """What is compared, and what becomes of it."""

    mode: str = "overview"  # overview, json, unique
    cleaning: bool = True
    copies_only: bool = False


def run(inputs: Inputs, how: How, engine: Engine, ledger: Ledger, out: Out) -> None:
    """Group the articles that the inputs name."""
    sources = inputs.sources(ledger)
    items: list[Cleaned] = []
    for _, item in cleaned(sources, inputs, engine, metadata=True, cleaning=how.cleaning):
        if isinstance(item, Failure):
            ledger.fail(item)
        else:
            note_if_empty(item, ledger)
            items.append(item)
    articles = unique([item.as_article() for item in items], ledger)
    only_copies = how.copies_only or how.mode == "unique"
    grouping = group(articles, clean=False, copies_only=only_copies, engine=engine)
    if how.mode == "json":
        for row in rows(grouping, given_ids(articles, inputs.fields)):
            out.exact(records.dumps(row) + "\n")
    elif how.mode == "unique":
        for member, article, item in zip(grouping.members, articles, items, strict=True):
            if member.copy == member.id:
                out.exact(records.dumps(_as_it_came(article, item, inputs.fields)) + "\n")
    else:
        from cleaner import report

        report.overview(out.console(), grouping, {article.id: article for article in articles})


def unique(articles: Sequence[Article], ledger: Ledger) -> list[Article]:
    """The articles with unique ids, and a warning for each id that was repeated."""
    renamed, repeated = with_unique_ids(articles)
    for name in repeated:
        ledger.note("repeated ids", name, "the id is repeated: the later ones are called ~2, ~3")
    return renamed


def given_ids(articles: Sequence[Article], fields: records.Fields) -> dict[str, object]:
    """For each article's id the value that stands in results: an id that was given as a whole number is one there too."""
    given: dict[str, object] = {}
    for article in articles:
        raw = article.record.get(fields.id)
        given[article.id] = raw if isinstance(raw, int) and str(raw) == article.id else article.id
    return given


def rows(grouping: Grouping, given: Mapping[str, object]) -> list[dict[str, object]]:
    """One record an article, in order, with its ids as they were given."""
    return [
        {"id": given[m.id], "story": given[m.story], "copy": given[m.copy], "similarity": m.similarity}
        for m in grouping.members
    ]


def _as_it_came(article: Article, item: Cleaned, fields: records.Fields) -> dict[str, object]:
    if item.article.record:
        return dict(item.article.record)
    return {fields.id: article.id, fields.text: item.result.source}
