"""What a run keeps of its articles for its report, and the writing of that: report.html, or a folder of pages by month."""

from __future__ import annotations

import shutil
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleaner.diff.removals import TOO_MUCH
from cleaner.model import Failure
from cleaner.report import outlet_of
from cleaner.report.page.entries import Entries, Example, Outlet, Run, stories_of

if TYPE_CHECKING:
    from cleaner.commands import kept as of_item
    from cleaner.commands.outdir import OutDirectory
    from cleaner.commands.records_out import Known
    from cleaner.group.collection import Groups

EXAMPLES = 3  # of what a rule removed, in the report
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
        self._of, self._ends = array("I"), array("Q")  # the numbers of each article's rules, one after the other
        self._shares = array("d")
        self._examples: dict[str, list[Example]] = defaultdict(list)
        self._outlets: dict[str, _Outlet] = defaultdict(_Outlet)

    def add(self, item: of_item.Kept) -> None:
        """Take one more article."""
        known = item.opening
        outlet = outlet_of(known)
        about = self._outlets[outlet]
        for rule, count, why, examples in item.gone:
            self.rules[rule] += count
            about.rules[rule] += count
            self.whys.setdefault(rule, why)
            self._numbers.setdefault(rule, len(self._numbers))
            for example in examples:
                self._keep(rule, Example(example, outlet, known))
        gone = item.characters - item.left
        about.articles += 1
        about.characters += item.characters
        about.gone += gone
        self._of.extend(sorted({self._numbers[rule] for rule, *_ in item.gone}))
        self._ends.append(len(self._of))
        self._shares.append(gone / max(1, item.characters))

    def _removals(self, place: int) -> tuple[tuple[int, ...], float]:
        start = self._ends[place - 1] if place else 0
        return tuple(self._of[start : self._ends[place]]), self._shares[place]

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

    def outlets(self) -> list[Outlet]:
        """The outlets, those with the most articles first."""
        found = [
            Outlet(name, about.articles, about.gone / max(1, about.characters), tuple(about.rules.most_common()))
            for name, about in self._outlets.items()
        ]
        return sorted(found, key=lambda outlet: (-outlet.articles, outlet.name))

    def write(
        self,
        target: OutDirectory,
        counts: Mapping[str, int],
        groups: Groups,
        known: Known,
        left_out: tuple[list[Failure], list[Failure]],
    ) -> None:
        """Write the report of a run; `left_out` is what failed and what was skipped."""
        from cleaner.report.page import run as page

        entries = Entries(groups, known.openings, self._removals)
        order = sorted(self._numbers, key=lambda rule: (-self.rules[rule], rule))
        numbers = [self._numbers[rule] for rule in order]
        run = Run(
            counts,
            [(rule, number, self.rules[rule], self.whys[rule]) for rule, number in zip(order, numbers, strict=True)],
            self._examples,
            self.outlets(),
            entries,
            stories_of(entries, known.headlines(groups)),
            entries.at([place for place, share in enumerate(self._shares) if share > TOO_MUCH]),
            *left_out,
        )
        folder = target.path / PAGES
        if folder.is_dir():
            shutil.rmtree(folder)
        for name, pieces in page.pages(run, PAGES):
            target.write(name, _encoded(pieces))


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    return (piece.encode(errors="replace") for piece in pieces)
