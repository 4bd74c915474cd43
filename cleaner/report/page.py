"""Reports as one HTML file: light and dark, to be read without script, with filters where there is some.

Nothing in it comes from elsewhere, and its policy lets nothing run or load but its own style and script, which are named by
their hashes. Every text is `visible` and escaped.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from cleaner import text as texts
from cleaner.diff import Sentence, Story, Telling
from cleaner.diff.removals import Cut, Line, Removals, Window
from cleaner.model import Article, Failure, Group
from cleaner.report import counted, letter, title_of

FOLD_AT = 6  # lines of a removal that stand open; more are folded
MOST_STORIES = 500
MOST_ROWS = 2000  # of failures or skipped inputs


class Page:
    """A page of what cleaning removed, written piece by piece as the articles come."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self._begun = False
        self._suspect: list[str] = []

    def add(self, found: Removals) -> None:
        """Show one article."""
        self._begin()
        for piece in _article(found):
            self._write(piece)
        if found.too_much:
            self._suspect.append(f"<li>{_text(texts.shown(found.name))} ({found.share:.0%})</li>")

    def close(self) -> None:
        """The articles that lost too much, and the end of the page."""
        self._begin()
        if self._suspect:
            self._write(f"<h2>More than 40 % is gone</h2><ul>{''.join(self._suspect)}</ul>")
        self._write(_foot())

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._write(_head("What cleaning removes") + "<h1>What cleaning removes</h1>" + _FILTERS)


def story(told: Story) -> Iterator[str]:
    """A page of how the tellings of a story differ."""
    title = title_of(told.head)
    yield _head(title)
    yield f"<h1 dir=auto>{_text(title)}</h1>"
    yield _FILTERS
    yield from _tellings(told)
    yield _foot()


@dataclass(frozen=True, slots=True)
class Totals:
    """What a batch came to: counts, removals by rule with examples (article, removed text) and a reason, and the articles
    that lost too large a share."""

    counts: Mapping[str, int]
    rules: Mapping[str, int]
    examples: Mapping[str, Sequence[tuple[str, str]]]
    whys: Mapping[str, str]
    suspect: Sequence[tuple[str, float]]


def run(
    totals: Totals,
    stories: Sequence[tuple[Group, Sequence[tuple[Article, bool]]]],
    failed: Sequence[Failure],
    skipped: Sequence[Failure],
) -> Iterator[str]:
    """A page about a batch: totals, what failed, removals by rule, the stories.

    Stories come with their articles, the representative first, each with whether it is an independent telling.
    """
    yield _head("A run of cleaner")
    yield "<h1>A run of cleaner</h1>" + _FILTERS
    yield _facts(totals.counts.items())
    yield from _left_out("Failed", failed)
    if totals.suspect:
        yield "<h2>Lost more than 40 %</h2><ul>"
        for name, share in totals.suspect[:MOST_ROWS]:
            yield f"<li>{_text(texts.shown(name))} <span class=soft>{share:.0%}</span></li>"
        yield "</ul>" + _more(len(totals.suspect), MOST_ROWS, "article")
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
    yield _foot()


def _rule(rule: str, count: int, totals: Totals) -> Iterator[str]:
    name = f"<h3><code>{_text(rule)}</code> <span class=soft>{count:,}</span></h3>"
    yield f"<div class=window data-rule='{_list(rule)}'>{name}<p class=why>{_text(totals.whys.get(rule, ''))}</p>"
    for article, gone in totals.examples.get(rule, ()):
        where = f"<span class=soft>{_text(texts.shown(article))}</span>"
        said = f"<span class=said>{_text(texts.one_line(gone, 300))}</span>"
        yield f"<p class=gone dir=auto><span class=sign>-</span> {said} {where}</p>"
    yield "</div>"


