"""What cleaning removed from articles, as a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cleaner import text as texts
from cleaner.diff.removals import Cut, Line, Removals, Window
from cleaner.report import counted
from cleaner.report.page import FILTERS, escaped, foot, head, values

FOLD_AT = 6  # lines of a removal that stand open; more are folded


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
            self._suspect.append(f"<li>{escaped(texts.shown(found.name))} ({found.share:.0%})</li>")

    def close(self) -> None:
        """The articles that lost too much, and the end of the page."""
        self._begin()
        if self._suspect:
            self._write(f"<h2>More than 40 % is gone</h2><ul>{''.join(self._suspect)}</ul>")
        self._write(foot())

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._write(head("What cleaning removes") + "<h1>What cleaning removes</h1>" + FILTERS)


def _article(found: Removals) -> Iterator[str]:
    name = escaped(texts.shown(found.name))
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
    yield f"<div class=window data-rule='{values(*rules)}'><table>"
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


_KINDS = {" ": "kept", "-": "gone", "~": "part"}


def _row(line: Line, why: str) -> str:
    said = "".join(escaped(text) if sign == "=" else f"<del>{escaped(text)}</del>" for sign, text in line.pieces)
    if line.sign == "-":
        said = escaped(line.text)
    sign = "&nbsp;" if line.sign == " " else line.sign
    return (
        f"<tr class={_KINDS[line.sign]}><td class=n>{line.number}<td class=sign>{sign}"
        f"<td class=said dir=auto>{said}{why}</tr>"
    )
