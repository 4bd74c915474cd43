"""Furniture inside a line: whole sentences that are certain to be none of the article's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner import text as texts
from cleaner.clean.page import Cut, JudgedLine, JudgedPage
from cleaner.rules import Rule

_WORD = re.compile(r"\S+")
_SHORTEST_TITLE, _LONGEST_TITLE = 3, 16  # words of a headline behind "READ MORE:"
_SHORTEST_REST = 6  # words of the sentence that resumes the article behind it
# No headline in lower case ends in one of these.
_LINKS = frozenset(
    ["a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "of", "on", "or", "over", "that", "the", "to", "with"]
)


def take_inside(page: JudgedPage, left: list[JudgedLine]) -> None:
    """Cut the sentences out of lines that a rule for the inside of lines knows."""
    search = page.ruleset.inside(page.lang)
    if search is None or not search.search("\n".join(line.folded for line in left).encode(errors="replace")):
        return
    for line in left:
        if line.removed_by is None and not line.stays and search.search(line.folded.encode(errors="replace")):
            _take(page, line)


def _take(page: JudgedPage, line: JudgedLine) -> None:
    for start, end, rule in _found(page, line):
        gap = page.source[end : line.block.end]
        after = end + len(gap) - len(gap.lstrip())
        if start == line.block.start and after == line.block.end:
            return  # the whole line: the rules for lines see to that
        if start == line.block.start:
            line.removed_by = rule
            line = page.split(line, after)
            continue
        if after == line.block.end:
            start = line.block.start + len(page.source[line.block.start : start].rstrip())
        line.cuts.append(Cut(start, after, rule))
    line.cuts.sort(key=lambda cut: cut.start)
    page.look_again(line)


def _found(page: JudgedPage, line: JudgedLine) -> Iterator[tuple[int, int, Rule]]:
    """The spans inside a line that go, in order, with their rules; what is quoted is somebody's speech."""
    at, raw = line.block.start, page.source[line.block.start : line.block.end]
    spans = texts.sentence_spans(raw.replace("\n", " "))  # where a wrapped line ends, no sentence does
    sentences = [texts.normalise(raw[start:end]) for start, end in spans]
    quotes = 0
    for (start, end), folded, rules in zip(spans, sentences, page.ruleset.of(sentences, page.lang, page.site), strict=True):
        rule = next((r for r in rules if r.inside), None)
        quoted = quotes % 2
        quotes += folded.count('"')
        if rule is None or quoted or any(cut.start <= at + start < cut.end for cut in line.cuts):
            continue
        if rule.opens_title:
            end = _title_end(raw, start, end)
        if end > start:
            yield at + start, at + end, rule


def _title_end(raw: str, start: int, end: int) -> int:
    """Where the headline behind a label such as "READ MORE:" ends in a sentence: at its end where nothing ends the sentence,
    or before the one word with a capital that follows one without; `start` where that is not certain."""
    label = raw.find(":", start, end) + 1
    words = list(_WORD.finditer(raw, label, end))
    breaks = [
        i
        for i in range(1, len(words))
        if words[i].group()[0].isupper() and words[i - 1].group()[0].islower() and words[i - 1].group().lower() not in _LINKS
    ]
    small = sum(word.group()[0].islower() for word in words)
    if not breaks and end == len(raw) and raw[end - 1] not in ".!?\u2026":
        return end
    first = breaks[0] if breaks else 0
    capitals = sum(word.group()[0].isupper() for word in words[:first])
    sure = len([i for i in breaks if i <= _LONGEST_TITLE]) == 1 and capitals == 1 and small
    if sure and _SHORTEST_TITLE <= first <= _LONGEST_TITLE and len(words) - first >= _SHORTEST_REST:
        return words[first - 1].end()
    return start
