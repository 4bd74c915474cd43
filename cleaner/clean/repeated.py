"""A text that stands twice: what its second copy repeats goes."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.clean.page import Cut, JudgedLine, JudgedPage
from cleaner.rules import Rule

RULE = Rule("any/repeated-text", "the text once more, word for word", kind="section")
_FEWEST_WORDS = 30  # that a copy repeats: fewer are a refrain or a form
_SHARE = 0.6  # of the words of the prose before it, that a copy repeats
_ALONE = 0.95  # the same, of a copy of one paragraph
_OPENING = 60  # characters by which a copy on the same line is found


def take_repeated(page: JudgedPage, left: Sequence[JudgedLine]) -> None:
    """Take the copies of a text that has stood above already, in lines or within one."""
    for line in left:
        _cut_copy(page, line)
    prose = [i for i, line in enumerate(left) if line.prose]
    first: dict[str, int] = {}
    again = [i for i in prose if first.setdefault(left[i].folded, i) != i]
    if not again:
        return
    at, words = 0, 0
    while at < len(prose):
        i = prose[at]
        if first[left[i].folded] == i:
            words += left[i].words
            at += 1
            continue
        copy = _copy(left, prose[at:], first)
        said = sum(left[j].words for j in copy)
        if said >= _FEWEST_WORDS and said >= words * (_SHARE if len(copy) > 1 else _ALONE):
            _take(left, copy)
        at += len(copy)


def _copy(left: Sequence[JudgedLine], prose: Sequence[int], first: dict[str, int]) -> list[int]:
    """The lines of prose, from the first of `prose` on, that stood before in this order, one after the other."""
    copy: list[int] = []
    for i in prose:
        before = first[left[i].folded]
        if before == i or (copy and before <= first[left[copy[-1]].folded]):
            break
        copy.append(i)
    return copy


def _take(left: Sequence[JudgedLine], copy: Sequence[int]) -> None:
    """Take a copy, with the lines among and beside its prose that stood before as well."""
    known = {line.folded for line in left[: copy[0]]}
    start, end = copy[0], copy[-1] + 1
    while start and left[start - 1].folded in {line.folded for line in left[: start - 1]}:
        start -= 1
    while end < len(left) and not left[end].prose and left[end].folded in known:
        end += 1
    for line in left[start:end]:
        if line.folded in known and not line.stays:
            line.removed_by = RULE


def _cut_copy(page: JudgedPage, line: JudgedLine) -> None:
    """Cut the copy of a line's text from the same line."""
    start, end = line.block.start, line.block.end
    if end - start < 4 * _OPENING or line.cuts:
        return
    at = page.source.find(page.source[start : start + _OPENING], start + _OPENING, end)
    if at < 0 or not page.source[at - 1].isspace():
        return
    copy = page.source[at:end]
    if len(copy) >= _SHARE * (at - start) and len(copy.split()) >= _FEWEST_WORDS and _periodic(page.source[start:at], copy):
        line.cuts.append(Cut(start + len(page.source[start:at].rstrip()), end, RULE))
        page.look_again(line)


def _periodic(text: str, copy: str) -> bool:
    """Whether what follows a text repeats it, as often as it will."""
    words = text.split()
    return all(word == words[i % len(words)] for i, word in enumerate(copy.split()))
