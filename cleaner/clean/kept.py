"""Lines that are the article's for certain, however little they look it: neither rule nor model may take them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cleaner.clean.page import JudgedLine, JudgedPage
from cleaner.rules import finder

# A page in which none of this stands has no such line: a quick look.
_has_any = finder(
    r"(?m)`{3}|~{3}|^[ \t]*(?:>>> |\.\.\. |\[\p{Nd}{1,3}\]|\|.*\||\((?:SOUNDBITE|LAUGHTER|APPLAUSE|CROSSTALK)"
    r"|[*_#\x{200b}-\x{200d}\x{feff}-]+[ *_#-]*$)"
)
_FENCE = re.compile(r"`{3}|~{3}")
_ROW = re.compile(r"\|.*\|")
_PROMPT = re.compile(r">>> \S|\.\.\. {2,}\S")
_SOUND = re.compile(r"\((?:SOUNDBITE|LAUGHTER|APPLAUSE|CROSSTALK)\b[^()]*\)")
_REFERENCE = re.compile(r"(\[\d{1,3}\]) ?\S.{15,}")
_RULE_OFF = re.compile(r"(?:[*_#\u2042]\s?){1,5}|-{3,5}|(?:- ){2,4}-|[\u200b-\u200d\ufeff\s]+")
_SPEAKER = re.compile(r"((?:[^\W\d_a-z][^\W\d_a-z.'-]*)(?: [^\W\d_a-z][^\W\d_a-z.'-]*){0,3}(?:, [^\W\d_a-z ]+)?):(?= |$)")
_FEWEST_TURNS = 5
_TIME = "any/relative-time"
_FEWEST_ENTRIES = 3


def keep_certain(page: JudgedPage, left: Sequence[JudgedLine]) -> None:
    """Say of the lines that are left which ones stay."""
    for line in left:
        line.stays = line.included
    some = _has_any(page.source)
    for found in (_code, _rows, _references, _breaks) if some else ():
        for line in found(page, left):
            line.stays = True
    for line in (*_turns(left), *_entries(left)):
        line.stays = line.stays or not line.matches


def _code(page: JudgedPage, left: Sequence[JudgedLine]) -> Iterator[JudgedLine]:
    """What is fenced off as code, prompts of an interpreter, and the noises of a transcript."""
    fence = ""
    opened: list[JudgedLine] = []
    for line in left:
        raw = page.source[line.block.start : line.block.end]
        mark = _FENCE.match(raw)
        if mark and fence in ("", mark.group()):
            opened.append(line)
            if fence:
                yield from opened
                opened = []
            fence = "" if fence else mark.group()
        elif fence:
            opened.append(line)
        elif _PROMPT.match(raw) or _SOUND.fullmatch(raw):
            yield line


def _rows(page: JudgedPage, left: Sequence[JudgedLine]) -> Iterator[JudgedLine]:
    """The rows of a table in Markdown, two of which stand together."""
    rows = [i for i, line in enumerate(left) if _ROW.fullmatch(page.source, line.block.start, line.block.end)]
    for i in rows:
        if not left[i].matches and (i - 1 in rows or i + 1 in rows):
            yield left[i]


def _references(page: JudgedPage, left: Sequence[JudgedLine]) -> Iterator[JudgedLine]:
    """Numbered references that the prose cites."""
    numbered = [
        (match[1], line) for line in left if (match := _REFERENCE.match(page.source, line.block.start, line.block.end))
    ]
    if numbered:
        prose = "\n".join(line.folded for line in left if line.prose and not line.folded.startswith("["))
        yield from (line for mark, line in numbered if mark in prose)


def _breaks(page: JudgedPage, left: Sequence[JudgedLine]) -> Iterator[JudgedLine]:
    """Signs that part one passage of prose from the next."""
    for above, line, below in zip(left, left[1:], left[2:], strict=False):
        if above.prose and below.prose and _RULE_OFF.fullmatch(page.source, line.block.start, line.block.end):
            yield line


def _turns(left: Sequence[JudgedLine]) -> Iterator[JudgedLine]:
    """What is said in a transcript in which the same speakers, in capitals, take turns."""
    turns = [
        (match[1].split(",")[0], line) for line in left if ":" in line.folded[:60] and (match := _SPEAKER.match(line.folded))
    ]
    counts = Counter(name for name, _ in turns if len(name) > 1 or name in "QAIRFS")
    if sum(n for n in counts.values() if n > 1) >= _FEWEST_TURNS and len(counts) > 1:
        yield from (line for name, line in turns if counts[name] > 1)


def _entries(left: Sequence[JudgedLine]) -> Iterator[JudgedLine]:
    """The entries of a live blog: what stands right below times that are its frame. Below an article such lines are its
    readers' comments."""
    entries = [b for a, b in pairwise(left) if a.matches and b.sentence and any(rule.id == _TIME for rule in a.matches)]
    said = [line for line in left if line.prose or line.sentence]
    if len(entries) >= _FEWEST_ENTRIES and 2 * len(entries) >= len(said) and any(line in entries for line in said[:3]):
        yield from entries
