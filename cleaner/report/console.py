"""Lines and aligned columns on a terminal or in a pipe (the only importer of rich)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import zip_longest
from typing import IO, Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from cleaner import text as texts

# Signs carry the meaning; colours only repeat it. Orange and blue stay apart for every kind of colour blindness, and these
# two stand out as well from white as from near-black (about 4 : 1), and so does the grey.
GONE, NEW, NOTE, HEAD, ALARM, PLAIN = "color(166)", "color(32)", "color(244)", "bold", "bold color(166)", ""

WIDE = 110  # columns from which two texts fit beside each other
_LEAST = 16  # columns, of a cell
_RIGHT_TO_LEFT = ("\u0590", "\u08ff")

# What a terminal without UTF-8 is shown for the signs that most texts have; for others it gets an escape.
_PLAIN = str.maketrans(
    {"…": "...", "\u00a0": " ", **dict.fromkeys("‘’‚", "'"), **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("–—−", "-")}
)

Styled = tuple[str, str]  # a text and its style


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Let the command line end as it does for any output; rich would exit with 1."""
        raise BrokenPipeError


class Printer:
    """Where a report is written, line by line. `width` is None where lines are as long as they are (in a pipe)."""

    def __init__(
        self, color: bool, width: int | None, file: IO[str] | None = None, links: bool = False, **options: Any
    ) -> None:
        self.width = width
        self._links = links and color
        self._rich = _Console(
            file=file or sys.stdout,
            color_system="256" if color else None,
            force_terminal=color,
            no_color=not color,
            markup=False,
            emoji=False,
            highlight=False,
            width=width or 1 << 20,
            legacy_windows=False,
            **options,
        )
        self._encoding = self._rich.encoding

    @property
    def wide(self) -> bool:
        """Whether two columns of text fit beside each other."""
        return self.width is not None and self.width >= WIDE

    def linked(self, style: str, url: str) -> str:
        """A style that makes a text lead to an address, where the terminal can do that."""
        return f"{style} link {url}".strip() if url and self._links else style

    def line(self, *pieces: Styled, indent: int = 0) -> None:
        """One line; on a terminal as many as it takes, the later ones indented."""
        self.row(("", PLAIN), pieces, indent=indent)

    def blank(self) -> None:
        self._print(Text())

    def row(self, gutter: Styled, pieces: Sequence[Styled], *, indent: int = 0) -> None:
        """A text behind a gutter, which it does not run into where it needs more than one line."""
        before = self._text([gutter])
        text = self._text(pieces)
        if self.width is None:
            self._print(before + text)
            return
        first = True
        for piece in self._wrapped(text, self.width - before.cell_len, indent):
            self._print((before if first else Text(" " * before.cell_len)) + piece)
            first = False

    def cells(self, gutter: Styled, *columns: tuple[Sequence[Sequence[Styled]], int], indent: int = 0) -> None:
        """Texts beside each other, each column of its own paragraphs and width, behind a gutter."""
        before = self._text([gutter])
        wrapped = [
            ([line for pieces in paragraphs for line in self._wrapped(self._text(pieces), width, indent)], width)
            for paragraphs, width in columns
        ]
        for number, parts in enumerate(zip_longest(*(lines for lines, _ in wrapped))):
            line = before.copy() if not number else Text(" " * before.cell_len)
            for place, (part, (_, width)) in enumerate(zip(parts, wrapped, strict=True)):
                cell = part or Text()
                cell.rstrip()
                line += cell
                if place < len(wrapped) - 1:
                    line.append(" " * max(0, width - cell.cell_len) + "  ")
            self._print(line)

    def shortened(self, text: str, room: int) -> str:
        """The beginning of a text that is too long for some columns, on one line, as it is shown."""
        flat = self._safe(" ".join(text.split()))
        if cell_len(flat) <= room:
            return flat
        rest = Text(flat)
        rest.truncate(max(1, room - 3), overflow="crop")
        return rest.plain.rstrip() + "..."

    def export(self, title: str, template: str, name: str) -> str:
        """What was written, as a picture (SVG), where the printer was made to record."""
        return self._rich.export_svg(title=title, code_format=template, unique_id=name)

    def _text(self, pieces: Sequence[Styled]) -> Text:
        text = Text()
        for piece, style in pieces:
            text.append(self._safe(piece).replace("\n", " ").replace("\t", " "), style)
        return text

    def _safe(self, text: str) -> str:
        """The gate; and what the terminal cannot show as an escape, before anything is measured."""
        seen = texts.escape_controls(text)
        if seen.isascii() or self._encoding.lower().startswith("utf"):
            return seen
        return seen.translate(_PLAIN).encode(self._encoding, "backslashreplace").decode(self._encoding)

    def _wrapped(self, text: Text, width: int, indent: int) -> list[Text]:
        room = max(_LEAST, width)
        if not indent:
            return list(text.wrap(self._rich, room)) or [Text()]
        first, *_ = text.wrap(self._rich, room) or [Text()]
        rest = text[len(first.plain) :] if len(first.plain) < len(text.plain) else Text()
        rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :] if rest.plain.strip() else Text()
        more = [Text(" " * indent) + line for line in rest.wrap(self._rich, max(_LEAST, room - indent))] if rest else []
        return [first, *more]

    def _print(self, line: Text) -> None:
        line.rstrip()
        self._rich.print(line, soft_wrap=True)


def right_to_left(*sides: str) -> bool:
    """Whether a text has letters that are written from right to left: a terminal turns whole lines around for them, and
    with the line the columns."""
    low, high = _RIGHT_TO_LEFT
    return any(low <= char <= high or "\ufb1d" <= char <= "\ufeff" for side in sides for char in side)