def _group(group: Group, members: Sequence[tuple[Article, bool]]) -> Iterator[str]:
    title = title_of(members[0][0])
    independent = sum(own for _, own in members)
    yield f"<div class=story data-story='{_list(group.id)}' data-name='{_text(title)}'><h3 dir=auto>{_text(title)}</h3>"
    yield f"<p class=soft>{counted(len(members), 'article')}, {counted(independent, 'independent telling')}</p><ul>"
    for article, own in members:
        kind = "" if own else " <span class=soft>a near-verbatim copy</span>"
        when = f"<span class=soft>{_text(article.date)}</span> " if article.date else ""
        yield f"<li>{when}{_text(texts.shown(article.id))}{kind}</li>"
    yield "</ul></div>"


def _left_out(title: str, failures: Sequence[Failure]) -> Iterator[str]:
    if failures:
        yield f"<h2>{title}</h2><table>"
        for failure in failures[:MOST_ROWS]:
            yield f"<tr><td>{_text(texts.shown(failure.where))}</td><td>{_text(failure.reason)}</td></tr>"
        yield "</table>" + _more(len(failures), MOST_ROWS, "input")


def _more(count: int, most: int, noun: str) -> str:
    return f"<p class=soft>... and {counted(count - most, 'more ' + noun)}</p>" if count > most else ""


def _article(found: Removals) -> Iterator[str]:
    name = _text(texts.shown(found.name))
    if not found.windows:
        yield f"<section><h2>{name}</h2><p>nothing to remove</p></section>"
        return
    lost = f"{found.gone:,} of {found.characters:,} characters ({found.share:.0%})"
    yield f"<section data-group><h2>{name}</h2><p>{counted(len(found.removed), 'removal')}, {lost}</p>"
    if found.too_much:
        yield "<p class=alarm>! more than 40 % is gone: look at it</p>"
    for window in found.windows:
        yield from _window(window)
    yield "</section>"


def _window(window: Window) -> Iterator[str]:
    rules = list(dict.fromkeys(cut.removal.rule for cut in window.cuts))
    yield f"<div class=window data-rule='{_list(*rules)}'><table>"
    for part in window.parts:
        if isinstance(part, Line):
            yield _row(part, "<td>")
        else:
            yield from _cut(part)
    yield "</table></div>"


def _cut(cut: Cut) -> Iterator[str]:
    shown = cut.lines if len(cut.lines) <= FOLD_AT else cut.lines[:FOLD_AT]
    rest = cut.lines[len(shown) :]
    rows = max(1, len(shown)) + bool(rest)
    why = f"<td class=why rowspan={rows}><code>{_text(cut.removal.rule)}</code> {_text(cut.removal.why)}"
    if not shown:
        yield f"<tr class=gone><td class=n>{cut.first}<td class=sign>-<td class=said>(white space){why}</tr>"
    for line in shown:
        yield _row(line, why)
        why = ""
    if rest:
        lines = counted(cut.last - shown[-1].number, "more line")
        yield f"<tr><td><td><td><details><summary>{lines}, to line {cut.last}</summary><table>"
        for line in rest:
            yield _row(line, "")
        yield "</table></details></tr>"


_KINDS = {" ": "kept", "-": "gone", "~": "part"}


def _row(line: Line, why: str) -> str:
    said = "".join(_text(text) if sign == "=" else f"<del>{_text(text)}</del>" for sign, text in line.pieces)
    if line.sign == "-":
        said = _text(line.text)
    sign = "&nbsp;" if line.sign == " " else line.sign
    return (
        f"<tr class={_KINDS[line.sign]}><td class=n>{line.number}<td class=sign>{sign}"
        f"<td class=said dir=auto>{said}{why}</tr>"
    )


