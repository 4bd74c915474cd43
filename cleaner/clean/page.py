"""An article while it is being judged: its lines, and what the rules take of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from cleaner import rules as rulebook
from cleaner import text as texts
from cleaner.clean.verdict import Verdict, why
from cleaner.language import SAMPLE, family, language_of
from cleaner.model import Article, Block, CleanResult, Removal
from cleaner.rules import Rule, RuleSet

_TERMINAL = tuple(".!?。！？।؟:;\"')]")
_CLIPPED = ("...", "[...]")  # folded: the one-character ellipsis is three dots there

# What stops a teaser's title: longer than any headline measured on the training pages of `window`.
_LONGEST_TITLE = 40  # words
_SHORTEST_PROSE = 12  # words

# The part of a page that a kind of block is; its hints name others, the author and the standfirst.
_PART_OF = {"headline": "headline", "caption": "captions"}


class Line:
    """A block while it is being judged: its folded text, what it looks like, and the rule it goes by, if any."""

    __slots__ = ("block", "clipped", "folded", "gone", "matches", "prose", "sentence", "stays", "vouched", "words")

    def __init__(self, block: Block, page: Page) -> None:
        self.block = block
        raw = page.source[block.start : block.end]
        self.folded = texts.fold(raw) if len(raw) <= 2 * rulebook.LONGEST_LINE else raw
        unspaced = not raw.isascii() and texts.is_unspaced(raw[:200])
        self.words = len(texts.words(raw)) // 2 if unspaced else self.folded.count(" ") + 1
        self.matches = page.matches(self.folded, block.kind)
        self.stays = bool(page.include) and page.includes(block, self.matches)
        self.clipped = self.folded.endswith(_CLIPPED)
        self.prose = self.words >= _SHORTEST_PROSE and not self.clipped and self.folded.endswith(_TERMINAL)
        # A headline may end in a question or an exclamation mark, hardly ever in a full stop.
        self.sentence = self.words >= 4 and not self.clipped and self.folded.rstrip("\"')").endswith((".", "\u3002"))
        self.gone: Rule | Verdict | None = None
        self.vouched: Rule | None = None  # a rule that is not sure, but would take the line here

    def is_a(self, kind: str) -> Rule | None:
        return next((rule for rule in self.matches if rule.kind == kind), None)


class Page:
    """An article while it is being cleaned: its lines, and which rules apply to it."""

    def __init__(self, article: Article, ruleset: RuleSet, lang: str | None, include: Collection[str]) -> None:
        self.source = article.text
        self.url = article.url or ""
        self.ruleset = ruleset
        self.include = include
        self.site = site_of(article)
        self.date: str | None = None  # that a scraper left before the first word
        self._told, self._stated = lang is not None, article.lang
        self.lang = family(lang) if lang else language_of(article.text, article.lang)
        self.lines = [Line(block, self) for block in article.blocks or texts.lines(self.source)]
        self.scraped = bool(article.blocks)
        self.seen = self.lines  # what was left when the rules were last asked

    @property
    def left(self) -> list[Line]:
        """The lines that nothing has taken yet."""
        return [line for line in self.lines if line.gone is None]

    def includes(self, block: Block, matches: Sequence[Rule]) -> bool:
        """Whether a line is a part of the page that the user asked to keep (see rules.PARTS)."""
        parts = {_PART_OF.get(block.kind, ""), *block.hints, *(rule.part for rule in matches)}
        return not parts.isdisjoint(self.include)

    def matches(self, line: str, kind: str) -> list[Rule]:
        """The rules that match a folded line, or the kind of its block."""
        found = self.ruleset.of(line, self.lang, self.site)
        of_block = self.ruleset.by_block.get(kind)
        return [of_block, *found] if of_block and of_block.applies(self.lang, self.site) else found

    def by_rules(self, all_sure: bool = False) -> None:
        """Let the rules that are sure, or all of them, take what they know; again and again, until nothing goes and the
        language of what is left is the one whose rules were asked: cleaning the result again must find nothing."""
        gone = {id(line) for line in self.lines if line.gone}
        while True:
            left = self.left
            self._start(left)
            _pass(left, all_sure)
            rest = [line for line in left if not line.gone]
            if all(line.vouched and not line.stays for line in rest):  # nothing but the rules to judge them by
                for line in rest:
                    line.gone = line.vouched
            if not any(line.gone for line in left) and not self._settle_language():
                break
        self.seen = [line for line in self.lines if id(line) not in gone]

    @property
    def lost(self) -> bool:
        """Whether anything has gone since the rules were last asked, or by them."""
        return any(line.gone for line in self.seen)

    def _settle_language(self) -> bool:
        """Whether what is left turned out to be in another language than the whole was taken for."""
        untouched = 0  # what stands before the first removal, and the white space that goes with it
        for line in self.lines:
            if line.gone or untouched >= SAMPLE:
                break
            untouched = line.block.end
        else:
            return False
        if self._told or untouched >= SAMPLE:
            return False
        lang = language_of(self.text, self._stated)
        if lang == self.lang:
            return False
        self.lang = lang
        for line in self.lines:
            line.matches = self.matches(line.folded, line.block.kind)
        return True

    def _start(self, left: list[Line]) -> None:
        """Take away what a scraper left before the first word, in as many lines as there are."""
        for i, line in enumerate(left):
            rest, rule = self._opening(line.block)
            if rule is None:
                return
            line.gone = rule
            if rest is not None:  # the line goes in part: it is split in two
                whole = line.block
                line.block = replace(whole, end=rest)
                left[i] = Line(replace(whole, start=rest), self)
                self.lines.insert(self.lines.index(line) + 1, left[i])
                return

    def _opening(self, block: Block) -> tuple[int | None, Rule | None]:
        """What a scraper left at the beginning of a line: where the line goes on (None where nothing of it is left), and the
        rule; None for the rule where there is nothing of the kind."""
        rest, rule = block.start, None
        starts = [(r, pattern) for r, pattern in self.ruleset.starts if r.applies(self.lang, self.site)]
        while rest < block.end:
            # A lone surrogate has no UTF-8: a question mark, of the same length, stands in for it.
            opening = self.source[rest : min(block.end, rest + rulebook.LONGEST_LINE)].encode(errors="replace").decode()
            matches = ((candidate, pattern.match(opening)) for candidate, pattern in starts)
            candidate, found = next(((c, match) for c, match in matches if match and match.end()), (None, None))
            if candidate is None or found is None:
                return rest, rule
            rule = rule or candidate
            self.date = self.date or texts.date_of(found.groupdict().get("date"))
            rest += found.end()
            while rest < block.end and self.source[rest].isspace():
                rest += 1
        return None, rule

    @property
    def text(self) -> str:
        """What is left, to the character."""
        return self.result().text

    def result(self) -> CleanResult:
        """What has become of the article so far."""
        kept, at, removed = [], 0, self.removed()
        for removal in removed:
            kept.append(self.source[at : removal.start])
            at = removal.end
        kept.append(self.source[at:])
        return CleanResult(self.source, "".join(kept), removed, self.date)

    def removed(self) -> tuple[Removal, ...]:
        """The removals of the lines that go, with the white space that each leaves behind.

        The lines of one section, of one teaser, or of one run that the model takes, are one removal. Lines after the last
        one kept take the white space before them, all others the white space after them; a final line feed of the source
        stays.
        """
        lines, source = self.lines, self.source
        tail = max((i for i, line in enumerate(lines) if line.gone is None), default=-1) + 1
        line_end = "\r\n" if source.endswith("\r\n") else "\n"
        end_of_text = len(source) - (len(line_end) if 0 < tail < len(lines) and source.endswith(line_end) else 0)
        runs: list[_Run] = []
        for i, line in enumerate(lines):
            if line.gone is None:
                continue
            start = 0 if i == 0 else lines[i - 1].block.end if i == tail else line.block.start
            end = lines[i + 1].block.start if i + 1 < len(lines) else end_of_text
            if runs and runs[-1].end == start and _goes_on(lines[i - 1], line):
                runs[-1].end = end
                runs[-1].reasons.append(line.gone)
            else:
                runs.append(_Run(start, end, [line.gone]))
        return tuple(Removal(run.start, run.end, run.reasons[0].id, why(run.reasons)) for run in runs)


@dataclass(slots=True)
class _Run:
    """Lines that go as one, and the reason of each."""

    start: int
    end: int
    reasons: list[Rule | Verdict]


def _pass(lines: list[Line], all_sure: bool) -> None:
    """Let every rule take its lines once: sections, teasers, single lines, and then what stands beside those."""
    known = [i for i, line in enumerate(lines) if line.matches]
    if not known:
        return
    prose = [i for i, line in enumerate(lines) if line.prose and not line.matches]
    stays = [line for line in lines if line.stays]
    first, last = (prose[0], prose[-1]) if prose else (len(lines), -1)

    def here(rule: Rule, i: int) -> bool:
        return rule.where == "any" or (i < first if rule.where == "head" else i > last)

    end = 0
    for i in known:
        heading = lines[i].is_a("section") if i >= end else None
        if heading and here(heading, i):
            end = _section_end(lines, i)
            for line in lines[i:end]:
                line.gone = heading
    for i in known:
        more, line = lines[i].is_a("more"), lines[i]
        if more and here(more, i):
            for part in _teaser(lines, i):
                part.gone = part.gone or more
        if line.gone is None:
            fit = [r for r in line.matches if r.kind == "line" and not r.beside and here(r, i)]
            line.vouched = next(iter(fit), None)
            line.gone = next((r for r in fit if r.sure or all_sure), None)
    for order in (known, known[::-1]):
        for i in order:
            if lines[i].gone is None and any(lines[j].gone for j in (i - 1, i + 1) if 0 <= j < len(lines)):
                lines[i].gone = next((r for r in lines[i].matches if r.beside and here(r, i)), None)
    for line in stays:
        line.gone = None


def _teaser(lines: Sequence[Line], more: int) -> Sequence[Line]:
    """The lines of the teaser that a "Read more" line closes: that line, the clipped blurb above it, the title above
    the blurb. Without a clipped blurb the line stands alone."""
    first = more
    blurb = lines[more].words >= _SHORTEST_PROSE  # the blurb and its "Read more" on one line
    if first and lines[first - 1].clipped:
        first -= 1
        blurb = True
    if blurb and first and _is_title(lines[first - 1]):
        first -= 1
    return lines[first : more + 1]


def _is_title(line: Line) -> bool:
    return line.words <= _LONGEST_TITLE and not line.is_a("more") and (not line.sentence or bool(line.matches))


def _section_end(lines: Sequence[Line], heading: int) -> int:
    """Where the section that a heading opens ends: the index of the line with which the article resumes.

    The section goes on over titles, clipped blurbs and lines that go by a rule of their own, and over whatever a
    "Read more" within three lines closes. A heading with nothing of the kind below it is no heading of a list, unless
    it is the last line: the result is then `heading`, and nothing goes.
    """
    i = heading + 1
    while i < len(lines):
        closing = next((j for j in range(i, min(i + 4, len(lines))) if lines[j].is_a("more")), None)
        if closing is not None:
            i = closing + 1
        elif (
            lines[i].clipped
            or lines[i].matches
            or not (lines[i].prose or lines[i].sentence or lines[i].words > _LONGEST_TITLE)
        ):
            i += 1
        elif i + 1 < len(lines) and lines[i].words <= _LONGEST_TITLE and lines[i + 1].clipped:
            i += 2
        else:
            break
    if i < len(lines) and i - 1 > heading and lines[i - 1].words <= 3 and not lines[i - 1].matches:
        i -= 1  # two or three words just above the prose: the subheading with which the article resumes
    return i if i > heading + 1 or i == len(lines) else heading


def _goes_on(above: Line, line: Line) -> bool:
    """Whether two lines that go, one below the other, go as one: those of a section, of a teaser, of the model's."""
    if isinstance(line.gone, Verdict):
        return isinstance(above.gone, Verdict)
    if above.gone is not line.gone or line.gone is None or line.gone.kind in ("line", "start") or line.is_a("section"):
        return False
    return not (line.gone.kind == "more" and above.is_a("more"))


def site_of(article: Article) -> str:
    """The site that an article is from: the host of its URL without "www.", else the folder of its file, else ""."""
    try:
        host = urlsplit(article.url).hostname if article.url else None
    except ValueError:  # a URL that is none
        host = None
    return host.removeprefix("www.") if host else article.folder
