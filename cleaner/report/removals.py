"""What cleaning removed from articles, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cleaner.diff.removals import Cut, Hunk, LineKind, Removals, ShownLine
from cleaner.diff.wording import Change
from cleaner.report import MUCH, counted, lost
from cleaner.report.console import ALARM, GONE, HEAD, NOTE, PLAIN, Printer, Styled
from cleaner.text import shown

FOLD_AT = 6  # lines of a removal that are shown whole
_SHOWN = 4  # of those that are folded, each on one line
_AROUND = 60  # characters that stay, shown on each side of a part of a line that goes
_PIPED = 100  # characters of a line that stays, where there is no width to keep to
BESIDE = 120  # columns from which the reason stands beside the text
_MARGIN = 36  # columns that it has there, at the least
_LINE = 100  # columns of text that it stands beside, at the most


class TerminalReport:
    """Shows articles as they come, and counts what their removals add up to."""

    def __init__(self, out: Printer) -> None:
        self._out = out
        self._articles = 0
        self._rules: Counter[str] = Counter()
        self._suspect: list[str] = []

    def add(self, found: Removals) -> None:
        """Show one article."""
        if self._articles:
            self._out.blank()
        self._articles += 1
        self._rules.update(removal.rule for removal in found.removed)
        if not found.hunks:
            self._head(found.name, "nothing to remove")
            return
        self._head(found.name, lost(found))
        if found.too_much:
            self._suspect.append(f"{shown(found.name)} ({found.share:.0%})")
            self._out.line((f"! {MUCH} is gone: look at it", ALARM))
        shower = _Hunks(self._out, _Columns(self._out.width, len(str(found.hunks[-1].last))))
        for hunk in found.hunks:
            self._out.blank()
            shower.show(hunk)

    def close(self) -> None:
        """What it comes to, by rule, and the articles that lost too much."""
        if self._rules:
            self._out.blank()
            total = f"{counted(self._articles, 'article')}, {counted(self._rules.total(), 'removal')}: "
            told = ", ".join(f"{n:,} {rule}" for rule, n in self._rules.most_common())
            self._out.line(((total if self._articles > 1 else "") + told, NOTE), indent=2)
        if self._suspect and self._articles > 1:
            self._out.line((f"! {MUCH} is gone of " + ", ".join(self._suspect), ALARM), indent=2)

    def _head(self, name: str, said: str) -> None:
        """A name and what is said of it, on two lines where they do not fit on one."""
        if self._out.width is not None and len(shown(name)) + 2 + len(said) > self._out.width:
            self._out.line((shown(name), HEAD), indent=2)
            self._out.row(("  ", PLAIN), [(said, PLAIN)])
        else:
            self._out.line((shown(name), HEAD), (f": {said}", PLAIN))


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of one article: the numbers of lines, of so many digits; the text; and beside it, where the whole is
    wide enough, the reasons. `width` is None in a pipe."""

    width: int | None
    digits: int

    @property
    def beside(self) -> bool:
        """Whether the reasons stand beside the text."""
        return self.width is not None and self.width >= BESIDE

    @property
    def text(self) -> int:
        if self.width is None:
            return _PIPED
        room = self.width - self.digits - 5
        return min(_LINE, room - _MARGIN - 2) if self.beside else room

    @property
    def reasons(self) -> int:
        return (self.width or 0) - self.digits - 5 - self.text - 2

    def gutter(self, number: int | None, kind: LineKind) -> str:
        """What stands before a line: its number, or none, and its sign."""
        return f"  {'' if number is None else number:>{self.digits}} {kind.value} "


class _Hunks:
    """Shows the hunks of one article."""

    def __init__(self, out: Printer, columns: _Columns) -> None:
        self._out = out
        self._columns = columns

    def show(self, hunk: Hunk) -> None:
        told = ""
        for part in hunk.parts:
            if isinstance(part, ShownLine):
                self._kept(part)
                told = ""
                continue
            reason = f"{part.removal.rule}  {part.removal.why}"
            self._cut(part, "" if reason == told else reason)
            told = reason

    def _kept(self, line: ShownLine) -> None:
        text = self._out.shortened(line.text, self._columns.text)
        self._out.row((self._columns.gutter(line.number, LineKind.KEPT), NOTE), [(text, NOTE)])

    def _cut(self, cut: Cut, reason: str) -> None:
        columns = self._columns
        rule, _, why = reason.partition("  ")
        margin: list[Styled] = [(rule, HEAD), (f"  {why}", PLAIN)] if reason else []
        if margin and not columns.beside:
            self._out.row((" " * (columns.digits + 5), PLAIN), [(f"[{rule}]", HEAD), (f" {why}", PLAIN)])
            margin = []
        if not cut.lines:
            self._line(cut.first, LineKind.GONE, [("(white space)", GONE)], margin)
        whole = len(cut.lines) <= FOLD_AT
        for line in cut.lines if whole else cut.lines[:_SHOWN]:
            self._line(line.number, line.kind, self._pieces(line, whole), margin)
            margin = []
        if not whole:
            rest = counted(cut.last - cut.lines[_SHOWN - 1].number, "more line")
            self._out.row((columns.gutter(None, LineKind.GONE), GONE), [(f"... {rest}, to line {cut.last}", NOTE)])

    def _line(self, number: int, kind: LineKind, pieces: Sequence[Styled], margin: Sequence[Styled]) -> None:
        """A line that a removal touches, and in the margin, where there is one, why."""
        columns = self._columns
        gutter = (columns.gutter(number, kind), PLAIN if kind is LineKind.KEPT else ALARM)
        if not columns.beside:
            self._out.row(gutter, pieces)
        elif margin:
            self._out.cells(gutter, ([pieces], columns.text), ([margin], columns.reasons))
        else:
            self._out.cells(gutter, ([pieces], columns.text))

    def _pieces(self, line: ShownLine, whole: bool) -> list[Styled]:
        if line.kind is LineKind.GONE:
            return [(line.text if whole else self._out.shortened(line.text, self._columns.text), ALARM)]
        found: list[Styled] = []
        last = len(line.pieces) - 1
        for place, (change, text) in enumerate(line.pieces):
            if change is Change.GONE:
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
