"""Time cleaning at one size and at four times it: on hostile shapes of text and HTML, and on every rule's own examples.

    python benchmarks/shapes.py [--size 40000] [--rules]

What takes longer than six times as long grows faster than its size, and is named. Times are of this process's CPU.
"""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Callable

import cleaner
from cleaner import Article
from cleaner.extract import ExtractionError
from cleaner.rules import shipped

MOST = 6.0
LEAST = 0.02  # seconds: less is noise, and counts as that much
LINE = "The council of Wessel met on Monday evening to hear what the engineers had found under the old bridge."


def _filled(unit: str) -> Callable[[int], str]:
    return lambda size: (unit * (size // len(unit) + 1))[:size]


TEXTS = {
    "one word": _filled("a"),
    "one line of words": _filled("word "),
    "short lines": _filled("a\n"),
    "blank lines": _filled("\n"),
    "blanks": _filled(" "),
    "tabs": _filled("\t"),
    "carriage returns": _filled("\r"),
    "form feeds": _filled("\x0c"),
    "prose": _filled(f"{LINE}\n\n"),
    "prose on one line": _filled(f"{LINE} "),
    "advertisements": _filled("Advertisement\n"),
    "dates": _filled("date 2024-03-18 "),
    "read more": _filled("Read more: Ten best diners in town\n"),
    "teasers": _filled("The presenter was seen leaving the studio late on Sunday…\nRead more\n\n"),
    "related posts": _filled("Related Posts\nTen best diners in town\n"),
    "bullets": _filled("- * + > "),
    "quotes": _filled('"\u201c'),
    "brackets": _filled("[("),
    "entities": _filled("&amp;"),
    "ampersands": _filled("&"),
    "addresses": _filled("https://a.example/"),
    "mail addresses": _filled("a@b.example "),
    "dots": _filled("."),
    "dashes": _filled("-"),
    "digits": _filled("1234567890"),
    "numbers and units": _filled("1,900 homes "),
    "mojibake": _filled("Ã¼â€™ "),
    "combining marks": _filled("e\u0301\u0302"),
    "no width": _filled("\u200b"),
    "right to left": _filled("\u202eabc "),
    "Chinese": _filled("渡船在周一早上搁浅。"),
    "emoji": _filled("👩‍👩‍👧 "),
    "surrogates": _filled("\ud800"),
}
PAGES = {
    "paragraphs": _filled(f"<p>{LINE}</p>"),
    "breaks": _filled("<br>"),
    "prose and breaks": _filled(f"{LINE}<br>"),
    "divs that never close": _filled("<div>"),
    "spans that never close": _filled("<span>a"),
    "closing tags": _filled("</div>"),
    "nested lists": _filled("<ul><li>a"),
    "nested tables": _filled("<table><tr><td>a"),
    "nested quotes": _filled("<blockquote>a"),
    "list": lambda size: f"<ul>{_filled('<li>a b c</li>')(size)}</ul>",
    "table": lambda size: f"<table>{_filled('<tr><td>a</td><td>b</td></tr>')(size)}</table>",
    "links": _filled('<a href="https://a.example/b">Ten best diners</a> '),
    "attributes": lambda size: f"<p {_filled('a=1 ')(size)}>{LINE}</p>",
    "classes": lambda size: f'<p class="{_filled("a b ")(size)}">{LINE}</p>',
    "comments": _filled("<!-- a -->"),
    "a comment that never closes": lambda size: f"<!-- {_filled('a -')(size)}",
    "a script that never closes": lambda size: f"<script>{_filled('a < b ')(size)}",
    "JSON-LD that never closes": lambda size: f'<script type="application/ld+json">{_filled("{")(size)}</script>',
    "JSON-LD, one string": lambda size: f'<script type="application/ld+json">{{"a": "{_filled("b ")(size)}</script>',
    "headings": _filled("<h2>Ten best diners</h2>"),
    "figures": _filled("<figure><img src=a><figcaption>Photo: A. Askew</figcaption></figure>"),
    "less-than signs": _filled("<"),
    "entities": _filled("&lt;"),
    "metas": lambda size: f"<head>{_filled('<meta name=a content=b>')(size)}</head>",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=40_000)
    parser.add_argument("--rules", action="store_true")
    args = parser.parse_args()
    cleaner.clean(Article(html=f"<article><p>{LINE}</p></article>"))
    shapes: list[tuple[str, Callable[[int], Article]]] = []
    shapes += [(f"text: {name}", lambda size, fill=fill: Article(text=fill(size))) for name, fill in TEXTS.items()]
    shapes += [
        (f"page: {name}", lambda size, fill=fill: Article(html=f"<html><body>{fill(size)}")) for name, fill in PAGES.items()
    ]
    _report("shapes", shapes, args.size)
    if args.rules:
        fills = [(rule.id, _filled(f"{example}\n")) for rule in shipped() for example in rule.removes[:1] + rule.keeps[:1]]
        _report(
            "examples", [(name, lambda size, fill=fill: Article(text=fill(size))) for name, fill in fills], args.size // 4
        )


def _report(what: str, shapes: list[tuple[str, Callable[[int], Article]]], size: int) -> None:
    ratios = []
    for name, make in shapes:
        small, large = _seconds(make(size)), _seconds(make(4 * size))
        ratio = max(LEAST, large) / max(LEAST, small)
        ratios.append((ratio, name, small, large))
        if ratio > MOST:
            print(f"{name}: {small:.3f} s, {large:.3f} s at four times the size: {ratio:.1f} times", flush=True)
    worst = max(ratios)
    over = sum(ratio > MOST for ratio, *_ in ratios)
    print(f"{len(ratios)} {what} of {size:,} characters: {over} above {MOST:g} times; the worst {worst[0]:.1f}, {worst[1]}")


def _seconds(article: Article) -> float:
    found = []
    for _ in range(2):
        begun = time.process_time()
        with contextlib.suppress(ExtractionError):
            cleaner.clean(article)
        found.append(time.process_time() - begun)
    return min(found)


if __name__ == "__main__":
    main()
