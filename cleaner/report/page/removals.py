"""What cleaning removed from articles, as a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cleaner import text as texts
from cleaner.diff.removals import Cut, Hunk, LineKind, Removals, ShownLine
from cleaner.diff.wording import Change
from cleaner.report import MUCH, counted, lost
from cleaner.report.page import FILTERS, escaped, foot, head, values

FOLD_AT = 6  # lines of a removal that stand open; more are folded


class PageReport:
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
            self._suspect.append(f"<li>{escaped(texts.shown(found.name))} ({found.share:.0%})</li>")

    def close(self) -> None:
        """The articles that lost too much, and the end of the page."""
        self._begin()
        if self._suspect:
            self._write(f"<h2>{MUCH.capitalize()} is gone</h2><ul>{''.join(self._suspect)}</ul>")
        self._write(foot())

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._write(head("What cleaning removes") + "<h1>What cleaning removes</h1>" + FILTERS)


def _article(found: Removals) -> Iterator[str]:
    name = escaped(texts.shown(found.name))
    if not found.hunks:
        yield f"<section><h2>{name}</h2><p>nothing to remove</p></section>"
        return
    yield f"<section data-group><h2>{name}</h2><p>{lost(found)}</p>"
    if found.too_much:
        yield f"<p class=alarm>! {MUCH} is gone: look at it</p>"
    for hunk in found.hunks:
        yield from _hunk(hunk)
    yield "</section>"


def _hunk(hunk: Hunk) -> Iterator[str]:
    rules = list(dict.fromkeys(cut.removal.rule for cut in hunk.cuts))
    yield f"<div class=window data-rule='{values(*rules)}'><table>"
    for part in hunk.parts:
        if isinstance(part, ShownLine):
            yield _row(part, "<td>")
        else:
            yield from _cut(part)
    yield "</table></div>"


def _cut(cut: Cut) -> Iterator[str]:
    shown = cut.lines if len(cut.lines) <= FOLD_AT else cut.lines[:FOLD_AT]
    rest = cut.lines[len(shown) :]
    rows = max(1, len(shown)) + bool(rest)
    why = f"<td class=why rowspan={rows}><code>{escaped(cut.removal.rule)}</code> {escaped(cut.removal.why)}"
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


_CLASSES = {LineKind.KEPT: "kept", LineKind.GONE: "gone", LineKind.PART: "part"}


def _row(line: ShownLine, why: str) -> str:
    if line.kind is LineKind.GONE:
        said = escaped(line.text)
    else:
        said = "".join(
            f"<del>{escaped(text)}</del>" if change is Change.GONE else escaped(text) for change, text in line.pieces
        )
    sign = "&nbsp;" if line.kind is LineKind.KEPT else line.kind.value
    return (
        f"<tr class={_CLASSES[line.kind]}><td class=n>{line.number}<td class=sign>{sign}"
        f"<td class=said dir=auto>{said}{why}</tr>"
    )
