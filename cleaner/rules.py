"""The rules that decide what is boilerplate: load, validate, merge, compile.

A rule is data (data/rules/*.toml, or a user's file) and carries its own proof:

    [[rule]]
    id       = "en/related-heading"     # unique; a later rule of the same id replaces an earlier one
    why      = "a heading that opens a list of other stories"
    kind     = "section"
    patterns = ['related (?:posts|stories)']
    removes  = ["Related Posts\\nTen best diners\\n"]
    keeps    = ["Related posts at the embassy stood empty on Monday."]

kind      line     the line goes
          section  a heading: it goes with the titles and teasers below it, up to where the article resumes
          more     the "Read more" of a teaser: it goes with the clipped blurb and the title above it
          cards    the counter of a box ("Card 1 of 4"): it goes with the title and the items that it counts
          comment  a line of the head of a reader's comment: two such lines, of two rules, take what stands below them
          start    what a scraper left before the first word; a group named "date" is the article's date
where     any (default), head (before the first full paragraph), tail (after the last one)
sure      false: a line goes unless the model is sure that it is the article's: articles say the same now and then. A user's
          rules are sure, ours are not
one       true: the section has one title; the comment's head is one line
beside    true: the line goes only next to something else that goes
next_to   the id of the rule by which that must go (or by this one)
case      true: capitals matter (they do not otherwise)
inside    true: sentences that it matches as a whole go inside a line, too; with a group named "title", a label and the
          headline behind it, as far as that certainly reaches
longest   the longest line, in characters, that it looks at: 200 in ours; a user's rule looks at every line unless it says so
lang      only articles in this language, an ISO 639-1 tag; at the top of a file it is that of all its rules. English rules
          have none: English furniture stands on pages of every language
site      only articles of this site, as `clean.site_of` names it (a host, or a folder)
lines     whole lines, capitals apart; beside or instead of patterns: what `rules learn` finds
part      the part of a page that the line is, which `--include` keeps: headline, standfirst, author or captions
blocks    the kinds of block (as the markup has them) that go whatever they say; instead of patterns

Patterns are RE2's, so matching takes time linear in its input; they must match the whole line as `text.normalise` shows it
(straight quotes, plain dashes, single spaces, no bullet). `\\w` and `\\b` are ASCII in RE2: use `\\p{L}`. Prefer `.*`
with `longest` to a counted `.{0,80}`, which makes a large automaton.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

import re2

from cleaner import toml
from cleaner.language import family
from cleaner.text import normalise
from cleaner.toml import RuleError

Part = Literal["headline", "standfirst", "author", "captions"]  # of a page, that belong to it and not to the article's text
PARTS = get_args(Part)

# A line longer than this is a paragraph of prose or a megabyte of something: none of our rules for lines is meant for it.
LONGEST_LINE = 700
_LONGEST = 200  # the same, unless the rule says otherwise
_REACHES = (_LONGEST, LONGEST_LINE)  # lines of up to so many characters are matched with the rules that look at such
_ENDLESS = 1 << 62
# Rules that are matched at once. One that may begin with anything is alive on most lines, and the states of several such
# outgrow what RE2 keeps of them, so that it begins anew again and again: on short lines of news, not seen before, 19 such
# took 24 us a line eight at once, 14 us four at once; the 32 others, which end at the first word, 1 us together.
_TOGETHER = 4
_ANYTHING = re.compile(r"(?:\(\?[-i]*:)*(?:\[\^|\.|\\p|\[[^\]]*\\p)")  # that a pattern begins with


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as its file states it (see the module's docstring)."""

    id: str
    why: str = ""
    kind: Literal["line", "section", "more", "cards", "comment", "start"] = "line"
    patterns: tuple[str, ...] = ()
    where: Literal["any", "head", "tail"] = "any"
    sure: bool = True
    one: bool = False
    beside: bool = False
    next_to: str = ""
    inside: bool = False
    case: bool = False
    longest: int = 0  # 0: as long as they come
    lines: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    part: Literal["headline", "standfirst", "author", "captions", ""] = ""
    lang: str = ""
    site: str = ""
    removes: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    off: bool = False  # switches off the rule of this id

    def applies(self, lang: str, site: str) -> bool:
        """Whether the rule is for articles in a language (see language.family) and of a site."""
        return (not self.lang or family(self.lang) == lang) and self.site in ("", site)

    @property
    def opens_title(self) -> bool:
        """Whether what it matches is a label with a headline behind it."""
        return any("(?P<title>" in pattern for pattern in self.patterns)

    def regex(self) -> str:
        """The patterns as one RE2 pattern."""
        either = "|".join(f"(?:{pattern})" for pattern in self.patterns)
        return f"(?:{either})" if self.case else f"(?i:{either})"


