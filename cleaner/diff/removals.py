"""What cleaning removed, as lines of the source around each removal: hunks, as a patch has them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cleaner import text as texts
from cleaner.diff.wording import Change, Piece
from cleaner.model import Block, CleanResult, Removal

CONTEXT = 1  # lines that are not blank, before and after
TOO_MUCH = 0.4  # of an article: whoever loses more should be looked at


class LineKind(StrEnum):
    """What becomes of a line; its value is the sign that stands for it in reports."""

    KEPT = " "
    GONE = "-"
    PART = "~"  # of which a part goes


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the source: its number from 1, and its text in pieces that stay (Change.SAME) or go (Change.GONE)."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def kind(self) -> LineKind:
        changes = {change for change, _ in self.pieces}
        if Change.GONE not in changes:
            return LineKind.KEPT
        return LineKind.PART if Change.SAME in changes else LineKind.GONE

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.pieces)


@dataclass(frozen=True, slots=True)
class Cut:
    """One removal and the lines that it touches, blank ones left out; `first` and `last` are line numbers."""

    removal: Removal
    lines: tuple[ShownLine, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Hunk:
    """Removals that stand close together, and the lines that stay around and between them, in order."""

    parts: tuple[ShownLine | Cut, ...]

    @property
    def cuts(self) -> tuple[Cut, ...]:
        return tuple(part for part in self.parts if isinstance(part, Cut))

    @property
    def last(self) -> int:
        """The number of its last line."""
        part = self.parts[-1]
        return part.last if isinstance(part, Cut) else part.number


@dataclass(frozen=True, slots=True)
class Removals:
    """What was removed from one article: of its `characters`, `gone` are."""

    name: str
    characters: int
    gone: int
    hunks: tuple[Hunk, ...]

    @property
    def removed(self) -> tuple[Removal, ...]:
        return tuple(cut.removal for hunk in self.hunks for cut in hunk.cuts)

    @property
    def share(self) -> float:
        return self.gone / max(1, self.characters)

    @property
    def too_much(self) -> bool:
        return self.share > TOO_MUCH


def removals(name: str, result: CleanResult) -> Removals:
    """What cleaning removed from an article, for a report to show."""
    gone = sum(removal.end - removal.start for removal in result.removed)
    hunks = _hunks(_Lines(result)) if result.removed else ()
    return Removals(name, len(result.source), gone, tuple(hunks))


def _hunks(lines: _Lines) -> Iterable[Hunk]:
    parts: list[ShownLine | Cut] = []
    done = 0  # lines that have been shown or passed over
    for removal in lines.removed:
        touched = lines.touched(removal)
        begin = max(done, touched.start - CONTEXT)
        if parts and begin > done + CONTEXT:
            yield Hunk((*parts, *lines.shown(range(done, done + CONTEXT))))
            parts = []
        elif parts:
            begin = done
        parts += (*lines.shown(range(begin, touched.start)), lines.cut(removal))
        done = max(done, touched.stop)
    yield Hunk((*parts, *lines.shown(range(done, min(len(lines), done + CONTEXT)))))


class _Lines:
    """The lines of a source that are not blank, by their places among each other."""

    def __init__(self, result: CleanResult) -> None:
        self.removed = result.removed
        self._source = result.source
        self._blocks = texts.lines(result.source)
        self._starts = [block.start for block in self._blocks]
        self._ends = [block.end for block in self._blocks]
        self._breaks = [i for i, char in enumerate(result.source) if char == "\n"]

    def __len__(self) -> int:
        return len(self._blocks)

    def touched(self, removal: Removal) -> range:
        """The places of the lines that a removal takes something of."""
        return range(bisect_right(self._ends, removal.start), bisect_left(self._starts, removal.end))

    def shown(self, places: Iterable[int]) -> tuple[ShownLine, ...]:
        return tuple(ShownLine(self._number(self._starts[i]), tuple(self._pieces(self._blocks[i]))) for i in places)

    def cut(self, removal: Removal) -> Cut:
        lines = self.shown(self.touched(removal))
        if lines:
            return Cut(removal, lines, lines[0].number, lines[-1].number)
        number = self._number(removal.start)  # of nothing but white space
        return Cut(removal, (), number, number)

    def _number(self, place: int) -> int:
        """The number, from 1, of the line that a character stands in, blank lines counted."""
        return bisect_left(self._breaks, place) + 1

    def _pieces(self, line: Block) -> Iterable[Piece]:
        """A line in pieces, told apart by whether they go."""
        place = line.start
        for removal in self.removed[bisect_right(self.removed, line.start, key=lambda r: r.end) :]:
            if removal.start >= line.end:
                break
            if removal.start > place:
                yield Change.SAME, self._source[place : removal.start]
            end = min(removal.end, line.end)
            yield Change.GONE, self._source[max(place, removal.start) : end]
            place = end
        if place < line.end:
            yield Change.SAME, self._source[place : line.end]
