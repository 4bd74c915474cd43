"""Invented pages with what is to be left of each, and how near cleaning comes to it: `python tests/gate/pages.py`.

pages/LANG.txt holds the pages of a language. A line `=== KIND NAME URL` opens one; the lines down to the next are its own:

    text    as a scraper left it; a line that is marked "- " must go, the others must stay
    html    as a site sends it; of a line that is marked "+ " the text must stay, of the others nothing
    clean   an article of which nothing must go; no line is marked

`python tests/gate/pages.py raise` pins every figure that is above its floor.
"""

import html
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import floors

from cleaner import Article, clean_many

FOLDER = Path(__file__).with_name("pages")
KINDS = ("text", "html", "clean")

_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")  # a word; in scripts without spaces, a character
_CELL = re.compile(r"<(?:br|/td|/th|/li)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_FELL = 0.005  # of F1: what is worse than that than doing nothing was made worse


@dataclass(frozen=True)
class Page:
    lang: str
    kind: str
    name: str
    article: Article  # as it comes
    gold: str  # what is to be left of its text


def read(lang):
    """The pages of a language, in the order of its file."""
    found = []
    for block in re.split(r"^=== ", (FOLDER / f"{lang}.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        kind, name, url = head.split()
        lines = body.rstrip("\n").split("\n")
        if kind == "html":
            gold = "\n".join(_text_of(line[2:]) for line in lines if line.startswith("+ "))
            article = Article(html="\n".join(line.removeprefix("+ ") for line in lines), url=url)
        else:
            must_go = "- " if kind == "text" else "\n"
            gold = "\n".join(line for line in lines if not line.startswith(must_go))
            article = Article(text="\n".join(line.removeprefix(must_go) for line in lines), url=url)
        found.append(Page(lang, kind, name, article, gold))
    return found


def _text_of(markup):
    return " ".join(html.unescape(_TAG.sub("", _CELL.sub(" ", markup))).split())


def languages():
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def words(text):
    return _WORD.findall(text)


def prf(kept, gold):
    """Precision, recall and F1 of a text's shingles of four words against those of what was to be left."""
    a, b = _shingles(kept), _shingles(gold)
    hit = sum((a & b).values())
    p, r = hit / max(1, sum(a.values())), hit / max(1, sum(b.values()))
    return p, r, 2 * p * r / (p + r) if hit else 0.0


def _shingles(text, n=4):
    found = words(text)
    return Counter(tuple(found[i : i + n]) for i in range(max(1, len(found) - n + 1))) if found else Counter()


@dataclass(frozen=True)
class Score:
    page: Page
    text: str  # what was left
    f1: float
    kept: float  # recall of the gold text, where that is what came
    worse: bool  # than untouched

    @property
    def exact(self):
        return words(self.text) == words(self.page.gold)


def measured():
    """A Score of every page."""
    every = [page for lang in languages() for page in read(lang)]
    cleaned = clean_many([page.article for page in every])
    # Apart, or a page and its gold under one address would tell on each other.
    of_gold = clean_many([Article(text=page.gold, url=page.article.url) for page in every])
    scores = []
    for page, result, gold in zip(every, cleaned, of_gold, strict=True):
        f1 = prf(result.text, page.gold)[2]
        worse = page.kind != "html" and f1 < prf(page.article.text, page.gold)[2] - _FELL
        scores.append(Score(page, result.text, f1, prf(gold.text, page.gold)[1], worse))
    return scores


def figures(scores):
    """{group: {figure: value}}, of the kinds and of each language's kinds. Of each figure more is better."""
    groups = defaultdict(list)
    for score in scores:
        groups[score.page.kind].append(score)
        groups[f"{score.page.lang} {score.page.kind}"].append(score)
    return {name: _means(group) for name, group in groups.items()}


def _means(group):
    found = {
        "F1": mean(score.f1 for score in group),
        "exact": mean(score.exact for score in group),
        "kept": mean(score.kept for score in group),
    }
    if group[0].page.kind != "html":  # of a page there is no text that is untouched
        found["not made worse"] = 1 - mean(score.worse for score in group)
    return found


def table(found):
    """The figures for people."""
    names = list(dict.fromkeys(name for values in found.values() for name in values))
    rows = [["", *names]]
    for group, values in sorted(found.items()):
        rows.append([group, *(f"{values[name]:.4f}" if name in values else "" for name in names)])
    return "\n".join(f"{group:10}" + "".join(f"{cell:>16}" for cell in cells) for group, *cells in rows)


if __name__ == "__main__":
    scores = measured()
    found = figures(scores)
    print(table(found))
    for score in scores:
        if not score.exact:
            print(f"not exact: {score.page.lang} {score.page.kind} {score.page.name}: F1 {score.f1:.4f}")
    if sys.argv[1:] == ["raise"]:
        floors.raise_floors(found, "pages")