@dataclass(frozen=True, slots=True)
class _File:
    """What a file of rules holds."""

    rule: list[dict[str, Any]] = field(default_factory=list)
    lang: str = ""


def parse(data: Mapping[str, Any], origin: str, trusted: bool = False) -> list[Rule]:
    """The rules of one TOML document.

    Raises RuleError where one is malformed, with `origin`, the file's name. `trusted` rules are ours:
    not sure unless they say so, and their patterns are not tried one by one, which takes a third of a second and is what
    a test does.
    """
    file = toml.converted(_File, data, origin)
    rules = []
    for number, entry in enumerate(file.rule, 1):
        name = f"{origin}: rule {entry.get('id', f'number {number}')!s}"
        rule = toml.converted(
            Rule, {"lang": file.lang, "sure": not trusted, "longest": _LONGEST if trusted else 0, **entry}, name
        )
        _check(rule, name, trusted)
        rules.append(rule)
    return rules


def _check(rule: Rule, name: str, trusted: bool) -> None:
    if rule.off:
        return
    if not rule.why:
        raise RuleError(f"{name}: 'why' is missing")
    if not (rule.patterns or rule.lines or rule.blocks):
        raise RuleError(f"{name}: neither 'patterns' nor 'lines' nor 'blocks'")
    # The rule's one regex comes last: a pattern that is good alone may swallow what comes after it (\Q).
    for pattern in () if trusted or not rule.patterns else (*rule.patterns, rule.regex()):
        try:
            re2.compile(pattern, _options())
        except re2.error as error:
            reason = error.args[0]
            reason = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
            raise RuleError(f"{name}: bad pattern: {reason} in {pattern!r}") from None


def _options() -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20  # for the set of all rules; the default, 8 MB, is too small for it
    return options


def finder(pattern: str) -> Callable[[str], bool]:
    """What tells whether a pattern is found in a text: in a whole article's, ten times as fast as `re` does."""
    search = re2.compile(pattern, _options()).search
    return lambda text: search(text.encode(errors="replace")) is not None


@cache
def shipped() -> tuple[Rule, ...]:
    """The rules that come with the package, in the order of their files' names."""
    folder = files("cleaner") / "data" / "rules"
    rules: list[Rule] = []
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            rules += parse(tomllib.loads(file.read_text(encoding="utf-8")), file.name, trusted=True)
    return tuple(rules)


def load(path: Path) -> list[Rule]:
    """The rules of a user's file. Raises RuleError where it cannot be read or used."""
    return parse(toml.read(path), str(path))


def languages(own: Iterable[Rule] = ()) -> frozenset[str]:
    """The languages that there are rules for, the user's own among them."""
    return frozenset({"en", *(rule.lang for rule in (*shipped(), *own) if rule.lang)})


def has_rules(lang: str, own: Iterable[Rule] = ()) -> bool:
    """Whether there are rules for a language, or for its family."""
    return family(lang) in {family(known) for known in languages(own)}


def merge(*layers: Iterable[Rule]) -> tuple[Rule, ...]:
    """One list of rules: a later rule replaces an earlier one of its id, and `off` removes it."""
    by_id: dict[str, Rule] = {}
    for layer in layers:
        for rule in layer:
            by_id[rule.id] = rule
    return tuple(rule for rule in by_id.values() if not rule.off)


