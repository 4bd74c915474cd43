"""An article while it is being judged: its lines, what is left of them, and the cuts where they go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from cleaner import text as texts
from cleaner.clean.reasons import ModelReason, why
from cleaner.dates import DATELINE, full_date
from cleaner.language import family, language_of
from cleaner.model import Article, Block, CleanResult, Removal
from cleaner.rules import Rule, RuleSet, finder

SHORTEST_PROSE = 12  # words
SURE = 3.0  # log odds
_TERMINAL = tuple(".!?。！？।؟:;\"')]")
_CLIPPED = ("...", "[...]")  # folded: the one-character ellipsis is three dots there

_has_unspaced = finder(texts.UNSPACED)

# The part of a page that a kind of block is; its hints name others, the author and the standfirst.
_PART_OF = {"headline": "headline", "caption": "captions"}


@dataclass(frozen=True, slots=True)
class Cut:
    """A span inside a line, with the white space at one of its sides, and the rule by which it goes."""

    start: int
    end: int
    rule: Rule


class JudgedLine:
    """A block while it is being judged: its folded text, what it looks like, and what removed it, if anything did.

    `cuts` are the furniture inside it, which goes in any case: what is looked at is the line without them.
    """

    __slots__ = (
        "block",
        "clipped",
        "cuts",
        "folded",
        "included",
        "matches",
        "meant",
        "prose",
        "removed_by",
        "sentence",
        "stays",
        "sure_to_belong",
        "suspected_by",
        "words",
    )

    def __init__(self, block: Block, page: JudgedPage) -> None:
        self.block = block
        self.cuts: list[Cut] = []
        self.removed_by: Rule | ModelReason | None = None
        self.suspected_by: Rule | None = None  # a rule that is not sure, but would take the line here
        # Of a page: no rule takes it for what stands beside it.
        self.sure_to_belong = block.odds is not None and block.odds > SURE
        self.matches: list[Rule] = []
        self.included = self.stays = False  # the user wants it; nothing may take it
        self.look(page)

    def look(self, page: JudgedPage) -> None:
        """Take in what the line says and looks like; which rules match it is told for many lines at once."""
        raw = page.text_of(self)
        self.meant = texts.as_meant(raw)
        self.folded = texts.folded(self.meant)
        unspaced = page.unspaced and not raw.isascii() and texts.is_unspaced(raw[:200])
        self.words = len(texts.words(raw)) // 2 if unspaced else self.folded.count(" ") + 1
        self.clipped = self.folded.endswith(_CLIPPED)
        self.prose = self.words >= SHORTEST_PROSE and not self.clipped and self.folded.endswith(_TERMINAL)
        # A headline may end in a question or an exclamation mark, hardly ever in a full stop.
        self.sentence = self.words >= 4 and not self.clipped and self.folded.rstrip("\"')").endswith((".", "\u3002"))

    def is_a(self, kind: str) -> Rule | None:
        """The rule of a kind that matches the line, if one does."""
        return next((rule for rule in self.matches if rule.kind == kind), None)


class JudgedPage:
    """An article while it is being judged: its lines, and which rules apply to it."""

    def __init__(self, article: Article, ruleset: RuleSet, lang: str | None, include: Collection[str]) -> None:
        self.source = article.text
        self.url = article.url or ""
        self.ruleset = ruleset
        self.include = include
        self.site = site_of(article)
        self.date: str | None = None  # that a scraper left before the first word
        self.stated_lang, self.told_lang = article.lang, lang is not None
        self.lang = family(lang) if lang else language_of(article.text, article.lang)
        self.unspaced = _has_unspaced(self.source)
        self.lines = [JudgedLine(block, self) for block in article.blocks or texts.blocks(self.source)]
        self.match(self.lines)
        self.scraped = bool(article.blocks)
        self.judged = any(block.odds is not None for block in article.blocks)  # with its page, all of it
        self.in_round = self.lines  # what was left when the round began

    @property
    def left(self) -> list[JudgedLine]:
        """The lines that nothing has taken yet."""
        return [line for line in self.lines if line.removed_by is None]

    @property
    def changed(self) -> bool:
        """Whether anything has gone in this round."""
        return any(line.removed_by for line in self.in_round)

    def text_of(self, line: JudgedLine) -> str:
        """A line's text as it stands in the source, without what was cut from it."""
        start, end = line.block.start, line.block.end
        if not line.cuts:
            return self.source[start:end]
        edges = [start, *(edge for cut in line.cuts for edge in (cut.start, cut.end)), end]
        return "".join(self.source[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))

    def includes(self, block: Block, matches: Sequence[Rule]) -> bool:
        """Whether a line is a part of the page that the user asked to keep (see rules.PARTS)."""
        parts = {_PART_OF.get(block.kind, ""), *block.hints, *(rule.part for rule in matches)}
        return not parts.isdisjoint(self.include)

    def match(self, lines: Sequence[JudgedLine]) -> None:
        """Ask which rules match lines, and the kinds of their blocks, and whether they are to be kept for what they are."""
        found = self.ruleset.of([line.folded for line in lines], self.lang, self.site)
        for line, rules in zip(lines, found, strict=True):
            of_block = self.ruleset.by_block.get(line.block.kind)
            line.matches = [of_block, *rules] if of_block and of_block.applies(self.lang, self.site) else rules
            line.included = line.stays = bool(self.include) and self.includes(line.block, line.matches)

    def look_again(self, line: JudgedLine) -> None:
        """Take in what a line says now that something was cut from it."""
        line.look(self)
        self.match([line])

    def turn_to(self, lang: str) -> None:
        """Judge by the rules of another language."""
        self.lang = lang
        stays = [line.stays for line in self.lines]
        self.match(self.lines)
        for line, stay in zip(self.lines, stays, strict=True):
            line.stays = line.included or stay

    def split(self, line: JudgedLine, at: int) -> JudgedLine:
        """Split a line in two at a place in the source; the second one comes back."""
        whole = line.block
        line.block = replace(whole, end=at)
        rest = JudgedLine(replace(whole, start=at), self)
        rest.cuts, line.cuts = [cut for cut in line.cuts if cut.start >= at], []
        line.meant = texts.as_meant(self.text_of(line))
        self.look_again(rest)
        self.lines.insert(self.lines.index(line) + 1, rest)
        return rest

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
        return CleanResult(self.source, "".join(kept), removed, self.date or self._dateline(removed))

    def _dateline(self, removed: Sequence[Removal]) -> str | None:
        """The first full date in what went of the article's opening."""
        for removal in removed:
            if removal.start < DATELINE and (found := full_date(self.source[removal.start : removal.end][:DATELINE])):
                return found.isoformat()
        return None

    def removed(self) -> tuple[Removal, ...]:
        """The removals of the lines that go, with the white space that each leaves behind.

        The lines of one section, of one teaser, or of one run that the model takes, are one removal. Lines after the last
        one kept take the white space before them, all others the white space after them; a final line feed of the source
        stays.
        """
        lines, source = self.lines, self.source
        tail = max((i for i, line in enumerate(lines) if line.removed_by is None), default=-1) + 1
        line_end = "\r\n" if source.endswith("\r\n") else "\n"
        end_of_text = len(source) - (len(line_end) if 0 < tail < len(lines) and source.endswith(line_end) else 0)
        runs: list[_Run] = []
        for i, line in enumerate(lines):
            if line.removed_by is None:
                continue
            start = 0 if i == 0 else lines[i - 1].block.end if i == tail else line.block.start
            end = lines[i + 1].block.start if i + 1 < len(lines) else end_of_text
            if runs and runs[-1].end == start and _goes_on(lines[i - 1], line):
                runs[-1].end = end
                runs[-1].reasons.append(line.removed_by)
            else:
                runs.append(_Run(start, end, [line.removed_by]))
        found = [Removal(run.start, run.end, run.reasons[0].id, why(run.reasons)) for run in runs]
        cuts = [cut for line in lines if line.removed_by is None for cut in line.cuts]
        found += [Removal(cut.start, cut.end, cut.rule.id, cut.rule.why) for cut in cuts]
        return tuple(sorted(found, key=lambda removal: removal.start) if cuts else found)


@dataclass(slots=True)
class _Run:
    """Lines that go as one, and the reason of each."""

    start: int
    end: int
    reasons: list[Rule | ModelReason]


def _goes_on(above: JudgedLine, line: JudgedLine) -> bool:
    """Whether two lines that go, one below the other, go as one: those of a section, of a teaser, of the model's."""
    by = line.removed_by
    if isinstance(by, ModelReason):
        return isinstance(above.removed_by, ModelReason)
    if above.removed_by is not by or by is None or by.kind in ("line", "start") or line.is_a("section"):
        return False
    return not (by.kind == "more" and above.is_a("more"))


def site_of(article: Article) -> str:
    """The site that an article is from: the host of its URL without "www.", else the folder of its file, else ""."""
    try:
        host = urlsplit(article.url).hostname if article.url else None
    except ValueError:  # a URL that is none
        host = None
    return host.removeprefix("www.") if host else article.folder
