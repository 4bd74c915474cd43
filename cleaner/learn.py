"""What repeats within a site: lines that stand on several of its pages without the pages being copies of each other."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from cleaner import text as texts
from cleaner.clean import site_of
from cleaner.model import Article
from cleaner.rules import Rule

FEWEST_PAGES = 4  # of a site, before anything is learned from it
LEAST = 3  # pages on which a line must stand,
SHARE = 0.2  # and the share of the site's pages
SMALL_SHARE = 0.02  # of the pages, from which on a short line that stands on fewer is suspected
_TELLING = 60  # characters: pages that share lines of this length beside it may tell one story
_LONG = 80  # characters: two pages that share lines of this length tell the same story


def learn(articles: Iterable[Article]) -> list[Rule]:
    """A rule a site, with the lines that recur on its pages, and one that is not sure, with short lines that recur on few:
    on those the model has the last word. None for a site where nothing does.

    Pages that share half of their long lines are copies and count as one page, so that no line goes because one story
    was published twice.
    """
    pages: dict[str, list[frozenset[str]]] = defaultdict(list)
    for article in articles:
        folded = {texts.normalise(article.text[b.start : b.end]).lower() for b in texts.blocks(article.text)}
        pages[site_of(article)].append(frozenset(folded - {""}))
    rules = []
    for site, seen in sorted(pages.items()):
        distinct = _without_copies(seen)
        if not site or len(distinct) < FEWEST_PAGES:
            continue
        count = Counter(line for page in distinct for line in page)
        least = max(LEAST, round(SHARE * len(distinct)))
        few = max(LEAST, round(SMALL_SHARE * len(distinct)))
        name = re.sub(r"[^\w.-]+", "-", site).strip("-") or "folder"
        often = sorted(line for line, n in count.items() if n >= least)
        if often:
            rules.append(Rule(f"site/{name}", f"a line that recurs on the pages of {site}", lines=tuple(often), site=site))
        seldom = {line for line, n in count.items() if few <= n < least and len(line) < _LONG}
        seldom = _in_several_stories(seldom, distinct, count, few, least)
        if seldom:
            why = f"a line that recurs on some pages of {site}"
            rules.append(Rule(f"site/{name}/some", why, lines=tuple(sorted(seldom)), site=site, sure=False))
    return rules


def _in_several_stories(
    lines: set[str], pages: Sequence[frozenset[str]], count: Counter[str], few: int, least: int
) -> set[str]:
    """Those of the lines that stand on enough pages which have nothing else in common that few pages have: two tellings
    of one story have."""
    found: Counter[str] = Counter()
    told: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        telling = {line for line in page if 1 < count[line] < least and len(line) >= _TELLING}
        for line in lines & page:
            if told[line].isdisjoint(telling - {line}):
                found[line] += 1
                told[line] |= telling
    return {line for line, n in found.items() if n >= few}


def _without_copies(pages: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """One page of each set of copies: of two that share half of what either says in long lines, only one."""
    kept: list[frozenset[str]] = []
    long_of: list[frozenset[str]] = []
    holders: dict[str, list[int]] = defaultdict(list)
    for page in sorted(set(pages), key=lambda page: (-len(page), sorted(page))):
        long = frozenset(line for line in page if len(line) >= _LONG)
        shared: Counter[int] = Counter()
        for line in long:
            for other in holders[line]:
                shared[other] += len(line)
        if any(2 * n >= min(map(_size, (long, long_of[other]))) for other, n in shared.items()):
            continue
        for line in long:
            holders[line].append(len(kept))
        kept.append(page)
        long_of.append(long)
    return kept


def _size(lines: Iterable[str]) -> int:
    return sum(map(len, lines))


def as_toml(rules: Iterable[Rule]) -> str:
    """Learned rules as a file that a person can read and edit."""
    parts = ["# Learned from repetition: each line stands on several pages of its site. Delete those that belong.\n"]
    for rule in rules:
        parts.append("[[rule]]\n")
        parts += [f"{key} = {_quoted(getattr(rule, key))}\n" for key in ("id", "why", "kind", "site")]
        parts += ["sure = false\n"] * (not rule.sure)
        parts.append("lines = [\n")
        parts += [f"  {_quoted(line)},\n" for line in rule.lines]
        parts.append("]\n")
    return "\n".join(["".join(parts[:1]), "".join(parts[1:])])


def _quoted(value: str) -> str:
    """A TOML basic string."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in escaped) + '"'
