"""What cleaning removes from a plain-text file, as a unified diff that `git apply` takes, forwards and in reverse."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CONTEXT = 3  # lines, as git has it


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines of a file, from `start` on, and those that come in their place."""

    start: int
    old: tuple[bytes, ...]
    new: tuple[bytes, ...]


def patch(path: str, before: bytes, removed: Sequence[tuple[int, int]]) -> bytes:
    """The patch that takes spans of bytes out of a file; nothing where there are none. `path` is as the user gave it."""
    lines = _lines(before)
    changes = list(_changes(before, lines, removed))
    if not changes:
        return b""
    old, new = _quoted(b"a/" + _relative(path)), _quoted(b"b/" + _relative(path))
    # A name with a space in it ends in a tab, or the rest might be taken for a date.
    tabs = [b"\t" if b" " in name and not name.startswith(b'"') else b"" for name in (old, new)]
    # No "diff --git" line: after one, git apply takes paths from the root of the repository, and in a folder below it would
    # pass over every file without a word.
    out = [b"--- %s%s\n" % (old, tabs[0]), b"+++ %s%s\n" % (new, tabs[1])]
    shift = 0
    for group in _grouped(changes):
        out += _hunk(lines, group, shift)
        shift += sum(len(change.new) - len(change.old) for change in group)
    return b"".join(out)


def _lines(data: bytes) -> list[bytes]:
    """The lines of a file with their ends. They end at a line feed only, as git sees it."""
    lines = [line + b"\n" for line in data.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _changes(before: bytes, lines: Sequence[bytes], removed: Sequence[tuple[int, int]]) -> Iterator[_Change]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))  # the last is the end of the file

    def holding(place: int) -> int:
        return bisect_right(starts, place) - 1

    i = 0
    while i < len(removed):
        first = last = holding(removed[i][0])
        whole = False  # whether what is left of the lines ends where a line ends
        while not whole:
            while i < len(removed) and removed[i][0] < starts[max(last, first + 1)]:
                last = max(last, holding(removed[i][1] - 1) + 1)
                i += 1
            new = _without(before, starts[first], starts[last], removed)
            whole = not new or new.endswith(b"\n") or last == len(lines)
            last += not whole  # what is left of a line goes on in the next one
        change = _change(first, list(lines[first:last]), _lines(new))
        if change.old or change.new:
            yield change


def _change(start: int, old: list[bytes], new: list[bytes]) -> _Change:
    """Lines and what comes in their place, without those at both ends that stay."""
    while old and new and old[0] == new[0]:
        start += 1
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return _Change(start, tuple(old), tuple(new))


def _without(data: bytes, start: int, end: int, removed: Sequence[tuple[int, int]]) -> bytes:
    pieces, place = [], start
    for low, high in removed:
        if high <= start:
            continue
        if low >= end:
            break
        pieces.append(data[place : max(place, low)])
        place = min(max(place, high), end)
    pieces.append(data[place:end])
    return b"".join(pieces)


def _grouped(changes: Sequence[_Change]) -> Iterator[list[_Change]]:
    """Changes whose contexts meet, together."""
    group = [changes[0]]
    for change in changes[1:]:
        if change.start - (group[-1].start + len(group[-1].old)) > 2 * CONTEXT:
            yield group
            group = []
        group.append(change)
    yield group


def _hunk(lines: Sequence[bytes], changes: Sequence[_Change], shift: int) -> Iterator[bytes]:
    low = max(0, changes[0].start - CONTEXT)
    end = changes[-1].start + len(changes[-1].old)
    high = min(len(lines), end + CONTEXT)
    body: list[bytes] = []
    place = low
    for change in changes:
        body += (_signed(b" ", line) for line in lines[place : change.start])
        body += (_signed(b"-", line) for line in change.old)
        body += (_signed(b"+", line) for line in change.new)
        place = change.start + len(change.old)
    body += (_signed(b" ", line) for line in lines[place:high])
    old = high - low
    new = old + sum(len(change.new) - len(change.old) for change in changes)
    yield b"@@ -%d,%d +%d,%d @@\n" % (low + (old > 0), old, low + shift + (new > 0), new)
    yield from body


def _signed(sign: bytes, line: bytes) -> bytes:
    return sign + line if line.endswith(b"\n") else sign + line + b"\n\\ No newline at end of file\n"


def _relative(path: str) -> bytes:
    """The path from here, or from the root where it does not lie below here: git allows no way up in a patch."""
    found = os.path.relpath(os.path.realpath(path))
    if found == os.pardir or found.startswith(os.pardir + os.sep):
        found = os.path.realpath(path).lstrip(os.sep)
    return os.fsencode(found).replace(os.sep.encode(), b"/")


def _quoted(name: bytes) -> bytes:
    """A file name as git writes it: in quotes, with escapes, where it has a sign that would break the line."""
    try:
        name.decode()
    except UnicodeDecodeError:
        odd = True
    else:
        odd = any(byte < 0x20 or byte in b'\x7f"\\' for byte in name)
    if not odd:
        return name
    return b'"' + b"".join(_escaped(byte) for byte in name) + b'"'


def _escaped(byte: int) -> bytes:
    if byte in b'"\\':
        return b"\\" + bytes([byte])
    return b"\\%03o" % byte if byte < 0x20 or byte >= 0x7F else bytes([byte])
