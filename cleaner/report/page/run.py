"""What a run did, as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cleaner import text as texts
from cleaner.model import Article, Failure, Group, Member
from cleaner.report import MUCH, counted, in_common, of_passage, title_of
from cleaner.report.page import FILTERS, escaped, foot, head, values

MOST_STORIES = 500
MOST_ROWS = 2000  # of failures or skipped inputs
WORST = 10  # articles that lost too much and stand open; more are folded


@dataclass(frozen=True, slots=True)
class Totals:
    """What a run came to: counts, removals by rule with examples (article, removed text) and a reason, and the articles
    that lost too large a share."""

    counts: Mapping[str, int]
    rules: Mapping[str, int]
    examples: Mapping[str, Sequence[tuple[str, str]]]
    whys: Mapping[str, str]
    suspect: Sequence[tuple[str, float]]


def run(
    totals: Totals,
    stories: Sequence[tuple[Group, Sequence[tuple[Article, Member]]]],
    failed: Sequence[Failure],
    skipped: Sequence[Failure],
) -> Iterator[str]:
    """A page about a run: totals, what failed, removals by rule, the stories.

    Stories come with their articles, the representative first, each with where it was put.
    """
    yield head("A run of cleaner")
    yield "<h1>A run of cleaner</h1>" + FILTERS
    yield _facts(totals.counts.items())
    yield from _left_out("Failed", failed)
    yield from _lost(totals.suspect)
    if totals.rules:
        yield "<section data-group><h2>Removed, by rule</h2>"
        for rule, count in totals.rules.items():
            yield from _rule(rule, count, totals)
        yield "</section>"
    if stories:
        yield "<section data-group><h2>Stories told more than once</h2>"
        for group, members in stories[:MOST_STORIES]:
            yield from _group(group, members)
        yield "</section>" + _more(len(stories), MOST_STORIES, "story")
    yield from _left_out("Skipped", skipped)
    yield foot()


def _lost(suspect: Sequence[tuple[str, float]]) -> Iterator[str]:
    """The articles that lost too large a share, the worst first."""
    rows = [
        f"<li>{escaped(texts.shown(name))} <span class=soft>{share:.0%}</span></li>"
        for name, share in sorted(suspect, key=lambda lost: -lost[1])
    ]
    if rows:
        yield f"<h2>Lost {MUCH}</h2><p>{counted(len(rows), 'article')}</p><ul>{''.join(rows[:WORST])}</ul>"
    if rest := rows[WORST:MOST_ROWS]:
        yield f"<details><summary>{len(rest)} more</summary><ul>{''.join(rest)}</ul></details>"
        yield _more(len(rows), MOST_ROWS, "article")


def _rule(rule: str, count: int, totals: Totals) -> Iterator[str]:
    name = f"<h3><code>{escaped(rule)}</code> <span class=soft>{count:,}</span></h3>"
    yield f"<div class=window data-rule='{values(rule)}'>{name}<p class=why>{escaped(totals.whys.get(rule, ''))}</p>"
    for article, gone in totals.examples.get(rule, ()):
        where = f"<span class=soft>{escaped(texts.shown(article))}</span>"
        said = f"<span class=said>{escaped(texts.one_line(gone, 300))}</span>"
        yield f"<p class=gone dir=auto><span class=sign>-</span> {said} {where}</p>"
    yield "</div>"


def _group(group: Group, members: Sequence[tuple[Article, Member]]) -> Iterator[str]:
    title = title_of(members[0][0])
    independent = sum(member.id == member.copy for _, member in members)
    yield f"<div class=story data-story='{values(group.id)}' data-name='{escaped(title)}'><h3 dir=auto>{escaped(title)}</h3>"
    yield f"<p class=soft>{counted(len(members), 'article')}, {counted(independent, 'independent telling')}</p>"
    for line in in_common(group.shared):
        yield f"<p dir=auto><span class=soft>share:</span> {escaped(line)}</p>"
    yield "<ul>"
    for article, member in members:
        kind = "" if member.id == member.copy else " <span class=soft>a near-verbatim copy</span>"
        when = f"<span class=soft>{escaped(article.date)}</span> " if article.date else ""
        passages = "".join(
            f"<div><span class=soft>{of_passage(passage)}</span> {escaped(texts.shown(passage.id))}</div>"
            for passage in member.shares
        )
        yield f"<li>{when}{escaped(texts.shown(article.id))}{kind}{passages}</li>"
    yield "</ul></div>"


def _left_out(title: str, failures: Sequence[Failure]) -> Iterator[str]:
    if failures:
        yield f"<h2>{title}</h2><table>"
        for failure in failures[:MOST_ROWS]:
            yield f"<tr><td>{escaped(texts.shown(failure.where))}</td><td>{escaped(failure.reason)}</td></tr>"
        yield "</table>" + _more(len(failures), MOST_ROWS, "input")


def _more(count: int, most: int, noun: str) -> str:
    return f"<p class=soft>... and {counted(count - most, 'more ' + noun)}</p>" if count > most else ""


def _facts(rows: Iterable[tuple[str, int]]) -> str:
    return "<table class=facts>" + "".join(f"<tr><td>{n:,}<td>{escaped(name)}</tr>" for name, n in rows) + "</table>"
