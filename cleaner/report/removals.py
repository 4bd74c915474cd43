"""What cleaning removed from articles, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cleaner.diff.removals import Cut, Line, Removals, Window
from cleaner.report import counted
from cleaner.report.console import ALARM, GONE, HEAD, NOTE, PLAIN, Piece, Printer
from cleaner.text import shown

FOLD_AT = 6  # lines of a removal that are shown whole
_SHOWN = 4  # of those that are folded, each on one line
_AROUND = 60  # characters that stay, shown on each side of a part of a line that goes
_PIPED = 100  # characters of a line that stays, where there is no width to keep to
BESIDE = 120  # columns from which the reason stands beside the text
_MARGIN = 36  # columns that it has there, at the least
_LINE = 100  # columns of text that it stands beside, at the most


class Terminal:
    """Shows articles as they come, and counts what their removals add up to."""

    def __init__(self, out: Printer) -> None:
        self.out = out
        self.articles = 0
        self.rules: Counter[str] = Counter()
        self.suspect: list[str] = []

    def add(self, found: Removals) -> None:
        """Show one article."""
        out = self.out
        if self.articles:
            out.blank()
        self.articles += 1
        self.rules.update(removal.rule for removal in found.removed)
        if not found.windows:
            self._head(found.name, "nothing to remove")
            return
        lost = f"{found.gone:,} of {found.characters:,} characters ({found.share:.0%})"
        self._head(found.name, f"{counted(len(found.removed), 'removal')}, {lost}")
        if found.too_much:
            self.suspect.append(f"{shown(found.name)} ({found.share:.0%})")
            out.line(("! more than 40 % is gone: look at it", ALARM))
        digits = len(str(found.windows[-1].last))
        for window in found.windows:
            out.blank()
            self._window(window, digits)

    def close(self) -> None:
        """What it comes to, by rule, and the articles that lost too much."""
        out = self.out
        if self.rules:
            out.blank()
            total = f"{counted(self.articles, 'article')}, {counted(self.rules.total(), 'removal')}: "
            told = ", ".join(f"{n:,} {rule}" for rule, n in self.rules.most_common())
            out.line(((total if self.articles > 1 else "") + told, NOTE), indent=2)
        if self.suspect and self.articles > 1:
            out.line(("! more than 40 % is gone of " + ", ".join(self.suspect), ALARM), indent=2)

    def _head(self, name: str, said: str) -> None:
        """A name and what is said of it, on two lines where they do not fit on one."""
        if self.out.width is not None and len(shown(name)) + 2 + len(said) > self.out.width:
            self.out.line((shown(name), HEAD), indent=2)
            self.out.row(("  ", PLAIN), [(said, PLAIN)])
        else:
            self.out.line((shown(name), HEAD), (f": {said}", PLAIN))

    def _window(self, window: Window, digits: int) -> None:
        beside = self.out.width is not None and self.out.width >= BESIDE
        told = ""
        for part in window.parts:
            if isinstance(part, Line):
                self._kept(part, digits, beside)
                told = ""
                continue
            reason = f"{part.removal.rule}  {part.removal.why}"
            self._cut(part, digits, beside, "" if reason == told else reason)
            told = reason

    def _room(self, digits: int, beside: bool) -> int:
        if self.out.width is None:
            return _PIPED
        room = self.out.width - digits - 5
        return min(_LINE, room - _MARGIN - 2) if beside else room

    def _margin(self, digits: int) -> int:
        return (self.out.width or 0) - digits - 5 - self._room(digits, True) - 2

    def _kept(self, line: Line, digits: int, beside: bool) -> None:
        room = self._room(digits, beside)
        self.out.row((f"  {line.number:>{digits}}   ", NOTE), [(self.out.cut(line.text, room), NOTE)])

    def _cut(self, cut: Cut, digits: int, beside: bool, reason: str) -> None:
        out = self.out
        rule, _, why = reason.partition("  ")
        margin: list[Piece] = [(rule, HEAD), (f"  {why}", PLAIN)] if reason else []
        if margin and not beside:
            out.row((" " * (digits + 5), PLAIN), [(f"[{rule}]", HEAD), (f" {why}", PLAIN)])
            margin = []
        if not cut.lines:
            self._put(f"  {cut.first:>{digits}} - ", [("(white space)", GONE)], margin, beside, digits)
        whole = len(cut.lines) <= FOLD_AT
        for line in cut.lines if whole else cut.lines[:_SHOWN]:
            pieces = self._pieces(line, whole, self._room(digits, beside))
            self._put(f"  {line.number:>{digits}} {line.sign} ", pieces, margin, beside, digits)
            margin = []
        if not whole:
            rest = cut.last - cut.lines[_SHOWN - 1].number
            out.row((f"  {'':>{digits}} - ", GONE), [(f"... {counted(rest, 'more line')}, to line {cut.last}", NOTE)])

    def _put(self, gutter: str, pieces: Sequence[Piece], margin: Sequence[Piece], beside: bool, digits: int) -> None:
        style = ALARM if gutter.rstrip()[-1] in "-~" else PLAIN
        if margin and beside:
            self.out.cells((gutter, style), ([pieces], self._room(digits, True)), ([margin], self._margin(digits)))
        elif beside:
            self.out.cells((gutter, style), ([pieces], self._room(digits, True)))
        else:
            self.out.row((gutter, style), pieces)

    def _pieces(self, line: Line, whole: bool, room: int) -> list[Piece]:
        if line.sign == "-":
            return [(line.text if whole else self.out.cut(line.text, room), ALARM)]
        found: list[Piece] = []
        last = len(line.pieces) - 1
        for place, (sign, text) in enumerate(line.pieces):
            if sign == "-":
                bare = text.strip()
                left, right = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :] if bare else ""
                found += [(left, PLAIN), (f"[-{bare}-]", GONE), (right, PLAIN)]
            else:
                found.append((_middle(text, place > 0, place < last), NOTE))
        return found


def _middle(text: str, after: bool, before: bool) -> str:
    """Of a text what stands close to what comes before or after it."""
    if len(text) <= (after + before) * _AROUND + 10:
        return text
    head = text[:_AROUND].rsplit(" ", 1)[0] if after else ""
    tail = text[-_AROUND:].split(" ", 1)[-1] if before else ""
    return f"{head} ... {tail}"
