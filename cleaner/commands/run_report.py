"""What a run keeps of its articles for its report, and the writing of that: report.html, or a folder of pages by month."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cleaner import records
from cleaner.diff.removals import TOO_MUCH
from cleaner.model import Article, Failure, Grouping
from cleaner.pipeline import Cleaned
from cleaner.report import outlet_of
from cleaner.report.page.entries import Entry, Example, Outlet, Run, Told, entries_with, stories_of

EXAMPLES = 3  # of what a rule removed, in the report
LONGEST = 600  # characters of one
PAGES = "report"  # the folder of the pages by month, where one page would be too large


@dataclass(slots=True)
class _Outlet:
    """What cleaning did to the articles of an outlet."""

    articles: int = 0
    characters: int = 0
    gone: int = 0
    rules: Counter[str] = field(default_factory=Counter)


class Kept:
    """What is kept of each article, in the order of the run: which rules removed something, and how much is gone."""

    def __init__(self) -> None:
        self.rules: Counter[str] = Counter()
        self.whys: dict[str, str] = {}
        self._numbers: dict[str, int] = {}  # of the rules
        self._of: list[tuple[tuple[int, ...], float]] = []
        self._examples: dict[str, list[Example]] = defaultdict(list)
        self._outlets: dict[str, _Outlet] = defaultdict(_Outlet)

    def add(self, item: Cleaned, known: Article) -> None:
        """Take one more article, and what people know it by."""
        source, removed = item.result.source, item.result.removed
        outlet = outlet_of(known)
        about = self._outlets[outlet]
        for removal in removed:
            self.rules[removal.rule] += 1
            about.rules[removal.rule] += 1
            self.whys.setdefault(removal.rule, removal.why)
            self._numbers.setdefault(removal.rule, len(self._numbers))
            self._keep(removal.rule, Example(source[removal.start : removal.end][:LONGEST], outlet, known))
        gone = sum(removal.end - removal.start for removal in removed)
        about.articles += 1
        about.characters += len(source)
        about.gone += gone
        rules = tuple(sorted({self._numbers[removal.rule] for removal in removed}))
        self._of.append((rules, gone / max(1, len(source))))

    def _keep(self, rule: str, example: Example) -> None:
        """Keep an example that says something else than those before it, of another outlet where there is one."""
        kept = self._examples[rule]
        if any(" ".join(one.text.split()) == " ".join(example.text.split()) for one in kept):
            return
        if len(kept) < EXAMPLES:
            kept.append(example)
            return
        outlets = [one.outlet for one in kept]
        twice = next((i for i in range(EXAMPLES - 1, 0, -1) if outlets[i] in outlets[:i]), None)
        if twice is not None and example.outlet not in outlets:
            kept[twice] = example

    def page(
        self, openings: Sequence[Article], ids: Sequence[str], grouping: Grouping, headlines: Mapping[str, str]
    ) -> tuple[list[Entry], list[Told]]:
        """The articles as the report shows them, and the stories that have several."""
        entries = entries_with(self._of, ids, openings, grouping)
        stories = stories_of(entries, grouping, headlines)
        return entries, stories

    def outlets(self) -> list[Outlet]:
        """The outlets, those with the most articles first."""
        found = [
            Outlet(name, about.articles, about.gone / max(1, about.characters), tuple(about.rules.most_common()))
            for name, about in self._outlets.items()
        ]
        return sorted(found, key=lambda outlet: (-outlet.articles, outlet.name))

    def write(
        self,
        target: Path,
        counts: Mapping[str, int],
        articles: tuple[list[Entry], list[Told]],
        left_out: tuple[list[Failure], list[Failure]],
    ) -> None:
        """Write the report of a run; `left_out` is what failed and what was skipped."""
        from cleaner.report.page import run as page

        entries, stories = articles
        order = sorted(self._numbers, key=lambda rule: (-self.rules[rule], rule))
        numbers = [self._numbers[rule] for rule in order]
        run = Run(
            counts,
            [(rule, number, self.rules[rule], self.whys[rule]) for rule, number in zip(order, numbers, strict=True)],
            self._examples,
            self.outlets(),
            entries,
            stories,
            [entry for entry in entries if entry.share > TOO_MUCH],
            *left_out,
        )
        folder = target / PAGES
        if folder.is_dir():
            shutil.rmtree(folder)
        for name, pieces in page.pages(run, PAGES):
            records.write_atomically(target / name, _encoded(pieces))


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    return (piece.encode(errors="replace") for piece in pieces)
