"""The README's pictures: what the command shows of the fixtures on a terminal, as SVG.

    python docs/pictures.py     # writes docs/*.svg anew

A test compares what the pictures say with what they would say now.
"""

import contextlib
import io
import os
import re
from pathlib import Path
from unittest import mock

from cleaner.report.console import Printer

HERE = Path(__file__).parent
WIDTH = 100

# Without the font that rich's own template fetches from elsewhere.
TEMPLATE = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: system-ui, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""

PICTURES = {
    "removals": ("clean", "--diff", "fixtures/museum/theft-chronicle.txt"),
    "tellings": ("diff", "fixtures/harbour/ferry-gazette.txt", "fixtures/harbour/ferry-tribune.txt"),
}
LINES = 30  # of each: the rest is cut off


def picture(name: str) -> str:
    """The picture of a name, drawn now."""
    printers = []

    class Recorded(Printer):
        def __init__(self, color: bool, width: int | None, links: bool = False) -> None:
            super().__init__(True, WIDTH, file=io.StringIO(), record=True)
            self.left = LINES
            printers.append(self)

        def _print(self, line: object) -> None:
            if self.left:
                self.left -= 1
                super()._print(line)

    from cleaner.cli import app

    with mock.patch("cleaner.report.console.Printer", Recorded), contextlib.redirect_stderr(io.StringIO()):
        app(list(PICTURES[name]), standalone_mode=False)
    command = "cleaner " + " ".join(PICTURES[name])
    return printers[0].export(command, TEMPLATE, f"cleaner-{name}")


def words(svg: str) -> list[str]:
    """What a picture says, without how: versions of rich place and colour it in their own ways."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


if __name__ == "__main__":
    os.chdir(HERE.parent)
    for name in PICTURES:
        (HERE / f"{name}.svg").write_text(picture(name), encoding="utf-8")
