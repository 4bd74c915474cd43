"""What cleaning removed, as lines of the source with a window around each removal."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cleaner import text as texts
from cleaner.model import Block, CleanResult, Removal

CONTEXT = 1  # lines that are not blank, before and after
TOO_MUCH = 0.4  # of an article: whoever loses more should be looked at


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the source: its number from 1, and its text in pieces: ("=" | "-", text), "-" for what was removed."""

    number: int
    pieces: tuple[tuple[str, str], ...]

    @property
    def sign(self) -> str:
        """ " " for a line that stays, "-" for one that goes, "~" for one of which a part goes."""
        signs = {sign for sign, _ in self.pieces}
        return " " if signs <= {"="} else "-" if signs == {"-"} else "~"

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.pieces)


@dataclass(frozen=True, slots=True)
class Cut:
    """One removal and the lines that it touches, blank ones left out; `first` and `last` are line numbers."""

    removal: Removal
    lines: tuple[Line, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Window:
    """Removals that stand close together, and the lines that stay around and between them, in order."""

    parts: tuple[Line | Cut, ...]

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
    """What was removed from one article."""

    name: str
    characters: int
    gone: int
    windows: tuple[Window, ...]

    @property
    def removed(self) -> tuple[Removal, ...]:
        return tuple(cut.removal for window in self.windows for cut in window.cuts)

    @property
    def share(self) -> float:
        return self.gone / max(1, self.characters)

    @property
    def too_much(self) -> bool:
        return self.share > TOO_MUCH


def removals(name: str, result: CleanResult) -> Removals:
    """What cleaning removed from an article, for a report to show."""
    source, removed = result.source, result.removed
    blocks = texts.lines(source) if removed else ()
    breaks = [i for i, char in enumerate(source) if char == "\n"] if removed else []
    starts, ends = [block.start for block in blocks], [block.end for block in blocks]

    def touched(removal: Removal) -> range:
        return range(bisect_right(ends, removal.start), bisect_left(starts, removal.end))

    def lines(wanted: Iterable[int]) -> tuple[Line, ...]:
        return tuple(_line(source, blocks[i], removed, bisect_left(breaks, blocks[i].start) + 1) for i in wanted)

    parts: list[Line | Cut] = []
    windows = []
    done = 0  # blocks that have been shown or passed over
    for removal in removed:
        place = touched(removal)
        begin = max(done, place.start - CONTEXT)
        if parts and begin > done + CONTEXT:
            parts += lines(range(done, done + CONTEXT))
            windows.append(Window(tuple(parts)))
            parts = []
        elif parts:
            begin = done
        parts += (*lines(range(begin, place.start)), _cut(removal, lines(place), breaks))
        done = max(done, place.stop)
    if parts:
        windows.append(Window((*parts, *lines(range(done, min(len(blocks), done + CONTEXT))))))
    return Removals(name, len(source), sum(r.end - r.start for r in removed), tuple(windows))


def _cut(removal: Removal, lines: tuple[Line, ...], breaks: Sequence[int]) -> Cut:
    if lines:
        return Cut(removal, lines, lines[0].number, lines[-1].number)
    number = bisect_left(breaks, removal.start) + 1  # of nothing but white space
    return Cut(removal, (), number, number)


def _line(source: str, block: Block, removed: Sequence[Removal], number: int) -> Line:
    pieces: list[tuple[str, str]] = []
    place = block.start
    for removal in removed[bisect_right(removed, block.start, key=lambda r: r.end) :]:
        if removal.start >= block.end:
            break
        if removal.start > place:
            pieces.append(("=", source[place : removal.start]))
        pieces.append(("-", source[max(place, removal.start) : min(removal.end, block.end)]))
        place = min(removal.end, block.end)
    if place < block.end:
        pieces.append(("=", source[place : block.end]))
    return Line(number, tuple(pieces))
