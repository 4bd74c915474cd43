"""What a run did, as a page: one that needs nothing else, or above MOST_ARTICLES an overview and a page a month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cleaner import text as texts
from cleaner.model import Article, Failure
from cleaner.report import (
    MUCH,
    counted,
    in_common,
    link_of,
    of_passage,
    outlet_of,
    singular,
    title_of,
)
from cleaner.report.page import FILTERS, escaped, foot, head, values
from cleaner.report.page.entries import Entries, Entry, Headlines, Run, Told, stories_of, told_and_copied

MOST_ARTICLES = 20_000  # on one page
MOST_STORIES = 500  # on an overview
MOST_ROWS = 2000  # of failures or skipped inputs
WORST = 10  # articles that lost too much and stand open; more are folded
_RULES = 3  # of an outlet, those that remove most


def groups(entries: Entries, headlines: Headlines) -> Iterator[str]:
    """A page of the stories and copies among articles; above MOST_ARTICLES without those that are told once."""
    told, copied = told_and_copied(entries.groups)
    yield head("Stories and copies")
    yield "<h1>Stories and copies</h1>"
    yield _facts(
        [
            ("articles", len(entries)),
            ("stories told more than once", told),
            ("near-verbatim copies", copied),
        ]
    )
    yield FILTERS
    stories = stories_of(entries, headlines)
    yield from _stories(stories, len(stories))
    if len(entries) <= MOST_ARTICLES:
        yield from _articles(entries)
    yield foot()


def pages(run: Run, folder: str, most: int = MOST_ARTICLES) -> Iterator[tuple[str, Iterator[str]]]:
    """The pages of a run by their names; where there are several, all but the first in a folder."""
    if len(run.entries) <= most:
        yield "report.html", _page(run, run.entries, run.stories)
        return
    months = run.entries.by_month()
    of_month: dict[str, list[Told]] = defaultdict(list)
    for told in run.stories:
        of_month[told.tellings[0].month].append(told)
    names = {month: f"{folder}/{month or 'undated'}.html" for month in sorted(months)}
    sizes = {name: len(months[month]) for month, name in names.items()}
    yield "report.html", _page(run, run.entries.at(()), run.stories[:MOST_STORIES], sizes)
    for month, name in names.items():
        yield name, _month(run, month, months[month], of_month[month])


def _page(run: Run, entries: Entries, stories: Sequence[Told], months: Mapping[str, int] | None = None) -> Iterator[str]:
    yield head("A run of cleaner")
    yield "<h1>A run of cleaner</h1>"
    yield _facts(run.counts.items())
    yield FILTERS
    yield from _left_out("Failed", run.failed)
    if months:
        yield "<h2>By month</h2><ul class=months>"
        for name, count in months.items():
            month = name.rsplit("/", 1)[-1].removesuffix(".html")
            yield f'<li><a href="{escaped(name)}">{escaped(month)}</a> <span class=soft>{counted(count, "article")}</span>'
        yield "</ul>"
    yield from _lost(run.suspect)
    yield from _stories(stories, len(run.stories))
    yield from _outlets(run)
    yield from _rules(run)
    yield from _articles(entries)
    yield from _left_out("Skipped", run.skipped)
    yield foot()


def _month(run: Run, month: str, entries: Entries, stories: Sequence[Told]) -> Iterator[str]:
    title = f"A run of cleaner: {month or 'undated'}"
    yield head(title)
    yield f'<h1>{escaped(title)}</h1><p><a href="../report.html">all months</a></p>'
    yield _facts([("articles", len(entries)), ("stories told more than once", len(stories))])
    yield FILTERS
    yield from _stories(stories, len(stories))
    yield "<ul hidden>"
    yield from (f"<li data-rule='{values(rule)}' data-number={number}>" for rule, number, _, _ in run.rules)
    yield "</ul>"
    yield from _articles(entries)
    yield foot()


def _stories(stories: Sequence[Told], count: int) -> Iterator[str]:
    if stories:
        yield "<section data-group><h2>Stories told more than once</h2>"
        yield from (piece for told in stories for piece in _story(told))
        yield "</section>" + _more(count, len(stories), "story")


def _story(told: Told) -> Iterator[str]:
    """A story as a timeline of its tellings, the copies of each folded below it."""
    copies: dict[str, list[Entry]] = defaultdict(list)
    for entry in told.entries:
        if entry.member.id != entry.member.copy:
            copies[entry.member.copy].append(entry)
    tellings = told.tellings
    days = [date for entry in told.entries if (date := entry.article.date)]
    span = "" if not days else min(days) if min(days) == max(days) else f"{min(days)} to {max(days)}"
    outlets = len({outlet for entry in told.entries if (outlet := outlet_of(entry.article))})
    facts = [
        counted(len(told.entries), "article"),
        counted(len(tellings), "independent telling"),
        counted(outlets, "outlet") if outlets else "",
        span,
    ]
    yield f"<div class=story><h3 dir=auto>{escaped(told.headline)}</h3>"
    yield f"<p class=soft>{', '.join(filter(None, facts))} <code>{escaped(texts.shown(told.group.id))}</code></p>"
    for line in in_common(told.group.shared):
        yield f"<p dir=auto><span class=soft>share:</span> {escaped(line)}</p>"
    yield "<ol class=timeline>"
    for entry in tellings:
        yield _entry(entry)
        if same := copies[entry.id]:
            yield f"<details><summary>{counted(len(same), 'near-verbatim copy')}</summary><ul>"
            yield from map(_entry, same)
            yield "</ul></details>"
    yield "</ol></div>"


def _entry(entry: Entry) -> str:
    """An article by its date, outlet and headline, which leads to it."""
    article = entry.article
    when = f"<time>{escaped(article.date)}</time> " if article.date else ""
    outlet = outlet_of(article)
    who = f"<i>{escaped(outlet)}</i> " if outlet else ""
    rules = f' data-r="{" ".join(map(str, entry.rules))}"' if entry.rules else ""
    name = "" if article.title else f" <span class=soft>{escaped(texts.shown(entry.id))}</span>"
    shares = [f"<div><span class=soft>{of_passage(one)}</span> {escaped(name)}</div>" for one, name in entry.shares]
    passages = "".join(shares[:1])
    if shares[1:]:
        passages += f"<details><summary>{counted(len(shares) - 1, 'more passage')}</summary>{''.join(shares[1:])}</details>"
    return f"<li{rules}>{when}{who}{_linked(article)}{name}{passages}"


def _linked(article: Article) -> str:
    """An article's headline, which leads to it where it has an address of the web."""
    url, title = link_of(article), escaped(title_of(article))
    return f'<a href="{escaped(url)}">{title}</a>' if url else f"<bdi>{title}</bdi>"