def _tellings(told: Story) -> Iterator[str]:
    yield "<table class=facts>"
    for number, article in enumerate(told.articles):
        facts = _text(article.date or "")
        if number:
            compared = told.tellings[number - 1].comparison
            what = (
                "a near-verbatim copy of A"
                if compared.same_copy
                else "A's story"
                if compared.same_story
                else "another story"
            )
            facts += f" {what}; story similarity {compared.similarity:.2f}, shingles {compared.jaccard:.2f}"
        yield f"<tr><td><b>{letter(number)}</b><td>{_text(texts.shown(article.id))}<td class=soft>{facts}</tr>"
    yield "</table>"
    yield from _disagreements(told)
    yield from _shared(told)
    for number, telling in enumerate(told.tellings, 1):
        yield from _reworded(telling, letter(number), told.head.id)
    for number, article in enumerate(told.articles):
        said = [point.text for point in told.points if point.tellers == (number,)]
        if said:
            kind, sign = ("first", "-") if not number else ("other", "+")
            yield f"<section data-story='{_list(article.id)}'><h2>Only {letter(number)} says</h2><table>"
            yield from (f"<tr class={kind}><td class=sign>{sign}<td class=said dir=auto>{_text(text)}</tr>" for text in said)
            yield "</table></section>"


def _disagreements(told: Story) -> Iterator[str]:
    rows = [(letter(i), odd) for i, telling in enumerate(told.tellings, 1) for odd in telling.comparison.disagreements]
    if rows:
        yield "<h2>Where they disagree</h2>"
    for name, odd in rows:
        yield "<div class=window><table>"
        for who, claim, sentence in (("A", odd.first, odd.first_sentence), (name, odd.second, odd.second_sentence)):
            yield f"<tr><td class=sign>{who}<td class=claim dir=auto>{_text(claim)}<td dir=auto>{_text(sentence)}</tr>"
        yield "</table></div>"


def _shared(told: Story) -> Iterator[str]:
    rows = [
        ("dates", ", ".join(told.dates)),
        ("figures", ", ".join(told.figures)),
        ("names", ", ".join(told.names)),
        *(("quotes", quote) for quote in told.quotes),
        *(("wording", passage) for passage in told.passages),
    ]
    if any(said for _, said in rows):
        yield f"<h2>In {'every telling' if len(told.articles) > 2 else 'both'}</h2><table>"
        yield from (f"<tr><td class=key>{name}<td dir=auto>{_text(said)}</tr>" for name, said in rows if said)
        yield "</table>"


def _reworded(telling: Telling, name: str, head: str) -> Iterator[str]:
    changed = [sentence for sentence in telling.comparison.sentences if sentence.kind == "changed"]
    if changed:
        yield f"<section data-story='{_list(telling.article.id)}'><h2>In other words: A and {name}</h2><table>"
        yield from (
            f"<tr class=part><td class=sign>~<td class=said dir=auto>{_words(sentence)}</tr>" for sentence in changed
        )
        yield "</table></section>"


def _words(sentence: Sentence) -> str:
    tags = {"-": "del", "+": "ins"}
    return "".join(
        _text(text) if kind == "=" else f"<{tags[kind]}>{_text(text)}</{tags[kind]}>" for kind, text in sentence.words
    )


def _facts(rows: Iterable[tuple[str, int]]) -> str:
    return "<table class=facts>" + "".join(f"<tr><td>{n:,}<td>{_text(name)}</tr>" for name, n in rows) + "</table>"


def _text(text: str) -> str:
    return html.escape(texts.visible(text))


def _list(*values: str) -> str:
    """Values for a filter, in an attribute in single quotes."""
    return html.escape(json.dumps([texts.visible(value) for value in values]))


_FILTERS = "<div class=filters hidden></div>"


def _hash(content: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() + "'"


def _data(name: str) -> str:
    return (files("cleaner") / "data" / name).read_text(encoding="utf-8")


def _head(title: str) -> str:
    style, script = _data("report.css"), _data("report.js")
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang=en><head><meta charset=utf-8><meta name=viewport content="width=device-width">'
        f'<meta http-equiv=Content-Security-Policy content="{policy}">'
        f"<title>{_text(title)}</title><style>{style}</style></head>\n<body><main>"
    )


def _foot() -> str:
    return f"</main><script>{_data('report.js')}</script></body></html>\n"