class RuleSet:
    """Rules compiled for matching: those of a language when an article in it first comes."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._place = {rule.id: place for place, rule in enumerate(self.rules)}
        self.starts = [(rule, re2.compile(rule.regex(), _options())) for rule in self.rules if rule.kind == "start"]
        self.by_block = {block: rule for rule in self.rules for block in rule.blocks}
        self._by_line: dict[str, list[Rule]] = {}
        self._of_language: dict[str, list[Rule]] = {"": []}
        for rule in self.rules:
            for form in {form.lower() for line in rule.lines for form in (line, normalise(line))}:  # as found, or as pasted
                self._by_line.setdefault(form, []).append(rule)
            if rule.kind != "start" and rule.patterns:
                self._of_language.setdefault(family(rule.lang), []).append(rule)
        self._sets: dict[tuple[str, int], list[tuple[list[Rule], Any]]] = {}
        self._inside: dict[str, Any] = {}

    def inside(self, lang: str) -> Any:
        """What finds the folded lines that may have furniture inside; None where no rule of the language looks there."""
        if lang not in self._inside:
            rules = [rule for rule in self.rules if rule.inside and family(rule.lang) in ("", lang)]
            either = "|".join(f"(?:{rule.regex()})" for rule in rules).replace("(?P<title>", "(?:")
            search = f"(?m:(?:^|[.!?)\"'\\]\\x{{3002}}\\x{{ff01}}] ?)(?:{either}))"
            self._inside[lang] = re2.compile(search, _options()) if rules else None
        return self._inside[lang]

    def of(self, lines: Sequence[str], lang: str = "", site: str = "") -> list[list[Rule]]:
        """For each of some folded lines of an article in a language (see language.family) and of a site, the rules that
        match it."""
        found: list[list[Rule]] = [[] for _ in lines]
        if self._by_line:
            for rules, line in zip(found, lines, strict=True):
                rules += self._by_line.get(line.lower(), ())
        # A lone surrogate has no UTF-8: a question mark stands in for it.
        data = [line.encode(errors="replace") for line in lines]
        sizes = list(map(len, lines))
        languages = ("", lang) if lang and lang in self._of_language else ("",)
        shorter = -1
        for reach in (*_REACHES, _ENDLESS):
            places = [place for place, size in enumerate(sizes) if shorter < size <= reach]
            shorter = reach
            for rules, patterns in [part for of in languages for part in self._compiled(of, reach)] if places else ():
                match = patterns.Match
                for place in places:
                    if hits := match(data[place]):
                        size = sizes[place]
                        found[place] += [rules[i] for i in sorted(hits) if size <= (rules[i].longest or size)]
        return [self._in_order(rules, lang, site) if rules else rules for rules in found]

    def _in_order(self, rules: list[Rule], lang: str, site: str) -> list[Rule]:
        """Those of the rules that apply, in the order of their files."""
        return sorted((rule for rule in rules if rule.applies(lang, site)), key=lambda rule: self._place[rule.id])

    def check(self, languages: Iterable[str] = ()) -> None:
        """Compile the rules of no language and of these now. Raises RuleError where they are too large together."""
        for language in {"", *map(family, languages)} & self._of_language.keys():
            for reach in (*_REACHES, _ENDLESS):
                self._compiled(language, reach)

    def _compiled(self, language: str, reach: int) -> list[tuple[list[Rule], Any]]:
        """The rules of a language that look at lines of up to `reach` characters, some at a time, with what matches them."""
        if (language, reach) not in self._sets:
            shorter = max((length for length in _REACHES if length < reach), default=0)
            rules = [rule for rule in self._of_language[language] if not 0 < rule.longest <= shorter]
            lively = [rule for rule in rules if any(map(_ANYTHING.match, rule.patterns))]
            parts = [lively[at : at + _TOGETHER] for at in range(0, len(lively), _TOGETHER)]
            parts += [[rule for rule in rules if rule not in lively]]
            self._sets[language, reach] = [(part, _set_of(part)) for part in parts if part]
        return self._sets[language, reach]


def _set_of(rules: Sequence[Rule]) -> Any:
    patterns = re2.Set.FullMatchSet(_options())
    for rule in rules:
        patterns.Add(rule.regex())
    try:
        patterns.Compile()
    except re2.error:
        largest = max(rules, key=lambda rule: re2.compile(rule.regex(), _options()).programsize)
        raise RuleError(
            f"rule {largest.id}: too large together with the other rules; of all it has the largest patterns"
        ) from None
    return patterns


@cache
def in_force(own: tuple[Rule, ...] = ()) -> RuleSet:
    """The shipped rules with a user's own over them, compiled once a process."""
    return RuleSet(merge(shipped(), own))


def load_rules(*own: str | Path | Rule) -> tuple[Rule, ...]:
    """Rules of your own, from files or as they are, for `clean`, `clean_many` and CleanOptions; a later one goes before an
    earlier one.

    A rule adds to the shipped ones, replaces the one of its id, or switches it off (`off`). Raises RuleError.
    """
    rules: list[Rule] = []
    for item in own:
        if isinstance(item, Rule):
            rule = toml.converted(Rule, asdict(item), f"rule {item.id}")
            _check(rule, f"rule {item.id}", trusted=False)
            rules.append(rule)
        else:
            rules += load(Path(item))
    found = tuple(rules)
    in_force(found).check(rule.lang for rule in found)
    return found