def _articles(entries: Entries) -> Iterator[str]:
    """The articles that are alone with their story, folded by month."""
    months = entries.told_once().by_month()
    if months:
        yield "<section data-group><h2>Told once</h2>"
    for month in sorted(months):
        said = f"{month or 'undated'}: {counted(len(months[month]), 'article')}"
        yield f"<details class=month><summary>{escaped(said)}</summary><ul>"
        yield from map(_entry, months[month].by_date())
        yield "</ul></details>"
    if months:
        yield "</section>"


def _lost(suspect: Entries) -> Iterator[str]:
    """The articles that lost too large a share, the worst first."""
    rows = [
        f"<li><b>{entry.share:.0%}</b> {_entry(entry).split('>', 1)[1]}"
        + (f" <span class=soft>{escaped(texts.shown(entry.id))}</span>" if entry.article.title else "")
        for entry in suspect.by_share().first(MOST_ROWS)
    ]
    if rows:
        yield f"<h2>Lost {MUCH}</h2><p>{counted(len(suspect), 'article')}</p><ul>{''.join(rows[:WORST])}</ul>"
    if rest := rows[WORST:]:
        yield f"<details><summary>{len(rest)} more</summary><ul>{''.join(rest)}</ul></details>"
        yield _more(len(suspect), MOST_ROWS, "article")


def _outlets(run: Run) -> Iterator[str]:
    """What goes most from each outlet, what is learned of it, and how many of its articles lost too much."""
    lost: dict[str, int] = defaultdict(int)
    for entry in run.suspect:
        lost[outlet_of(entry.article)] += 1
    named = [outlet for outlet in run.outlets if outlet.name]
    if not named:
        return
    yield "<section><h2>Outlets</h2><div class=wide><table class=outlets><tr><th>outlet<th>articles<th>removed"
    yield "<th>what goes most<th>learned<th>lost too much</tr>"
    for outlet in named[:MOST_ROWS]:
        most = [f"<code>{escaped(rule)}</code> {count:,}" for rule, count in outlet.rules if not rule.startswith(_LEARNED)]
        learned = [
            f"{count:,}: <span class=gone><span class=said>{escaped(texts.one_line(example.text, 80))}</span></span>"
            for rule, count in outlet.rules
            if rule.startswith(_LEARNED)
            for example in run.examples[rule][:1]
        ]
        yield f"<tr><td>{escaped(outlet.name)}<td class=n>{outlet.articles:,}<td class=n>{outlet.share:.1%}"
        yield f"<td>{'<br>'.join(most[:_RULES])}<td dir=auto>{'<br>'.join(learned[:_RULES])}"
        yield f"<td class=n>{lost[outlet.name] or ''}</tr>"
    yield "</table></div></section>"


_LEARNED = "site/"  # how the ids of rules begin that a run has learned


def _rules(run: Run) -> Iterator[str]:
    if run.rules:
        yield "<section data-group><h2>Removed, by rule</h2>"
        for rule, number, count, why in run.rules:
            name = f"<h3><code>{escaped(rule)}</code> <span class=soft>{count:,}</span></h3>"
            yield f"<div class=window data-rule='{values(rule)}' data-number={number}>{name}<p class=why>{escaped(why)}</p>"
            for example in run.examples[rule]:
                where = f"<span class=soft>{escaped(example.outlet)} {_linked(example.article)}</span>"
                said = f"<span class=said>{escaped(texts.one_line(example.text, 300))}</span>"
                yield f"<p class=gone dir=auto><span class=sign>-</span> {said} {where}</p>"
            yield "</div>"
        yield "</section>"


def _left_out(title: str, failures: Sequence[Failure]) -> Iterator[str]:
    if failures:
        yield f"<h2>{title}</h2><table>"
        for failure in failures[:MOST_ROWS]:
            yield f"<tr><td>{escaped(texts.shown(failure.where))}</td><td>{escaped(failure.reason)}</td></tr>"
        yield "</table>" + _more(len(failures), MOST_ROWS, "input")


def _more(count: int, most: int, noun: str) -> str:
    return f"<p class=soft>... and {counted(count - most, 'more ' + noun)}</p>" if count > most else ""


def _facts(rows: Iterable[tuple[str, int]]) -> str:
    return (
        "<table class=facts>"
        + "".join(f"<tr><td>{n:,}<td>{escaped(singular(n, name))}</tr>" for name, n in rows)
        + "</table>"
    )
